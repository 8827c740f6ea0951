"""Readers see what is committed, notice it at once, and cannot write."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time

import pytest

from dutydesk.model.errors import StoreError
from dutydesk.model.officers import Actor
from dutydesk.store.database import Store
from dutydesk.store.reader import Reader
from tests.store.rows import log_call


async def test_a_commit_is_noticed_soon(store: Store, reader: Reader, actor: Actor) -> None:
    before = await reader.version()

    async def call_comes_in() -> None:
        await asyncio.sleep(0.05)
        async with store.transaction(actor) as transaction:
            await log_call(transaction)

    started = time.monotonic()
    task = asyncio.create_task(call_comes_in())
    assert await reader.wait_change(10)
    assert time.monotonic() - started < 5
    await task
    assert await reader.version() != before
    assert await reader.rows("SELECT count(*) FROM report") == [(1,)]


async def test_a_commit_between_two_waits_is_not_missed(store: Store, reader: Reader, actor: Actor) -> None:
    assert not await reader.wait_change(0.05)
    async with store.transaction(actor) as transaction:
        await log_call(transaction)
    assert await reader.wait_change(10)
    assert not await reader.wait_change(0.05)


async def test_two_who_wait_on_one_reader_are_both_woken(store: Store, reader: Reader, actor: Actor) -> None:
    place = await reader.version()
    waiting = [asyncio.create_task(reader.wait_change(10, since=place)) for _ in range(2)]
    async with store.transaction(actor) as transaction:
        await log_call(transaction)
    assert await asyncio.gather(*waiting) == [True, True]


async def test_what_is_rolled_back_is_never_seen(store: Store, reader: Reader, actor: Actor) -> None:
    with pytest.raises(KeyError):
        async with store.transaction(actor) as transaction:
            await log_call(transaction)
            await transaction.flush()
            assert await reader.rows("SELECT count(*) FROM report") == [(0,)]
            raise KeyError
    assert await reader.rows("SELECT count(*) FROM report") == [(0,)]


async def test_a_batch_shows_one_moment(store: Store, reader: Reader, actor: Actor) -> None:
    async def writing() -> None:
        for _ in range(30):
            async with store.transaction(actor) as transaction:
                await log_call(transaction)

    task = asyncio.create_task(writing())
    while not task.done():
        counts = await reader.batch(
            ("SELECT count(*) FROM report", ()), ("SELECT 1", ()), ("SELECT count(*) FROM journal", ())
        )
        assert counts[0] == counts[2]
    await task


async def test_a_reader_cannot_write(reader: Reader) -> None:
    with pytest.raises(StoreError):
        await reader.rows("DELETE FROM contact")


async def test_placeholders_are_bound_never_pasted(reader: Reader) -> None:
    assert await reader.rows(
        "SELECT CAST($2 AS text), CAST($1 AS text), CAST($2 AS text)", "'); --", "值班"
    ) == [("值班", "'); --", "值班")]


def test_reading_loads_no_orm() -> None:
    """The board's first rows come before SQLAlchemy is loaded (it costs half a second)."""
    script = (
        "import sys, dutydesk.store.reader, dutydesk.store.bare_sqlite, dutydesk.store.search\n"
        "from dutydesk.store.views import board, contacts, engine, incidents, journal, ledger, notices, "
        "officers, reports, runs, timers\n"
        "heavy = 'sqlalchemy', 'sqlmodel', 'pydantic', 'alembic', 'aiosqlite'\n"
        "print([m for m in heavy if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
