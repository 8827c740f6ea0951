"""How the console ends: asked for, or because the terminal is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dutydesk.i18n import N_, _
from dutydesk.tui.screen import DeskScreen

if TYPE_CHECKING:
    from dutydesk.tui.app import DutyDeskApp
    from dutydesk.tui.widgets.dialogs import Choose

PATIENCE: Final = 10.0
"""Seconds that leaving waits for writes under way; as long as a locked database is waited for."""


async def leave(app: DutyDeskApp) -> None:
    """Ends the console once what is being written is on record, or the officer no longer waits for it."""
    left = await app.writes.drain(PATIENCE)
    if left and not await app.push_screen_wait(_still_writing(left)):
        return
    app.exit()


async def leave_unasked(app: DutyDeskApp) -> None:
    """Nobody can be asked any more: what is being written and typed is kept, and then it ends."""
    await app.typeahead.through()
    await app.writes.drain(PATIENCE)
    screens = [stack[0] for stack in app._screen_stacks.values() if stack]
    for screen in screens:
        if isinstance(screen, DeskScreen):
            await app.guarded(screen.keep())
    app.exit(return_code=1)


def _still_writing(left: int) -> Choose[str]:
    from dutydesk.tui.lines import Piece
    from dutydesk.tui.widgets.dialogs import Choose

    answers = {"": N_("Wait"), "leave": N_("Leave all the same")}
    said = _("{count} writes are not done yet. Leave?", count=left)
    return Choose(said, list(answers), lambda row, _w: (Piece(_(answers[row])),), key=lambda row: row)
