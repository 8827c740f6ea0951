"""A database that comes without the write-ahead log, as a backup does, gets it or is refused in one line."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from dutydesk.model.clock import ManualClock
from dutydesk.model.errors import StoreError
from dutydesk.model.officers import Actor
from dutydesk.store.backup import backup
from dutydesk.store.database import Store
from dutydesk.store.migrate import migrate
from dutydesk.store.reader import Reader
from dutydesk.store.urls import sqlite_url as url_of
from dutydesk.store.wal import keep_wal
from tests.store.rows import log_call

FULL = 2


@pytest.fixture
def restored(sqlite_url: str, tmp_path: Path) -> Path:
    """A backup of the desk, put back as one file."""
    path = tmp_path / "restored.db"
    backup(sqlite_url, path)
    assert mode(path) == "delete"
    return path


def mode(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        found: str = connection.execute("PRAGMA journal_mode").fetchone()[0]
        return found


async def test_a_backup_put_back_runs_on_the_write_ahead_log(
    restored: Path, actor: Actor, clock: ManualClock
) -> None:
    reader = await Reader.open(url_of(restored))
    assert await reader.version() == 0
    store = await Store.open(url_of(restored), clock=clock)
    assert mode(restored) == "wal"
    async with store.transaction(actor) as transaction:
        assert await log_call(transaction) == 1
        assert (await transaction.execute(text("PRAGMA synchronous"))).scalar_one() == FULL
        await transaction.flush()
        assert await reader.rows("SELECT count(*) FROM report") == [(0,)]  # who reads shuts nobody out
    assert await reader.wait_change(10, since=0)
    assert await reader.rows("SELECT count(*) FROM report") == [(1,)]
    await reader.close()
    await store.close()


async def test_one_that_is_read_meanwhile_is_waited_for_and_then_refused(
    restored: Path, clock: ManualClock
) -> None:
    with closing(sqlite3.connect(restored, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM report").fetchone()
        with pytest.raises(StoreError, match="locked"):
            await Store.open(url_of(restored), clock=clock, busy_timeout=0.1)
        other.execute("ROLLBACK")
    await (await Store.open(url_of(restored), clock=clock)).close()
    assert mode(restored) == "wal"


@pytest.mark.parametrize("vfs", ["unix-dotfile", "unix-none"])
def test_a_way_to_the_disk_that_shares_no_memory_is_refused(restored: Path, vfs: str) -> None:
    """SQLite's own stand-ins for file systems that cannot share memory between processes."""
    url = f"{restored.as_uri()}?mode=rw&vfs={vfs}"
    with (
        closing(sqlite3.connect(url, uri=True, isolation_level=None)) as connection,
        pytest.raises(StoreError) as refusal,
    ):
        keep_wal(connection, restored)
    assert str(restored) in str(refusal.value)
    assert "write-ahead log" in str(refusal.value)
    assert "\n" not in str(refusal.value)


def a_directory(path: Path) -> None:
    path.mkdir()


def a_link_to_nowhere(path: Path) -> None:
    path.symlink_to("/nowhere/at/all")


def version_bytes(path: Path) -> bytes:
    """What the file itself says of how it is journalled."""
    return path.read_bytes()[18:20]


@pytest.mark.parametrize("put", [a_directory, a_link_to_nowhere])
async def test_a_file_system_that_cannot_hold_the_log_is_refused_and_the_file_left_as_it_was(
    restored: Path, clock: ManualClock, put: Callable[[Path], None]
) -> None:
    """Something in the place of the log's shared memory, so that it cannot be made."""
    put(Path(f"{restored}-shm"))
    before = version_bytes(restored)
    with pytest.raises(StoreError, match="cannot keep the write-ahead log"):
        await Store.open(url_of(restored), clock=clock)
    assert version_bytes(restored) == before == b"\x01\x01"


def test_no_database_is_made_where_the_log_cannot_be_held(tmp_path: Path) -> None:
    path = tmp_path / "dutydesk.db"
    Path(f"{path}-shm").mkdir()
    with pytest.raises(StoreError, match="cannot keep the write-ahead log"):
        migrate(url_of(path))
