"""Reading PostgreSQL: a few read-only asyncpg connections, and one that listens for commits."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from time import monotonic
from typing import TYPE_CHECKING, Any

from dutydesk.store.dialect import CHANNEL
from dutydesk.store.state import pg_connect

if TYPE_CHECKING:
    import asyncpg

    from dutydesk.store.reader import Changes, Query, Rows
    from dutydesk.store.urls import Target

_CONNECTIONS = 4


class PostgreSQLSource:
    def __init__(
        self, pool: asyncpg.Pool[Any], target: Target, changes: Changes, answers_within: float
    ) -> None:
        self._pool = pool
        self._target = target
        self._changes = changes
        self._answers_within = answers_within
        self._listener: asyncpg.Connection[Any] | None = None
        self._listened = False
        self._heard_at = 0.0
        self._starting = asyncio.Lock()

    @classmethod
    async def open(cls, target: Target, changes: Changes, answers_within: float) -> PostgreSQLSource:
        import asyncpg

        pool = await asyncpg.create_pool(
            target.dsn,
            min_size=1,
            max_size=_CONNECTIONS,
            timeout=answers_within,
            command_timeout=answers_within,
            server_settings={"default_transaction_read_only": "on"},
        )
        return cls(pool, target, changes, answers_within)

    async def batch(self, queries: Sequence[Query]) -> list[Rows]:
        # The time-out holds for giving the connection back too, which a silent server would hold up.
        async with self._pool.acquire(timeout=self._answers_within) as connection:
            if len(queries) == 1:
                return [await self._fetch(connection, *queries[0])]
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                return [await self._fetch(connection, sql, params) for sql, params in queries]

    async def watch(self) -> None:
        """Starts to listen, and starts again after the connection was lost; a loss counts as a change, for
        what was committed meanwhile was not told. A connection that has said nothing for a while is asked
        whether it still stands: a network that swallows everything does not say so by itself."""
        async with self._starting:
            if self._listener is not None and await self._stands(self._listener):
                return
            self._listener = None
            listener = await pg_connect(self._target, answers_within=self._answers_within)
            try:
                await listener.add_listener(CHANNEL, self._told)
            except BaseException:
                listener.terminate()
                raise
            listener.add_termination_listener(lambda *_: self._changes.announce())
            self._listener, self._heard_at = listener, monotonic()
            if self._listened:
                self._changes.announce()
            self._listened = True

    async def close(self) -> None:
        if self._listener is not None:
            self._listener.terminate()  # it owes nothing, and a silent server would hold up a farewell
        try:
            async with asyncio.timeout(self._answers_within):
                await self._pool.close()
        except TimeoutError:
            self._pool.terminate()

    def _told(self, *_: object) -> None:
        self._heard_at = monotonic()
        self._changes.announce()

    async def _stands(self, listener: asyncpg.Connection[Any]) -> bool:
        if listener.is_closed():
            return False
        if monotonic() - self._heard_at < self._answers_within:
            return True
        try:
            await listener.fetchval("SELECT 1")
        except Exception:  # whatever is wrong with it, another one is the cure
            listener.terminate()
            return False
        self._heard_at = monotonic()
        return True

    async def _fetch(self, connection: Any, sql: str, params: Sequence[object]) -> Rows:
        return [tuple(record) for record in await connection.fetch(sql, *params)]
