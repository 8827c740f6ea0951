"""Reading SQLite: a read-only connection in a thread of its own."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from dutydesk.store.commits import CommitWatch
from dutydesk.store.dialect import sqlite_connect

if TYPE_CHECKING:
    from dutydesk.store.reader import Changes, Query, Rows


class SQLiteSource:
    def __init__(
        self, connection: sqlite3.Connection, pool: ThreadPoolExecutor, path: Path, changes: Changes
    ) -> None:
        self._connection = connection
        self._pool = pool
        self._path = path
        self._changes = changes
        self._watch: CommitWatch | None = None

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
        """Starts to notice commits, where nothing does yet or what did has ended by itself."""
        if self._watch is None or not self._watch.looks:
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(self._pool, self._begin_watch, loop)

    async def close(self) -> None:
        loop = asyncio.get_running_loop()
        if self._watch is not None:
            await loop.run_in_executor(self._pool, self._watch.stop)
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

    def _begin_watch(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._watch is not None:
            if self._watch.looks:  # of two who asked in one moment, the other was first
                return
            self._watch.stop()
            self._watch = None
        watch = CommitWatch(self._path, lambda: self._announce(loop))
        watch.start()
        self._watch = watch

    def _announce(self, loop: asyncio.AbstractEventLoop) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(self._changes.announce)
