"""The drafts of the intake: what is being typed is kept as it is typed, put aside, found again, put away."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from dutydesk.i18n import N_, _
from dutydesk.model.errors import Refused
from dutydesk.tui.screen import DeskScreen
from dutydesk.tui.screens.intake import choices
from dutydesk.tui.screens.intake.sheet import Sheet

if TYPE_CHECKING:
    from dutydesk.desk.views.drafts import OpenDraft

Standing: TypeAlias = tuple[Sheet, Mapping[str, Any]]
"""A sheet and what stands in the form, as a draft keeps it."""


class Drafts:
    """``standing`` gives what there is to keep, ``None`` when the form is empty; ``told`` is called when a
    draft has been kept. Who holds ``lock`` keeps drafts from being written meanwhile."""

    def __init__(
        self, screen: DeskScreen, standing: Callable[[], Standing | None], told: Callable[[], None]
    ) -> None:
        self._screen = screen
        self._standing = standing
        self._told = told
        self.lock = asyncio.Lock()

    def keep_soon(self, sheet: Sheet) -> None:
        """Keeps the sheet in the form beside everything else, unless that is done or under way."""
        if sheet.kept != sheet.version and not sheet.saving and not self.lock.locked():
            app = self._screen.desk_app
            app.run_worker(app.guarded(self.keep()), group="drafts")

    def park(self) -> None:
        """Keeps what stands in the form now, as another sheet is about to take its place."""
        standing = self._standing()
        if standing is not None and not standing[0].saving:
            app = self._screen.desk_app
            app.run_worker(app.guarded(self.write(*standing)), group="drafts")

    async def write(self, sheet: Sheet, fields: Mapping[str, Any]) -> None:
        """Writes a draft; not in somebody else's name."""
        desk = self._screen.desk
        actor = desk.actor
        if actor.login != sheet.officer:
            return
        drafts = await asyncio.to_thread(importlib.import_module, "dutydesk.desk.intake.drafts")
        async with self.lock:
            await self._screen.desk_app.write(drafts.save_draft(desk.desk, actor, sheet.draft, fields))

    async def others(self, sheet: Sheet) -> tuple[OpenDraft, ...]:
        """The officer's drafts that wait, without the one of ``sheet``."""
        from dutydesk.desk.views import drafts as draft_view

        desk = self._screen.desk
        return await draft_view.drafts_of(desk.desk, desk.actor, but=sheet.draft)

    async def choose(self, sheet: Sheet) -> OpenDraft | None:
        """Asks which of the other drafts to go on with. Refuses when there is none."""
        found = await self.others(sheet)
        if not found:
            raise Refused("No other draft waits.")
        app = self._screen.desk_app
        return await app.push_screen_wait(choices.drafts(found, app.now(), self._screen.desk.zone))

    async def discard(self, fresh: Callable[[], None]) -> bool:
        """Puts the draft in the form away once that was confirmed, and calls ``fresh`` to empty the form;
        false when it stays. What was typed last is kept on record before that."""
        from dutydesk.tui.widgets.dialogs import ConfirmWord

        standing = self._standing()
        if standing is None:
            raise Refused("There is nothing to put away.")
        sheet, fields = standing
        app, desk = self._screen.desk_app, self._screen.desk
        said = str(fields["text"])[:120]
        if not await app.push_screen_wait(ConfirmWord(N_("Put this draft away?"), said, _("discard"))):
            return False
        drafts = await asyncio.to_thread(importlib.import_module, "dutydesk.desk.intake.drafts")
        await self.write(sheet, fields)
        async with self.lock:
            fresh()
            await app.write(drafts.discard_draft(desk.desk, desk.actor, sheet.draft))
        return True

    async def keep(self) -> None:
        """Keeps what stands in the form now, unless that is being put on record."""
        standing = self._standing()
        if standing is None or standing[0].saving:
            return
        sheet, fields = standing
        version = sheet.version
        await self.write(sheet, fields)
        sheet.kept = max(sheet.kept, version)
        self._told()
