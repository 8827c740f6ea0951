"""The journal proves itself whole, and names the first entry that was tampered with."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dutydesk.model.clock import ManualClock
from dutydesk.model.journal import GENESIS
from dutydesk.model.officers import Actor
from dutydesk.store.database import Store
from dutydesk.store.dialect import search_tables
from dutydesk.store.journal import canonical, entry, entry_hash, verify
from dutydesk.store.reader import Reader
from dutydesk.store.views import journal as views
from tests.store.rows import log_call

NIGHT = datetime(2026, 11, 22, 18, 40, tzinfo=UTC)


async def test_an_empty_journal_is_whole(reader: Reader) -> None:
    verdict = await verify(reader)
    assert (verdict.ok, verdict.entries, verdict.head) == (True, 0, GENESIS)


async def test_each_entry_names_the_one_before(store: Store, reader: Reader, actor: Actor) -> None:
    for _ in range(3):
        async with store.transaction(actor) as transaction:
            await log_call(transaction)
    first, second, third = await views.entries(reader)
    assert (first.prev_hash, second.prev_hash, third.prev_hash) == (GENESIS, first.hash, second.hash)
    assert (third.actor, third.console, third.subject) == ("wang", "desk-1", "report:3")
    verdict = await verify(reader)
    assert (verdict.ok, verdict.entries, verdict.head) == (True, 3, third.hash)
    assert await views.tail(reader, 2) == [second, third]
    assert await views.tail(reader, 2, before=3) == [first, second]
    assert await views.entry(reader, 2) == second


@pytest.fixture
async def tampered(
    sqlite_path: Path, sqlite_url: str, actor: Actor, clock: ManualClock
) -> sqlite3.Connection:
    """Five entries, and somebody who has taken the triggers off."""
    store = await Store.open(sqlite_url, clock=clock)
    for _ in range(5):
        async with store.transaction(actor) as transaction:
            await log_call(transaction)
    await store.close()
    connection = sqlite3.connect(sqlite_path, isolation_level=None)
    for what in ("update", "delete", "replace"):
        connection.execute(f"DROP TRIGGER journal_no_{what}")
    return connection


@pytest.mark.parametrize(
    ("change", "bad", "what"),
    [
        ("UPDATE journal SET payload = '{\"report\":9}' WHERE seq = 3", 3, "entry 3 was altered"),
        ("UPDATE journal SET at = '2026-01-01T00:00:00.000000Z' WHERE seq = 2", 2, "entry 2 was altered"),
        ("UPDATE journal SET console = 'desk-2' WHERE seq = 1", 1, "entry 1 was altered"),
        ("DELETE FROM journal WHERE seq = 4", 4, "entry 4 is missing"),
        ("DELETE FROM journal WHERE seq = 1", 1, "entry 1 is missing"),
        ("DELETE FROM journal WHERE seq BETWEEN 2 AND 4", 2, "entry 2 is missing"),
        ("UPDATE journal SET seq = -seq WHERE seq = 1", 1, "entry 1 is missing"),
        ("UPDATE journal SET hash = upper(hash) WHERE seq = 3", 3, "entry 3 was altered"),
        ("UPDATE journal SET prev_hash = '渝' WHERE seq = 3", 3, "entry 3 was altered"),
        ("UPDATE journal SET payload = x'ff00' WHERE seq = 3", 3, "entry 3 was altered"),
        ("UPDATE journal SET hash = CAST(x'ff' AS TEXT) WHERE seq = 3", 3, "entry 3 was altered"),
        ("UPDATE journal SET payload = CAST(x'7bff7d' AS TEXT) WHERE seq = 5", 5, "entry 5 was altered"),
    ],
)
async def test_tampering_is_found_where_it_was_done(
    tampered: sqlite3.Connection, sqlite_url: str, change: str, bad: int, what: str
) -> None:
    tampered.execute(change)
    reader = await Reader.open(sqlite_url)
    verdict = await verify(reader)
    await reader.close()
    assert (verdict.ok, verdict.bad, verdict.what.en, verdict.entries) == (False, bad, what, bad - 1)
    assert any("\u4e00" <= char <= "\u9fff" for char in verdict.what.zh)


async def test_two_entries_exchanged_are_found(tampered: sqlite3.Connection, sqlite_url: str) -> None:
    tampered.execute("UPDATE journal SET seq = 99 WHERE seq = 2")
    tampered.execute("UPDATE journal SET seq = 2 WHERE seq = 3")
    tampered.execute("UPDATE journal SET seq = 3 WHERE seq = 99")
    reader = await Reader.open(sqlite_url)
    assert (await verify(reader)).bad == 2
    await reader.close()


async def test_an_entry_hashed_anew_breaks_the_next_one(
    tampered: sqlite3.Connection, sqlite_url: str
) -> None:
    row = tampered.execute(
        "SELECT prev_hash, seq, at, actor, console, action, subject, '{}' FROM journal WHERE seq = 3"
    ).fetchone()
    tampered.execute("UPDATE journal SET payload = '{}', hash = ? WHERE seq = 3", (entry_hash(*row),))
    reader = await Reader.open(sqlite_url)
    verdict = await verify(reader)
    await reader.close()
    assert (verdict.bad, "does not follow entry 3" in verdict.what.en) == (4, True)


@pytest.mark.parametrize("left", [4, 3, 0])
async def test_an_end_cut_off_is_found_by_what_else_is_left_of_it(
    tampered: sqlite3.Connection, sqlite_url: str, left: int
) -> None:
    """By the search index, and where somebody thought of that too, by the reports."""
    reader = await Reader.open(sqlite_url)
    assert (await verify(reader)).ok
    tampered.execute("DELETE FROM journal WHERE seq > ?", (left,))
    for _ in range(2):
        verdict = await verify(reader)
        assert (verdict.ok, verdict.bad, "cut off" in verdict.what.en) == (False, left + 1, True)
        tampered.execute("DROP TABLE journal_search")
        tampered.execute(search_tables(postgresql=False)[1])
    await reader.close()


async def test_an_end_cut_off_in_postgresql(postgresql_url: str, actor: Actor, clock: ManualClock) -> None:
    store, reader = await Store.open(postgresql_url, clock=clock), await Reader.open(postgresql_url)
    for _ in range(3):
        async with store.transaction(actor) as transaction:
            await log_call(transaction)
    await store.close()
    assert (await verify(reader)).ok
    intruder = await asyncpg.connect(postgresql_url)
    await intruder.execute("ALTER TABLE journal DISABLE TRIGGER USER")
    await intruder.execute("DELETE FROM journal WHERE seq = 3")
    assert (await verify(reader)).bad == 3
    await intruder.execute("DELETE FROM journal_search WHERE id = 3")
    assert (await verify(reader)).bad == 3
    await intruder.close()
    await reader.close()


async def test_an_end_cut_off_without_a_trace_is_found_with_a_digest_noted_before(
    store: Store, reader: Reader, actor: Actor
) -> None:
    async with store.transaction(actor) as transaction:
        await log_call(transaction)
    head = (await verify(reader)).head
    assert (await verify(reader, known=(1, head))).ok
    assert (await verify(reader, known=(2, head))).bad == 2
    assert (await verify(reader, known=(1, GENESIS))).bad == 1


async def test_a_word_in_quotation_marks_is_found_in_a_payload(
    store: Store, reader: Reader, actor: Actor
) -> None:
    async with store.transaction(actor) as transaction:
        transaction.journal("x.noted", "x:1", {"text": '他说"氨气"\\n停'})
    for found, query in ((1, '"氨气"'), (1, "\\n停"), (0, '"气"')):
        assert len(await views.search(reader, query)) == found, query


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), json_values, max_size=4))
def test_the_order_in_which_a_payload_was_filled_changes_nothing(payload: dict[str, object]) -> None:
    reordered = dict(reversed(list(payload.items())))
    assert canonical(payload) == canonical(reordered)
    made = [
        entry(None, at=NIGHT, actor="a", console="c", action="x", subject="", payload=p).hash
        for p in (payload, reordered)
    ]
    assert made[0] == made[1]


def test_a_payload_takes_times_and_spans_and_refuses_what_json_cannot_say() -> None:
    assert (
        canonical({"b": timedelta(minutes=1), "a": NIGHT}) == '{"a":"2026-11-22T18:40:00.000000Z","b":60.0}'
    )
    with pytest.raises(TypeError):
        canonical({"a": object()})
    with pytest.raises(ValueError, match="JSON"):
        canonical({"a": float("nan")})
