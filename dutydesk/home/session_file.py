"""The token of the officer signed in from this home directory. What it is worth, the database knows."""

from __future__ import annotations

from dutydesk.home.paths import Home
from dutydesk.home.private import read_private, remove_private, write_private
from dutydesk.model.errors import ConfigError, NotFound


def read(home: Home) -> str | None:
    """The token, or None when nobody is signed in. Raises ConfigError for a file that others may read,
    or that holds no token."""
    try:
        token = read_private(home.session_file).strip()
    except NotFound:
        return None
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise ConfigError(
            "The session file {file} is damaged: remove it and sign in again.", file=str(home.session_file)
        )
    return token


def write(home: Home, token: str) -> None:
    """Keeps ``token``, readable by its owner alone. Raises ConfigError."""
    write_private(home.session_file, token + "\n")


def remove(home: Home) -> bool:
    """Forgets the token; whether there was one. Raises ConfigError."""
    return remove_private(home.session_file)
