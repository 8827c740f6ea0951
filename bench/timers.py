"""1,000 timers due at one instant: how late the last percent is, beside APScheduler with its SQLAlchemy store
on a SQLite file of the same settings, and beside bare ``asyncio.call_at``."""

from __future__ import annotations

import asyncio
import logging
import statistics
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import create_engine, event

from bench.table import Row, percentile
from dutydesk.desk.desk import Desk
from dutydesk.desk.engine.lease import request_stop
from dutydesk.desk.timers.firing import Fired
from dutydesk.engine.run import EngineOptions
from dutydesk.engine.run import run as run_engine
from dutydesk.model.clock import SystemClock
from dutydesk.model.officers import Actor, engine_actor
from dutydesk.store.migrate import migrate
from dutydesk.store.reader import Reader
from dutydesk.store.tables import TimerRow

TIMERS = 1_000
LEAD = 2.0
"""Seconds between arming and the due time."""
BAR = 0.1
ROUNDS = 3
"""All three in turns; the figures are the medians of their p99."""
_landed: list[float] = []
_all_landed = threading.Event()


def job(due: float) -> None:
    """What APScheduler calls; it finds it by name."""
    _landed.append(time.time() - due)
    if len(_landed) == TIMERS:
        _all_landed.set()


def ours() -> list[float]:
    """Seconds late, to the moment the firing of each timer was committed, by the whole running engine."""
    with tempfile.TemporaryDirectory() as directory:
        url = f"sqlite:///{directory}/dutydesk.db"
        migrate(url)
        return asyncio.run(_ours(url, Path(directory)))


async def _ours(url: str, directory: Path) -> list[float]:
    wall = SystemClock()
    desk = Desk(url=url, reader=await Reader.open(url), clock=wall, zone=ZoneInfo("Asia/Shanghai"))
    late: list[float] = []
    all_fired = asyncio.Event()

    def fired(batch: tuple[Fired, ...]) -> None:
        committed = wall.now()
        late.extend((committed - due).total_seconds() for _ in batch)
        if len(late) >= TIMERS:
            all_fired.set()

    due = wall.now() + timedelta(seconds=LEAD)
    try:
        engine = asyncio.create_task(
            run_engine(
                desk, EngineOptions(directory / "channels.yaml", timedelta(minutes=30), wall, on_fired=fired)
            )
        )
        async with (await desk.store()).transaction(Actor(1, "bench", "bench", (), "bench")) as tx:
            await tx.insert([_timer(tx.now, due) for _ in range(TIMERS)])
            tx.journal("timer.armed", "timers", {"n": TIMERS})
        await all_fired.wait()
        await request_stop(await desk.store(), engine_actor("bench"))
        await engine
    finally:
        await desk.close()
    return late


def _timer(now: datetime, due: datetime) -> TimerRow:
    return TimerRow(
        kind="deadline",
        rule="CQ28_PHONE",
        subject="电话报告市应急局",
        due_at=due,
        next_at=due,
        state="armed",
        policy="deadline",
        armed_at=now,
        armed_by="bench",
    )


def apscheduler() -> list[float]:
    """Seconds late with APScheduler 3; its misfire grace is raised, or it would drop most of them."""
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    _landed.clear()
    _all_landed.clear()
    with tempfile.TemporaryDirectory() as directory:
        engine = create_engine(f"sqlite:///{directory}/jobs.db", connect_args={"check_same_thread": False})

        @event.listens_for(engine, "connect")
        def _settings(connection: object, _: object) -> None:
            connection.execute("PRAGMA journal_mode = WAL")  # type: ignore[attr-defined]
            connection.execute("PRAGMA synchronous = FULL")  # type: ignore[attr-defined]

        scheduler = BackgroundScheduler(
            jobstores={"default": SQLAlchemyJobStore(engine=engine)},
            job_defaults={"misfire_grace_time": 3600},
            timezone=UTC,
        )
        scheduler.start(paused=True)
        due = time.time() + LEAD + 6.0  # adding a thousand takes it seconds
        when = datetime.fromtimestamp(due, UTC)
        for _ in range(TIMERS):
            scheduler.add_job("bench.timers:job", "date", run_date=when, args=[due])
        scheduler.resume()
        if time.time() > due:
            raise RuntimeError("arming took APScheduler longer than the lead")
        _all_landed.wait(60)
        scheduler.shutdown()
        engine.dispose()
    import bench.timers as imported  # the scheduler found ``job`` in this one

    return list(imported._landed)


def bare() -> list[float]:
    """Seconds late with nothing but the event loop: no file, no record."""

    async def measured() -> list[float]:
        loop = asyncio.get_running_loop()
        late: list[float] = []
        due = loop.time() + 0.5
        for _ in range(TIMERS):
            loop.call_at(due, lambda: late.append(loop.time() - due))
        await asyncio.sleep(0.8)
        return late

    return asyncio.run(measured())


def run() -> list[Row]:
    """Ours over APScheduler, and over the bare loop."""
    late: tuple[list[float], ...] = ([], [], [])
    for _ in range(ROUNDS):
        for found, measure in zip(late, (ours, apscheduler, bare), strict=True):
            found.append(percentile(measure(), 0.99) * 1000)
    mine, theirs, loop = (statistics.median(found) for found in late)
    return [
        Row(
            "1,000 timers due at once, p99 late",
            f"{mine:.1f} ms",
            f"{theirs:.0f} ms (APScheduler 3, SQLAlchemy store)",
            f"{mine / theirs:.3f}",
            f"≤ {BAR}",
            mine / theirs <= BAR,
            "fired, journalled and committed by the whole engine",
        ),
        Row(
            "the same over asyncio.call_at",
            f"{mine:.1f} ms",
            f"{loop:.2f} ms (no file, no record)",
            f"{mine / loop:.0f}",
            "none",
            ok=None,
        ),
    ]
