"""The reading side on the bare driver: no SQLAlchemy, so that the first rows are there before it is loaded,
and no way to write."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, Protocol

from dutydesk.store.dialect import ANSWERS_WITHIN, LARGEST_NUMBER
from dutydesk.store.errors import opening
from dutydesk.store.schema import require_current
from dutydesk.store.state import database_state
from dutydesk.store.urls import parse

Query = tuple[str, Sequence[object]]
Rows = list[tuple[Any, ...]]


class Source(Protocol):
    """A database open for reading."""

    async def batch(self, queries: Sequence[Query]) -> list[Rows]: ...
    async def watch(self) -> None: ...
    async def close(self) -> None: ...


class Reader:
    """Rows for the views. Placeholders are ``$1`` to ``$n`` on both databases."""

    def __init__(self, source: Source, changes: Changes, where: str, *, postgresql: bool) -> None:
        self.where = where
        self.postgresql = postgresql
        self._source = source
        self._changes = changes
        self._seen = 0

    @classmethod
    async def open(cls, url: str, *, answers_within: float = ANSWERS_WITHIN) -> Reader:
        """Opens the database of ``url``, which must exist and be current. Raises StoreError.

        ``answers_within`` is how long, in seconds, a database beyond a network may take to answer.
        """
        target = parse(url)
        require_current(await database_state(target), target.where)
        changes = Changes()
        source: Source
        with opening(target.where):
            if target.path is not None:
                from dutydesk.store.bare_sqlite import SQLiteSource

                source = await SQLiteSource.open(target.path, changes)
            else:
                from dutydesk.store.bare_postgresql import PostgreSQLSource

                source = await PostgreSQLSource.open(target, changes, answers_within)
        return cls(source, changes, target.where, postgresql=target.path is None)

    async def rows(self, sql: str, *params: object) -> Rows:
        """All rows of one query. Raises StoreError when the database fails."""
        with opening(self.where):
            return (await self._source.batch([(sql, _bindable(params))]))[0]

    async def batch(self, *queries: Query) -> list[Rows]:
        """The rows of several queries, all of them of the same moment."""
        with opening(self.where):
            return await self._source.batch([(sql, _bindable(params)) for sql, params in queries])

    async def version(self) -> int:
        """A number that is another one after another connection has committed."""
        await self._watch()
        return self._changes.count

    async def wait_change(self, timeout: float, *, since: int | None = None) -> bool:  # noqa: ASYNC109
        """Waits up to ``timeout`` seconds until another connection has committed, and says whether one has.

        What was committed since the last call returned counts, so nothing falls between two calls. Several
        who wait on one reader each keep their own place: ``since`` is what ``version`` told them.
        """
        await self._watch()
        place = self._seen if since is None else since
        changed = await self._changes.wait(place, timeout)
        if since is None:
            self._seen = self._changes.count
        return changed

    async def close(self) -> None:
        """Lets go of the database."""
        await self._source.close()

    async def _watch(self) -> None:
        with opening(self.where):
            await self._source.watch()


def _bindable(params: Sequence[object]) -> Sequence[object]:
    """``params`` with numbers beyond every number there is as the largest that both drivers take."""
    return [
        max(-LARGEST_NUMBER, min(param, LARGEST_NUMBER)) if isinstance(param, int) else param
        for param in params
    ]


class Changes:
    """Counts the commits of others, and wakes those who wait for one. Lives on the event loop."""

    def __init__(self) -> None:
        self.count = 0
        self._arrived = asyncio.Event()

    def announce(self) -> None:
        """Another connection has committed."""
        self.count += 1
        self._arrived.set()
        self._arrived = asyncio.Event()

    async def wait(self, since: int, timeout: float) -> bool:  # noqa: ASYNC109
        """Whether ``count`` has left ``since`` within ``timeout`` seconds."""
        if self.count == since:
            try:
                async with asyncio.timeout(timeout):
                    await self._arrived.wait()
            except TimeoutError:
                return self.count != since
        return True
