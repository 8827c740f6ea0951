"""A database grows from every released schema with its data in it, or stays what it was."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
import stat
import time
from pathlib import Path

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from sqlmodel import SQLModel

from dutydesk.model.clock import ManualClock
from dutydesk.model.errors import StoreError
from dutydesk.model.markers import Marker
from dutydesk.model.officers import Actor
from dutydesk.resources import data_dir
from dutydesk.store import migrate as migrating
from dutydesk.store.database import Store
from dutydesk.store.journal import entry, verify
from dutydesk.store.migrate import migrate, schema_state
from dutydesk.store.reader import Reader
from dutydesk.store.schema import HEAD, VERSION_TABLE
from dutydesk.store.urls import parse
from dutydesk.store.urls import sqlite_url as url_of
from dutydesk.store.views import journal, reports
from tests.store.rows import log_call

OLD_REPORT = (
    "INSERT INTO report (id, type, text, source, caller, phone, place, town, routing, received_at, "
    "logged_at, logged_by, console, drill) VALUES (1, 'fire', '氨气泄漏', 'phone', '', '', '', '谢家湾', '', "
    "'2026-11-22T18:40:00.000000Z', '2026-11-22T18:40:00.000000Z', 'wang', 'desk-1', false)"
)


def old_entry(clock: ManualClock) -> tuple[object, ...]:
    made = entry(
        None,
        at=clock.now(),
        actor="wang",
        console="desk-1",
        action="report.logged",
        subject="report:1",
        payload={},
    )
    at = "2026-11-22T18:40:00.000000Z"
    return (1, at, "wang", "desk-1", "report.logged", "report:1", made.payload, made.prev_hash, made.hash)


@pytest.fixture
def old_path(tmp_path: Path, clock: ManualClock) -> Path:
    """A file of the first schema with a report and an entry in it."""
    path = tmp_path / "dutydesk.db"
    migrating._migrate_sqlite(path, str(path), to="0001")
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(OLD_REPORT)
    connection.execute("INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", old_entry(clock))
    connection.close()
    return path


def test_the_program_knows_its_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(data_dir("db/migrations")))
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_the_migrations_lay_down_the_tables_that_the_program_means(sqlite_path: Path) -> None:
    engine = create_engine(f"sqlite:///{sqlite_path}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        found = [d for d in compare_metadata(context, SQLModel.metadata) if "_search" not in str(d)]
    engine.dispose()
    assert found == []


def test_a_new_file_is_the_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "dutydesk.db"
    assert schema_state(url_of(path)) == "absent"
    migrate(url_of(path))
    assert schema_state(url_of(path)) == "current"
    modes = {found.name: stat.S_IMODE(found.stat().st_mode) for found in tmp_path.iterdir()}
    assert set(modes.values()) == {0o600}
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()
    migrate(url_of(path))
    assert not list(tmp_path.glob("*.before-*"))


def test_a_creation_cut_off_is_completed_by_the_next(tmp_path: Path) -> None:
    path = tmp_path / "dutydesk.db"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    assert path.stat().st_size > 0
    assert schema_state(url_of(path)) == "absent"
    migrate(url_of(path))
    assert schema_state(url_of(path)) == "current"


async def test_an_old_file_is_copied_and_upgraded_with_its_data(
    old_path: Path, actor: Actor, clock: ManualClock
) -> None:
    url = url_of(old_path)
    assert schema_state(url) == "old"
    with pytest.raises(StoreError, match="older version"):
        await Store.open(url, clock=clock)
    with pytest.raises(StoreError, match="older version"):
        await Reader.open(url)
    migrate(url)
    copy = old_path.with_name(f"dutydesk.db.before-{HEAD}")
    assert schema_state(url_of(copy)) == "old"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    store, reader = await Store.open(url, clock=clock), await Reader.open(url)
    async with store.transaction(actor) as transaction:
        assert await log_call(transaction) == 2
    assert await reports.search(reader, "氨气") == [1]
    assert (await reports.report(reader, 1)).markers == (Marker("toxic_release"),)
    assert [found.seq for found in await journal.search(reader, "report:1")] == [1]
    assert (await verify(reader)).entries == 2
    await reader.close()
    await store.close()


async def test_an_old_postgresql_is_upgraded_with_its_data(
    empty_postgresql_url: str, actor: Actor, clock: ManualClock
) -> None:
    url = empty_postgresql_url
    assert schema_state(url) == "absent"
    await migrating._migrate_postgresql(parse(url), to="0001")
    connection = await asyncpg.connect(url)
    await connection.execute(OLD_REPORT)
    await connection.execute(
        "INSERT INTO journal VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)", *old_entry(clock)
    )
    await connection.close()
    assert schema_state(url) == "old"
    migrate(url)
    assert schema_state(url) == "current"
    reader = await Reader.open(url)
    assert await reports.search(reader, "氨气") == [1]
    assert (await reports.report(reader, 1)).markers == (Marker("toxic_release"),)
    store = await Store.open(url, clock=clock)
    async with store.transaction(actor) as transaction:
        assert await log_call(transaction) == 2
    await store.close()
    assert len((await reports.report(reader, 2)).markers) == 1
    assert (await verify(reader)).ok
    await reader.close()


def _upgrade_and_die(path: str) -> None:
    from dutydesk.store import grams

    def die(*_: str) -> str:
        os.kill(os.getpid(), signal.SIGKILL)
        return ""

    setattr(grams, "document", die)  # noqa: B010 - in a process of its own, which dies of it
    migrate(f"sqlite:///{path}")


def test_an_upgrade_killed_halfway_is_completed_by_the_next(old_path: Path) -> None:
    process = multiprocessing.get_context("spawn").Process(target=_upgrade_and_die, args=(str(old_path),))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    assert schema_state(url_of(old_path)) == "old"
    connection = sqlite3.connect(old_path)
    assert connection.execute("SELECT count(*) FROM sqlite_master WHERE name LIKE '%search%'").fetchone() == (
        0,
    )
    connection.close()
    migrate(url_of(old_path))
    assert schema_state(url_of(old_path)) == "current"


def _migrate_at(path: str, moment: float) -> None:
    time.sleep(max(0.0, moment - time.time()))
    migrate(f"sqlite:///{path}")


def test_two_upgrades_at_once_take_turns(old_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    moment = time.time() + 3
    processes = [context.Process(target=_migrate_at, args=(str(old_path), moment)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0, 0]
    assert schema_state(url_of(old_path)) == "current"


@pytest.mark.parametrize("kind", ["newer", "other program", "no database", "tables of others"])
async def test_what_is_not_ours_or_newer_is_left_alone(
    sqlite_path: Path, tmp_path: Path, clock: ManualClock, kind: str
) -> None:
    path = tmp_path / "other.db"
    if kind == "newer":
        path = sqlite_path
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute(f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
        connection.close()
    elif kind == "no database":
        path.write_bytes("值班日记，不是数据库".encode() * 200)
    else:
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("CREATE TABLE report (id INTEGER PRIMARY KEY)")
        if kind == "other program":
            connection.execute("PRAGMA application_id = 7")
        connection.close()
    before = path.read_bytes()
    expected = "newer dutydesk" if kind == "newer" else "not a dutydesk database"
    with pytest.raises(StoreError, match=expected):
        migrate(url_of(path))
    with pytest.raises(StoreError, match=expected):
        await Store.open(url_of(path), clock=clock)
    with pytest.raises(StoreError, match=expected):
        await Reader.open(url_of(path))
    assert path.read_bytes() == before
