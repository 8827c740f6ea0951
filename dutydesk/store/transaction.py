"""What a desk command does its writing with. Rows are gathered and written in one go, because a durable
commit is cheap and every call to the driver is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final, TypeVar

from sqlalchemy import CursorResult, Executable, Integer, Table, event, inspect
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.util import await_only
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from dutydesk.i18n import N_, Said
from dutydesk.model.errors import NotFound
from dutydesk.model.journal import JournalEntry
from dutydesk.model.officers import Actor
from dutydesk.store import grams, journal, tables
from dutydesk.store.dialect import LARGEST_NUMBER, Dialect, Heads, Writes
from dutydesk.store.search import FIELDS

T = TypeVar("T", bound=SQLModel)

_ORDER: dict[Table, int] = {table: place for place, table in enumerate(SQLModel.metadata.sorted_tables)}
_TABLES: dict[type[SQLModel], Table] = {}


def table_of(model: type[SQLModel]) -> Table:
    """The table that ``model`` maps."""
    table = _TABLES.get(model)
    if table is None:
        table = _TABLES[model] = inspect(model).local_table
    return table


@cache
def _columns(table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.columns)


def _has_counted_id(table: Table) -> bool:
    return "id" in table.c and isinstance(table.c.id.type, Integer)


ID_TABLES: tuple[str, ...] = tuple(table.name for table in _ORDER if _has_counted_id(table))
"""The tables whose ids count up from 1 without gaps."""

_REPORT = table_of(tables.ReportRow)
_JOURNAL = table_of(tables.JournalRow)


NOUNS: Final = (N_("incident"), N_("report"), N_("run"), N_("broadcast"))
"""What the rows are called that a command may ask for by a number, for the catalogue."""


class Transaction:
    """Open between the lock and the commit. ``now`` is the clock's time, read once when the lock was held."""

    def __init__(
        self,
        connection: AsyncConnection,
        dialect: Dialect,
        heads: Heads,
        *,
        actor: Actor,
        now: datetime,
        journaled: bool,
    ) -> None:
        self.now = now
        self.actor = actor
        self._connection = connection
        self._dialect = dialect
        self._heads = heads
        self._journaled = journaled
        self._entry: JournalEntry | None = None
        self._waiting: dict[Table, list[dict[str, Any]]] = {}
        self._search: list[tuple[str, int, str]] = []
        self._session: AsyncSession | None = None

    # ------------------------------------------------------------------------------------------- writing

    def journal(self, action: str, subject: str, payload: Mapping[str, object]) -> None:
        """Puts down what this command did. Exactly one entry a transaction, written when it commits.

        Raises RuntimeError for a second one, and where the transaction was opened without a journal.
        """
        if not self._journaled:
            raise RuntimeError("this transaction was opened as one that journals nothing")
        if self._entry is not None:
            raise RuntimeError(f"a transaction has one journal entry, and {self._entry.action} is it")
        self._entry = journal.entry(
            self._heads.journal,
            at=self.now,
            actor=self.actor.login,
            console=self.actor.console,
            action=action,
            subject=subject,
            payload=payload,
        )

    async def insert(self, rows: Sequence[SQLModel]) -> None:
        """Adds ``rows``, of any tables in any order; an ``id`` that is missing is given and set on the row.

        The values are taken now: a later change of the row object changes nothing. Reports become
        searchable. They reach the database before the next read of this transaction, or at its end.
        """
        for row in rows:
            table = table_of(type(row))
            if table.name in self._heads.ids:
                given = row.__dict__.get("id")
                if given is None:
                    row.id = await self.next_id(type(row))
                else:
                    self._heads.ids[table.name] = max(self._heads.ids[table.name], given)
            values = row.__dict__
            taken = {column: values.get(column) for column in _columns(table)}
            self._waiting.setdefault(table, []).append(taken)
            if table is _REPORT:
                self._index_report(values)

    async def next_id(self, table: type[SQLModel]) -> int:
        """The next number of ``table``; each call gives another one. A rolled-back number is given again."""
        name = table_of(table).name
        self._heads.ids[name] += 1
        return self._heads.ids[name]

    # ------------------------------------------------------------------------------------------- reading

    @property
    def session(self) -> AsyncSession:
        """The session of this transaction, for changing rows. Commits and rollbacks are the transaction's;
        rows added to it get their ids like those of :meth:`insert`, which is much faster."""
        if self._session is None:
            self._begin()
            self._session = AsyncSession(bind=self._connection, expire_on_commit=False)
            sync = self._session.sync_session
            event.listen(sync, "do_orm_execute", lambda _: await_only(self.flush()))
            event.listen(sync, "before_flush", self._before_flush)
        return self._session

    async def get(self, table: type[T], id: object) -> T:  # noqa: A002
        """The row of ``table`` with that key, to be read or changed. Raises NotFound."""
        found = await self.find(table, id)
        if found is None:
            raise NotFound(
                "There is no {what} {id}: check the number.", what=Said(table_of(table).name), id=id
            )
        return found

    async def find(self, table: type[T], id: object) -> T | None:  # noqa: A002
        """Like :meth:`get`, with ``None`` where there is no such row."""
        if isinstance(id, int) and abs(id) > LARGEST_NUMBER:
            return None
        return await self.session.get(table, id)

    async def all(self, statement: SelectOfScalar[T]) -> list[T]:
        """All rows that a ``select(Table)`` finds."""
        return list((await self.session.exec(statement)).all())

    async def execute(
        self, statement: Executable, rows: Sequence[Mapping[str, Any]] | None = None
    ) -> CursorResult[Any]:
        """Any statement of SQLAlchemy's core, such as ``update(…).where(…).returning(…)``, without a session:
        the quick way to change many rows."""
        if self._session is not None:
            await self._session.flush()
        await self.flush()
        self._begin()
        return await self._connection.execute(statement, rows)

    async def flush(self) -> None:
        """Hands the gathered rows to the database now, inside the transaction."""
        if self._waiting or self._search:
            await self._dialect.write(self._connection, self._take())

    # --------------------------------------------------------------------------------------------- ending

    async def finish(self) -> None:
        """Writes what is gathered and the journal entry, and commits. Called by the store only."""
        await self._close_session(keep=True)
        writes = self._take()
        if self._entry is None:
            changed = bool(writes) or await self._dialect.changed(self._connection, self._heads.mark)
            if changed and self._journaled:
                raise RuntimeError("a transaction changed rows and journalled nothing")
            if not changed:
                await self._dialect.rollback(self._connection)
                return
        else:
            writes.rows.append((_JOURNAL, [_journal_values(self._entry)]))
            writes.search.append(("journal", self._entry.seq, journal_tokens(self._entry)))
        await self._dialect.commit(self._connection, writes)
        if self._connection.in_transaction():
            await self._connection.commit()

    async def abandon(self) -> None:
        """Forgets everything; the store rolls back."""
        await self._close_session(keep=False)

    async def _close_session(self, *, keep: bool) -> None:
        """Ends the session, which has joined this transaction and so cannot end that."""
        if self._session is not None:
            if keep:
                await self._session.commit()
            await self._session.close()

    def _begin(self) -> None:
        """Tells SQLAlchemy of the transaction that the dialect has begun; nothing is sent."""
        if not self._connection.in_transaction() and self._connection.sync_connection is not None:
            self._connection.sync_connection.begin()

    def _before_flush(self, session: Any, *_: object) -> None:
        await_only(self.flush())
        for row in session.new:
            table = table_of(type(row))
            if table.name in self._heads.ids and row.id is None:
                self._heads.ids[table.name] += 1
                row.id = self._heads.ids[table.name]
            if table is _REPORT:
                self._index_report(row.__dict__)

    def _index_report(self, values: Mapping[str, Any]) -> None:
        self._search.append(
            ("report", values["id"], grams.document(*(values[name] for name in FIELDS["report"])))
        )

    def _take(self) -> Writes:
        waiting = sorted(self._waiting.items(), key=lambda item: _ORDER[item[0]])
        taken = Writes(waiting, self._search)
        self._waiting, self._search = {}, []
        return taken


def journal_tokens(entry: JournalEntry) -> str:
    """The search tokens of a journal entry."""
    return grams.document(*(getattr(entry, name) for name in FIELDS["journal"]))


def _journal_values(entry: JournalEntry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in _columns(_JOURNAL)}
