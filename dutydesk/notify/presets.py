"""The group robots and push services whose answer must be read to know whether they took a message, ready
made on the HTTP adapter. Each takes ``base``, so that a private deployment, or a test, can stand in for the
public host."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote

from dutydesk.notify.address import HOLE
from dutydesk.notify.http_spec import HttpSpec
from dutydesk.notify.spec import (
    BarkSpec,
    ChannelSpec,
    DingtalkSpec,
    FeishuSpec,
    ServerchanSpec,
    WecomSpec,
)


@dataclass(frozen=True, slots=True)
class Signature:
    """What a signed send adds to the URL's parameters and to the JSON body."""

    query: dict[str, str] = field(default_factory=dict)
    body: dict[str, str] = field(default_factory=dict)


Signer = Callable[[datetime], Signature]


@dataclass(frozen=True, slots=True)
class Adapter:
    """A channel as the HTTP adapter works it. ``max_bytes`` is the service's own limit, if it has one;
    ``title_in_body``: the service has no title."""

    http: HttpSpec
    signer: Signer | None = None
    max_bytes: int | None = None
    title_in_body: bool = False
    secrets: tuple[str, ...] = ()


def adapter_of(spec: ChannelSpec) -> Adapter:
    """How the HTTP adapter works ``spec``, which has any carrier but ``url``.

    Raises ValueError when the preset's ``base`` is no http(s) address.
    """
    for preset in (spec.wecom, spec.dingtalk, spec.feishu, spec.bark, spec.serverchan):
        match preset:
            case WecomSpec():
                return _wecom(preset)
            case DingtalkSpec():
                return _dingtalk(preset)
            case FeishuSpec():
                return _feishu(preset)
            case BarkSpec():
                return _bark(preset)
            case ServerchanSpec():
                return _serverchan(preset)
            case None:
                continue
    if spec.http is None:
        raise ValueError("not a channel of the HTTP adapter")
    return Adapter(spec.http)


def _spec(**keys: Any) -> HttpSpec:
    return HttpSpec.model_validate(keys)


def _quoted(key: str) -> str:
    """``key`` as one value of a URL, but for the place of the address."""
    return HOLE.join(quote(piece, safe="") for piece in key.split(HOLE))


def _wecom(preset: WecomSpec) -> Adapter:
    text: dict[str, Any] = {"content": "{{ body }}"}
    if HOLE not in preset.key:
        text["mentioned_mobile_list"] = ["{{ address }}"]
    http = _spec(
        url=f"{preset.base.rstrip('/')}/cgi-bin/webhook/send?key={_quoted(preset.key)}",
        body={"msgtype": "text", "text": text},
        accepted={"status": 200, "json": {"errcode": 0}},
        try_again={"json": {"errcode": (-1, 45009)}},
        code="errcode",
        reason="errmsg",
    )
    return Adapter(http, max_bytes=2048, title_in_body=True, secrets=(preset.key,))


def _dingtalk(preset: DingtalkSpec) -> Adapter:
    body: dict[str, Any] = {"msgtype": "text", "text": {"content": "{{ body }}"}}
    if HOLE not in preset.token:
        body["at"] = {"atMobiles": ["{{ address }}"], "isAtAll": False}
    http = _spec(
        url=f"{preset.base.rstrip('/')}/robot/send?access_token={_quoted(preset.token)}",
        body=body,
        accepted={"status": 200, "json": {"errcode": 0}},
        try_again={"json": {"errcode": (-1, 130101, 410100)}},
        code="errcode",
        reason="errmsg",
    )

    def sign(now: datetime) -> Signature:
        stamp = str(int(now.timestamp() * 1000))
        digest = hmac.digest(preset.secret.encode(), f"{stamp}\n{preset.secret}".encode(), hashlib.sha256)
        return Signature(query={"timestamp": stamp, "sign": base64.b64encode(digest).decode()})

    signer = sign if preset.secret else None
    return Adapter(http, signer, 16_000, title_in_body=True, secrets=(preset.token, preset.secret))


def _feishu(preset: FeishuSpec) -> Adapter:
    http = _spec(
        url=f"{preset.base.rstrip('/')}/open-apis/bot/v2/hook/{_quoted(preset.token)}",
        body={"msg_type": "text", "content": {"text": "{{ body }}"}},
        accepted={"status": 200, "json": {"code": 0}},
        try_again={"json": {"code": (11232, 11233)}},
        code="code",
        reason="msg",
    )

    def sign(now: datetime) -> Signature:
        stamp = str(int(now.timestamp()))
        digest = hmac.digest(f"{stamp}\n{preset.secret}".encode(), b"", hashlib.sha256)
        return Signature(body={"timestamp": stamp, "sign": base64.b64encode(digest).decode()})

    signer = sign if preset.secret else None
    return Adapter(http, signer, 16_000, title_in_body=True, secrets=(preset.token, preset.secret))


def _bark(preset: BarkSpec) -> Adapter:
    http = _spec(
        url=f"{preset.base.rstrip('/')}/push",
        body={"device_key": "{{ address }}", "title": "{{ title }}", "body": "{{ body }}"},
        accepted={"status": 200, "json": {"code": 200}},
        code="code",
        reason="message",
    )
    return Adapter(http, max_bytes=3000)


def _serverchan(preset: ServerchanSpec) -> Adapter:
    http = _spec(
        url=f"{preset.base.rstrip('/')}/{HOLE}.send",
        form={"title": "{{ title if title else body[:30] }}", "desp": "{{ body }}"},
        accepted={"status": 200, "json": {"code": 0}},
        code="code",
        reason="message",
        gateway_id="data.pushid",
    )
    return Adapter(http, max_bytes=30_000)
