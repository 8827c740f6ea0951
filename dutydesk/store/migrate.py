"""Makes a database, or brings an older one up to date, with the Alembic migrations of ``db/migrations``."""

from __future__ import annotations

import asyncio
import fcntl
import os
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dutydesk.model.errors import StoreError
from dutydesk.resources import data_dir
from dutydesk.store import state
from dutydesk.store.backup import copy_file
from dutydesk.store.dialect import sqlite_writer, writer_lock_sql
from dutydesk.store.errors import opening
from dutydesk.store.schema import APPLICATION_ID, HEAD, SchemaState, require_current
from dutydesk.store.urls import Target, parse

if TYPE_CHECKING:
    from sqlalchemy import Connection

_WAIT_S = 30.0


def migrate(url: str) -> None:
    """Creates the database of ``url`` or upgrades it to :data:`~dutydesk.store.schema.HEAD`.

    All migrations run in one transaction: whoever is interrupted leaves the old schema whole, and running it
    again completes it. A SQLite file is first copied to ``NAME.before-HEAD`` beside it. Two at once take
    turns. Raises StoreError for a foreign or newer database, and when it cannot be written.
    """
    target = parse(url)
    if target.path is not None:
        _migrate_sqlite(target.path, target.where)
    else:
        _in_own_loop(lambda: _migrate_postgresql(target))


def schema_state(url: str) -> SchemaState:
    """What the database of ``url`` is. Raises StoreError when it cannot be looked at."""
    target = parse(url)
    if target.path is not None:
        return state.sqlite_state(target.path)
    found: list[SchemaState] = []

    async def look() -> None:
        found.append(await state.database_state(target))

    _in_own_loop(look)
    return found[0]


def _migrate_sqlite(path: Path, where: str, *, to: str = HEAD) -> None:
    from sqlalchemy import create_engine, event
    from sqlalchemy.pool import NullPool

    with opening(where), _only_one(path, where):
        before = state.sqlite_state(path)
        if before == "current":
            return
        if before != "absent":
            require_upgradable(before, where)
            copy_file(path, path.with_name(f"{path.name}.before-{HEAD}"))
        else:
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))

        engine = create_engine("sqlite://", creator=lambda: sqlite_writer(path), poolclass=NullPool)
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
        try:
            with engine.begin() as connection:
                _run(connection, to)
                connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        finally:
            engine.dispose()


async def _migrate_postgresql(target: Target, *, to: str = HEAD) -> None:
    from sqlalchemy.ext.asyncio import create_async_engine
    from sqlalchemy.pool import NullPool

    engine = create_async_engine(
        target.dsn.replace("postgresql://", "postgresql+asyncpg://", 1), poolclass=NullPool
    )
    try:
        with opening(target.where):
            async with engine.begin() as connection:
                await connection.exec_driver_sql(writer_lock_sql())
                before = await state.database_state(target)
                if before == "current":
                    return
                if before != "absent":
                    require_upgradable(before, target.where)
                await connection.run_sync(_run, to)
    finally:
        await engine.dispose()


def require_upgradable(before: SchemaState, where: str) -> None:
    """Raises StoreError unless ``before`` is an older schema of ours."""
    if before != "old":
        require_current(before, where)


def _run(connection: Connection, to: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(data_dir("db/migrations")).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, to)


@contextmanager
def _only_one(path: Path, where: str) -> Iterator[None]:
    """Holds the file lock under which one process at a time migrates ``path``."""
    descriptor = os.open(path.with_name(f"{path.name}.migrating"), os.O_CREAT | os.O_RDWR, 0o600)
    try:
        deadline = time.monotonic() + _WAIT_S
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise StoreError(
                        "Another dutydesk has been upgrading the database {where} for {seconds} s: "
                        "wait for it to finish, then try again.",
                        where=where,
                        seconds=int(_WAIT_S),
                    ) from None
                time.sleep(0.05)
        yield
    finally:
        os.close(descriptor)


def _in_own_loop(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Runs a coroutine function to its end in a thread of its own, whether or not a loop runs here."""
    with ThreadPoolExecutor(1, thread_name_prefix="dutydesk-migrate") as pool:
        pool.submit(lambda: asyncio.run(work())).result()
