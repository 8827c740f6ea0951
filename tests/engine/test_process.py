"""The engine as a process of its own: killed, doubled, asked to stop, over a real home directory."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import psutil  # type: ignore[import-untyped]
import pytest

from dutydesk.desk.desk import Desk
from dutydesk.desk.engine.process import ensure_running, status, stop
from dutydesk.home.paths import Home
from dutydesk.home.private import write_private
from dutydesk.home.settings import Settings
from dutydesk.model.clock import SystemClock
from dutydesk.store.reader import Reader
from tests.engine.rows import OFFICER, all_in, arm, delivery, journal, notice, people, timer, timer_row, until
from tests.notify.sinks import Sink


@pytest.fixture
def home(sqlite_path: Path) -> Home:
    """A home directory around the fresh database."""
    sqlite_path.parent.chmod(0o700)
    return Home.at(sqlite_path.parent)


@pytest.fixture
async def desk(home: Home) -> AsyncIterator[Desk]:
    opened = Desk(
        url=home.database_url,
        reader=await Reader.open(home.database_url),
        clock=SystemClock(),
        zone=ZoneInfo("Asia/Shanghai"),
    )
    yield opened
    await opened.close()


@contextmanager
def engine(home: Home, *options: str) -> Iterator[subprocess.Popen[bytes]]:
    """An engine process, killed at the end if it still runs."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DUTYDESK_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "dutydesk", "--home", str(home.directory), "engine", "run", *options],
        env=environment,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def channels(home: Home, sink: Sink, path: str = "ok", more: str = "") -> None:
    http = f'{{url: "{sink.url}/{path}/{{address}}", body: {{text: "{{{{body}}}}"}}}}'
    write_private(home.channels_file, f"sms: {{http: {http}{more}}}\n")


async def _is_active(desk: Desk, process: subprocess.Popen[bytes]) -> bool:
    return (await status(desk)).pid == process.pid


async def test_a_timer_armed_before_everything_is_killed_fires_once_after_the_restart_and_says_it_is_late(
    desk: Desk, home: Home, sink: Sink
) -> None:
    channels(home, sink)
    await people(desk, "duty_operators", address="x")
    with engine(home) as first:
        await until(lambda: _is_active(desk, first))
        (number,) = await arm(desk, timer_row(SystemClock().now(), due_in=0.3))
        first.kill()
        first.wait()
    await asyncio.sleep(2.6)
    assert (await timer(desk, number)).state == "armed"
    with engine(home) as second:

        async def told() -> bool:
            return bool(sink.taken)

        await until(told)
        row = await timer(desk, number)
        assert row.state == "fired"
        assert row.late_s is not None
        assert row.late_s > 2
        assert "已超时" in sink.taken[0].body.decode()
        second.send_signal(signal.SIGTERM)
        assert second.wait(15) == 0
    assert len(await journal(desk, "timers.fired")) == 1
    assert len(sink.taken) == 1


async def test_what_was_being_sent_when_the_engine_was_killed_arrives_marked_as_a_possible_double(
    desk: Desk, home: Home, sink: Sink
) -> None:
    channels(home, sink, "hang")
    (number,) = await notice(desk, urgency=0)
    with engine(home) as first:
        await asyncio.wait_for(sink.arrived.wait(), 20)
        first.kill()
        first.wait()
    assert (await delivery(desk, number)).state == "sending"
    channels(home, sink)
    with engine(home):
        await until(lambda: all_in(desk, [number], "accepted"))
    bodies = [taken.body.decode() for taken in sink.taken]
    assert len(bodies) == 2
    assert "可能重复" not in bodies[0]
    assert "可能重复" in bodies[1]
    assert (await delivery(desk, number)).doubtful


async def test_a_standby_takes_over_when_the_active_one_is_killed(desk: Desk, home: Home) -> None:
    with engine(home) as first:
        await until(lambda: _is_active(desk, first))
        with engine(home) as second:
            await asyncio.sleep(1.5)
            assert await _is_active(desk, first)
            first.kill()
            first.wait()
            await until(lambda: _is_active(desk, second))


async def test_a_frozen_engine_that_wakes_up_finds_its_lease_gone_and_fires_nothing_twice(
    desk: Desk, home: Home
) -> None:
    with engine(home) as first:
        await until(lambda: _is_active(desk, first))
        await _freeze_between_transactions(first, home)
        (number,) = await arm(desk, timer_row(SystemClock().now(), due_in=0.1))
        with engine(home) as second:
            await until(lambda: _is_active(desk, second))

            async def fired() -> bool:
                return (await timer(desk, number)).state == "fired"

            await until(fired)
            first.send_signal(signal.SIGCONT)
            await asyncio.sleep(1.5)
            assert first.poll() is None, "it stands by"
            assert await _is_active(desk, second)
        await until(lambda: _is_active(desk, first))
    assert len(await journal(desk, "timers.fired")) == 1


async def test_a_frozen_engine_that_wakes_up_sends_nothing_that_another_has_taken_over(
    desk: Desk, home: Home, sink: Sink
) -> None:
    channels(home, sink, "gate", ", concurrency: 1, slow_lane: 0, timeout: 60")
    numbers = await notice(desk, count=5, urgency=0, prefix="n")
    with engine(home) as first:
        await asyncio.wait_for(sink.arrived.wait(), 20)  # one is at the gateway, four wait for its place
        await _freeze_between_transactions(first, home)
        with engine(home) as second:
            await until(lambda: _is_active(desk, second))
            sink.release.set()
            await until(lambda: all_in(desk, numbers, "accepted"))
            busy = sqlite3.connect(home.database_file, isolation_level=None)
            busy.execute("BEGIN IMMEDIATE")  # its heartbeat cannot tell it anything yet
            first.send_signal(signal.SIGCONT)
            await asyncio.sleep(1.5)
            busy.close()
            await until(lambda: _said(home, "standing by for"))
    arrivals: dict[str, list[bool]] = {}
    for taken in sink.taken:
        arrivals.setdefault(taken.raw_path, []).append("可能重复" in taken.body.decode())
    assert arrivals.pop("/gate/n0") == [False, True]
    assert arrivals == {f"/gate/n{n}": [True] for n in range(1, 5)}


async def _said(home: Home, what: str) -> bool:
    return what in (home.log_dir / "engine.log").read_text(encoding="utf-8")


async def _freeze_between_transactions(process: subprocess.Popen[bytes], home: Home) -> None:
    """Stops the process where it does not hold the database's lock, which nobody could take from it."""
    for _ in range(20):
        process.send_signal(signal.SIGSTOP)
        while psutil.Process(process.pid).status() != psutil.STATUS_STOPPED:  # noqa: ASYNC110 -- no event
            await asyncio.sleep(0.005)
        probe = sqlite3.connect(home.database_file, isolation_level=None, timeout=0.2)
        try:
            probe.execute("BEGIN IMMEDIATE")
            probe.execute("ROLLBACK")
        except sqlite3.OperationalError:
            process.send_signal(signal.SIGCONT)
            await asyncio.sleep(0.1)
        else:
            return
        finally:
            probe.close()
    raise AssertionError("the engine never let go of the database")


async def test_the_engine_is_started_detached_once_and_stopped_from_elsewhere(desk: Desk, home: Home) -> None:
    settings = Settings(database_url=home.database_url)
    assert not await ensure_running(home, Settings(database_url=home.database_url, engine_autostart=False))
    started = await asyncio.gather(ensure_running(home, settings), ensure_running(home, settings))

    async def running() -> bool:
        return (await status(desk)).running

    async def second_has_ended() -> bool:
        return "is active already" in (home.log_dir / "engine.log").read_text(encoding="utf-8")

    await until(running)
    if all(started):
        await until(second_has_ended)
    assert not await ensure_running(home, settings)
    pid = (await status(desk)).pid
    assert pid is not None
    assert os.getsid(pid) == pid, "no terminal's signal reaches it"
    assert await stop(desk, OFFICER)
    assert not (await status(desk)).running
    assert len(await journal(desk, "engine.started")) == 1
    assert await stop(desk, OFFICER), "stopping what does not run is no fault"


async def test_a_database_locked_for_longer_than_the_time_out_is_waited_for_and_nobody_takes_over(
    desk: Desk, home: Home, sink: Sink
) -> None:
    """The active engine cannot beat, and the one that stands by cannot look: to take over would make doubles
    of everything that was just sent."""
    channels(home, sink, "gate")
    with engine(home) as first:
        await until(lambda: _is_active(desk, first))
        with engine(home):
            await until(lambda: _said(home, "standing by for"))
            numbers = await notice(desk, count=30, urgency=0)
            (number,) = await arm(desk, timer_row(SystemClock().now(), due_in=0.5))
            await until(lambda: all_in(desk, numbers, "sending"))
            locker = sqlite3.connect(home.database_file, isolation_level=None, timeout=20)
            locker.execute("BEGIN IMMEDIATE")
            sink.release.set()
            await asyncio.sleep(8)
            locker.execute("ROLLBACK")
            locker.close()

            async def fired() -> bool:
                return (await timer(desk, number)).state == "fired"

            await until(fired)
            await until(lambda: all_in(desk, numbers, "accepted"))
            assert await _is_active(desk, first)
    assert len(sink.taken) == 30
    assert len(await journal(desk, "engine.started")) == 1
    assert await _said(home, "trying again")


async def test_no_address_and_no_secret_reaches_the_engines_log(desk: Desk, home: Home, sink: Sink) -> None:
    channels(home, sink, "token-s3cr3t")
    numbers = await notice(desk, count=3, prefix="1390000111")
    with engine(home) as process:
        await until(lambda: all_in(desk, numbers, "accepted"))
        process.terminate()
        process.wait(15)
    log = (home.log_dir / "engine.log").read_text(encoding="utf-8")
    assert "s3cr3t" not in log
    assert "1390000111" not in log
    entries = await desk.reader.rows("SELECT payload FROM journal WHERE action = 'deliveries.recorded'")
    assert "1390000111" not in json.dumps(entries)


async def test_a_rehearsal_runs_by_its_own_clock(
    desk: Desk, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dutydesk.home.clock import spelled
    from dutydesk.model.clock import RehearsalClock

    real = SystemClock().now()
    fast = RehearsalClock(start=real + timedelta(days=30), origin=real, rate=60.0)
    monkeypatch.setenv("DUTYDESK_CLOCK", spelled(fast))
    (number,) = await arm(desk, timer_row(fast.now(), due_in=240))
    assert await ensure_running(home, Settings(database_url=home.database_url))

    async def fired() -> bool:
        return (await timer(desk, number)).state == "fired"

    await until(fired)
    row = await timer(desk, number)
    assert row.fired_at is not None
    assert row.fired_at - row.due_at < timedelta(seconds=120)
    assert await stop(desk, OFFICER)
