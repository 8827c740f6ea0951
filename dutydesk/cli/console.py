"""Bare ``dutydesk``: the console, where there is a terminal to show it on."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from pathlib import Path

from dutydesk.cli import failures
from dutydesk.cli.doorstep import Doorstep
from dutydesk.model.errors import DeskError


def asked_for(arguments: Sequence[str]) -> Doorstep | None:
    """What bare ``dutydesk`` is called with (``--home DIR``, ``--lang X`` or nothing); ``None`` for anything
    else, which is the command line's to understand or to refuse."""
    given: dict[str, str] = {}
    rest = list(arguments)
    while rest:
        name, equals, value = rest.pop(0).partition("=")
        if name not in ("--home", "--lang") or name in given:
            return None
        if not equals:
            if not rest:
                return None
            value = rest.pop(0)
        if not value or value.startswith("-"):
            return None
        given[name] = value
    home = given.get("--home")
    return Doorstep(home_dir=Path(home) if home else None, language_option=given.get("--lang"))


def open_console(door: Doorstep) -> int:
    """Opens the console; the exit code. Without a terminal that can show it: one clear line, and 2."""
    from dutydesk.tui import terminal

    with failures.told_in_one_line(door):
        try:
            terminal.prepare()
        except DeskError as error:
            door.tell(error)
            return 2
        try:
            # Hardly anything that is made until the first frame is ever let go: looking through it for what
            # could be collected takes a tenth of the start. The console turns it on again.
            gc.disable()
            from dutydesk.tui import console

            return console.open_console(door.home, door.settings, door.language)
        except DeskError as error:
            door.tell(error)
            return 1
