"""Reading SQLite: a read-only connection in a thread of its own, and a second one that notices commits."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from dutydesk.store.dialect import sqlite_connect

if TYPE_CHECKING:
    from dutydesk.store.reader import Changes, Query, Rows

_POLL_S = 0.04
"""``PRAGMA data_version`` costs microseconds, waking up for it more: half of this is the usual delay."""

_FAILED = -1
"""Stands for a version that could not be read: a change, so that whoever waits looks and is told why."""


class SQLiteSource:
    def __init__(
        self, connection: sqlite3.Connection, pool: ThreadPoolExecutor, path: Path, changes: Changes
    ) -> None:
        self._connection = connection
        self._pool = pool
        self._path = path
        self._changes = changes
        self._watcher: threading.Thread | None = None
        self._stop = threading.Event()

    @classmethod
    async def open(cls, path: Path, changes: Changes) -> SQLiteSource:
        pool = ThreadPoolExecutor(1, thread_name_prefix="dutydesk-read")
        try:
            connection = await asyncio.get_running_loop().run_in_executor(
                pool, lambda: sqlite_connect(path, read_only=True)
            )
        except BaseException:
            pool.shutdown(wait=False)
            raise
        return cls(connection, pool, path, changes)

    async def batch(self, queries: Sequence[Query]) -> list[Rows]:
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._read, queries)

    async def watch(self) -> None:
        """Starts to notice commits, once."""
        if self._watcher is not None:
            return
        loop = asyncio.get_running_loop()
        connection = await loop.run_in_executor(
            self._pool, lambda: sqlite_connect(self._path, read_only=True)
        )
        version = connection.execute("PRAGMA data_version").fetchone()[0]
        self._watcher = threading.Thread(
            target=self._poll, args=(connection, version, loop), name="dutydesk-watch", daemon=True
        )
        self._watcher.start()

    async def close(self) -> None:
        self._stop.set()
        loop = asyncio.get_running_loop()
        if self._watcher is not None:
            await loop.run_in_executor(self._pool, self._watcher.join)
        await loop.run_in_executor(self._pool, self._connection.close)
        self._pool.shutdown()

    def _read(self, queries: Sequence[Query]) -> list[Rows]:
        if len(queries) == 1:
            return [self._fetch(*queries[0])]
        self._connection.execute("BEGIN")
        try:
            return [self._fetch(sql, params) for sql, params in queries]
        finally:
            self._connection.execute("ROLLBACK")

    def _fetch(self, sql: str, params: Sequence[object]) -> Rows:
        named = {str(place): value for place, value in enumerate(params, 1)}
        return self._connection.execute(sql, named).fetchall()

    def _poll(self, connection: sqlite3.Connection, version: int, loop: asyncio.AbstractEventLoop) -> None:
        cursor = connection.cursor()  # one for all looks: at fifty a second, making it is a third of the cost
        try:
            while not self._stop.is_set():
                time.sleep(_POLL_S)
                try:
                    found = cursor.execute("PRAGMA data_version").fetchone()[0]
                except sqlite3.Error:
                    found = _FAILED
                if found != version and not loop.is_closed():
                    version = found
                    loop.call_soon_threadsafe(self._changes.announce)
        finally:
            connection.close()
