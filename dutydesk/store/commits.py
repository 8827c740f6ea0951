"""Noticing that another connection, of this process or of any other, has committed to a SQLite file.

Whether one has, ``PRAGMA data_version`` tells. When to look, the system does: a commit begins with bytes
written to the write-ahead log. Looking as often as is needed to be quick without being told takes a console
at rest half of its processor time.
"""

from __future__ import annotations

import os
import selectors
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from dutydesk.store.dialect import sqlite_connect

if TYPE_CHECKING:
    from inotify_simple import INotify  # type: ignore[import-untyped]

UNTOLD: Final = 0.04
"""Seconds between two looks where nothing tells of writes."""
TOLD: Final = 0.5
"""Seconds between two looks where they are told of: for what was written while the last look was taken."""
AFTER_A_WRITE: Final = (0.008, 0.03, 0.08)
"""Seconds from one look to the next after a write: a commit is there only once its bytes are on the disk."""
GATHERING: Final = 0.003
"""Seconds from the first write to the first look. A commit is many writes, one after the other."""
SETTLED: Final = 2.0
"""Seconds after the start until the system is asked to tell: loading what asks it is no work for the way to
the first screen."""
_UNREADABLE: Final = -1
"""Stands for a version that could not be read: a change, so that whoever waits looks and is told why."""


class CommitWatch:
    """``announce`` is called, in a thread of the watch, after others have committed. Raises sqlite3.Error
    when ``path`` cannot be read."""

    def __init__(self, path: Path, announce: Callable[[], None]) -> None:
        self._path = path
        self._announce = announce
        self._connection = sqlite_connect(path, read_only=True)
        self._version: int = self._connection.execute("PRAGMA data_version").fetchone()[0]
        self._stopped, self._stop = os.pipe()
        self.looks = True
        """Whether it still does; false once it has ended by itself."""
        self._thread = threading.Thread(target=self._run, name="dutydesk-watch", daemon=True)

    def start(self) -> None:
        """Begins to look."""
        self._thread.start()

    def stop(self) -> None:
        """Ends it, and waits until it has ended. It may have ended by itself."""
        os.close(self._stop)
        self._thread.join()
        os.close(self._stopped)

    def _run(self) -> None:
        try:
            self._follow()
        except OSError:
            self.looks = False
            self._announce()  # whoever waits looks, asks for a watch again, and is told what is wrong

    def _follow(self) -> None:
        cursor = self._connection.cursor()  # one for all looks: making it is a third of the cost
        with closing(self._connection), selectors.DefaultSelector() as selector:
            selector.register(self._stopped, selectors.EVENT_READ)
            writes: Writes | None = None
            ask_at = time.monotonic() + SETTLED
            soon: Iterator[float] = iter(())
            while True:
                ready = selector.select(next(soon, UNTOLD if writes is None else TOLD))
                if any(key.fd == self._stopped for key, _ in ready):
                    return
                if writes is not None and ready:
                    time.sleep(GATHERING)
                    if writes.any():
                        soon = iter(AFTER_A_WRITE)
                    if writes.ended:
                        writes.close(selector)
                        writes, ask_at = None, time.monotonic() + SETTLED
                elif writes is None and time.monotonic() >= ask_at:
                    writes, ask_at = Writes.to(self._path, selector), float("inf")
                self._look(cursor)

    def _look(self, cursor: sqlite3.Cursor) -> None:
        try:
            found = cursor.execute("PRAGMA data_version").fetchone()[0]
        except sqlite3.Error:
            found = _UNREADABLE
        if found != self._version:
            self._version = found
            self._announce()


class Writes:
    """What the system tells of the writes to a file's write-ahead log."""

    def __init__(self, told: INotify, name: str) -> None:
        self._told = told
        self._name = name
        self.ended = False
        """Whether it tells no more: the directory is gone, or has another name."""

    @classmethod
    def to(cls, path: Path, selector: selectors.BaseSelector) -> Writes | None:
        """Of those to the log of ``path`` from now on, by ``selector``; ``None`` where the system tells of
        none, or of no more than it tells others already."""
        path = path.resolve()
        with suppress(ImportError, OSError):
            from inotify_simple import INotify, flags

            told = INotify()
            try:
                told.add_watch(path.parent, flags.MODIFY | flags.MOVE_SELF | flags.DELETE_SELF)
                selector.register(told, selectors.EVENT_READ)
            except OSError:
                told.close()
                raise
            return cls(told, f"{path.name}-wal")
        return None

    def any(self) -> bool:
        """Whether there were any since the last time."""
        from inotify_simple import flags

        events = self._told.read(timeout=0)
        if any(event.mask & (flags.IGNORED | flags.MOVE_SELF) for event in events):
            self.ended = True
        return any(event.name == self._name or event.mask & flags.Q_OVERFLOW for event in events)

    def close(self, selector: selectors.BaseSelector) -> None:
        """Asks to be told no more."""
        selector.unregister(self._told)
        self._told.close()
