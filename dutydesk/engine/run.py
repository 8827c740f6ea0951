"""The engine as a process: stands by until it has the lease, works until it is told to stop or loses it, and
leaves nothing half-done that it could finish."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final

from dutydesk.desk.desk import Desk
from dutydesk.desk.engine import lease
from dutydesk.desk.engine.lease import LeaseLost
from dutydesk.desk.engine.processes import Holder, this_name, this_process
from dutydesk.engine.audit import run_audit
from dutydesk.engine.gateways import Gateways
from dutydesk.engine.heartbeat import DatabaseFile, run_heartbeat
from dutydesk.engine.outbox import Outbox
from dutydesk.engine.pulse import Pulse
from dutydesk.engine.steady import steadily
from dutydesk.engine.tenure import Tenure
from dutydesk.engine.timers import run_timers
from dutydesk.engine.work import OnFired, Work
from dutydesk.model.clock import Clock
from dutydesk.model.officers import Actor, engine_actor
from dutydesk.store.urls import parse

STANDBY_LOOKS_EVERY: Final = 0.5
"""Seconds between a standby's looks at the lease."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """``wall`` is real time. ``exit_if_running``: do not stand by where another engine is active.
    ``on_fired`` is told of each batch of timers once its firing is committed."""

    channels_file: Path
    stale_after: timedelta
    wall: Clock
    exit_if_running: bool = False
    on_fired: OnFired = lambda _: None


async def run(desk: Desk, options: EngineOptions) -> bool:
    """Runs the engine until SIGTERM, SIGINT, a request to stop, or the end of its database.

    Returns whether it was ever the active engine. Raises StoreError when the database cannot be used at all.
    """
    pulse = Pulse()
    actor = engine_actor(f"engine@{this_name()}")
    file = DatabaseFile(parse(desk.url).path)
    gateways = Gateways(options.channels_file, wall=options.wall)
    active = False
    with _stopped_by_signals(pulse):
        try:
            while not pulse.stopping:
                me = this_process()
                if not await _stand_by(desk, actor, me, options, pulse, file):
                    break
                active = True
                work = Work(
                    desk=desk,
                    actor=actor,
                    me=me,
                    wall=options.wall,
                    tenure=Tenure(options.wall),
                    pulse=pulse,
                    gateways=gateways,
                    stale_after=options.stale_after,
                    on_fired=options.on_fired,
                )
                await _be_active(work, file)
        finally:
            await gateways.close()
    return active


async def _stand_by(
    desk: Desk, actor: Actor, me: Holder, options: EngineOptions, pulse: Pulse, file: DatabaseFile
) -> bool:
    """Waits until ``me`` holds the lease; false when it never will."""
    told: str | None = None
    silence = lease.Silence()
    while not pulse.stopping and not file.gone:
        held = await steadily(
            "taking the lease", partial(_try, desk, actor, me, options.wall, silence), pulse
        )
        if held is None:
            return False
        if held.mine:
            _log.info("active as %s", me.id)
            return True
        other = held.by.id if held.by else ""
        if options.exit_if_running and not held.expired:
            _log.info("engine %s is active already", other)
            return False
        if other != told:
            _log.info("standing by for %s", other)
            told = other
        await pulse.sleep(STANDBY_LOOKS_EVERY)
    return False


async def _try(desk: Desk, actor: Actor, me: Holder, wall: Clock, silence: lease.Silence) -> lease.Held:
    return await lease.acquire(await desk.store(), actor, me, wall, silence)


async def _be_active(work: Work, file: DatabaseFile) -> None:
    """Works until the engine stops or its lease is lost; a lost one ends everything at once."""
    pulse = work.pulse
    loops_ended = asyncio.Event()
    lost = False
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(run_heartbeat(work, file, until=loops_ended))
            watch = tasks.create_task(pulse.watch(work.desk.reader))
            loops = [
                tasks.create_task(run_timers(work)),
                tasks.create_task(Outbox(work).run()),
                tasks.create_task(run_audit(work)),
            ]
            await asyncio.wait(loops)
            loops_ended.set()
            watch.cancel()
    except* LeaseLost:
        lost = True
    if lost:
        _log.warning("the lease was taken over: standing by")
    elif not file.gone:
        await steadily("giving the lease up", partial(_release, work), pulse)
        _log.info("stopped")


async def _release(work: Work) -> bool:
    await lease.release(await work.desk.store(), work.actor, work.me)
    return True


@contextmanager
def _stopped_by_signals(pulse: Pulse) -> Iterator[None]:
    """SIGTERM and SIGINT end the engine in good order."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, pulse.stop)
    try:
        yield
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)
