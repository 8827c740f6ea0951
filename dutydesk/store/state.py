"""Looks at a database, without changing it, to say whether it is the desk's and of which version."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from dutydesk.model.errors import StoreError
from dutydesk.store.dialect import ANSWERS_WITHIN, sqlite_connect
from dutydesk.store.errors import opening
from dutydesk.store.schema import VERSION_TABLE, SchemaState, judge
from dutydesk.store.urls import Target

if TYPE_CHECKING:
    import asyncpg

_SQLITE_TABLES = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')"
_PG_TABLES = "SELECT tablename FROM pg_catalog.pg_tables WHERE schemaname = current_schema()"
_VERSION = f"SELECT version_num FROM {VERSION_TABLE}"


async def database_state(target: Target) -> SchemaState:
    """The state of ``target``. Raises StoreError when it cannot be read at all."""
    if target.path is not None:
        return sqlite_state(target.path)
    with opening(target.where):
        connection = await pg_connect(target)
        try:
            return await pg_state(connection)
        finally:
            await connection.close()


def sqlite_state(path: Path) -> SchemaState:
    """The state of the file at ``path``; a missing or empty file is ``absent``."""
    where = str(path)
    with opening(where):
        if not path.exists():
            return "absent"
        if not path.is_file():
            raise StoreError("{where} is not a plain file: name another database.", where=where)
        if path.stat().st_size == 0:
            return "absent"
        connection = sqlite_connect(path, read_only=True)
        try:
            application_id: int = connection.execute("PRAGMA application_id").fetchone()[0]
            tables = {name for (name,) in connection.execute(_SQLITE_TABLES)}
            row = connection.execute(_VERSION).fetchone() if VERSION_TABLE in tables else None
        finally:
            connection.close()
    version = row[0] if row and isinstance(row[0], str) else None
    return judge(tables, version, application_id=application_id)


async def pg_state(connection: asyncpg.Connection[Any]) -> SchemaState:
    """The state of the schema that ``connection`` works in."""
    tables = {row[0] for row in await connection.fetch(_PG_TABLES)}
    version = await connection.fetchval(_VERSION) if VERSION_TABLE in tables else None
    return judge(tables, version)


async def pg_connect(target: Target, *, answers_within: float = ANSWERS_WITHIN) -> asyncpg.Connection[Any]:
    """A bare connection to PostgreSQL, which waits ``answers_within`` seconds at most for each answer. Raises
    StoreError when its driver is not installed."""
    try:
        import asyncpg
    except ImportError as error:
        raise StoreError(
            "The database {where} needs the PostgreSQL driver: install dutydesk[postgres].",
            where=target.where,
        ) from error
    return await asyncpg.connect(target.dsn, timeout=answers_within, command_timeout=answers_within)
