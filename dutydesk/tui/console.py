"""Opens the console over a home directory: the composition root of the screens."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from dutydesk.home.settings import fault_of
from dutydesk.i18n import Said, Translator
from dutydesk.model.clock import SystemClock
from dutydesk.model.errors import ConfigError
from dutydesk.model.visible import visible_line
from dutydesk.tui import own_keys, themes
from dutydesk.tui.app import DutyDeskApp
from dutydesk.tui.catalog import ACTIONS
from dutydesk.tui.gateway import Gateway
from dutydesk.tui.screens import factories
from dutydesk.tui.services import SettingsTold, services

if TYPE_CHECKING:
    from dutydesk.home.paths import Home
    from dutydesk.home.settings import Settings
    from dutydesk.model.text import Language


def open_console(home: Home, settings: Settings, language: Language) -> int:
    """Runs the console until the officer leaves; the exit code. Faults of keys and theme, which the built-in
    ones stand in for, are told on the screen and once more on stderr when the screen is gone.

    The desk is opened before the first frame where that takes no time, so that the first frame has real rows;
    a database that has to be made or brought up to date first is waited for on the sign-in screen. Raises
    StoreError, ConfigError.
    """
    keys, faults = usable(home, settings)
    told = tuple(Translator(language).error(fault) for fault in faults)
    try:
        return asyncio.run(_run(home, replace(settings, keys=keys), language, faults))
    finally:
        for line in told:
            sys.stderr.write(f"{visible_line(line)}\n")


def usable(home: Home, settings: Settings) -> tuple[Mapping[str, str], tuple[ConfigError, ...]]:
    """The officer's own keys that can be used, and every fault of the others and of the theme."""
    faults: list[ConfigError] = []
    keys: Mapping[str, str] = {}
    if settings.keys:
        keys, bad = own_keys.usable(ACTIONS, settings.keys)
        faults += [fault_of(home, each.what, "keys", each.action) for each in bad]
    if settings.theme and settings.theme not in themes.NAMES:
        names = ", ".join(themes.NAMES)
        what = Said("there is no theme {theme}; the themes are: {names}", theme=settings.theme, names=names)
        faults.append(fault_of(home, what, "theme"))
    return keys, tuple(faults)


async def _run(home: Home, settings: Settings, language: Language, faults: Sequence[ConfigError]) -> int:
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
        services=(*services(gateway), SettingsTold(gateway, faults).run),
    )
    try:
        await app.run_async()
    finally:
        await gateway.close()
    return app.return_code or 0
