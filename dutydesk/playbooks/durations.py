"""The spelling of a span of time in a playbook: ``45s``, ``10m``, ``1h30m``, ``2d``."""

from __future__ import annotations

import re
from datetime import timedelta

from dutydesk.i18n import Said

PATTERN = r"^(?=\d)(\d+d)?(\d+h)?(\d+m)?(\d+s)?$"
_SPAN = re.compile(PATTERN, re.ASCII)
_UNITS = ("days", "hours", "minutes", "seconds")
LONGEST = timedelta(days=366)


def parse_span(text: str) -> timedelta:
    """The span that ``text`` spells. Raises ValueError when it is no span, is zero, or exceeds a year."""
    match = _SPAN.match(text.strip())
    if match is None:
        raise ValueError(Said("{text!r} is no span of time: write it like 45s, 10m, 1h30m or 2d", text=text))
    counts = {
        unit: min(int(part[:-1]), 10**8)
        for unit, part in zip(_UNITS, match.groups(), strict=True)
        if part is not None
    }
    span = timedelta(**counts)
    if not timedelta() < span <= LONGEST:
        raise ValueError(
            Said("{text!r} is not a usable span of time: it must be more than 0 and at most 366d", text=text)
        )
    return span


def spell_span(span: timedelta) -> str:
    """The shortest spelling of ``span``, in whole seconds; what :func:`parse_span` reads back."""
    left = int(span.total_seconds())
    spelt = ""
    for letter, size in (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)):
        count, left = divmod(left, size)
        if count:
            spelt += f"{count}{letter}"
    return spelt
