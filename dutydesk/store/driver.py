"""aiosqlite's connection with one thing more: several statements in a single hop to its thread."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import TypeVar

import aiosqlite

T = TypeVar("T")


class OneHop(aiosqlite.Connection):
    """aiosqlite pays one hop between threads a call; a durable report is a dozen calls."""

    def __init__(self, connector: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connector, iter_chunk_size=64)
        # as SQLAlchemy does for its own: a forgotten connection must not keep a dying process alive
        self._thread.daemon = True

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Calls ``work`` with the sqlite3 connection in its thread."""
        result: T = await self._execute(work, self._conn)  # type: ignore[no-untyped-call]
        return result


async def connect(connector: Callable[[], sqlite3.Connection]) -> OneHop:
    """Opens what ``connector`` opens, in a thread of its own."""
    connection = OneHop(connector)
    await connection
    return connection
