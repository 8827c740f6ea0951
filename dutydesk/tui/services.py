"""What runs beside the screens as long as the console is open: the lookout for overdue clocks, the engine's
guardian, the idle lock, and the warming of what the first command needs."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Hashable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from dutydesk.i18n import _, language, use
from dutydesk.model.errors import DeskError
from dutydesk.model.timers import Timer
from dutydesk.tui import words
from dutydesk.tui.alarms import Alarm, Rung
from dutydesk.tui.widgets.statusbar import STALE_AFTER

if TYPE_CHECKING:
    from datetime import datetime

    from dutydesk.desk.views.board import Names
    from dutydesk.model.officers import Actor
    from dutydesk.tui.app import DutyDeskApp, Service
    from dutydesk.tui.gateway import Gateway

EVERY: Final = 1.0
"""Seconds between two looks."""
WARNING: Final = timedelta(minutes=2)
"""So long before it is due a clock is mentioned in one line."""
AHEAD: Final = timedelta(seconds=30)
"""Clocks are read so much further ahead, so that a second in which nothing was done asks the database
nothing."""
READ_AGAIN: Final = 5.0
"""Seconds after which they are read anyway."""
BELL_AFTER: Final = timedelta(minutes=1)
TITLE_AFTER: Final = timedelta(minutes=5)
TRY_AGAIN: Final = 30.0
"""Seconds between two attempts to start an engine that does not come up."""


def services(gateway: Gateway) -> tuple[Service, ...]:
    """All of them, for the app."""
    return (
        Lookout(gateway).run,
        Guardian(gateway).run,
        IdleLock(gateway).run,
        Warmer(gateway).run,
        DraftOffer(gateway).run,
    )


class Lookout:
    """Feeds clocks that run out to the alarm ladder, the later the higher, and settles them when they are
    answered for. What it says names the duty and the incident's number, never what is told about it: the
    words stay in sight when the console is locked."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._names: Names | None = None
        self._raised: set[Hashable] = set()
        self._timers: list[Timer] = []
        self._read_to: datetime | None = None
        self._read_at = 0.0
        self._done: int | None = None

    async def run(self, app: DutyDeskApp) -> None:
        """Looks once a second."""
        while True:
            if self._gateway.is_open and self._gateway.signed_in is not None:
                await app.guarded(self._look(app))
            await asyncio.sleep(EVERY)

    async def _look(self, app: DutyDeskApp) -> None:
        now = app.now()
        await self._read(now)
        timers = [timer for timer in self._timers if timer.due < now + WARNING]
        if timers and self._names is None:
            self._names = await self._gateway.names()
        standing = {("timer", timer.id) for timer in timers}
        for key in self._raised - standing:
            app.settled(key)
        self._raised = {*standing}
        for timer in timers:
            app.alarm(
                Alarm(("timer", timer.id), rung(timer, now), self._words(timer, now), drill=timer.drill)
            )

    async def _read(self, now: datetime) -> None:
        """Reads the clocks where anything was done, time has come to the end of what was read, or for a
        while nothing was read."""
        stale = time.monotonic() - self._read_at > READ_AGAIN
        if stale or self._done != self._gateway.done or self._read_to is None or now > self._read_to:
            done = self._gateway.done
            self._timers = await self._gateway.pressing(now + WARNING + AHEAD)
            self._read_to, self._read_at, self._done = now + AHEAD, time.monotonic(), done

    def _words(self, timer: Timer, now: datetime) -> str:
        name = self._names.duty(timer) if self._names is not None else None
        what = words.say(name) if name is not None else _("a reminder")
        where = f"{timer.incident:03} " if timer.incident is not None else ""
        minutes = int(abs((now - timer.due).total_seconds()) // 60)
        if timer.due > now:
            return _("{where}{what}: due within two minutes", where=where, what=what)
        if minutes == 0:
            return _("{where}{what}: the time is up", where=where, what=what)
        if minutes >= 60:
            return _(
                "{where}{what}: {hours} h {minutes} min late",
                where=where,
                what=what,
                hours=minutes // 60,
                minutes=minutes % 60,
            )
        return _("{where}{what}: {minutes} min late", where=where, what=what, minutes=minutes)


def rung(timer: Timer, now: datetime) -> Rung:
    """How far a clock has climbed: one line before it is due, a banner at its time, then bell and title."""
    late = now - timer.due
    if late < timedelta(0):
        return Rung.LINE
    if late < BELL_AFTER:
        return Rung.BANNER
    return Rung.BELL if late < TITLE_AFTER else Rung.TITLE


class Guardian:
    """Starts an engine where none beats. That it does not beat is told by the status bar, which turns into
    an alarm."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    async def run(self, app: DutyDeskApp) -> None:
        """Looks once a second; an engine that was started is given its time before another one is."""
        again = 0.0
        while True:
            if not (self._gateway.is_open and self._gateway.settings.engine_autostart and self._silent(app)):
                again = 0.0
            elif time.monotonic() >= again:
                again = time.monotonic() + TRY_AGAIN
                if (front := app.front) is not None and front.is_mounted:
                    front.tick()  # the alarm stands before another engine may take it down
                try:
                    await self._gateway.ensure_engine()
                except DeskError as error:
                    app.refused(error)
            await asyncio.sleep(EVERY)

    @staticmethod
    def _silent(app: DutyDeskApp) -> bool:
        facts = app.facts
        if facts is None or not facts.engine_expected:
            return False
        if facts.engine_seen is None:
            return True
        return (app.wall() - facts.engine_seen).total_seconds() > STALE_AFTER


class IdleLock:
    """Locks the console when nobody has touched it for as long as the settings say."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    async def run(self, app: DutyDeskApp) -> None:
        """Looks once a second."""
        limit = timedelta(minutes=self._gateway.settings.idle_lock_minutes)
        while limit:
            if self._gateway.signed_in is not None and app.wall() - app.last_input >= limit:
                app.lock()
            await asyncio.sleep(EVERY)


class Warmer:
    """Imports the ORM, the reference data and the playbooks in a thread once the first screen stands, so that
    the first command does not wait for them."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    async def run(self, app: DutyDeskApp) -> None:
        """Once. From here on garbage is collected, which the way to the first frame does without; what lives
        as long as the console, nearly all of it modules, is not looked through again for every key."""
        await asyncio.sleep(0.3)
        gc.freeze()
        gc.enable()
        await self._gateway.opened.wait()
        await asyncio.to_thread(self._gateway.warm)
        gc.freeze()
        await app.guarded(self._load())

    async def _load(self) -> None:
        await self._gateway.names()


class DraftOffer:
    """Tells an officer who has just come in of the reports they began and never saved: after a crash, a
    hang-up, or a second call."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._told = ""

    async def run(self, app: DutyDeskApp) -> None:
        """Looks once for each officer who signs in."""
        while True:
            actor = self._gateway.signed_in
            if actor is None:
                self._told = ""
            elif self._gateway.is_open and actor.login != self._told and not app.barred:
                self._told = actor.login
                await app.guarded(self._offer(app, actor))
            await asyncio.sleep(EVERY)

    async def _offer(self, app: DutyDeskApp, actor: Actor) -> None:
        from dutydesk.desk.views import drafts as draft_view  # not on the way to the first paint

        if found := await draft_view.drafts_of(self._gateway.desk, actor):
            app.news(_("{count} drafts of reports wait; F2, then Ctrl+O.", count=len(found)), "soon")


class SettingsTold:
    """Tells an officer who has just come in which of the settings could not be used, the first one whole."""

    def __init__(self, gateway: Gateway, faults: Sequence[DeskError]) -> None:
        self._gateway = gateway
        self._faults = faults

    async def run(self, app: DutyDeskApp) -> None:
        """Once, to the first officer who signs in: behind the sign-in nobody reads it."""
        while self._faults:
            if self._gateway.signed_in is not None and not app.barred:
                app.news(self._said(), "late")
                return
            await asyncio.sleep(EVERY)

    def _said(self) -> str:
        said = use(language()).error(self._faults[0])
        said = said.replace(f"{self._gateway.home.directory}/", "")  # the line has no room for the way there
        more = len(self._faults) - 1
        return f"{said}  {_('and {count} more', count=more)}" if more else said
