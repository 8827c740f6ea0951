from __future__ import annotations

import asyncio
import subprocess
import sys
from datetime import timedelta

import pytest

from dutydesk.desk.desk import Desk
from dutydesk.desk.engine import lease
from dutydesk.desk.engine.lease import LeaseLost
from dutydesk.desk.engine.process import status, stop
from dutydesk.desk.engine.processes import Holder, alive, this_host, this_name, this_process
from dutydesk.model.clock import ManualClock
from dutydesk.model.officers import Actor
from tests.engine.rows import journal, until

SECOND = Holder("other:7:b", 7, "other")


class Standby:
    """A second engine that looks at the lease, and how long it has watched, in seconds."""

    def __init__(self, desk: Desk, engine: Actor, wall: ManualClock) -> None:
        self.at = 0.0
        self._desk, self._engine, self._wall = desk, engine, wall
        self._silence = lease.Silence(lambda: self.at)

    async def takes(self) -> bool:
        held = await lease.acquire(await self._desk.store(), self._engine, SECOND, self._wall, self._silence)
        return held.mine

    async def takes_within(self, seconds: int) -> bool:
        """Looks every second."""
        for _ in range(seconds):
            self.at += 1
            if await self.takes():
                return True
        return False


@pytest.fixture
def standby(desk: Desk, engine: Actor, wall: ManualClock) -> Standby:
    return Standby(desk, engine, wall)


async def test_a_second_engine_stands_by_until_the_first_is_silent_for_five_seconds(
    desk: Desk, engine: Actor, me: Holder, wall: ManualClock, standby: Standby
) -> None:
    assert not await standby.takes()
    assert not await standby.takes_within(4)
    wall.advance(timedelta(seconds=1))
    assert await lease.beat(await desk.store(), engine, me, wall) is False
    assert not await standby.takes_within(5)
    assert await standby.takes_within(1)
    with pytest.raises(LeaseLost):
        await lease.beat(await desk.store(), engine, me, wall)
    started = await journal(desk, "engine.started")
    assert started[-1]["took_over_from"] == me.id


async def test_time_in_which_nobody_got_at_the_database_is_no_silence(me: Holder, standby: Standby) -> None:
    assert not await standby.takes()
    assert not await standby.takes_within(4)
    standby.at += 10
    assert not await standby.takes_within(5)
    assert await standby.takes_within(1)


@pytest.mark.parametrize("hours", [-2, 2])
async def test_a_clock_that_is_set_makes_nobody_take_over_and_nobody_wait(
    me: Holder, wall: ManualClock, standby: Standby, hours: int
) -> None:
    assert not await standby.takes()
    wall.advance(timedelta(hours=hours))
    assert not await standby.takes_within(4)
    assert await standby.takes_within(1)


async def test_an_engine_of_this_machine_that_died_is_succeeded_at_once(
    desk: Desk, engine: Actor, wall: ManualClock
) -> None:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", "input()", stdin=subprocess.PIPE)
    store = await desk.store()
    victim = Holder(f"{this_host()}:{process.pid}:a", process.pid, this_host())
    assert (await lease.acquire(store, engine, victim, wall, lease.Silence())).mine
    mine = this_process()
    assert not (await lease.acquire(store, engine, mine, wall, lease.Silence())).mine
    assert (await status(desk, wall=wall)).running
    process.kill()
    await until(lambda: _ended(process.pid))
    assert not (await status(desk, wall=wall)).running
    assert (await lease.acquire(store, engine, mine, wall, lease.Silence())).mine
    await process.wait()


@pytest.fixture(
    params=["of another machine of this name", "of a lease written before machines were told apart"]
)
def namesake(request: pytest.FixtureRequest) -> str:
    """A host that has this one's name and may not be it."""
    return f"{this_name()}/0123456789abcdef" if "another" in request.param else this_name()


async def test_an_engine_of_a_namesake_is_not_dead_because_its_number_is_free_here(
    desk: Desk, engine: Actor, wall: ManualClock, standby: Standby, namesake: str
) -> None:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", "")
    await process.wait()
    other = Holder(f"{namesake}:{process.pid}:a", process.pid, namesake)
    assert (await lease.acquire(await desk.store(), engine, other, wall, lease.Silence())).mine
    assert not await standby.takes()
    assert (await status(desk, wall=wall)).pid == process.pid
    assert not await standby.takes_within(4)
    assert await standby.takes_within(1)


async def test_stopping_an_engine_of_a_namesake_signals_nobody_here(
    desk: Desk, engine: Actor, actor: Actor, wall: ManualClock, namesake: str
) -> None:
    bystander = await asyncio.create_subprocess_exec(sys.executable, "-c", "input()", stdin=subprocess.PIPE)
    other = Holder(f"{namesake}:{bystander.pid}:a", bystander.pid, namesake)
    assert (await lease.acquire(await desk.store(), engine, other, wall, lease.Silence())).mine
    stopping = asyncio.create_task(stop(desk, actor, wall=wall))
    await until(lambda: _asked(desk))
    wall.advance(lease.EXPIRES_AFTER)
    assert await stopping
    await bystander.communicate(b"\n")
    assert bystander.returncode == 0


async def test_a_lease_given_up_is_free_at_once(
    desk: Desk, engine: Actor, me: Holder, wall: ManualClock
) -> None:
    store = await desk.store()
    await lease.release(store, engine, me)
    assert (await status(desk, wall=wall)).running is False
    assert (await lease.acquire(store, engine, SECOND, wall, lease.Silence())).mine
    await lease.release(store, engine, me)
    assert (await status(desk, wall=wall)).pid == 7


async def test_the_order_to_stop_is_heard_at_the_next_heartbeat(
    desk: Desk, engine: Actor, me: Holder, wall: ManualClock
) -> None:
    store = await desk.store()
    assert await lease.request_stop(store, engine) == me
    assert await lease.beat(store, engine, me, wall) is True
    assert len(await journal(desk, "engine.stop_requested")) == 1


async def test_heartbeats_leave_no_trace_in_the_journal(
    desk: Desk, engine: Actor, me: Holder, wall: ManualClock
) -> None:
    before = await desk.reader.rows("SELECT count(*) FROM journal")
    for _ in range(5):
        await lease.beat(await desk.store(), engine, me, wall)
    assert await desk.reader.rows("SELECT count(*) FROM journal") == before


async def _ended(pid: int) -> bool:
    return not alive(pid)


async def _asked(desk: Desk) -> bool:
    return bool(await journal(desk, "engine.stop_requested"))
