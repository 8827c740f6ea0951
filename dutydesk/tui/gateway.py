"""The console's one way to the desk: opens it over a home directory, knows who is signed in, and reads for
board and bar. The ORM is imported behind it, in a thread, after the first paint."""

from __future__ import annotations

import asyncio
import importlib
import os
import platform
import time
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from dutydesk.desk.officers.identity import actor_of, has_officers
from dutydesk.desk.opening import open_desk, prepare, state_of
from dutydesk.desk.views import board as board_view
from dutydesk.home import remembered, session_file
from dutydesk.home.clock import CLOCK_VARIABLE, clock_from
from dutydesk.i18n import N_, _
from dutydesk.model.errors import NotAllowed, StoreError
from dutydesk.tui.ports import BarFacts

if TYPE_CHECKING:
    from dutydesk.desk.desk import Desk
    from dutydesk.home.paths import Home
    from dutydesk.home.settings import Settings
    from dutydesk.model.clock import Clock
    from dutydesk.model.officers import Actor
    from dutydesk.model.timers import Timer
    from dutydesk.model.views.board import Board

PLACE: Final = N_("Jiulongpo emergency desk")
STARTING: Final = 8.0
"""Seconds that an engine just started is given until its silence is an alarm."""
WARMED: Final = (
    "dutydesk.desk.intake.reports",
    "dutydesk.desk.intake.filing",
    "dutydesk.desk.runs.runs",
    "dutydesk.desk.views.work",
    "dutydesk.desk.notices.broadcasts",
    "dutydesk.desk.shifts",
    "dutydesk.desk.officers.sessions",
    "dutydesk.desk.intake.drafts",
    "dutydesk.tui.crash",
)
"""The modules behind the commands of the console; they bring the ORM with them."""


class Gateway:
    """What the screens are handed as ``self.desk``.

    ``demo`` marks a desk whose home is thrown away at the end. Without a ``clock``, ``DUTYDESK_CLOCK`` tells
    which.
    """

    def __init__(
        self, home: Home, settings: Settings, *, demo: bool = False, clock: Clock | None = None
    ) -> None:
        self.home = home
        self.settings = settings
        self.demo = demo
        self.console = f"desk@{platform.node() or 'localhost'}:{os.getpid()}"
        self.signed_in: Actor | None = None
        self._clock = clock or clock_from(os.environ.get(CLOCK_VARIABLE))
        self._zone = ZoneInfo(settings.timezone)
        self._desk: Desk | None = None
        self._names: board_view.Names | None = None
        self._token = ""
        self._head: int | None = None
        self._starting_until = 0.0
        self.opened = asyncio.Event()

    # --- what every screen uses ---------------------------------------------------------------------

    @property
    def clock(self) -> Clock:
        """The desk's clock."""
        return self._clock

    @property
    def zone(self) -> tzinfo:
        """The district's time zone."""
        return self._zone

    @property
    def desk(self) -> Desk:
        """The open desk, for the use cases. Raises StoreError before it is open."""
        if self._desk is None:
            raise StoreError("The desk is not open yet: sign in first.")
        return self._desk

    @property
    def actor(self) -> Actor:
        """Who is signed in. Raises NotAllowed when nobody is."""
        if self.signed_in is None:
            raise NotAllowed("Nobody is signed in at this console: sign in first.")
        return self.signed_in

    async def board(self) -> Board:
        """All that the board shows."""
        return await board_view.board(self.desk)

    async def bar(self) -> BarFacts:
        """What the status bar tells; before the desk is open, the place alone."""
        if self._desk is None:
            return BarFacts(_(PLACE), engine_expected=False)
        from dutydesk.desk.views import watch as watch_view  # not on the way to the first paint

        watch = await watch_view.watch(self._desk)
        starting = time.monotonic() < self._starting_until
        officer = shift = ""
        if self.signed_in is not None:
            officers = " ".join(watch.officers) or self.signed_in.name
            officer = _("on duty {officers}", officers=officers)
            shift = _("leader {leader}", leader=watch.leader) if watch.leader else _("no shift runs")
        return BarFacts(
            place=_(PLACE),
            officer=officer,
            shift=shift,
            engine_seen=watch.engine_seen,
            engine_starting=starting,
            demo=self.demo,
        )

    async def wait_change(self, timeout: float) -> bool:  # noqa: ASYNC109 - the reader's own contract
        """Waits up to ``timeout`` seconds; true when something was done at the desk in the meantime. A mere
        heartbeat of the engine ends the wait too, and is false: no screen needs to be read again for it."""
        if self._desk is None:
            try:
                async with asyncio.timeout(timeout):
                    await self.opened.wait()
            except TimeoutError:
                return False
            return True
        if not await self._desk.reader.wait_change(timeout):
            return False
        from dutydesk.desk.views import watch as watch_view

        head = await watch_view.journal_head(self._desk)
        moved, self._head = head != self._head, head
        return moved

    @property
    def done(self) -> int | None:
        """Grows with everything that is done at the desk, as far as :meth:`wait_change` has noticed."""
        return self._head

    async def pressing(self, before: datetime) -> list[Timer]:
        """The running clocks due before ``before`` that nobody has answered for."""
        return await board_view.pressing(self.desk, before)

    async def names(self) -> board_view.Names:
        """What rules, steps, types and answers are called; the first call loads the reference data, off the
        loop."""
        if self._names is None:
            self._names = await asyncio.to_thread(board_view.names, self.desk)
        return self._names

    # --- the engine ---------------------------------------------------------------------------------

    async def ensure_engine(self) -> bool:
        """Starts an engine where none is active, and says whether it did. Raises StoreError, ConfigError."""
        from dutydesk.desk.engine.process import ensure_running

        started = await ensure_running(self.home, self.settings)
        if started:
            self._starting_until = time.monotonic() + STARTING
        return started

    # --- opening ------------------------------------------------------------------------------------

    @property
    def is_open(self) -> bool:
        """Whether there is an open desk behind this gateway."""
        return self._desk is not None

    async def open(self) -> None:
        """Opens the desk, and takes up the session of the home directory if one is good.

        Raises StoreError when there is no database yet, or it cannot be used.
        """
        if self._desk is None:
            if await state_of(self.settings) == "old":
                await self.prepare()
            self._desk = await open_desk(self.home, self.settings, clock=self._clock)
            self.opened.set()

    async def resume(self) -> bool:
        """Takes up the session kept in the home directory; whether there was a good one. Raises ConfigError
        for a session file that others may read."""
        token = session_file.read(self.home)
        if token is None:
            return False
        try:
            self.signed_in = await actor_of(self.desk, token, console=self.console)
        except NotAllowed:
            return False
        self._token = token
        return True

    async def absent(self) -> bool:
        """Whether there is no database yet. Raises StoreError when that cannot be told."""
        return await state_of(self.settings) == "absent"

    async def current(self) -> bool:
        """Whether the database can be opened as it is. Raises StoreError when that cannot be told."""
        return await state_of(self.settings) == "current"

    async def prepare(self) -> None:
        """Makes the database, or brings it up to date, off the event loop. Raises StoreError."""
        await asyncio.to_thread(prepare, self.home, self.settings)

    async def nobody_yet(self) -> bool:
        """Whether the desk has no officer who could sign in."""
        return not await has_officers(self.desk)

    def warm(self) -> None:
        """Imports what the first command will need. For a thread of its own, after the first paint."""
        for module in WARMED:
            importlib.import_module(module)

    # --- signing in -----------------------------------------------------------------------------------

    @property
    def usual_login(self) -> str:
        """Who signed in last from this home directory; empty when nobody has."""
        return remembered.read(self.home)

    async def first_officer(self, login: str, name: str, pin: str) -> None:
        """Sets the desk up with its first officer and signs them in. Raises BadInput, Refused, StoreError."""
        from dutydesk.desk.officers import officers

        if await self.absent():
            await self.prepare()
        await self.open()
        await officers.first_officer(self.desk, login, name, pin, console=self.console)
        await self.sign_in(login, pin)

    async def sign_in(self, login: str, pin: str) -> None:
        """Signs an officer in at this console. Raises NotAllowed for a wrong login or PIN, and when locked
        out."""
        from dutydesk.desk.officers import sessions

        signed_in = await sessions.sign_in(self.desk, login, pin, console=self.console)
        self.signed_in, self._token = signed_in.actor, signed_in.token
        remembered.write(self.home, signed_in.actor.login)

    async def unlock(self, pin: str) -> None:
        """Proves that whoever is signed in is back. Raises NotAllowed."""
        await self.sign_in(self.actor.login, pin)

    async def sign_out(self) -> None:
        """Ends the session at this console, and the one kept in the home directory if it is the same."""
        from dutydesk.desk.officers import sessions

        if self.signed_in is not None:
            await sessions.sign_out(self.desk, self.signed_in, self._token)
        if session_file.read(self.home) == self._token:
            session_file.remove(self.home)
        self.signed_in, self._token = None, ""

    async def close(self) -> None:
        """Lets go of the database."""
        if self._desk is not None:
            await self._desk.close()
