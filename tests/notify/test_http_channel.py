from __future__ import annotations

import asyncio
import json
import socket
from typing import Any

import pytest

from dutydesk.model.clock import ManualClock
from dutydesk.model.enums import Outcome
from dutydesk.model.notices import OutgoingMessage, Receipt
from dutydesk.notify.channels import load
from dutydesk.notify.senders import Senders
from tests.notify.conftest import Message
from tests.notify.sinks import Sink

CHECKED: dict[str, Any] = {
    "accepted": {"status": 200, "json": {"errcode": 0}},
    "code": "errcode",
    "reason": "errmsg",
}


def channels_of(**channels: Any) -> Any:
    return load(json.dumps(channels, ensure_ascii=False), "channels.yaml")


async def send(spec: dict[str, Any], message: OutgoingMessage) -> Receipt:
    async with Senders(channels_of(sms=spec), clock=ManualClock()) as senders:
        return await senders.send("sms", message)


def http(sink: Sink, behaviour: str, timeout: float = 5, **more: Any) -> dict[str, Any]:
    body = {"to": "{{ address }}", "text": "{{ body }}"}
    return {
        "http": {"url": f"{sink.url}/{behaviour}/{{address}}", "body": body, **more},
        "timeout": timeout,
    }


async def test_a_gateway_that_takes_it_has_accepted_and_gives_its_number(
    sink: Sink, message: Message
) -> None:
    receipt = await send(http(sink, "ok", gateway_id="data.id", **CHECKED), message())
    assert receipt.outcome is Outcome.ACCEPTED
    assert receipt.gateway_id == "M-7"
    assert sink.taken[0].json == {"to": "13900000001", "text": message().body}
    assert sink.taken[0].headers["Content-Type"].startswith("application/json")


async def test_a_refusal_inside_a_200_is_a_refusal_with_the_gateways_code(
    sink: Sink, message: Message
) -> None:
    receipt = await send(http(sink, "refuse", **CHECKED), message())
    assert receipt.outcome is Outcome.REFUSED
    assert "40058" in receipt.detail
    assert "13900000001" not in receipt.detail


@pytest.mark.parametrize(
    ("behaviour", "outcome"),
    [
        ("400", Outcome.REFUSED),
        ("404", Outcome.REFUSED),
        ("408", Outcome.TRY_AGAIN),
        ("425", Outcome.TRY_AGAIN),
        ("429", Outcome.TRY_AGAIN),
        ("500", Outcome.UNKNOWN),
        ("503", Outcome.TRY_AGAIN),
        ("504", Outcome.UNKNOWN),
        ("moved", Outcome.REFUSED),
        ("drop", Outcome.UNKNOWN),
        ("cut", Outcome.UNKNOWN),
        ("garbage", Outcome.UNKNOWN),
        ("huge", Outcome.UNKNOWN),
        ("refuse", Outcome.REFUSED),
        ("wait", Outcome.TRY_AGAIN),
    ],
)
async def test_what_the_gateway_does_decides_the_outcome(
    sink: Sink, message: Message, behaviour: str, outcome: Outcome
) -> None:
    spec = http(sink, behaviour, try_again={"json": {"errcode": [45009, -1]}}, **CHECKED)
    receipt = await send(spec, message())
    assert receipt.outcome is outcome, receipt.detail
    assert receipt.detail
    assert len(sink.taken) == 1


async def test_without_a_body_check_a_2xx_is_enough_even_with_a_huge_answer(
    sink: Sink, message: Message
) -> None:
    assert (await send(http(sink, "huge"), message())).outcome is Outcome.ACCEPTED
    assert (await send(http(sink, "201"), message())).outcome is Outcome.ACCEPTED


async def test_a_gateway_that_asks_to_wait_is_told_to_the_engine(sink: Sink, message: Message) -> None:
    receipt = await send(http(sink, "busy"), message())
    assert receipt.outcome is Outcome.TRY_AGAIN
    assert receipt.retry_after == 7.0


@pytest.mark.parametrize("behaviour", ["hang", "drip"])
async def test_no_answer_in_time_is_a_doubt(sink: Sink, message: Message, behaviour: str) -> None:
    receipt = await send(http(sink, behaviour, timeout=0.3), message())
    assert receipt.outcome is Outcome.UNKNOWN
    assert len(sink.taken) == 1


async def test_a_closed_port_means_nothing_left(sink: Sink, message: Message) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    receipt = await send({"http": {"url": f"http://127.0.0.1:{port}/"}}, message())
    assert receipt.outcome is Outcome.TRY_AGAIN


async def test_a_name_that_does_not_resolve_means_nothing_left(message: Message) -> None:
    receipt = await send({"http": {"url": "http://nowhere.invalid/"}, "timeout": 5}, message())
    assert receipt.outcome is Outcome.TRY_AGAIN


@pytest.mark.parametrize("host", ["a" * 70 + ".example", "a..example"])
async def test_a_host_that_can_be_no_name_is_refused_not_doubted(message: Message, host: str) -> None:
    receipt = await send({"http": {"url": f"http://{host}/"}, "timeout": 5}, message())
    assert receipt.outcome is Outcome.REFUSED, receipt.detail


async def test_a_port_that_never_takes_the_connection_means_nothing_left(message: Message) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        port = listener.getsockname()[1]
        filler = []
        for _ in range(4):  # fill the backlog, so that the next one hangs while connecting
            waiting = socket.socket()
            waiting.setblocking(False)
            waiting.connect_ex(("127.0.0.1", port))
            filler.append(waiting)
        receipt = await send({"http": {"url": f"http://127.0.0.1:{port}/"}, "timeout": 0.4}, message())
        for waiting in filler:
            waiting.close()
    assert receipt.outcome is Outcome.TRY_AGAIN


async def test_a_server_that_speaks_no_tls_means_nothing_left(sink: Sink, message: Message) -> None:
    receipt = await send({"http": {"url": f"https://{sink.host}/"}, "timeout": 5}, message())
    assert receipt.outcome is Outcome.TRY_AGAIN
    assert sink.taken == []


async def test_a_kept_connection_serves_many_and_get_is_never_repeated_by_the_client(
    sink: Sink, message: Message
) -> None:
    spec = {"http": {"url": f"{sink.url}/drop", "method": "GET", "query": {"t": "{{ body }}"}}}
    async with Senders(channels_of(a=spec), clock=ManualClock()) as senders:
        for _ in range(3):
            assert (await senders.send("a", message())).outcome is Outcome.UNKNOWN
    assert len(sink.taken) == 3


async def test_no_detail_repeats_a_secret(sink: Sink, message: Message) -> None:
    spec = http(sink, "ok", accepted={"text": "never"}, reason="errmsg", code="data.id")
    spec["http"]["headers"] = {"Authorization": "Bearer M-7-secret"}
    receipt = await send(spec, message())
    assert receipt.outcome is Outcome.REFUSED
    assert "secret" not in receipt.detail

    spec = {"http": {"url": f"{sink.url}/refuse/{{address}}?token=40058abc", **CHECKED}}
    assert "40058abc" not in (await send(spec, message("x-40058abc"))).detail


async def test_quotes_and_braces_in_a_message_stay_in_their_field(sink: Sink, message: Message) -> None:
    nasty = '","to":"all"} {{ 7*7 }} {% raw %} [/紧急] \\'
    await send(http(sink, "ok"), message(body=nasty))
    assert sink.taken[0].json == {"to": "13900000001", "text": nasty}


async def test_a_form_and_a_query_are_quoted(sink: Sink, message: Message) -> None:
    spec = {
        "http": {
            "url": f"{sink.url}/ok?v=1",
            "query": {"to": "{{ address }}"},
            "form": {"content": "{{ body }}", "n": "{{ delivery }}"},
        }
    }
    await send(spec, message("a&b=c#d", body="1&2=3"))
    assert sink.taken[0].raw_path == "/ok?v=1&to=a%26b%3Dc%23d"
    assert sink.taken[0].body == b"content=1%262%3D3&n=1"


async def test_a_cancelled_send_gives_its_place_back(sink: Sink, message: Message) -> None:
    spec = http(sink, "hang", timeout=30) | {"concurrency": 1, "slow_lane": 0}
    async with Senders(channels_of(a=spec), clock=ManualClock()) as senders:
        async with asyncio.TaskGroup() as group:
            task = group.create_task(senders.send("a", message()))
            await sink.arrived.wait()
            assert senders.room("a") == 0
            task.cancel()
        assert senders.room("a") == 1
