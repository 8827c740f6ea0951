"""The officer's settings: environment over ``HOME/config.yaml`` over defaults.

pydantic costs more to import than everything else a command does at its start, so it is imported only where
there is something to check: a config file, or one of the environment's own settings.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, Literal

from dutydesk.home.paths import Home
from dutydesk.model.errors import ConfigError, FaultyFile

PREFIX: Final = "DUTYDESK_"
OTHER_VARIABLES: Final = (
    "DUTYDESK_HOME",
    "DUTYDESK_LANG",
    "DUTYDESK_PIN",
    "DUTYDESK_OLD_PIN",
    "DUTYDESK_CLOCK",
)
"""Variables of ours that are no settings of this file."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set, with its default. In ``config.yaml`` under these names; in the environment
    as ``DUTYDESK_`` and the name in capitals, except ``keys``."""

    database_url: str
    """Another database than HOME/dutydesk.db: ``sqlite:////absolute/path`` or ``postgresql://host/name``."""
    language: Literal["zh", "en"] | None = None
    """``zh`` or ``en``; unset, ``LANG`` decides. ``--lang`` and ``DUTYDESK_LANG`` go before it."""
    timezone: str = "Asia/Shanghai"
    """The zone of every time shown and typed, by its IANA name."""
    theme: str = ""
    """The console's theme; empty for its own."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """Other keys for actions of the console: action id → key, such as ``{go.board: ctrl+b}``."""
    session_hours: float = 12.0
    """How long a sign-in lasts, in hours (0 < h <= 72)."""
    idle_lock_minutes: int = 15
    """The console asks for the PIN again after so long without a key; 0 never."""
    engine_autostart: bool = True
    """Whether whoever needs the engine starts it when none runs."""
    stale_after: timedelta = timedelta(minutes=30)
    """A notice not sent for this long, after the engine was down, waits for a person to decide (``30m``)."""


def load_settings(home: Home) -> Settings:
    """The settings of ``home``.

    Raises FaultyFile with file, line and key for ``config.yaml``, ConfigError naming the variable for the
    environment; a misspelt ``DUTYDESK_`` variable is refused rather than overlooked.
    """
    _refuse_misspelt(os.environ)
    if not any(os.environ.get(name) for name in SETTING_VARIABLES) and not home.config_file.exists():
        return Settings(database_url=home.database_url)
    from dutydesk.home import settings_schema

    return settings_schema.load(home)


def fault_of(home: Home, what: str, *path: str) -> ConfigError:
    """A fault of a setting that only the console can find: with file, line and key, or with the variable
    where the environment sets it."""
    variable = variable_of(path[0])
    if variable in SETTING_VARIABLES and os.environ.get(variable):
        return ConfigError("{variable} in the environment: {what}.", variable=variable, what=what)
    from dutydesk import yamldoc

    return FaultyFile((yamldoc.read_file(home.config_file).fault(path, what),))


def variable_of(setting: str) -> str:
    """The environment variable of a setting."""
    return PREFIX + setting.upper()


SETTING_VARIABLES: Final = tuple(
    variable_of(name) for name in Settings.__dataclass_fields__ if name not in ("language", "keys")
)


def _refuse_misspelt(environ: Mapping[str, str]) -> None:
    known = (*SETTING_VARIABLES, *OTHER_VARIABLES)
    for name in environ:
        if name.startswith(PREFIX) and name not in known:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.85)
            if near:
                raise ConfigError(
                    "There is no variable {name}; did you mean {near}?", name=name, near=near[0]
                )
