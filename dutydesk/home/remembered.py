"""Who signed in last from this home directory, so that the sign-in screen asks for the PIN alone."""

from __future__ import annotations

from typing import Final

from dutydesk.home.paths import Home
from dutydesk.home.private import read_private, write_private
from dutydesk.model.errors import ConfigError, NotFound
from dutydesk.model.visible import visible_line

FILE: Final = "last-login"


def read(home: Home) -> str:
    """The login; empty when there is none, or its file is not fit to be trusted: it only saves typing."""
    try:
        return visible_line(read_private(home.directory / FILE).strip())[:32]
    except (NotFound, ConfigError):
        return ""


def write(home: Home, login: str) -> None:
    """Keeps ``login``, readable by its owner alone. Raises ConfigError."""
    write_private(home.directory / FILE, login + "\n")
