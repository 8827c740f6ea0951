"""A commit of another connection is noticed, whether the system tells of writes to the file or not."""

from __future__ import annotations

import errno
import selectors
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dutydesk.store import commits
from dutydesk.store.bare_sqlite import SQLiteSource
from dutydesk.store.commits import CommitWatch, Writes
from dutydesk.store.reader import Changes


class Heard:
    """Counts announcements, and waits for them."""

    def __init__(self) -> None:
        self.count = 0
        self._one = threading.Condition()

    def __call__(self) -> None:
        with self._one:
            self.count += 1
            self._one.notify_all()

    def wait(self, beyond: int, seconds: float = 30.0) -> bool:
        """Whether there are more than ``beyond`` of them within ``seconds``."""
        with self._one:
            return self._one.wait_for(lambda: self.count > beyond, seconds)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[tuple[Path, sqlite3.Connection]]:
    path = tmp_path / "desk.sqlite3"
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("PRAGMA journal_mode = WAL")
    writer.execute("CREATE TABLE said (words TEXT)")
    yield path, writer
    writer.close()


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[Writes | None]:
    """What the watch was given to be told by, at once; looks without being told are an hour apart."""
    given: list[Writes | None] = []
    to = Writes.to

    def noted(path: Path, selector: selectors.BaseSelector) -> Writes | None:
        given.append(to(path, selector))
        return given[-1]

    monkeypatch.setattr(commits, "SETTLED", 0.0)
    monkeypatch.setattr(commits, "TOLD", 3600.0)
    monkeypatch.setattr(Writes, "to", noted)
    return given


def _until(true: Any, seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_commit_is_noticed_by_the_write_to_the_log(
    database: tuple[Path, sqlite3.Connection], told: list[Writes | None]
) -> None:
    path, writer = database
    heard = Heard()
    watch = CommitWatch(path, heard)
    watch.start()
    _until(lambda: told)
    assert told[0] is not None, "this system tells of writes"
    for number in range(5):
        before = heard.count
        writer.execute("INSERT INTO said VALUES (?)", (str(number),))
        assert heard.wait(before)
    watch.stop()


def test_what_is_on_the_disk_later_than_it_was_written_is_noticed_all_the_same(
    database: tuple[Path, sqlite3.Connection], told: list[Writes | None]
) -> None:
    path, writer = database
    writer.execute("PRAGMA cache_size = 1")
    writer.execute("PRAGMA cache_spill = 1")
    heard = Heard()
    watch = CommitWatch(path, heard)
    watch.start()
    _until(lambda: told)
    writer.execute("BEGIN IMMEDIATE")
    for _ in range(200):
        writer.execute("INSERT INTO said VALUES (?)", ("液氯" * 2000,))  # spills into the log
    _until(lambda: Path(f"{path}-wal").stat().st_size > 100_000)
    before = heard.count
    writer.execute("COMMIT")
    assert heard.wait(before)
    watch.stop()


def test_a_file_of_another_name_beside_it_is_no_write(tmp_path: Path) -> None:
    path = tmp_path / "desk.sqlite3"
    selector = selectors.DefaultSelector()
    writes = Writes.to(path, selector)
    assert writes is not None
    (tmp_path / "engine.log").write_text("beats")
    assert not writes.any()
    (tmp_path / "desk.sqlite3-wal").write_text("frames")
    assert writes.any()
    assert not writes.any(), "told once"
    writes.close(selector)
    selector.close()


def test_where_the_system_tells_nothing_the_watch_looks(
    database: tuple[Path, sqlite3.Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commits, "SETTLED", 0.0)
    asked = threading.Event()

    def none(_path: Path, _selector: selectors.BaseSelector) -> None:
        asked.set()

    monkeypatch.setattr(Writes, "to", none)
    path, writer = database
    heard = Heard()
    watch = CommitWatch(path, heard)
    watch.start()
    assert asked.wait(30)
    writer.execute("INSERT INTO said VALUES ('a')")
    assert heard.wait(0)
    watch.stop()


def test_a_home_that_is_renamed_under_the_desk_is_looked_at_instead(
    database: tuple[Path, sqlite3.Connection], told: list[Writes | None], tmp_path: Path
) -> None:
    path, writer = database
    heard = Heard()
    watch = CommitWatch(path, heard)
    watch.start()
    _until(lambda: told)
    moved = tmp_path.with_name(f"{tmp_path.name}-moved")
    tmp_path.rename(moved)
    try:
        _until(lambda: told[0] is not None and told[0].ended)
        before = heard.count
        writer.execute("INSERT INTO said VALUES ('a')")
        assert heard.wait(before)
    finally:
        moved.rename(tmp_path)
        watch.stop()


def test_a_watch_at_rest_ends_at_once(
    database: tuple[Path, sqlite3.Connection], told: list[Writes | None]
) -> None:
    watch = CommitWatch(database[0], Heard())
    watch.start()
    _until(lambda: told)
    watch.stop()
    assert not [thread for thread in threading.enumerate() if thread.name == "dutydesk-watch"]


def test_a_database_that_cannot_be_read_any_more_is_a_change(
    database: tuple[Path, sqlite3.Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commits, "UNTOLD", 0.01)
    path, _writer = database
    heard = Heard()
    watch = CommitWatch(path, heard)
    watch._connection.set_progress_handler(lambda: 1, 1)  # every statement is interrupted
    watch.start()
    assert heard.wait(0)
    watch.stop()


def test_a_system_that_has_no_room_to_tell_leaves_the_looks(
    database: tuple[Path, sqlite3.Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commits, "SETTLED", 0.0)
    refused = threading.Event()
    register = selectors.DefaultSelector.register

    def no_room(selector: Any, place: Any, *args: Any) -> Any:
        if isinstance(place, int):
            return register(selector, place, *args)
        refused.set()
        raise OSError(errno.ENOSPC, "no space left")

    monkeypatch.setattr(selectors.DefaultSelector, "register", no_room)
    path, writer = database
    heard = Heard()
    watch = CommitWatch(path, heard)
    watch.start()
    assert refused.wait(30)
    writer.execute("INSERT INTO said VALUES ('a')")
    assert heard.wait(0)
    assert watch.looks
    watch.stop()


async def test_a_watch_that_ended_by_itself_is_begun_anew(
    database: tuple[Path, sqlite3.Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, writer = database
    changes = Changes()
    source = await SQLiteSource.open(path, changes)
    with monkeypatch.context() as without:
        without.setattr(selectors, "DefaultSelector", _no_descriptors)
        await source.watch()
        assert await changes.wait(0, 30), "its end is told"
    await source.watch()
    before = changes.count
    writer.execute("INSERT INTO said VALUES ('a')")
    assert await changes.wait(before, 30)
    await source.close()


def _no_descriptors() -> selectors.BaseSelector:
    raise OSError(errno.EMFILE, "too many open files")
