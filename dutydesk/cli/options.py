"""Options that several commands share, and how their values are read."""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from dutydesk.cli.failures import Misused
from dutydesk.model.decoding import text_of
from dutydesk.model.errors import BadInput
from dutydesk.model.visible import quoted

JsonOption = Annotated[bool, typer.Option("--json", help="One JSON document on stdout, nothing else.")]
LimitOption = Annotated[int, typer.Option("--limit", min=1, max=10_000, help="At most so many rows.")]
OpenLimitOption = Annotated[
    int | None,
    typer.Option("--limit", min=1, max=10_000, help="At most so many rows; all that is open if not given."),
]

MOST_BYTES = 1_000_000
"""Of a text on standard input: far more than any text may have, so that its own limit is what is told."""
_SPAN = re.compile(r"(?:(?P<d>\d+)d)?(?:(?P<h>\d+)h)?(?:(?P<m>\d+)m)?(?:(?P<s>\d+)s)?", re.ASCII)
_YEARS = range(1000, 9000)
"""Beyond them a time cannot be moved into another zone."""


def span(text: str) -> timedelta:
    """``90s``, ``10m``, ``1h30m``, ``2d``. Raises BadInput."""
    found = _SPAN.fullmatch(text.strip().lower())
    if found is None or not any(found.groups()):
        raise BadInput("{text} is no span of time; write it as 90s, 10m, 1h30m or 2d.", text=quoted(text))
    try:
        parts = {unit: int(number or 0) for unit, number in found.groupdict().items()}
        return timedelta(days=parts["d"], hours=parts["h"], minutes=parts["m"], seconds=parts["s"])
    except (OverflowError, ValueError):  # more than time has, or more digits than anybody counts
        raise BadInput("{text} is too long a span of time.", text=quoted(text)) from None


def moment(text: str | None, option: str) -> datetime | None:
    """An ISO 8601 time with its offset, in UTC. Raises BadInput naming ``option``."""
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        at = None
    if at is not None and at.tzinfo is not None and at.year not in _YEARS:
        raise BadInput("{option} {text}: the year cannot be.", option=option, text=quoted(text))
    if at is None or at.tzinfo is None:
        raise BadInput(
            "{option} {text} is no ISO 8601 time with an offset, such as 2026-11-23T02:40:00+08:00.",
            option=option,
            text=quoted(text),
        )
    return at.astimezone(UTC)


def text_or_stdin(text: str) -> str:
    """``-`` stands for standard input, whatever its bytes are: none of them may cost the report. Raises
    BadInput where it does not end."""
    if text != "-":
        return text
    content = sys.stdin.buffer.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise BadInput(
            "Standard input has more than {most} bytes: that is no text of a report.", most=MOST_BYTES
        )
    return text_of(content)


def wanted(query: str) -> str:
    """What is to be searched for. Raises Misused where that is nothing: no row and every row would be as good
    an answer."""
    if not query.strip():
        raise Misused("Search for what? Name at least one word.")
    return query
