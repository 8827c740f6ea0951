"""The clock a process runs on, from ``DUTYDESK_CLOCK``: the wall clock, or a rehearsal that several processes
share."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

from dutydesk.model.clock import Clock, RehearsalClock, SystemClock
from dutydesk.model.errors import ConfigError

CLOCK_VARIABLE: Final = "DUTYDESK_CLOCK"
MAX_RATE: Final = 100_000.0
_SPELLING: Final = re.compile(
    r"(?P<start>\S+)(?:\s+x(?P<rate>\d+(?:\.\d+)?))?(?:\s+@(?P<origin>\S+))?", re.ASCII
)


def clock_from(text: str | None) -> Clock:
    """The clock that ``text`` describes; the wall clock where it is empty or None.

    ``START [xRATE] [@ORIGIN]``: it stood at START when the wall clock stood at ORIGIN (now, where ORIGIN is
    left out) and runs RATE times as fast (1). START and ORIGIN are ISO 8601 with their offset, such as
    ``2026-11-23T02:40:00+08:00 x60 @2026-11-23T10:00:00+08:00``. Processes given an ORIGIN agree on the time.

    Raises ConfigError for anything else.
    """
    if text is None or not text.strip():
        return SystemClock()
    found = _SPELLING.fullmatch(text.strip())
    if found is None:
        raise _wrong(text)
    rate = float(found["rate"] or 1)
    if not 0 < rate <= MAX_RATE:
        raise _wrong(text)
    origin = _moment(found["origin"], text) if found["origin"] else datetime.now(UTC)
    return RehearsalClock(start=_moment(found["start"], text), origin=origin, rate=rate)


def spelled(clock: RehearsalClock) -> str:
    """What to put into ``DUTYDESK_CLOCK`` of another process so that it shares ``clock``."""
    return f"{clock.start.isoformat()} x{clock.rate:f} @{clock.origin.isoformat()}"


def _moment(written: str, text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError as error:
        raise _wrong(text) from error
    if moment.tzinfo is None:
        raise _wrong(text)
    return moment.astimezone(UTC)


def _wrong(text: str) -> ConfigError:
    return ConfigError(
        "DUTYDESK_CLOCK is {text!r}: write START [xRATE] [@ORIGIN], such as "
        "2026-11-23T02:40:00+08:00 x60 @2026-11-23T10:00:00+08:00, times with their offset.",
        text=text[:100],
    )
