"""Whatever is wrong with the database is said in one clear line, and nothing is lost by it."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import textwrap
from pathlib import Path

import asyncpg
import pytest

from dutydesk.model.clock import ManualClock
from dutydesk.model.errors import Refused, StoreError
from dutydesk.model.officers import Actor
from dutydesk.store.backup import backup
from dutydesk.store.database import Store
from dutydesk.store.migrate import migrate, schema_state
from dutydesk.store.reader import Reader
from dutydesk.store.urls import parse
from dutydesk.store.urls import sqlite_url as url_of
from tests.store.rows import log_call


def one_line(refusal: pytest.ExceptionInfo[StoreError], *words: str) -> None:
    said = str(refusal.value)
    assert "\n" not in said
    for word in words:
        assert word in said


def run_python(script: str, *arguments: str) -> str:
    """What ``script`` prints in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def scramble(path: Path) -> None:
    """Overwrites all of a database but its first page."""
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(path.stat().st_size - 4096))


async def test_a_locked_database(
    sqlite_path: Path, sqlite_url: str, actor: Actor, clock: ManualClock
) -> None:
    store = await Store.open(sqlite_url, clock=clock, busy_timeout=0.1)
    holder = sqlite3.connect(sqlite_path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError) as refusal:
        async with store.transaction(actor) as transaction:
            await log_call(transaction)
    one_line(refusal, str(sqlite_path), "locked", "try again")
    holder.execute("ROLLBACK")
    holder.close()
    async with store.transaction(actor) as transaction:
        assert await log_call(transaction) == 1
    await store.close()


async def test_a_locked_server(postgresql_url: str, actor: Actor, clock: ManualClock) -> None:
    holder = await Store.open(postgresql_url, clock=clock)
    store = await Store.open(postgresql_url, clock=clock, busy_timeout=0.2)
    async with holder.transaction(actor):
        with pytest.raises(StoreError) as refusal:
            async with store.transaction(actor):
                pass
        one_line(refusal, "locked", "try again")
    async with store.transaction(actor) as transaction:
        assert await log_call(transaction) == 1
    await store.close()
    await holder.close()


async def test_a_server_that_went_away_is_found_again(
    postgresql_url: str, actor: Actor, clock: ManualClock
) -> None:
    store, reader = await Store.open(postgresql_url, clock=clock), await Reader.open(postgresql_url)
    assert await reader.version() == 0
    administrator = await asyncpg.connect(postgresql_url)
    await administrator.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await administrator.close()
    async with store.transaction(actor) as transaction:
        assert await log_call(transaction) == 1
    assert await reader.wait_change(10)
    assert await reader.rows("SELECT count(*) FROM report") == [(1,)]
    await reader.close()
    await store.close()


async def test_one_frozen_inside_a_transaction_loses_its_turn_on_a_server(
    postgresql_url: str, actor: Actor, clock: ManualClock
) -> None:
    frozen = await Store.open(postgresql_url, clock=clock, busy_timeout=0.1)
    other = await Store.open(postgresql_url, clock=clock, busy_timeout=30)
    with pytest.raises(StoreError):
        async with frozen.transaction(actor) as late:
            await log_call(late)
            await late.flush()
            async with other.transaction(actor) as transaction:
                assert await log_call(transaction) == 1
    async with frozen.transaction(actor) as transaction:
        assert await log_call(transaction) == 2
    await frozen.close()
    await other.close()


async def test_a_missing_database(tmp_path: Path, clock: ManualClock) -> None:
    path = tmp_path / "nowhere.db"
    for opening in (Store.open(url_of(path), clock=clock), Reader.open(url_of(path))):
        with pytest.raises(StoreError) as refusal:
            await opening
        one_line(refusal, str(path), "dutydesk init")
    assert not path.exists()


async def test_a_damaged_file(sqlite_path: Path, sqlite_url: str, actor: Actor, clock: ManualClock) -> None:
    store = await Store.open(sqlite_url, clock=clock)
    for _ in range(40):
        async with store.transaction(actor) as transaction:
            await log_call(transaction)
    await store.close()
    scramble(sqlite_path)
    with pytest.raises(StoreError) as refusal:
        reader = await Reader.open(sqlite_url)
        try:
            for table in ("report", "journal", "timer"):
                await reader.rows(f"SELECT * FROM {table}")
        finally:
            await reader.close()
    one_line(refusal, str(sqlite_path), "damaged", "newest copy")


SMALL_DISK = """
    import asyncio, resource, signal, sys
    from dutydesk.model.clock import SystemClock
    from dutydesk.model.errors import StoreError
    from dutydesk.model.officers import engine_actor
    from dutydesk.store.database import Store
    from tests.store.rows import log_call

    async def main():
        store = await Store.open(sys.argv[1], clock=SystemClock())
        async with store.transaction(engine_actor("x")) as transaction:
            await log_call(transaction)
        connection = store._connection.sync_connection.connection.driver_connection
        await connection.execute("PRAGMA max_page_count = 1")
        try:
            while True:
                async with store.transaction(engine_actor("x")) as transaction:
                    await log_call(transaction, "长" * 20000)
        except StoreError as refusal:
            print(refusal)
        await store.close()

    asyncio.run(main())
"""


async def test_a_full_disk(sqlite_path: Path, sqlite_url: str) -> None:
    """The page limit makes SQLite say what it says when the disk is full."""
    said = run_python(SMALL_DISK, sqlite_url)
    assert "is full" in said
    assert said.count("\n") == 1
    reader = await Reader.open(sqlite_url)
    reports, entries = await reader.batch(
        ("SELECT count(*) FROM report", ()), ("SELECT count(*) FROM journal", ())
    )
    assert reports == entries
    await reader.close()


READ_ONLY = """
    import asyncio, os, sys
    from dutydesk.model.clock import SystemClock
    from dutydesk.model.errors import StoreError
    from dutydesk.model.officers import engine_actor
    from dutydesk.store.database import Store
    from tests.store.rows import log_call

    async def log(url):
        store = await Store.open(url, clock=SystemClock())
        async with store.transaction(engine_actor("x")) as transaction:
            await log_call(transaction)
        await store.close()

    async def main():
        await log(sys.argv[2])  # loads what only root may read
        os.setgid(65534)
        os.setuid(65534)
        try:
            await log(sys.argv[1])
        except StoreError as refusal:
            print(refusal)

    asyncio.run(main())
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="another user is played, which takes root")
@pytest.mark.parametrize("what", ["file", "directory"])
def test_a_file_or_directory_that_may_not_be_written(sqlite_url: str, what: str) -> None:
    home = Path("/tmp") / f"dutydesk-read-only-{os.getpid()}-{what}"
    home.mkdir(mode=0o755)
    path = home / "dutydesk.db"
    try:
        migrate(url_of(path))
        path.chmod(0o444 if what == "file" else 0o666)
        home.chmod(0o777 if what == "file" else 0o555)
        said = run_python(READ_ONLY, url_of(path), sqlite_url)
        assert str(path) in said
        assert "cannot be" in said
        assert said.count("\n") == 1
    finally:
        for file in home.iterdir():
            file.unlink()
        home.rmdir()


async def test_an_unreachable_server(clock: ManualClock) -> None:
    url = "postgresql://duty:secret@127.0.0.1:1/desk"
    for opening in (Store.open(url, clock=clock), Reader.open(url)):
        with pytest.raises(StoreError) as refusal:
            await opening
        one_line(refusal, "cannot be reached")
        assert "secret" not in str(refusal.value)


@pytest.mark.parametrize("url", ["mysql://u:secret@h/d", "dutydesk.db", "sqlite:///:memory:", ""])
def test_a_url_that_names_nothing_we_speak(url: str) -> None:
    with pytest.raises(StoreError) as refusal:
        parse(url)
    assert "secret" not in str(refusal.value)


async def test_a_backup_is_a_whole_desk(
    sqlite_path: Path, sqlite_url: str, tmp_path: Path, actor: Actor, clock: ManualClock
) -> None:
    store = await Store.open(sqlite_url, clock=clock)
    async with store.transaction(actor) as transaction:
        await log_call(transaction)
        backup(sqlite_url, tmp_path / "before.db")
    backup(sqlite_url, tmp_path / "after.db")
    await store.close()
    for name, number in (("before.db", 0), ("after.db", 1)):
        assert schema_state(url_of(tmp_path / name)) == "current"
        reader = await Reader.open(url_of(tmp_path / name))
        assert await reader.rows("SELECT count(*) FROM report") == [(number,)]
        await reader.close()
    assert not list(tmp_path.glob("*.part"))  # noqa: ASYNC240
    with pytest.raises(Refused, match="exists already"):
        backup(sqlite_url, tmp_path / "after.db")
    with pytest.raises(Refused, match="pg_dump"):
        backup("postgresql://duty:secret@h/desk", tmp_path / "x.db")
