"""The app's two beats: a second passing, and what others commit."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from dutydesk.model.errors import DeskError
from dutydesk.tui.screen import DeskChanged

if TYPE_CHECKING:
    from dutydesk.tui.app import DutyDeskApp

LOOK_AGAIN: Final = 5.0
"""Seconds after which the status bar's facts are read anyway, commit or no commit."""


async def tick(app: DutyDeskApp) -> None:
    """Tells the screen in front of every second as it begins."""
    while True:
        await asyncio.sleep(1.0 - app.now().microsecond / 1_000_000)
        if (front := app.front) is not None and front.is_mounted:
            front.tick()


async def watch(app: DutyDeskApp) -> None:
    """Follows what others commit. Trouble with the database is shown and tried again, never fatal."""
    while True:
        try:
            app.tell_facts(await app.desk.bar())
            if await app.desk.wait_change(LOOK_AGAIN) and (front := app.front) is not None:
                front.post_message(DeskChanged())
        except DeskError as error:
            app.refused(error)
            await asyncio.sleep(1.0)
