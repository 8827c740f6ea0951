"""Refusals with one clear sentence. A door (cli or tui) translates and shows them; nothing returns
``None`` for a failure."""

from __future__ import annotations

from dataclasses import dataclass


class DeskError(Exception):
    """Something the desk will not or cannot do, said in one line.

    ``msgid`` is an English sentence of the message catalogue, with ``{name}`` fields filled from
    ``details``; it says what, where and what to do. Details are data from outside: a door shows them
    as plain text, never as markup.
    """

    def __init__(self, msgid: str, /, **details: object) -> None:
        super().__init__(msgid)
        self.msgid = msgid
        self.details = details

    def __str__(self) -> str:
        return self.msgid.format(**self.details)


class Refused(DeskError):
    """The request is understood and not allowed, or not possible now."""


class NotFound(DeskError):
    """What the request names does not exist."""


class NotAllowed(DeskError):
    """The officer's role does not permit it, or nobody is signed in."""


class BadInput(DeskError):
    """A value that cannot be taken; ``details`` name the field."""


class StoreError(DeskError):
    """The database cannot be used: locked, read-only, full, corrupt, foreign or of another version."""


class ConfigError(DeskError):
    """A file of the home directory or of the reference data is wrong or too open."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a file, as ``FILE:LINE: what``. ``line`` counts from 1; ``key`` is a dotted path."""

    file: str
    line: int
    key: str
    what: str

    def __str__(self) -> str:
        where = f" ({self.key})" if self.key else ""
        return f"{self.file}:{self.line}: {self.what}{where}"


class FaultyFile(ConfigError):
    """A YAML or CSV file with faults, every one of them listed."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("{faults}", faults="; ".join(str(fault) for fault in faults))
        self.faults = faults
