"""The ledger is paged through in both directions without a line lost or shown twice."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

import pytest

from dutydesk.model.clock import ManualClock
from dutydesk.model.instants import to_stored
from dutydesk.model.officers import Actor
from dutydesk.model.views.ledger import LedgerLine
from dutydesk.store.database import Store
from dutydesk.store.dialect import sqlite_connect
from dutydesk.store.reader import Reader
from dutydesk.store.views import ledger
from tests.store.rows import log_call, report

Place = tuple[str, str, int]


def place(line: LedgerLine) -> Place:
    return to_stored(line.at), line.kind, line.id


@pytest.fixture
async def busy_night(store: Store, actor: Actor, clock: ManualClock) -> Store:
    """Many lines, several of one moment, and one call written up late from paper."""
    for minute in range(12):
        async with store.transaction(actor) as transaction:
            await log_call(transaction)
        if minute % 3 == 0:
            clock.advance(timedelta(minutes=1))
    async with store.transaction(actor) as transaction:
        late = transaction.now - timedelta(hours=3)
        await transaction.insert([report(transaction.now, "补记", received_at=late)])
        transaction.journal("report.logged", "report:13", {})
    return store


@pytest.mark.parametrize("limit", [1, 2, 5, 7, 100])
async def test_every_line_comes_once_in_order_both_ways(
    busy_night: Store, reader: Reader, limit: int
) -> None:
    downward = await ledger.newest(reader, limit=limit)
    while page := await ledger.older(reader, downward[-1], limit=limit):
        downward += page
    places = [place(line) for line in downward]
    assert len(places) == len(set(places)) == await ledger.size(reader) == 26
    assert places == sorted(places, reverse=True)
    upward = [downward[-1]]
    while page := await ledger.newer(reader, upward[0], limit=limit):
        upward = page + upward
    assert upward == downward
    assert downward[-1].text == "补记"


async def test_one_kind_alone_and_a_moment_to_begin_at(
    busy_night: Store, reader: Reader, clock: ManualClock
) -> None:
    alone = await ledger.newest(reader, kinds=["report"])
    assert {line.kind for line in alone} == {"report"}
    assert (len(alone), alone[-2].incident, alone[-1].incident) == (13, 1, None)
    early = await ledger.at(reader, clock.now() - timedelta(hours=1))
    assert [line.text for line in early] == ["补记"]


async def test_a_long_ledger_pages_as_fast_at_its_end_as_at_its_start(
    sqlite_path: Path, sqlite_url: str
) -> None:
    """100,000 lines; each page is read along an index, so a page deep down costs no more than the first."""
    connection = sqlite_connect(sqlite_path)
    connection.execute("BEGIN")
    rows = [
        (n, f"2026-11-{1 + n // 2500:02d}T{n // 100 % 24:02d}:{n % 60:02d}:00.000000Z", f"来报 {n}")
        for n in range(1, 50_001)
    ]
    connection.executemany(
        "INSERT INTO report (id, received_at, text, type, source, caller, phone, place, town, routing, "
        "logged_at, logged_by, console, drill) "
        "VALUES (?, ?, ?, '', 'phone', '', '', '', '', '', '', '', '', 0)",
        rows,
    )
    connection.executemany(
        "INSERT INTO journal (seq, at, actor, console, action, subject, payload, prev_hash, hash) "
        "VALUES (?, ?, ?, '', '', '', '{}', '', '')",
        rows,
    )
    connection.execute("COMMIT")
    connection.close()
    reader = await Reader.open(sqlite_url)
    line = (await ledger.newest(reader, limit=50))[-1]
    middle = (await ledger.at(reader, line.at - timedelta(days=10), limit=1))[0]
    started = time.perf_counter()
    for _ in range(20):
        line = (await ledger.older(reader, line, limit=50))[-1]
    near = time.perf_counter() - started
    started = time.perf_counter()
    for _ in range(20):
        middle = (await ledger.older(reader, middle, limit=50))[-1]
    far = time.perf_counter() - started
    await reader.close()
    assert far < near * 5 + 0.05
