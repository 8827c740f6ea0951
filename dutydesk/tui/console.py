"""Opens the console over a home directory: the composition root of the screens."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from dutydesk.model.clock import SystemClock
from dutydesk.model.errors import ConfigError
from dutydesk.tui import themes
from dutydesk.tui.app import DutyDeskApp
from dutydesk.tui.gateway import Gateway
from dutydesk.tui.screens import factories
from dutydesk.tui.services import services

if TYPE_CHECKING:
    from dutydesk.home.paths import Home
    from dutydesk.home.settings import Settings
    from dutydesk.model.text import Language


def open_console(home: Home, settings: Settings, language: Language) -> int:
    """Runs the console until the officer leaves; the exit code.

    The desk is opened before the first frame where that takes no time, so that the first frame has real rows;
    a database that has to be made or brought up to date first is waited for on the sign-in screen. Raises
    StoreError, ConfigError.
    """
    return asyncio.run(_run(home, settings, language))


async def _run(home: Home, settings: Settings, language: Language) -> int:
    gateway = Gateway(home, settings, demo=home.demo_mark.exists())
    start = "signin"
    if await gateway.current():
        await gateway.open()
        try:
            start = "board" if await gateway.resume() else "signin"
        except ConfigError:
            # A session file that others may read is worth nothing; the sign-in screen asks for the PIN.
            start = "signin"
    app = DutyDeskApp(
        gateway,
        factories(await gateway.board() if start == "board" else None),
        start=start,
        language=language,
        theme=settings.theme or themes.DEFAULT,
        keys=settings.keys,
        crash_dir=home.directory,
        wall=SystemClock().now,
        services=services(gateway),
    )
    try:
        await app.run_async()
    finally:
        await gateway.close()
    return app.return_code or 0
