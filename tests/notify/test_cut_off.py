"""Given a server that breaks off an exchange, when a message is sent to it, then it counts as not sent only
where nothing of it can have left."""

from __future__ import annotations

import asyncio
import logging
import os
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import pytest

from dutydesk.model.enums import Outcome
from dutydesk.notify.apprise_log import outcome_of
from tests.notify.conftest import Message
from tests.notify.test_http_channel import send

PEM: Final = Path(__file__).with_name("tls.pem")
"""A certificate of 127.0.0.1 by nobody, with its key. It guards nothing."""

Breaking = Callable[[asyncio.StreamWriter], None]


def _hang_up(writer: asyncio.StreamWriter) -> None:
    writer.close()


def _reset(writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


def _talk_nonsense(writer: asyncio.StreamWriter) -> None:
    writer.write(b"\0\1\2 nonsense\r\n\r\n")
    writer.close()


def _answer_with_half_a_header(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nhalf a header\r\n\r\n")
    writer.close()


def _switch_protocols(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: other\r\nConnection: upgrade\r\n\r\n")
    writer.close()


def _say_naught(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 000 Naught\r\nContent-Length: 0\r\n\r\n")
    writer.close()


def _break_the_encryption(writer: asyncio.StreamWriter) -> None:
    os.write(writer.get_extra_info("socket").fileno(), b"HTTP/1.1 200 OK\r\n\r\n")
    writer.transport.abort()


class Server:
    """Reads one request and then breaks off. ``requests`` counts those that came in whole."""

    def __init__(self, breaking: Breaking, *, tls: bool) -> None:
        self.requests = 0
        self._breaking = breaking
        self._tls: ssl.SSLContext | None = None
        if tls:
            self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._tls.load_cert_chain(PEM)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[str]:
        """Its host and port."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._tls)
        async with server:
            yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        await reader.readexactly(int(length.partition(b":")[2]))
        self.requests += 1
        self._breaking(writer)


def settings(carrier: str, where: str, *, tls: bool, verify: bool = False) -> dict[str, Any]:
    s = "s" if tls else ""
    if carrier == "url":
        return {"url": f"json{s}://{where}/{{address}}{'' if verify else '?verify=no'}", "timeout": 5}
    return {"http": {"url": f"http{s}://{where}/{{address}}", "verify": verify}, "timeout": 5}


@pytest.mark.filterwarnings("ignore:Unverified HTTPS request")
@pytest.mark.parametrize("carrier", ["url", "http"])
@pytest.mark.parametrize(
    ("breaking", "tls"),
    [
        (_hang_up, False),
        (_reset, False),
        (_talk_nonsense, False),
        (_switch_protocols, False),
        (_say_naught, False),
        (_hang_up, True),
        (_reset, True),
        (_talk_nonsense, True),
        (_break_the_encryption, True),
    ],
)
async def test_what_the_server_has_read_is_a_doubt(
    breaking: Breaking, tls: bool, carrier: str, message: Message
) -> None:
    server = Server(breaking, tls=tls)
    async with server.running() as where:
        receipt = await send(settings(carrier, where, tls=tls), message())
    assert server.requests == 1
    assert receipt.outcome is Outcome.UNKNOWN, receipt.detail


@pytest.mark.parametrize("carrier", ["url", "http"])
async def test_a_certificate_that_is_not_trusted_keeps_the_message_here(
    carrier: str, message: Message
) -> None:
    server = Server(_hang_up, tls=True)
    async with server.running() as where:
        receipt = await send(settings(carrier, where, tls=True, verify=True), message())
    assert server.requests == 0
    assert receipt.outcome is Outcome.TRY_AGAIN


REFUSED: Final = (
    "Socket Exception: HTTPConnectionPool(host='gw', port=80): Max retries exceeded with url: /1 "
    "(Caused by NewConnectionError('HTTPConnection(host=gw): [Errno 111] Connection refused'))"
)
LOST: Final = "Socket Exception: ('Connection aborted.', RemoteDisconnected('Remote end closed connection'))"


@pytest.mark.parametrize(
    ("lines", "outcome"),
    [
        ([REFUSED], Outcome.TRY_AGAIN),
        (["Sent SMS to 1.", REFUSED], Outcome.UNKNOWN),
        ([LOST, REFUSED], Outcome.UNKNOWN),
        ([LOST, "Failed to send SMS notification: Not Found, error=404."], Outcome.UNKNOWN),
        ([REFUSED, "Failed to send SMS notification: Not Found, error=404."], Outcome.TRY_AGAIN),
        (["SMTP recipient cc@example.org was refused: 451 b'later'"], Outcome.UNKNOWN),
        ([REFUSED.replace("gw'", "NewConnectionError'").replace("(Caused by New", "(Caused by Other")],
         Outcome.UNKNOWN),
        (["A Connection error occurred sending SMS to http404.", LOST], Outcome.UNKNOWN),
        ([LOST.replace("Remote end", "(550, b'")], Outcome.UNKNOWN),
        ([REFUSED] * 200, Outcome.UNKNOWN),
    ],
)  # fmt: skip
def test_one_request_of_several_that_may_have_been_taken_makes_a_doubt(
    lines: list[str], outcome: Outcome
) -> None:
    assert outcome_of(lines)[0] is outcome


@pytest.mark.parametrize("carrier", ["url", "http"])
async def test_an_answer_that_is_complained_of_brings_no_address_into_the_log(
    carrier: str, message: Message, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server = Server(_answer_with_half_a_header, tls=False)
    async with server.running() as where:
        await send(settings(carrier, f"{where}/robotkey", tls=False), message())
    assert server.requests == 1
    assert "robotkey" not in caplog.text
    assert message().address not in caplog.text


async def test_a_doubt_is_not_told_as_a_refusal(sink: Any, message: Message) -> None:
    receipt = await send({"url": f"json://{sink.host}/500/{{address}}"}, message())
    assert receipt.outcome is Outcome.UNKNOWN
    assert "拒收" not in receipt.detail
    assert "500" in receipt.detail
