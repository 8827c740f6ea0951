"""What may stand in ``channels.yaml``, key by key. Unknown keys are refused; nothing here prints a secret.

A channel has exactly one carrier:

======================  =====================================================================================
``url``                 any Apprise URL; ``{address}`` is filled for each recipient
``http``                the own HTTP adapter, see HttpSpec
``wecom``               企业微信 group robot: ``key``, ``base``
``dingtalk``            钉钉 group robot: ``token``, ``secret``, ``base``
``feishu``              飞书 group robot: ``token``, ``secret``, ``base``
``bark``                Bark: ``base``; the address is the device key
``serverchan``          Server酱: ``base``; the address is the send key
======================  =====================================================================================

and these options:

======================  =====================================================================================
``purpose``             ``live`` (default), ``drill`` or ``both``: what may go out by it
``concurrency``         sends at once; default 16, for HTTP adapters 64
``slow_lane``           sends that take much longer than usual and may stand aside, so that they block no
                        healthy one; default 64, 0 switches it off
``timeout``             seconds for one send, or ``10s``, ``500ms``, ``1m``; default 10 s
``rate``                sends a second at most, from 0.01 on; default: no limit
``max_bytes``           bytes of UTF-8 in one message; a longer one goes out in parts ``(1/3)``
``title``               ``keep`` (default): handed over as such; ``body``: put first in the text; ``none``
``attempts``            how often in all; default 8
``retry_base``          wait after the first failure, doubling; default 5 s
``retry_cap``           the longest wait; default 5 min
``resend_unknown``      try again when nobody knows whether it arrived, marked as a possible double; default
                        true
======================  =====================================================================================
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from dutydesk.i18n import N_, Said
from dutydesk.notify.http_spec import HttpSpec, Strict
from dutydesk.notify.retry import RetryPolicy
from dutydesk.notify.url_check import fault_of

_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h)")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}

LYING_SCHEMAS = {
    "wecombot": "wecom",
    "dingtalk": "dingtalk",
    "feishu": "feishu",
    "bark": "bark",
    "barks": "bark",
    "schan": "serverchan",
    "lark": "http",
    "pushdeer": "http",
    "pushdeers": "http",
    "pushme": "http",
    "spugpush": "http",
    "qq": "http",
}
"""Apprise schemas that report success when the service refuses in the body, and what to use instead."""

_LIES = N_("{schema}:// reports success when the service refuses: use {instead}: instead of url")
_LIES_USE_HTTP = N_(
    "{schema}:// reports success when the service refuses: "
    "use the http adapter with a check of the answer's body instead of url"
)
_ONE_CARRIER = N_("state exactly one of {carriers}")


def _seconds(value: object) -> object:
    if isinstance(value, str):
        found = _DURATION.fullmatch(value.strip())
        if not found:
            raise ValueError(N_("a duration is a number of seconds, or such as 500ms, 10s, 1m"))
        return float(found[1]) * _UNITS[found[2]]
    return value


def _base(value: str) -> str:
    if not value.lower().startswith(("http://", "https://")) or re.search(r"[{}]", value):
        raise ValueError(N_("base is an http:// or https:// address without {address}"))
    if "?" in value:
        raise ValueError(N_("base has no ?: the service's own path is put behind it"))
    if fault := fault_of(value):
        raise ValueError(fault)
    return value


Base = Annotated[str, AfterValidator(_base)]
Seconds = Annotated[float, BeforeValidator(_seconds), Field(gt=0, le=3600)]


class Purpose(StrEnum):
    LIVE = "live"
    DRILL = "drill"
    BOTH = "both"


class TitleUse(StrEnum):
    KEEP = "keep"
    BODY = "body"
    NONE = "none"


class WecomSpec(Strict):
    """``key``: the robot's key, or ``{address}`` where each contact's address is a robot's key. With a fixed
    key the address is a telephone number to mention (``@all`` for everybody)."""

    key: str = Field(min_length=1)
    base: Base = "https://qyapi.weixin.qq.com"


class DingtalkSpec(Strict):
    """As WecomSpec; ``secret`` signs each send."""

    token: str = Field(min_length=1)
    secret: str = ""
    base: Base = "https://oapi.dingtalk.com"


class FeishuSpec(Strict):
    """As WecomSpec, but the fixed robot mentions nobody; ``secret`` signs each send."""

    token: str = Field(min_length=1)
    secret: str = ""
    base: Base = "https://open.feishu.cn"


class BarkSpec(Strict):
    base: Base = "https://api.day.app"


class ServerchanSpec(Strict):
    base: Base = "https://sctapi.ftqq.com"


class ChannelSpec(Strict):
    """One channel of ``channels.yaml``. The module says what each key means."""

    CARRIERS: ClassVar[tuple[str, ...]] = ("url", "http", "wecom", "dingtalk", "feishu", "bark", "serverchan")

    url: str | None = None
    http: HttpSpec | None = None
    wecom: WecomSpec | None = None
    dingtalk: DingtalkSpec | None = None
    feishu: FeishuSpec | None = None
    bark: BarkSpec | None = None
    serverchan: ServerchanSpec | None = None

    purpose: Purpose = Purpose.LIVE
    concurrency: int | None = Field(default=None, ge=1, le=512)
    slow_lane: int = Field(default=64, ge=0, le=512)
    timeout: Seconds = 10.0
    rate: float | None = Field(default=None, ge=0.01, le=100_000)
    max_bytes: int | None = Field(default=None, ge=140, le=1_000_000)
    title: TitleUse = TitleUse.KEEP
    attempts: int = Field(default=8, ge=1, le=100)
    retry_base: Seconds = 5.0
    retry_cap: Seconds = 300.0
    resend_unknown: bool = True

    @field_validator("url")
    @classmethod
    def _is_apprise_url(cls, value: str | None) -> str | None:
        if value is None:
            return None
        if fault := fault_of(value):
            raise ValueError(fault)
        schema = value.partition("://")[0].lower()
        if instead := LYING_SCHEMAS.get(schema):
            if instead == "http":
                raise ValueError(Said(_LIES_USE_HTTP, schema=schema))
            raise ValueError(Said(_LIES, schema=schema, instead=instead))
        if schema in ("http", "https"):
            raise ValueError(N_("for a plain web address use json:// or jsons://, or the http adapter"))
        return value

    @model_validator(mode="after")
    def _one_carrier(self) -> Self:
        stated = [name for name in self.CARRIERS if getattr(self, name) is not None]
        if len(stated) != 1:
            raise ValueError(Said(_ONE_CARRIER, carriers=", ".join(self.CARRIERS)))
        return self

    @property
    def kind(self) -> str:
        """Which carrier: ``url``, ``http``, or a preset's name."""
        return next(name for name in self.CARRIERS if getattr(self, name) is not None)

    @property
    def lane(self) -> int:
        """How many sends at once."""
        return self.concurrency or (16 if self.url is not None else 64)

    @property
    def retry_policy(self) -> RetryPolicy:
        return RetryPolicy(
            self.attempts, self.retry_base, max(self.retry_base, self.retry_cap), self.resend_unknown
        )

    def allows(self, *, drill: bool) -> bool:
        """Whether a drill, or a live notice, may go out by this channel."""
        return self.purpose is Purpose.BOTH or (self.purpose is Purpose.DRILL) == drill
