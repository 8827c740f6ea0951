"""The engine as others see it: started detached by whoever needs it, asked how it is, told to stop."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from dutydesk.desk.engine.processes import alive, dead, here, host_of
from dutydesk.desk.officers.authority import require
from dutydesk.home.paths import Home
from dutydesk.home.settings import Settings
from dutydesk.model.clock import Clock, SystemClock
from dutydesk.model.enums import Permission
from dutydesk.model.views.board import EngineBeat
from dutydesk.store.reader import Reader
from dutydesk.store.views import engine as views

if TYPE_CHECKING:
    from dutydesk.desk.desk import Desk
    from dutydesk.model.officers import Actor

STOPS_WITHIN: Final = 20.0
"""Seconds a stopping engine is waited for: it lets sends under way end."""
_LOOK_EVERY: Final = 0.05


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """``heartbeat_age_s`` is ``None`` where no engine has the lease. ``overdue``: armed timers past due;
    ``queued``: deliveries that are owed an attempt."""

    running: bool
    pid: int | None
    heartbeat_age_s: float | None
    armed: int
    overdue: int
    queued: int


async def status(desk: Desk, *, wall: Clock | None = None) -> EngineStatus:
    """How the engine is; ``wall`` is real time."""
    now = (wall or SystemClock()).now()
    beat = await views.beat(desk.reader)
    counts = await views.counts(desk.reader, desk.clock.now())
    running = _is_active(beat, now)
    age = None
    if beat is not None and beat.heartbeat_at is not None:
        age = round(max((now - beat.heartbeat_at).total_seconds(), 0.0), 3)
    return EngineStatus(
        running=running,
        pid=beat.pid if beat is not None and running else None,
        heartbeat_age_s=age,
        armed=counts.armed,
        overdue=counts.overdue,
        queued=counts.queued,
    )


async def ensure_running(home: Home, settings: Settings) -> bool:
    """Starts a detached engine where none is active, and says whether it did. Nothing is started where the
    settings switch that off. Does not wait for it to be active; of two started at once one ends by itself.

    Raises StoreError when the database cannot be read, ConfigError when the log cannot be written.
    """
    if not settings.engine_autostart or _is_active(
        await _last_beat(settings.database_url), SystemClock().now()
    ):
        return False
    await asyncio.to_thread(_start, home, settings)
    return True


async def stop(desk: Desk, actor: Actor, *, wall: Clock | None = None, within: float = STOPS_WITHIN) -> bool:
    """Asks the active engine to stop and waits for it. Returns whether none is active any more; true too
    when none was. Raises NotAllowed: who only reads stops no clocks."""
    from dutydesk.desk.engine import lease

    require(actor, Permission.OPERATE)
    real = wall or SystemClock()
    if not (await status(desk, wall=real)).running:
        return True
    asked = await lease.request_stop(await desk.store(), actor)
    if asked is None:
        return True
    if here(asked.host) and alive(asked.pid):
        os.kill(asked.pid, signal.SIGTERM)
    try:
        async with asyncio.timeout(within):
            while True:
                beat = await views.beat(desk.reader)
                if beat is None or beat.holder != asked.id or not _is_active(beat, real.now()):
                    return True
                await asyncio.sleep(_LOOK_EVERY)
    except TimeoutError:
        return False


async def _last_beat(url: str) -> EngineBeat | None:
    reader = await Reader.open(url)
    try:
        return await views.beat(reader)
    finally:
        await reader.close()


def _is_active(beat: EngineBeat | None, now: datetime) -> bool:
    """Whether the engine of ``beat`` is to be counted on: its lease runs, and it is not known to be dead."""
    if beat is None or beat.expires_at is None or beat.expires_at <= now:
        return False
    return not dead(host_of(beat.holder), beat.pid)


def _start(home: Home, settings: Settings) -> None:
    log = home.private_dir(home.log_dir) / "engine.out"
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        # A process of its own session: it outlives the terminal, and no signal of the terminal reaches it.
        subprocess.Popen(
            [
                sys.executable,
                "-m",
                "dutydesk",
                "--home",
                str(home.directory),
                "engine",
                "run",
                "--exit-if-running",
            ],
            stdin=subprocess.DEVNULL,
            stdout=descriptor,
            stderr=descriptor,
            cwd="/",
            env=_environment(settings),
            start_new_session=True,
            close_fds=True,
        )
    finally:
        os.close(descriptor)


def _environment(settings: Settings) -> dict[str, str]:
    """What the engine is started with: ours, without secrets of the caller, and the same database."""
    passed = {
        name: value for name, value in os.environ.items() if name not in ("DUTYDESK_PIN", "DUTYDESK_OLD_PIN")
    }
    passed["DUTYDESK_DATABASE_URL"] = settings.database_url
    return passed
