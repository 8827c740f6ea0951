"""Given a connection that is kept between two messages, when something happens to it meanwhile, then no
message is sent twice unasked, and none takes the answer of another for its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Final

import pytest

from dutydesk.model.clock import ManualClock
from dutydesk.model.enums import Outcome
from dutydesk.notify.senders import Senders
from tests.notify.conftest import Message
from tests.notify.test_http_channel import CHECKED, channels_of

TAKEN: Final = b'HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n{"errcode":0}'
REFUSED: Final = b'HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\n{"errcode":40058}'
TIRED: Final = b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n"
WAYS: Final[dict[str, dict[str, Any]]] = {
    "POST": {},
    "PUT": {"method": "PUT"},
    "GET": {"method": "GET", "query": {"text": "{{ body }}"}},
}


class Gateway:
    """``answer`` is called for each request, with its number from 1 on."""

    def __init__(self, answer: Callable[[int, asyncio.StreamWriter], Awaitable[None]]) -> None:
        self.requests = 0
        self.connections: list[asyncio.StreamWriter] = []
        self._answer = answer

    @asynccontextmanager
    async def running(self) -> AsyncIterator[str]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        async with server:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/{{address}}"
            for connection in self.connections:
                connection.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections.append(writer)
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                for line in head.lower().split(b"\r\n"):
                    if line.startswith(b"content-length:"):
                        await reader.readexactly(int(line.partition(b":")[2]))
                self.requests += 1
                await self._answer(self.requests, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()


async def refuse(_number: int, writer: asyncio.StreamWriter) -> None:
    writer.write(REFUSED)
    await writer.drain()


async def take(_number: int, writer: asyncio.StreamWriter) -> None:
    writer.write(TAKEN)
    await writer.drain()


@pytest.mark.parametrize("extra", [TAKEN, TIRED, b"nonsense", b"\r\n"])
@pytest.mark.parametrize("method", list(WAYS))
async def test_what_comes_unasked_is_nobodys_answer(extra: bytes, method: str, message: Message) -> None:
    gateway = Gateway(refuse)
    async with gateway.running() as url:
        spec = {"http": {"url": url, **WAYS[method], **CHECKED}}
        async with Senders(channels_of(a=spec), clock=ManualClock()) as senders:
            for number in range(1, 4):
                receipt = await senders.send("a", message())
                assert receipt.outcome is Outcome.REFUSED, receipt.detail
                assert "40058" in receipt.detail
                assert gateway.requests == number
                gateway.connections[-1].write(extra)
                await gateway.connections[-1].drain()


@pytest.mark.parametrize("method", list(WAYS))
async def test_a_connection_closed_while_idle_costs_no_doubt(method: str, message: Message) -> None:
    gateway = Gateway(take)
    async with gateway.running() as url:
        spec = {"http": {"url": url, **WAYS[method], **CHECKED}}
        async with Senders(channels_of(a=spec), clock=ManualClock()) as senders:
            for number in range(1, 4):
                receipt = await senders.send("a", message())
                assert receipt.outcome is Outcome.ACCEPTED, receipt.detail
                assert gateway.requests == number
                gateway.connections[-1].close()
                await gateway.connections[-1].wait_closed()


@pytest.mark.parametrize("method", list(WAYS))
async def test_a_connection_lost_under_a_message_is_a_doubt_and_nothing_is_repeated(
    method: str, message: Message
) -> None:
    async def lose_the_second(number: int, writer: asyncio.StreamWriter) -> None:
        if number == 2:
            writer.transport.abort()
        else:
            await take(number, writer)

    gateway = Gateway(lose_the_second)
    async with gateway.running() as url:
        spec = {"http": {"url": url, **WAYS[method], **CHECKED}}
        async with Senders(channels_of(a=spec), clock=ManualClock()) as senders:
            outcomes = [(await senders.send("a", message())).outcome for _ in range(3)]
    assert outcomes == [Outcome.ACCEPTED, Outcome.UNKNOWN, Outcome.ACCEPTED]
    assert gateway.requests == 3
    assert len(gateway.connections) == 2


async def test_connections_are_kept(message: Message) -> None:
    gateway = Gateway(take)
    async with gateway.running() as url:
        spec = {"http": {"url": url, **CHECKED}}
        async with Senders(channels_of(a=spec), clock=ManualClock()) as senders:
            for _ in range(5):
                assert (await senders.send("a", message())).outcome is Outcome.ACCEPTED
    assert gateway.requests == 5
    assert len(gateway.connections) == 1


async def test_a_server_that_speaks_before_it_is_asked_is_sent_nothing(message: Message) -> None:
    lines = []

    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(TAKEN)
        await writer.drain()
        lines.append(await reader.read())
        writer.close()

    server = await asyncio.start_server(greet, "127.0.0.1", 0)
    async with server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        async with Senders(channels_of(a={"http": {"url": url, **CHECKED}}), clock=ManualClock()) as senders:
            receipt = await senders.send("a", message())
    assert receipt.outcome is not Outcome.ACCEPTED
