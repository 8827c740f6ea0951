"""A file that was damaged, or changed by another program, is told as that, wherever in it the damage is."""

from __future__ import annotations

import os
import random
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from dutydesk.i18n import Translator
from dutydesk.model.clock import ManualClock
from dutydesk.model.errors import DeskError, StoreError
from dutydesk.model.officers import Actor
from dutydesk.store.database import Store
from dutydesk.store.journal import verify
from dutydesk.store.migrate import migrate
from dutydesk.store.reader import Reader
from dutydesk.store.schema import VERSION_TABLE
from dutydesk.store.urls import sqlite_url as url_of
from dutydesk.store.views import incidents, journal, reports, timers
from tests.store.rows import log_call


@pytest.fixture
async def filled(sqlite_path: Path, sqlite_url: str, actor: Actor, clock: ManualClock) -> Path:
    """A database with forty calls in it, all of it in its one file."""
    store = await Store.open(sqlite_url, clock=clock)
    for _ in range(40):
        async with store.transaction(actor) as transaction:
            await log_call(transaction)
    await store.close()
    connection = sqlite3.connect(sqlite_path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return sqlite_path


async def look_and_log(url: str, actor: Actor, clock: ManualClock) -> None:
    """Reads most of what there is, and logs a call."""
    reader = await Reader.open(url)
    try:
        await reports.reports(reader)
        await reports.search(reader, "液氯")
        await incidents.incidents(reader)
        await timers.timers(reader)
        await journal.tail(reader, 50)
        await verify(reader)
    finally:
        await reader.close()
    store = await Store.open(url, clock=clock)
    try:
        async with store.transaction(actor) as transaction:
            await log_call(transaction)
    finally:
        await store.close()


def overwrite(path: Path, chance: random.Random) -> None:
    """A piece of the file behind its header becomes random bytes."""
    content = bytearray(path.read_bytes())
    length = chance.choice([4, 64, 1024, 8192])
    place = chance.randrange(100, len(content) - length)
    content[place : place + length] = chance.randbytes(length)
    path.write_bytes(content)


@pytest.mark.parametrize("seed", range(25))
async def test_bytes_overwritten_anywhere_are_survived_or_told(
    filled: Path, seed: int, actor: Actor, clock: ManualClock
) -> None:
    overwrite(filled, random.Random(seed))
    said = str(filled)
    try:
        await look_and_log(url_of(filled), actor, clock)
    except DeskError as told:
        said = str(told)
    assert "\n" not in said
    assert str(filled) in said or "The database holds" in said


def schema_of_no_text(path: Path) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute(
        "UPDATE sqlite_master SET sql = CAST(x'435245415445ff' AS TEXT) WHERE name = 'officer'"
    )
    connection.close()


def version_gone(path: Path) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(f"DELETE FROM {VERSION_TABLE}")
    connection.close()


def version_of_no_text(path: Path) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(f"UPDATE {VERSION_TABLE} SET version_num = x'ff'")
    connection.close()


def table_gone(path: Path) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("DROP TABLE timer")
    connection.close()


def a_directory(path: Path) -> None:
    path.unlink()
    path.mkdir()


def a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (schema_of_no_text, "is damaged"),
        (table_gone, "is damaged (no such table"),
        (version_gone, "is not a dutydesk database"),
        (version_of_no_text, "is not a dutydesk database"),
        (a_directory, "is not a plain file"),
        (a_pipe, "is not a plain file"),
    ],
)
async def test_what_another_program_did_is_told(
    filled: Path, spoil: Callable[[Path], None], said: str, actor: Actor, clock: ManualClock
) -> None:
    spoil(filled)
    with pytest.raises(StoreError) as caught:
        await look_and_log(url_of(filled), actor, clock)
    assert said in str(caught.value)
    assert str(filled) in Translator("zh").error(caught.value)
    if spoil is not table_gone:
        with pytest.raises(StoreError):
            migrate(url_of(filled))
