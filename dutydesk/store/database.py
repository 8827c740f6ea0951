"""The writing side: one desk command is one transaction with one journal entry, all of it or nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from dutydesk.model.clock import Clock
from dutydesk.model.officers import Actor
from dutydesk.store import dialect
from dutydesk.store.dialect import Heads
from dutydesk.store.errors import opening, speaking_plainly
from dutydesk.store.schema import require_current
from dutydesk.store.state import database_state
from dutydesk.store.transaction import ID_TABLES, Transaction
from dutydesk.store.urls import Target, parse

__all__ = ["Store", "Transaction"]


class Store:
    """The database open for writing. One transaction at a time in a process; between processes the database
    makes them take turns."""

    def __init__(self, target: Target, clock: Clock, busy_timeout: float, answers_within: float) -> None:
        self.where = target.where
        self._clock = clock
        self._dialect = dialect.of(target, busy_timeout=busy_timeout, answers_within=answers_within)
        self._engine: AsyncEngine = self._dialect.engine(target, busy_timeout)
        self._connection: AsyncConnection | None = None
        self._turn = asyncio.Lock()
        self._holder: asyncio.Task[Any] | None = None

    @classmethod
    async def open(
        cls,
        url: str,
        *,
        clock: Clock,
        busy_timeout: float = 5.0,
        answers_within: float = dialect.ANSWERS_WITHIN,
    ) -> Store:
        """Opens the database of ``url``, which must exist and be current (see ``migrate``).

        ``busy_timeout`` is how long, in seconds, a transaction waits for its turn, and ``answers_within`` how
        much longer a database beyond a network may take to answer. Raises StoreError.
        """
        target = parse(url)
        require_current(await database_state(target), target.where)
        store = cls(target, clock, busy_timeout, answers_within)
        with opening(store.where):
            await store._connected()
        return store

    @asynccontextmanager
    async def transaction(self, actor: Actor, *, journaled: bool = True) -> AsyncIterator[Transaction]:
        """One command: state, journal entry, timers and outbox rows, committed together on leaving.

        An error inside rolls all of it back and is raised on; a driver's error leaves as StoreError. With
        ``journaled`` false nothing may be journalled: for heartbeats, drafts, sessions, leases and claims.
        Leaving with changes and no entry raises RuntimeError and keeps nothing, and so does a transaction
        inside another one.
        """
        if self._holder is not None and self._holder is asyncio.current_task():
            raise RuntimeError("a command is one transaction: this task is inside one already")
        async with self._turn:
            self._holder = asyncio.current_task()
            try:
                with speaking_plainly(self.where):
                    async with self._begun(actor, journaled=journaled) as transaction:
                        yield transaction
            finally:
                self._holder = None

    @asynccontextmanager
    async def _begun(self, actor: Actor, *, journaled: bool) -> AsyncIterator[Transaction]:
        connection, heads = await self._begin()
        transaction: Transaction | None = None
        try:
            transaction = Transaction(
                connection, self._dialect, heads, actor=actor, now=self._clock.now(), journaled=journaled
            )
            yield transaction
            await transaction.finish()
        except BaseException:
            await self._undo(connection, transaction)
            raise

    async def _begin(self) -> tuple[AsyncConnection, Heads]:
        """A connection that has begun. One that the server has left meanwhile is noticed only here, where
        nothing is lost by taking another."""
        for again in (True, False):
            with opening(self.where):
                connection = await self._connected()
            try:
                return connection, await self._dialect.begin(connection, ID_TABLES)
            except BaseException:
                left = connection.invalidated
                await self._undo(connection, None)
                if not (left and again):
                    raise
        raise AssertionError("the second time it was raised")

    async def close(self) -> None:
        """Lets go of the database. A transaction under way is waited for."""
        async with self._turn:
            if self._connection is not None:
                await self._connection.close()
                self._connection = None
            await self._engine.dispose()

    async def _connected(self) -> AsyncConnection:
        """The one connection, made anew when the server went away."""
        if self._connection is not None and (self._connection.closed or self._connection.invalidated):
            lost, self._connection = self._connection, None
            await lost.close()
        if self._connection is None:
            self._connection = await self._engine.connect()
        return self._connection

    async def _undo(self, connection: AsyncConnection, transaction: Transaction | None) -> None:
        """Rolls back whatever was begun. A connection that cannot even do that is thrown away, which undoes
        its work as well."""
        try:
            if transaction is not None:
                await transaction.abandon()
            await self._dialect.rollback(connection)
            if connection.in_transaction():
                await connection.rollback()
        except Exception:
            self._connection = None
            await connection.invalidate()
            await connection.close()
