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
from typing import Any

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


async def came_to(said: bytes, message: Message, rules: dict[str, Any] | None = None) -> Receipt:
    """``rules`` are the answer rules of the channel, by default those of most gateways."""
    async with gateway(said) as port:
        spec = {"url": f"http://127.0.0.1:{port}/{{address}}", "gateway_id": "msgid"}
        spec |= CHECKED if rules is None else rules
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
        (
            answer(b"", f"Retry-After: Wed, 01 Jan 2020 00:00:00 +{'9' * 20}", status="429 Too Many"),
            Outcome.TRY_AGAIN,
        ),
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


REFUSES: dict[str, Any] = {"refused": {"json": {"code": 7}}}
WAITS: dict[str, Any] = {"try_again": {"json": {"code": 7}}}
BY_TEXT: dict[str, Any] = {"refused": {"text": "黑名单"}}
BOTH: dict[str, Any] = {"accepted": {"text": "^OK"}, **REFUSES}


@pytest.mark.parametrize(
    ("rules", "body", "outcome"),
    [
        (REFUSES, b'{"code": 7}', Outcome.REFUSED),
        (WAITS, b'{"code": 7}', Outcome.TRY_AGAIN),
        (REFUSES, b'{"code": 0}', Outcome.ACCEPTED),
        (BY_TEXT, "号码在黑名单".encode("gbk"), Outcome.REFUSED),
        (BY_TEXT, "好".encode("gbk"), Outcome.ACCEPTED),
        (BOTH, b"OK 17", Outcome.ACCEPTED),
        # Cut off, too long, no JSON, no text: a refusal may have stood there.
        (REFUSES, b'{"code": 7, "reason": "cu', Outcome.UNKNOWN),
        (WAITS, b'{"code": 7, "reason": "cu', Outcome.UNKNOWN),
        (REFUSES, b'{"code": 7, "reason": "' + b"x" * 70_000 + b'"}', Outcome.UNKNOWN),
        (WAITS, b'{"code": 7, "reason": "' + b"x" * 70_000 + b'"}', Outcome.UNKNOWN),
        (BY_TEXT, b"x" * 70_000, Outcome.UNKNOWN),
        (REFUSES, b"<html>login</html>", Outcome.UNKNOWN),
        (REFUSES, b"", Outcome.UNKNOWN),
        (BY_TEXT, b"\xff\xfe\xff\xff", Outcome.UNKNOWN),
        ({"accepted": {"status": 200}, **REFUSES}, b"<html>login</html>", Outcome.UNKNOWN),
        (BOTH, b"OK" + b"x" * 70_000, Outcome.UNKNOWN),
    ],
)
async def test_what_may_be_a_refusal_that_cannot_be_read_is_a_doubt(
    rules: dict[str, Any], body: bytes, outcome: Outcome, message: Message
) -> None:
    receipt = await came_to(answer(body), message, rules)
    assert receipt.outcome is outcome
    assert receipt.detail


async def test_an_answer_that_can_have_no_body_hides_no_refusal(message: Message) -> None:
    empty = b"HTTP/1.1 204 No Content\r\n\r\n"
    assert (await came_to(empty, message, REFUSES)).outcome is Outcome.ACCEPTED


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        (b"{}", Outcome.UNKNOWN),
        (b"[]", Outcome.UNKNOWN),
        (b"[0]", Outcome.UNKNOWN),
        (b"null", Outcome.UNKNOWN),
        (b'"ok"', Outcome.UNKNOWN),
        (b'{"errcode": null}', Outcome.UNKNOWN),
        (b'{"errcode": {"errcode": 0}}', Outcome.UNKNOWN),
        (b'{"errcode": [0]}', Outcome.UNKNOWN),
        (b'{"errcode": false}', Outcome.REFUSED),
        (b'{"errcode": "0"}', Outcome.ACCEPTED),
        (b'{"errcode": 0.5}', Outcome.REFUSED),
        (b'{"errmsg": "no such number"}', Outcome.REFUSED),
    ],
)
async def test_a_body_of_another_shape_is_neither_taken_nor_refused(
    body: bytes, outcome: Outcome, message: Message
) -> None:
    assert (await came_to(answer(body), message)).outcome is outcome


async def test_an_answer_is_read_in_the_encoding_that_it_states(message: Message) -> None:
    body = '{"errcode": 40058, "errmsg": "号码无效"}'.encode("utf-16")
    receipt = await came_to(answer(body, kind="application/json; charset=UTF-16"), message)
    assert "40058 号码无效" in receipt.detail


async def test_an_answer_that_redirects_nowhere_is_not_called_a_redirection(message: Message) -> None:
    receipt = await came_to(b"HTTP/1.1 304 Not Modified\r\n\r\n", message)
    assert receipt.outcome is Outcome.REFUSED
    assert "304" in receipt.detail
    assert "转到别处" not in receipt.detail
