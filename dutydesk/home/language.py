"""The language the officer is spoken to: ``--lang``, ``DUTYDESK_LANG``, the config, ``LANG``, Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from dutydesk.home.settings import Settings
from dutydesk.i18n import choose
from dutydesk.model.errors import BadInput, ConfigError
from dutydesk.model.text import Language

LANGUAGE_VARIABLE: Final = "DUTYDESK_LANG"


def resolve_language(option: str | None, settings: Settings | None, environ: Mapping[str, str]) -> Language:
    """The first that is stated. ``settings`` None: they could not be read.

    Raises BadInput for a ``--lang`` and ConfigError for a ``DUTYDESK_LANG`` that is neither zh nor en; a
    foreign ``LANG`` only says nothing.
    """
    if option and not _usable(option):
        raise BadInput("--lang is {given}; it takes zh or en.", given=option)
    wished = environ.get(LANGUAGE_VARIABLE)
    if wished and not _usable(wished):
        raise ConfigError("DUTYDESK_LANG is {given}; it takes zh or en.", given=wished)
    return choose(option, wished, settings.language if settings else None, environ=environ)


def told_language(option: str | None, environ: Mapping[str, str]) -> Language:
    """The first that is stated and known, for telling why the settings cannot be read."""
    return choose(option, environ.get(LANGUAGE_VARIABLE), environ=environ)


def _usable(wish: str) -> bool:
    """Whether it settles the matter, whatever would stand in for it."""
    return choose(wish, environ={}, default="zh") == choose(wish, environ={}, default="en")
