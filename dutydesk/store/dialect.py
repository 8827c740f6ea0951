"""Everything that only SQLite or only PostgreSQL speaks: locks, pragmas, triggers, full text, notices of
change. The rest of the store is written once. SQLAlchemy is loaded only where a transaction needs it."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from dutydesk.store.errors import is_busy
from dutydesk.store.urls import Target
from dutydesk.store.wal import keep_wal

if TYPE_CHECKING:
    from sqlalchemy import Table
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

T = TypeVar("T")

CHANNEL = "dutydesk"
"""The PostgreSQL channel on which every commit is announced."""

ANSWERS_WITHIN: Final = 10.0
"""Seconds that PostgreSQL may take to be reached or to answer, beyond what it waits for a lock. A network
that swallows everything says nothing by itself, and an officer must not wait for it in silence."""
_LETS_GO_WITHIN = 2.0
_LOCK_KEY = 0x64757479
_RETRY_S = 0.02
_TURN_LASTS = 6
"""How many times the busy time-out a silent transaction may keep its turn on PostgreSQL."""
SEARCHED = ("report", "journal")

LARGEST_NUMBER = 2**31 - 1
"""What an integer column of PostgreSQL holds. No number of a row comes near it; a larger one that somebody
asks for would make either driver fail instead of finding nothing."""


@dataclass(frozen=True, slots=True)
class Heads:
    """What a transaction needs to know once it holds the lock: the highest id of each table, the journal's
    last sequence number and hash, and a mark by which changes are noticed."""

    ids: dict[str, int]
    journal: tuple[int, str] | None
    mark: int = 0


@dataclass(slots=True)
class Writes:
    """Rows that wait to be written: by table, and the search tokens by (``report``/``journal``, id)."""

    rows: list[tuple[Table, list[dict[str, Any]]]]
    search: list[tuple[str, int, str]]

    def __bool__(self) -> bool:
        return bool(self.rows or self.search)


class Dialect(Protocol):
    """What the store asks of a database."""

    def engine(self, target: Target, busy_timeout: float) -> AsyncEngine: ...

    async def begin(self, connection: AsyncConnection, id_tables: Sequence[str]) -> Heads:
        """Starts a transaction that no other writer can enter, and reads the heads."""
        ...

    async def write(self, connection: AsyncConnection, writes: Writes) -> None: ...

    async def changed(self, connection: AsyncConnection, mark: int) -> bool:
        """Whether the transaction changed anything since :meth:`begin`."""
        ...

    async def commit(self, connection: AsyncConnection, writes: Writes) -> None:
        """Writes ``writes``, announces the change and commits."""
        ...

    async def rollback(self, connection: AsyncConnection) -> None: ...


def of(target: Target, *, busy_timeout: float = 5.0, answers_within: float = ANSWERS_WITHIN) -> Dialect:
    """The dialect of ``target``."""
    return PostgreSQL(answers_within) if target.path is None else SQLite(busy_timeout)


def heads_sql(id_tables: Sequence[str]) -> str:
    """One row: the journal's last sequence number and hash, then the highest id of each table."""
    columns = ["(SELECT max(seq) FROM journal)", "(SELECT hash FROM journal ORDER BY seq DESC LIMIT 1)"]
    columns += [f'(SELECT max(id) FROM "{table}")' for table in id_tables]
    return f"SELECT {', '.join(columns)}"


def _heads(row: Sequence[Any], id_tables: Sequence[str], mark: int = 0) -> Heads:
    ids = {table: highest or 0 for table, highest in zip(id_tables, row[2:], strict=True)}
    return Heads(ids, None if row[0] is None else (row[0], row[1]), mark)


# ---------------------------------------------------------------------------------------------- SQLite


def sqlite_connect(path: Path, *, busy_timeout: float = 5.0, read_only: bool = False) -> sqlite3.Connection:
    """A connection to an existing file with the desk's settings; transactions are begun by hand."""
    mode = "ro" if read_only else "rw"
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=busy_timeout,
        isolation_level=None,
        cached_statements=256,
        check_same_thread=False,
    )
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA recursive_triggers = ON")  # or REPLACE would delete unseen by the triggers
    if not read_only:
        connection.execute("PRAGMA synchronous = FULL")
    return connection


def sqlite_writer(path: Path, *, busy_timeout: float = 5.0) -> sqlite3.Connection:
    """A connection that may write, to a file that is on the write-ahead log from now on. Raises StoreError
    where its file system cannot hold one."""
    connection = sqlite_connect(path, busy_timeout=busy_timeout)
    try:
        keep_wal(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


class SQLite:
    """Write-ahead log, ``synchronous=FULL``, one writer at a time. A hop to the driver's thread costs as much
    as a row, so beginning is one hop and writing with commit is another."""

    def __init__(self, busy_timeout: float) -> None:
        self._busy_timeout = busy_timeout
        self._statements: dict[Table, tuple[str, list[tuple[str, Callable[[Any], Any] | None]]]] = {}

    def engine(self, target: Target, busy_timeout: float) -> AsyncEngine:
        from sqlalchemy.ext.asyncio import create_async_engine
        from sqlalchemy.pool import NullPool

        from dutydesk.store.driver import connect

        path = target.path
        if path is None:
            raise ValueError("not a SQLite target")
        return create_async_engine(
            "sqlite+aiosqlite://",
            connect_args={
                "async_creator_fn": lambda *_, **__: connect(
                    lambda: sqlite_writer(path, busy_timeout=busy_timeout)
                )
            },
            poolclass=NullPool,
        )

    async def begin(self, connection: AsyncConnection, id_tables: Sequence[str]) -> Heads:
        sql = heads_sql(id_tables)

        def start(raw: sqlite3.Connection) -> Heads:
            raw.execute("BEGIN IMMEDIATE")
            return _heads(raw.execute(sql).fetchone(), id_tables, raw.total_changes)

        deadline = time.monotonic() + self._busy_timeout
        while True:
            try:
                return await self._hop(connection, start)
            except sqlite3.OperationalError as error:
                # the busy handler is not asked in every case (recovery of the log): wait on by hand
                if not is_busy(error) or time.monotonic() >= deadline:
                    raise
            await asyncio.sleep(_RETRY_S)

    async def write(self, connection: AsyncConnection, writes: Writes) -> None:
        statements = self._compile(writes)
        await self._hop(connection, lambda raw: _execute_all(raw, statements))

    async def changed(self, connection: AsyncConnection, mark: int) -> bool:
        return await self._hop(connection, lambda raw: raw.total_changes) != mark

    async def commit(self, connection: AsyncConnection, writes: Writes) -> None:
        statements = self._compile(writes)

        def finish(raw: sqlite3.Connection) -> None:
            _execute_all(raw, statements)
            raw.execute("COMMIT")

        await self._hop(connection, finish)

    async def rollback(self, connection: AsyncConnection) -> None:
        def undo(raw: sqlite3.Connection) -> None:
            if raw.in_transaction:
                raw.execute("ROLLBACK")

        await self._hop(connection, undo)

    async def _hop(self, connection: AsyncConnection, work: Callable[[sqlite3.Connection], T]) -> T:
        from dutydesk.store.driver import OneHop

        pooled = connection.sync_connection.connection if connection.sync_connection else None
        driver = pooled.driver_connection if pooled else None
        if not isinstance(driver, OneHop):
            raise TypeError("the connection was not made by this dialect")
        return await driver.run(work)

    def _compile(self, writes: Writes) -> list[tuple[str, list[tuple[Any, ...]]]]:
        compiled: list[tuple[str, list[tuple[Any, ...]]]] = []
        for table, rows in writes.rows:
            sql, columns = self._statement(table)
            compiled.append(
                (
                    sql,
                    [
                        tuple(row[name] if bind is None else bind(row[name]) for name, bind in columns)
                        for row in rows
                    ],
                )
            )
        for kind in SEARCHED:
            found = [(id_, tokens) for which, id_, tokens in writes.search if which == kind]
            if found:
                compiled.append((f"INSERT INTO {kind}_search (rowid, grams) VALUES (?, ?)", list(found)))
        return compiled

    def _statement(self, table: Table) -> tuple[str, list[tuple[str, Callable[[Any], Any] | None]]]:
        from sqlalchemy import insert
        from sqlalchemy.dialects import sqlite

        known = self._statements.get(table)
        if known is None:
            dialect = sqlite.dialect(paramstyle="qmark")
            sql = str(insert(table).compile(dialect=dialect))
            columns: list[tuple[str, Callable[[Any], Any] | None]] = [
                (column.name, column.type.bind_processor(dialect)) for column in table.columns
            ]
            known = self._statements[table] = (sql, columns)
        return known


def _execute_all(raw: sqlite3.Connection, statements: list[tuple[str, list[tuple[Any, ...]]]]) -> None:
    for sql, rows in statements:
        if len(rows) == 1:
            raw.execute(sql, rows[0])
        else:
            raw.executemany(sql, rows)


# ------------------------------------------------------------------------------------------ PostgreSQL


class PostgreSQL:
    """The same rules over asyncpg: one advisory lock makes the writers take turns, so that ids and the
    journal have no gaps; LISTEN/NOTIFY tells the others."""

    def __init__(self, answers_within: float) -> None:
        self._answers_within = answers_within

    def engine(self, target: Target, busy_timeout: float) -> AsyncEngine:
        from sqlalchemy.ext.asyncio import create_async_engine
        from sqlalchemy.pool import NullPool

        return create_async_engine(
            target.dsn.replace("postgresql://", "postgresql+asyncpg://", 1),
            poolclass=NullPool,
            connect_args={
                "timeout": self._answers_within,
                "command_timeout": busy_timeout + self._answers_within,
                "server_settings": {
                    "lock_timeout": str(int(busy_timeout * 1000)),
                    # A process frozen inside a transaction holds up everybody: its turn ends for it.
                    "idle_in_transaction_session_timeout": str(int(busy_timeout * _TURN_LASTS * 1000)),
                },
            },
        )

    async def begin(self, connection: AsyncConnection, id_tables: Sequence[str]) -> Heads:
        await connection.begin()
        await connection.exec_driver_sql(writer_lock_sql())
        # a statement of its own: its snapshot must be taken after the lock
        row = (await connection.exec_driver_sql(heads_sql(id_tables))).one()
        return _heads(tuple(row), id_tables)

    async def write(self, connection: AsyncConnection, writes: Writes) -> None:
        from sqlalchemy import insert, text

        for table, rows in writes.rows:
            await connection.execute(insert(table), rows)
        for kind, id_, tokens in writes.search:
            await connection.execute(text(search_insert(kind, postgresql=True)), {"id": id_, "grams": tokens})

    async def changed(self, connection: AsyncConnection, mark: int) -> bool:  # noqa: ARG002
        result = await connection.exec_driver_sql("SELECT pg_current_xact_id_if_assigned() IS NOT NULL")
        return bool(result.scalar_one())

    async def commit(self, connection: AsyncConnection, writes: Writes) -> None:
        await self.write(connection, writes)
        await connection.exec_driver_sql(f"SELECT pg_notify('{CHANNEL}', '')")
        await connection.commit()

    async def rollback(self, connection: AsyncConnection) -> None:
        if connection.in_transaction():
            async with asyncio.timeout(_LETS_GO_WITHIN):  # one that no longer answers does not end it either
                await connection.rollback()


# ------------------------------------------------------------------------ what the migrations lay down


def writer_lock_sql() -> str:
    """What PostgreSQL is told so that one process at a time writes or migrates, until it commits."""
    return f"SELECT pg_advisory_xact_lock({_LOCK_KEY})"


def append_only(table: str, key: str, *, postgresql: bool) -> list[str]:
    """Statements after which ``table`` refuses UPDATE, DELETE and replacement of its rows."""
    if postgresql:
        return [
            "CREATE OR REPLACE FUNCTION dutydesk_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$",
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION dutydesk_append_only()",
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION dutydesk_append_only()",
        ]
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key}) {refuse}",
    ]


def search_tables(*, postgresql: bool) -> list[str]:
    """Statements that make the search tables."""
    if postgresql:
        return [
            statement
            for kind in SEARCHED
            for statement in (
                f"CREATE TABLE {kind}_search (id INTEGER PRIMARY KEY, grams tsvector NOT NULL)",
                f"CREATE INDEX ix_{kind}_search_grams ON {kind}_search USING gin (grams)",
            )
        ]
    return [
        f"CREATE VIRTUAL TABLE {kind}_search USING fts5(grams, content='', columnsize=0, tokenize='ascii')"
        for kind in SEARCHED
    ]


def search_insert(kind: str, *, postgresql: bool) -> str:
    """The statement that indexes one row, with the named parameters ``id`` and ``grams``."""
    if postgresql:
        return (
            f"INSERT INTO {kind}_search (id, grams) "
            "VALUES (:id, array_to_tsvector(string_to_array(:grams, ' ')))"
        )
    return f"INSERT INTO {kind}_search (rowid, grams) VALUES (:id, :grams)"


def search_expression(tokens: Sequence[str], *, single: bool, postgresql: bool) -> str:
    """The full-text query that finds ``tokens``: ``single`` takes one token as the beginning of others. The
    tokens are letters and digits only, so nothing in them can be read as an operator."""
    if postgresql:
        return " & ".join(f"'{token}':*" if single else f"'{token}'" for token in dict.fromkeys(tokens))
    phrase = f'"{" ".join(tokens)}"'
    return f"{phrase} *" if single else phrase


def contains(field: str, value: str, *, postgresql: bool) -> str:
    """A condition: ``field``, its letters A-Z made small, has ``value`` in it."""
    if postgresql:
        small = f"translate({field}, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz')"
        return f"strpos({small}, CAST({value} AS text)) > 0"
    return f"instr(lower({field}), {value}) > 0"
