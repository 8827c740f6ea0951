from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from dutydesk.model.clock import ManualClock
from dutydesk.model.enums import Outcome
from dutydesk.model.notices import OutgoingMessage, Receipt
from dutydesk.notify.senders import Senders
from tests.notify.conftest import Message
from tests.notify.sinks import Sink
from tests.notify.test_http_channel import channels_of

NOW = datetime(2026, 7, 1, 2, 40, tzinfo=UTC)


async def send(spec: dict[str, Any], message: OutgoingMessage) -> Receipt:
    async with Senders(channels_of(robot=spec), clock=ManualClock(NOW)) as senders:
        return await senders.send("robot", message)


async def test_wecom_sends_to_the_robot_and_mentions_the_number(sink: Sink, message: Message) -> None:
    receipt = await send({"wecom": {"key": "k-123", "base": sink.url}}, message(title="九龙坡应急"))
    assert receipt.outcome is Outcome.ACCEPTED
    assert sink.taken[0].raw_path == "/cgi-bin/webhook/send?key=k-123"
    text = sink.taken[0].json["text"]
    assert text["content"] == f"九龙坡应急\n{message().body}"
    assert text["mentioned_mobile_list"] == ["13900000001"]


async def test_wecom_counts_its_limit_in_bytes(sink: Sink, message: Message) -> None:
    receipt = await send({"wecom": {"key": "{address}", "base": sink.url}}, message("k9", body="水" * 1500))
    assert receipt.outcome is Outcome.ACCEPTED
    parts = [taken.json["text"]["content"] for taken in sink.taken]
    assert len(parts) == 3
    assert all(len(part.encode()) <= 2048 for part in parts)
    assert "".join(part[5:] for part in parts) == "水" * 1500
    assert {taken.raw_path for taken in sink.taken} == {"/cgi-bin/webhook/send?key=k9"}


@pytest.mark.parametrize("preset", ["wecom", "dingtalk"])
async def test_a_robot_that_refuses_inside_a_200_is_not_believed(
    sink: Sink, message: Message, preset: str
) -> None:
    secret = "key" if preset == "wecom" else "token"
    spec = {preset: {secret: "k-secret-1", "base": f"{sink.url}/refuse"}}
    receipt = await send(spec, message())
    assert receipt.outcome is Outcome.REFUSED
    assert "40058" in receipt.detail
    assert "k-secret-1" not in receipt.detail


async def test_dingtalk_signs(sink: Sink, message: Message) -> None:
    spec = {"dingtalk": {"token": "t", "secret": "SEC1", "base": sink.url}}
    assert (await send(spec, message())).outcome is Outcome.ACCEPTED
    query = parse_qs(urlsplit(sink.taken[0].raw_path).query)
    stamp = str(int(NOW.timestamp() * 1000))
    digest = hmac.new(b"SEC1", f"{stamp}\nSEC1".encode(), hashlib.sha256).digest()
    assert query["timestamp"] == [stamp]
    assert query["sign"] == [base64.b64encode(digest).decode()]


async def test_feishu_signs_in_the_body(sink: Sink, message: Message) -> None:
    spec = {"feishu": {"token": "t", "secret": "s", "base": sink.url}}
    assert (await send(spec, message())).outcome is Outcome.ACCEPTED
    stamp = str(int(NOW.timestamp()))
    digest = hmac.new(f"{stamp}\ns".encode(), b"", hashlib.sha256).digest()
    assert sink.taken[0].json["timestamp"] == stamp
    assert sink.taken[0].json["sign"] == base64.b64encode(digest).decode()


async def test_bark_and_serverchan_take_the_key_from_the_address(sink: Sink, message: Message) -> None:
    assert (
        await send({"bark": {"base": sink.url}}, message("dev1"))
    ).outcome is Outcome.REFUSED  # code 0, not 200
    assert sink.taken[0].json["device_key"] == "dev1"
    assert (await send({"serverchan": {"base": sink.url}}, message("SCT1"))).outcome is Outcome.ACCEPTED
    assert sink.taken[1].raw_path == "/SCT1.send"
