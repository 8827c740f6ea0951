"""Checks and prepares the terminal before Textual is imported; nothing here imports Textual."""

from __future__ import annotations

import locale
import os
import sys
from collections.abc import Mapping
from typing import TextIO

from dutydesk.model.errors import Refused
from dutydesk.model.visible import visible_line

_ENVIRONMENT = {
    # Kitty's keyboard modes lose what a Chinese input method types on several terminals.
    "TEXTUAL_DISABLE_KITTY_KEY": "1",
    # Mouse positions in pixels and in-band resizing: more modes for a terminal to get wrong, for no use here.
    "TEXTUAL_SMOOTH_SCROLL": "0",
    # Movement costs bytes and tells nothing.
    "TEXTUAL_ANIMATIONS": "none",
}


def prepare(
    environ: dict[str, str] | None = None, *, stdin: TextIO | None = None, stdout: TextIO | None = None
) -> None:
    """Sets the environment that Textual reads at its import, once it is sure that a console can be shown.

    Raises Refused without a terminal to draw on, for a terminal that cannot place its cursor, and for a
    locale that is not UTF-8.
    """
    variables = os.environ if environ is None else environ
    if not (_is_terminal(stdin or sys.__stdin__) and _is_terminal(stdout or sys.__stdout__)):
        raise Refused(
            "The console needs a terminal; in scripts use the commands of `dutydesk --help` instead."
        )
    if variables.get("TERM", "") in ("", "dumb"):
        raise Refused(
            "This terminal (TERM={term}) cannot show the console; use a full-screen one, such as xterm.",
            term=visible_line(variables.get("TERM", "")),
        )
    name = locale_name(variables)
    if not speaks_utf8(name):
        raise Refused(
            "The locale {locale} is not UTF-8, so Chinese would be garbled: "
            "set the terminal to UTF-8 and run `LC_ALL=C.UTF-8 dutydesk`.",
            locale=visible_line(name),
        )
    variables.update(_ENVIRONMENT)


def locale_name(environ: Mapping[str, str]) -> str:
    """The locale that says how characters are coded, by the order of POSIX; empty when none is set."""
    return next((environ[key] for key in ("LC_ALL", "LC_CTYPE", "LANG") if environ.get(key)), "")


def speaks_utf8(name: str) -> bool:
    """Whether a locale of this name codes characters as UTF-8.

    None set at all counts as UTF-8: that is what Python then uses, and an SSH session often forwards none.
    """
    if not name:
        return True
    codeset = name.partition("@")[0].partition(".")[2]
    if codeset:
        return codeset.lower().replace("-", "") == "utf8"
    return name not in ("C", "POSIX") and locale.nl_langinfo(locale.CODESET).upper() == "UTF-8"


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and stream.isatty()
