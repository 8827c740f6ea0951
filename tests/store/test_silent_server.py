"""A PostgreSQL that stops answering, or drops who listens, is noticed and said."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest

from dutydesk.model.clock import ManualClock
from dutydesk.model.errors import StoreError
from dutydesk.model.officers import Actor
from dutydesk.store.database import Store
from dutydesk.store.reader import Reader
from tests.store.rows import log_call

SOON = 0.3


class Line:
    """A network line to the server at ``url`` that can go silent without closing anything."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._socket = f"{parse_qs(parts.query)['host'][0]}/.s.PGSQL.5432"
        self._database = parts.path
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.passes = asyncio.Event()
        self.passes.set()

    async def url(self) -> str:
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        return f"postgresql://postgres@127.0.0.1:{port}{self._database}"

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, back = await asyncio.open_unix_connection(self._socket)
        except asyncio.CancelledError:
            return
        for source, sink in ((reader, back), (there, writer)):
            task = asyncio.create_task(self._pass_on(source, sink))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pass_on(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while data := await source.read(65536):
                await self.passes.wait()
                sink.write(data)
                await sink.drain()
        sink.close()

    async def close(self) -> None:
        for task in tuple(self._tasks):
            task.cancel()
        if self._server is not None:
            self._server.close()


@pytest.fixture
async def line(postgresql_url: str) -> AsyncIterator[Line]:
    opened = Line(postgresql_url)
    yield opened
    await opened.close()


async def test_a_read_that_nobody_answers_is_refused(line: Line) -> None:
    reader = await Reader.open(await line.url(), answers_within=SOON)
    line.passes.clear()
    with pytest.raises(StoreError, match="cannot be reached"):
        await reader.rows("SELECT 1")
    line.passes.set()
    assert await reader.rows("SELECT 1") == [(1,)]
    await reader.close()


async def test_a_write_that_nobody_answers_is_said_to_be_in_doubt(
    line: Line, clock: ManualClock, actor: Actor
) -> None:
    store = await Store.open(await line.url(), clock=clock, busy_timeout=0.1, answers_within=SOON)
    with pytest.raises(StoreError, match="nobody knows whether"):
        async with store.transaction(actor) as transaction:
            await log_call(transaction)
            line.passes.clear()
    line.passes.set()
    async with store.transaction(actor) as transaction:
        await log_call(transaction)
    await store.close()


async def test_a_listener_gone_silent_is_replaced_and_what_it_missed_is_told(
    line: Line, postgresql_url: str, clock: ManualClock, actor: Actor
) -> None:
    store = await Store.open(postgresql_url, clock=clock)
    reader = await Reader.open(await line.url(), answers_within=SOON)
    seen = await reader.version()
    line.passes.clear()
    async with store.transaction(actor) as transaction:
        await log_call(transaction)
    assert not await reader.wait_change(2 * SOON, since=seen), "nothing comes through"
    with pytest.raises(StoreError, match="cannot be reached"):
        await reader.wait_change(5, since=seen)
    line.passes.set()
    assert await reader.wait_change(5, since=seen)
    now = await reader.version()
    async with store.transaction(actor) as transaction:
        await log_call(transaction)
    assert await reader.wait_change(5, since=now)
    await reader.close()
    await store.close()


async def test_a_listener_that_the_server_ends_is_replaced(
    postgresql_url: str, clock: ManualClock, actor: Actor
) -> None:
    store = await Store.open(postgresql_url, clock=clock)
    reader = await Reader.open(postgresql_url)
    seen = await reader.version()
    await _end_those_who_listen(postgresql_url)
    assert await reader.wait_change(5, since=seen), "a loss counts as a change"
    now = await reader.version()
    async with store.transaction(actor) as transaction:
        await log_call(transaction)
    assert await reader.wait_change(5, since=now)
    await reader.close()
    await store.close()


async def _end_those_who_listen(url: str) -> None:
    connection = await asyncpg.connect(url)
    ended = await connection.fetchval(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
        "WHERE datname = current_database() AND query ILIKE 'LISTEN%'"
    )
    assert ended == 1
    await connection.close()
