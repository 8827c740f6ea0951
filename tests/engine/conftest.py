"""A desk with an engine at hand: the desk on either database, a clock moved by hand, a lease that is held."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from dutydesk.desk.desk import Desk
from dutydesk.desk.engine import lease
from dutydesk.desk.engine.processes import Holder, this_process
from dutydesk.engine.gateways import Gateways
from dutydesk.engine.pulse import Pulse
from dutydesk.engine.tenure import Tenure
from dutydesk.engine.work import Work
from dutydesk.model.clock import ManualClock, SystemClock
from dutydesk.model.officers import Actor, engine_actor
from dutydesk.store.reader import Reader
from tests.engine.rows import ENGINE_START
from tests.notify.sinks import Sink, running_sink


@pytest.fixture
async def desk(store_url: str, clock: ManualClock) -> AsyncIterator[Desk]:
    """A desk on SQLite and on PostgreSQL."""
    opened = Desk(
        url=store_url, reader=await Reader.open(store_url), clock=clock, zone=ZoneInfo("Asia/Shanghai")
    )
    yield opened
    await opened.close()


@pytest.fixture
def engine() -> Actor:
    return engine_actor("engine@test")


@pytest.fixture
def wall() -> ManualClock:
    """The real time, by which leases run."""
    return ManualClock(ENGINE_START)


@pytest.fixture
async def me(desk: Desk, engine: Actor, wall: ManualClock) -> Holder:
    """This process as the active engine."""
    holder = this_process()
    held = await lease.acquire(await desk.store(), engine, holder, wall, lease.Silence())
    assert held.mine
    return holder


@pytest.fixture
async def work(desk: Desk, engine: Actor, me: Holder, wall: ManualClock, tmp_path: Path) -> Work:
    """An active engine none of whose loops runs."""
    return Work(
        desk=desk,
        actor=engine,
        me=me,
        wall=wall,
        tenure=Tenure(wall),
        pulse=Pulse(),
        gateways=Gateways(tmp_path / "channels.yaml", wall=wall),
        stale_after=timedelta(minutes=30),
        on_fired=lambda _: None,
    )


@pytest.fixture
async def sink() -> AsyncIterator[Sink]:
    async with running_sink() as running:
        yield running


@pytest.fixture
async def live_desk(sqlite_url: str) -> AsyncIterator[Desk]:
    """A desk on SQLite and on the wall clock, for engines that run."""
    opened = Desk(
        url=sqlite_url,
        reader=await Reader.open(sqlite_url),
        clock=SystemClock(),
        zone=ZoneInfo("Asia/Shanghai"),
    )
    yield opened
    await opened.close()
