"""What is typed at the intake is read in its pauses, beside the typing: no key ever waits for it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from textual.timer import Timer

from dutydesk.model.errors import DeskError, Refused
from dutydesk.model.reports import Incident
from dutydesk.tui.screen import DeskScreen
from dutydesk.tui.screens.intake.sheet import Sheet

if TYPE_CHECKING:
    from dutydesk.desk.intake.typed_report import TypedReport, Understood

PAUSE: Final = 0.12
"""Seconds without a key after which what was typed is read."""
LONGEST_WAIT: Final = 1.0
"""Seconds after which it is read though keys keep coming."""


class Reading:
    """``typed`` gives what stands in the form and the sheet it belongs to; ``show`` is called when a sheet
    has been read."""

    def __init__(
        self,
        screen: DeskScreen,
        typed: Callable[[], tuple[Sheet, TypedReport]],
        show: Callable[[Sheet], None],
    ) -> None:
        self._screen = screen
        self._typed = typed
        self._show = show
        self._last_key = self._first_key = 0.0
        self._pause: Timer | None = None
        self._under_way = False

    def soon(self) -> None:
        """Something is to be read. On the path of every key: lets a timer do the rest."""
        self._last_key = time.monotonic()
        if self._pause is None:
            self._first_key = self._last_key
            self._pause = self._screen.set_timer(PAUSE, self._paused)

    async def understand(self, sheet: Sheet, typed: TypedReport) -> Understood:
        """Reads ``typed``, looks for incidents it may be about, and notes both on the sheet."""
        from dutydesk.desk.intake import duplicates, typed_report

        desk = self._screen.desk.desk
        understood = await asyncio.to_thread(typed_report.understand, desk, typed)
        form, reading = understood.form, understood.reading
        faults = dict(understood.faults)
        if form.incident is not None and (fault := await self._unfit(form.incident, drill=form.drill)):
            faults["incident"] = fault
        likely: tuple[Incident, ...] = ()
        if reading is not None and form.incident is None:
            likely = await duplicates.likely(
                desk,
                reading,
                received_at=typed.received_at or self._screen.desk_app.now(),
                drill=form.drill,
                place=form.place,
            )
        sheet.understood = typed_report.with_findings(understood, faults, tuple(each.id for each in likely))
        sheet.duplicates = likely
        return sheet.understood

    async def _unfit(self, incident: int, *, drill: bool) -> DeskError | None:
        """Why a report cannot be about this incident."""
        from dutydesk.desk.intake.duplicates import incident_of

        try:
            about = await incident_of(self._screen.desk.desk, incident)
        except DeskError as error:
            return error
        if about.drill and not drill:
            return Refused("Incident {id} is a drill and this report is not.", id=about.id)
        if drill and not about.drill:
            return Refused("Incident {id} is real and this report a drill.", id=about.id)
        return None

    def _paused(self) -> None:
        now = time.monotonic()
        if now - self._last_key < PAUSE * 0.9 and now - self._first_key < LONGEST_WAIT:
            self._pause = self._screen.set_timer(PAUSE, self._paused)
            return
        self._pause = None
        if not self._under_way:
            self._screen.run_worker(self._screen.desk_app.guarded(self._read()), group="reading")

    async def _read(self) -> None:
        self._under_way = True
        try:
            sheet, typed = self._typed()
            while sheet.read != sheet.version:
                sheet.read = sheet.version
                await self.understand(sheet, typed)
                self._show(sheet)
                sheet, typed = self._typed()
        finally:
            self._under_way = False
