"""Given a gateway that answers as real ones do, when its answer is read, then it is believed as far as it
goes.
Spoken over a bare socket, so that nothing tidies the answer up."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from email.utils import format_datetime

import pytest

from dutydesk.model.clock import SystemClock
from dutydesk.model.enums import Outcome
from dutydesk.model.notices import Receipt
from dutydesk.notify.senders import Senders
from tests.notify.conftest import Message
from tests.notify.test_http_channel import CHECKED, channels_of

TAKEN = b'{"errcode": 0, "msgid": "202611230001234567"}'


def answer(body: bytes, *headers: str, status: str = "200 OK", kind: str = "application/json") -> bytes:
    """A whole answer on the wire."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@asynccontextmanager
async def gateway(said: bytes) -> AsyncIterator[int]:
    """A server that reads one request, says ``said`` and hangs up; its port."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length"))
        await reader.readexactly(int(length.partition(b":")[2]))
        writer.write(said)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def came_to(said: bytes, message: Message) -> Receipt:
    async with gateway(said) as port:
        spec = {"url": f"http://127.0.0.1:{port}/{{address}}", "gateway_id": "msgid", **CHECKED}
        async with Senders(channels_of(sms={"http": spec, "timeout": 20}), clock=SystemClock()) as senders:
            return await senders.send("sms", message())


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        (answer(TAKEN), Outcome.ACCEPTED),
        (answer(b"\xef\xbb\xbf" + TAKEN), Outcome.ACCEPTED),
        (answer('{"errcode": 0, "errmsg": "成功"}'.encode("gbk")), Outcome.ACCEPTED),
        (answer(b'{"errcode": 0, "errmsg": "\xff\xfe"}'), Outcome.ACCEPTED),
        (b"HTTP/1.1 103 Early Hints\r\n\r\n" + answer(TAKEN), Outcome.ACCEPTED),
        (b"HTTP/1.1 200 OK\r\n\r\n" + TAKEN, Outcome.ACCEPTED),
        (answer(b""), Outcome.UNKNOWN),
        (answer(b"", status="204 No Content"), Outcome.UNKNOWN),
        (answer(b"[" * 60_000), Outcome.UNKNOWN),
        (answer(b'{"errcode": ' + b"9" * 6_000 + b"}"), Outcome.UNKNOWN),
        (answer(zlib.compress(b"0" * 50_000_000), "Content-Encoding: deflate"), Outcome.UNKNOWN),
        (answer(b"no gzip", "Content-Encoding: gzip"), Outcome.UNKNOWN),
        (answer(TAKEN, "X-Long: " + "a" * 100_000), Outcome.UNKNOWN),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n" + TAKEN, Outcome.UNKNOWN),
        (b"HTTP/1.1 200 OK\r\nContent-Le", Outcome.UNKNOWN),
        (b"SSH-2.0-OpenSSH\r\n", Outcome.UNKNOWN),
        (b"", Outcome.UNKNOWN),
        (answer(b"", "Location: javascript:alert(1)", status="302 Found"), Outcome.REFUSED),
        (b"HTTP/1.1 500 X\r\nContent-Length: 500\r\n\r\nabc", Outcome.UNKNOWN),
        (answer(b"", "Retry-After: Wed, 99 Foo 99999", status="429 Too Many"), Outcome.TRY_AGAIN),
    ],
)
async def test_an_answer_is_believed_as_far_as_it_goes(
    said: bytes, outcome: Outcome, message: Message
) -> None:
    assert (await came_to(said, message)).outcome is outcome


@pytest.mark.parametrize("kind", ["application/json; charset=GBK", "application/json"])
async def test_a_reason_in_gbk_is_read(kind: str, message: Message) -> None:
    body = '{"errcode": 40058, "errmsg": "号码无效"}'.encode("gbk")
    receipt = await came_to(answer(body, kind=kind), message)
    assert receipt.outcome is Outcome.REFUSED
    assert "40058 号码无效" in receipt.detail


async def test_the_gateways_own_number_is_kept_and_the_recipients_is_not(message: Message) -> None:
    assert (await came_to(answer(TAKEN), message)).gateway_id == "202611230001234567"
    echoed = answer(b'{"errcode": 0, "msgid": "M-13900000001"}')
    assert (await came_to(echoed, message)).gateway_id == "M-***"


async def test_a_gateway_may_ask_to_wait_until_a_date(message: Message) -> None:
    when = format_datetime(SystemClock().now() + timedelta(minutes=5), usegmt=True)
    receipt = await came_to(answer(b"", f"Retry-After: {when}", status="429 Too Many"), message)
    assert receipt.outcome is Outcome.TRY_AGAIN
    assert receipt.retry_after is not None
    assert 200 < receipt.retry_after <= 300


@pytest.mark.parametrize(
    "body",
    [
        b'{"errcode": 40001, "errmsg": "cut \\ud83d"}',
        b'{"errcode": "\\udc00", "errmsg": "x"}',
        b'{"errcode": 0, "msgid": "m\\ud83d1"}',
    ],
)
async def test_half_an_emoji_in_an_answer_can_be_put_on_record(body: bytes, message: Message) -> None:
    receipt = await came_to(answer(body), message)
    assert (receipt.detail + receipt.gateway_id).encode()
