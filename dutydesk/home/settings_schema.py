"""What a setting may be. Imports pydantic, so only ``settings.load_settings`` imports this, late.

Not pydantic-settings: it would cost every command more than reading seven variables is worth (decision 5).
"""

from __future__ import annotations

import os
import re
from datetime import timedelta
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from dutydesk import yamldoc
from dutydesk.home.paths import Home
from dutydesk.home.settings import Settings, variable_of
from dutydesk.i18n import Said
from dutydesk.model.errors import ConfigError


def _database_url(url: str) -> str:
    if not re.match(r"(sqlite(\+aiosqlite)?:///|postgres(ql)?(\+asyncpg)?://)\S", url):
        raise ValueError(Said("must be sqlite:////absolute/path or postgresql://host/name"))
    if url.startswith("sqlite") and ":////" not in url:
        raise ValueError(Said("must name an absolute path: sqlite:////absolute/path (four slashes)"))
    return url


def _timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError) as error:
        raise ValueError(
            Said('there is no time zone "{name}": use an IANA name such as Asia/Shanghai', name=name)
        ) from error
    return name


def _span(written: object) -> object:
    found = re.fullmatch(r"(\d{1,4})([mhd])", written, re.ASCII) if isinstance(written, str) else None
    if found is None or not int(found[1]):
        raise ValueError(Said("must be a span such as 30m, 1h or 2d"))
    unit = {"m": "minutes", "h": "hours", "d": "days"}[found[2]]
    return timedelta(**{unit: int(found[1])})


def _digit(written: object) -> object:
    """``6`` is a key of the keyboard, and a number to YAML. Which keys there are the console knows."""
    return str(written) if type(written) is int else written


class _Fields(BaseModel):
    database_url: Annotated[str, AfterValidator(_database_url)] | None = None
    timezone: Annotated[str, AfterValidator(_timezone)] = "Asia/Shanghai"
    theme: str = ""
    session_hours: Annotated[float, Field(gt=0, le=72)] = 12.0
    idle_lock_minutes: Annotated[int, Field(ge=0, le=24 * 60)] = 15
    engine_autostart: bool = True
    stale_after: Annotated[timedelta, BeforeValidator(_span)] = timedelta(minutes=30)


class ConfigFile(_Fields):
    """``config.yaml``: every key known, or refused."""

    model_config = ConfigDict(extra="forbid")

    language: Literal["zh", "en"] | None = None
    keys: dict[Annotated[str, Field(min_length=1)], Annotated[str, BeforeValidator(_digit)]] = {}


def load(home: Home) -> Settings:
    """The settings, checked. Raises FaultyFile, ConfigError."""
    chosen: dict[str, Any] = {}
    if home.config_file.exists():
        document = yamldoc.read_file(home.config_file)
        if document.value is not None:
            chosen |= yamldoc.validated(document, ConfigFile).model_dump(exclude_unset=True)
    chosen |= _from_environment()
    stated = {name: value for name, value in chosen.items() if value is not None}
    return Settings(**{"database_url": home.database_url, **stated})


def _from_environment() -> dict[str, Any]:
    variables = {name: os.environ.get(variable_of(name)) for name in _Fields.model_fields}
    stated = {name: value for name, value in variables.items() if value}
    try:
        return _Fields.model_validate(stated).model_dump(exclude_unset=True)
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        raise ConfigError(
            "{variable} in the environment: {what}.",
            variable=variable_of(str(detail["loc"][0])),
            what=yamldoc.sentence(detail),
        ) from error
