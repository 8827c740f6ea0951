"""A duty room for the screens' tests: a real SQLite desk in a home of its own, an officer, a console."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot

from dutydesk.desk.desk import Desk
from dutydesk.desk.officers import officers, sessions
from dutydesk.desk.opening import open_desk
from dutydesk.home.paths import Home
from dutydesk.home.settings import Settings
from dutydesk.model.clock import ManualClock
from dutydesk.model.officers import Actor
from dutydesk.model.text import Language
from dutydesk.store.tables import LeaseRow
from dutydesk.tui.app import DutyDeskApp
from dutydesk.tui.gateway import Gateway
from dutydesk.tui.screens import factories
from dutydesk.tui.services import services

PIN = "4711-night"
ENOUGH = 10.0
"""Seconds that anything on the screen is waited for at the most."""


@dataclass
class Room:
    """``desk`` is a second console's: what it does has to appear by itself on the one under test."""

    home: Home
    settings: Settings
    clock: ManualClock
    desk: Desk
    actor: Actor


@asynccontextmanager
async def room(
    template: Path, directory: Path, clock: ManualClock, *, engine: bool = True, **settings: Any
) -> AsyncIterator[Room]:
    """A room over a copy of the database ``template``; with ``engine``, one has been heard of."""
    home = Home.at(directory)
    shutil.copy(template, home.database_file)
    home.database_file.chmod(0o600)
    chosen = Settings(
        database_url=home.database_url, **{"engine_autostart": False, "idle_lock_minutes": 0, **settings}
    )
    desk = await open_desk(home, chosen, clock=clock)
    await officers.first_officer(desk, "wang", "王强", PIN, console="desk-2")
    actor = (await sessions.sign_in(desk, "wang", PIN, console="desk-2")).actor
    if engine:
        await _beat(desk, actor, clock.now() + timedelta(days=1))
    yield Room(home, chosen, clock, desk, actor)
    await desk.close()


async def _beat(desk: Desk, actor: Actor, at: datetime) -> None:
    async with (await desk.store()).transaction(actor, journaled=False) as tx:
        await tx.insert(
            [
                LeaseRow(
                    name="engine",
                    holder="test",
                    host="elsewhere",
                    pid=1,
                    acquired_at=at,
                    heartbeat_at=at,
                    expires_at=at,
                )
            ]
        )


@asynccontextmanager
async def console(
    where: Room, *, start: str = "board", language: Language = "zh", size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[DutyDeskApp, Pilot[None]]]:
    """The real console over the room, signed in unless it starts at the sign-in screen."""
    gateway = Gateway(where.home, where.settings, clock=where.clock)
    if start != "signin":
        await gateway.open()
        await gateway.sign_in("wang", PIN)
    app = DutyDeskApp(
        gateway,
        factories(),
        start=start,
        language=language,
        wall=where.clock.now,
        services=services(gateway),
    )
    async with app.run_test(size=size) as pilot:
        await pilot.pause(0.1)
        yield app, pilot
    await gateway.close()


def burst(app: DutyDeskApp, *keys: str) -> None:
    """Presses all at once, as bytes that wait in the terminal do."""
    for key in keys:
        name = _character_to_key(key) if len(key) == 1 and not key.isalnum() else key
        assert app._driver is not None
        app._driver.send_message(events.Key(name, key if len(key) == 1 else None))


async def until(pilot: Pilot[None], what: Callable[[], bool]) -> None:
    """Waits until ``what`` holds; fails showing the screen when it does not within a bound."""
    try:
        async with asyncio.timeout(ENOUGH):
            while not what():
                await pilot.pause(0.05)
    except TimeoutError:
        app = cast("DutyDeskApp", pilot.app)
        raise AssertionError(f"not seen within {ENOUGH} s; the screen:\n{on_screen(app)}") from None


def on_screen(app: DutyDeskApp) -> str:
    """Every line of the screen in front, as text."""
    width, height = app.size
    lines = app.screen._compositor.render_strips()
    return "\n".join(line.text for line in lines[:height])[: (width + 1) * height]
