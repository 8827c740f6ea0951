"""One command, one transaction, one journal entry: all of it or nothing."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import delete, update
from sqlmodel import col, select

from dutydesk.model.clock import ManualClock
from dutydesk.model.errors import NotFound, StoreError
from dutydesk.model.officers import Actor
from dutydesk.store.database import Store
from dutydesk.store.journal import verify
from dutydesk.store.reader import Reader
from dutydesk.store.tables import (
    DraftRow,
    FigureRow,
    IncidentRow,
    JournalRow,
    MarkerRow,
    NoteRow,
    ReportRow,
    TimerRow,
)
from tests.store.rows import incident, log_call, report, timer


async def count(reader: Reader, table: str) -> int:
    found: int = (await reader.rows(f"SELECT count(*) FROM {table}"))[0][0]
    return found


async def test_a_call_is_on_record_with_all_that_belongs_to_it(
    store: Store, reader: Reader, actor: Actor
) -> None:
    async with store.transaction(actor) as transaction:
        number = await log_call(transaction)
    assert number == 1
    assert [
        await count(reader, t) for t in ("report", "incident", "filing", "figure", "timer", "journal")
    ] == [1] * 6
    assert (await verify(reader)).ok


async def test_a_command_that_fails_leaves_no_trace_and_no_gap(
    store: Store, reader: Reader, actor: Actor
) -> None:
    with pytest.raises(ZeroDivisionError):
        async with store.transaction(actor) as transaction:
            await log_call(transaction)
            await transaction.flush()
            _ = 1 / 0
    assert await count(reader, "report") == await count(reader, "journal") == 0
    async with store.transaction(actor) as transaction:
        assert await log_call(transaction) == 1


async def test_the_time_is_read_once_when_the_turn_has_come(
    store: Store, actor: Actor, clock: ManualClock
) -> None:
    async with store.transaction(actor, journaled=False) as transaction:
        first = transaction.now
        clock.advance(timedelta(minutes=3))
        assert transaction.now == first
    async with store.transaction(actor, journaled=False) as transaction:
        assert transaction.now == first + timedelta(minutes=3)


async def test_commands_take_turns_and_numbers_have_no_gaps(
    store: Store, reader: Reader, actor: Actor
) -> None:
    async def one() -> int:
        async with store.transaction(actor) as transaction:
            return await log_call(transaction)

    assert sorted(await asyncio.gather(*(one() for _ in range(12)))) == list(range(1, 13))
    verdict = await verify(reader)
    assert (verdict.ok, verdict.entries) == (True, 12)


async def test_two_desks_on_one_database_take_turns(
    store: Store, store_url: str, reader: Reader, actor: Actor, clock: ManualClock
) -> None:
    other = await Store.open(store_url, clock=clock)

    async def shift(desk: Store) -> None:
        for _ in range(10):
            async with desk.transaction(actor) as transaction:
                await log_call(transaction)
            await asyncio.sleep(0)

    await asyncio.gather(shift(store), shift(other))
    await other.close()
    assert [row[0] for row in await reader.rows("SELECT id FROM report ORDER BY id")] == list(range(1, 21))
    assert (await verify(reader)).entries == 20


async def test_a_change_without_a_journal_entry_is_refused(
    store: Store, reader: Reader, actor: Actor
) -> None:
    with pytest.raises(RuntimeError, match="journalled nothing"):
        async with store.transaction(actor) as transaction:
            await transaction.insert([incident(transaction.now)])
    with pytest.raises(RuntimeError, match="journalled nothing"):
        async with store.transaction(actor) as transaction:
            await transaction.insert([incident(transaction.now)])
            await transaction.flush()
    assert await count(reader, "incident") == 0


async def test_reading_alone_needs_no_entry(store: Store, reader: Reader, actor: Actor) -> None:
    async with store.transaction(actor) as transaction:
        assert await transaction.all(select(ReportRow)) == []
    assert await count(reader, "journal") == 0


async def test_one_command_has_one_entry(store: Store, actor: Actor) -> None:
    with pytest.raises(RuntimeError, match="one journal entry"):
        async with store.transaction(actor) as transaction:
            await log_call(transaction)
            transaction.journal("report.logged", "report:1", {})
    with pytest.raises(RuntimeError, match="journals nothing"):
        async with store.transaction(actor, journaled=False) as transaction:
            transaction.journal("report.logged", "report:1", {})


async def test_a_transaction_inside_another_is_refused(store: Store, actor: Actor) -> None:
    with pytest.raises(RuntimeError, match="inside one already"):
        async with store.transaction(actor), store.transaction(actor):
            pass
    async with store.transaction(actor) as transaction:
        assert await log_call(transaction) == 1


async def test_a_draft_is_saved_without_an_entry(store: Store, reader: Reader, actor: Actor) -> None:
    async with store.transaction(actor, journaled=False) as transaction:
        now = transaction.now
        fields = {"text": "[/紧急] 半句话"}
        draft = DraftRow(
            id="d1", officer="wang", console="desk-1", fields=fields, started_at=now, saved_at=now
        )
        await transaction.insert([draft])
    async with store.transaction(actor, journaled=False) as transaction:
        assert (await transaction.get(DraftRow, "d1")).fields == fields
    assert (await count(reader, "draft"), await count(reader, "journal")) == (1, 0)


async def test_rows_just_gathered_are_seen_by_the_next_reading(store: Store, actor: Actor) -> None:
    async with store.transaction(actor) as transaction:
        number = await log_call(transaction)
        assert (await transaction.get(ReportRow, number)).received_at == transaction.now
        assert len(await transaction.all(select(TimerRow))) == 1
        await transaction.insert([timer(transaction.now)])
        assert len(await transaction.all(select(TimerRow))) == 2
        await transaction.insert([timer(transaction.now)])
        changed = await transaction.execute(update(TimerRow).values(state="met"))
        assert changed.rowcount == 3


async def test_a_row_is_changed_through_the_session(store: Store, reader: Reader, actor: Actor) -> None:
    async with store.transaction(actor) as transaction:
        await log_call(transaction)
    async with store.transaction(actor) as transaction:
        opened = await transaction.get(IncidentRow, 1)
        opened.confirmed_level = 2
        transaction.session.add(NoteRow(incident_id=1, text="带班领导已到", at=transaction.now, by="wang"))
        await transaction.insert([NoteRow(incident_id=1, text="第二条", at=transaction.now, by="wang")])
        transaction.journal("incident.graded", "incident:1", {"level": 2})
    assert await reader.rows("SELECT confirmed_level FROM incident") == [(2,)]
    assert sorted(await reader.rows("SELECT id, text FROM note")) == [(1, "第二条"), (2, "带班领导已到")]


async def test_a_failed_change_through_the_session_is_undone(
    store: Store, reader: Reader, actor: Actor
) -> None:
    async with store.transaction(actor) as transaction:
        await log_call(transaction)
    with pytest.raises(NotFound, match="There is no incident 99"):
        async with store.transaction(actor) as transaction:
            (await transaction.get(IncidentRow, 1)).title = "改了"
            await transaction.session.flush()
            await transaction.get(IncidentRow, 99)
    assert await reader.rows("SELECT title FROM incident") == [("液氯槽车泄漏",)]


async def test_due_timers_are_claimed_in_one_statement(store: Store, actor: Actor) -> None:
    async with store.transaction(actor) as transaction:
        await transaction.insert([timer(transaction.now + timedelta(minutes=n)) for n in range(5)])
        transaction.journal("timers.armed", "", {})
    async with store.transaction(actor, journaled=False) as transaction:
        claimed = await transaction.execute(
            update(TimerRow)
            .where(col(TimerRow.next_at) <= transaction.now + timedelta(minutes=2))
            .values(next_at=None)
            .returning(col(TimerRow.id), col(TimerRow.due_at))
        )
        assert sorted(claimed.all())[0] == (1, transaction.now)


@pytest.mark.parametrize("table", [ReportRow, FigureRow, MarkerRow, JournalRow])
async def test_what_was_said_once_cannot_be_unsaid(
    store: Store, reader: Reader, actor: Actor, table: type[ReportRow]
) -> None:
    async with store.transaction(actor) as transaction:
        await log_call(transaction)
    name = str(table.__tablename__)
    before = await reader.rows(f"SELECT * FROM {name}")
    changes: dict[str, dict[str, object]] = {
        "report": {"text": "别的"},
        "figure": {"value": 0},
        "marker": {"state": "struck"},
        "journal": {"actor": "x"},
    }
    for statement in (update(table).values(**changes[name]), delete(table)):
        with pytest.raises(StoreError, match="append-only"):
            async with store.transaction(actor, journaled=False) as transaction:
                await transaction.execute(statement)
    assert await reader.rows(f"SELECT * FROM {name}") == before


async def test_a_command_cut_off_halfway_leaves_the_desk_usable(
    store: Store, reader: Reader, actor: Actor
) -> None:
    begun = asyncio.Event()

    async def stuck() -> None:
        async with store.transaction(actor) as transaction:
            await log_call(transaction)
            await transaction.flush()
            begun.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(stuck())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with store.transaction(actor) as transaction:
        assert await log_call(transaction) == 1
    assert await count(reader, "report") == 1


async def test_a_report_of_an_unknown_incident_is_refused_in_one_line(store: Store, actor: Actor) -> None:
    with pytest.raises(StoreError) as refusal:
        async with store.transaction(actor) as transaction:
            await transaction.insert([timer(transaction.now, incident_id=7)])
            transaction.journal("x", "", {})
    assert "\n" not in str(refusal.value)


def test_a_row_with_a_misspelt_column_is_refused(clock: ManualClock) -> None:
    with pytest.raises(TypeError, match="calller"):
        report(clock.now(), calller="x")
