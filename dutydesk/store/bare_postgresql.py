"""Reading PostgreSQL: a few read-only asyncpg connections, and one that listens for commits."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from dutydesk.store.dialect import CHANNEL
from dutydesk.store.state import pg_connect

if TYPE_CHECKING:
    import asyncpg

    from dutydesk.store.reader import Changes, Query, Rows
    from dutydesk.store.urls import Target

_CONNECTIONS = 4


class PostgreSQLSource:
    def __init__(self, pool: asyncpg.Pool[Any], target: Target, changes: Changes) -> None:
        self._pool = pool
        self._target = target
        self._changes = changes
        self._listener: asyncpg.Connection[Any] | None = None
        self._starting = asyncio.Lock()

    @classmethod
    async def open(cls, target: Target, changes: Changes) -> PostgreSQLSource:
        import asyncpg

        pool = await asyncpg.create_pool(
            target.dsn,
            min_size=1,
            max_size=_CONNECTIONS,
            server_settings={"default_transaction_read_only": "on"},
        )
        return cls(pool, target, changes)

    async def batch(self, queries: Sequence[Query]) -> list[Rows]:
        async with self._pool.acquire() as connection:
            if len(queries) == 1:
                return [await self._fetch(connection, *queries[0])]
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                return [await self._fetch(connection, sql, params) for sql, params in queries]

    async def watch(self) -> None:
        """Starts to listen, and starts again after the connection was lost; a loss counts as a change."""
        async with self._starting:
            if self._listener is not None and not self._listener.is_closed():
                return
            lost = self._listener is not None
            self._listener = await pg_connect(self._target)
            await self._listener.add_listener(CHANNEL, lambda *_: self._changes.announce())
            self._listener.add_termination_listener(lambda *_: self._changes.announce())
            if lost:
                self._changes.announce()

    async def close(self) -> None:
        if self._listener is not None:
            await self._listener.close()
        await self._pool.close()

    async def _fetch(self, connection: Any, sql: str, params: Sequence[object]) -> Rows:
        return [tuple(record) for record in await connection.fetch(sql, *params)]
