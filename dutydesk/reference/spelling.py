"""How spans and times of day are written in the district's files."""

from __future__ import annotations

import re
from datetime import time, timedelta
from typing import Final

from dutydesk.i18n import Said

_SPAN: Final = re.compile(r"(?=.)(?:(\d{1,4})d)?(?:(\d{1,4})h)?(?:(\d{1,5})m)?(?:(\d{1,6})s)?", re.ASCII)
_TIME: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)


def span(written: object) -> object:
    """``30m``, ``1h``, ``2d``, ``1h30m``, ``0m`` as a timedelta. Raises ValueError for anything else."""
    found = _SPAN.fullmatch(written) if isinstance(written, str) else None
    if found is None:
        raise ValueError(Said("must be a span such as 30m, 1h, 2d or 1h30m"))
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def time_of_day(written: object) -> object:
    """``"09:00"`` as a time. Raises ValueError for anything else."""
    found = _TIME.fullmatch(written) if isinstance(written, str) else None
    if found is None:
        raise ValueError(Said('must be a local time such as "09:00", in quotes'))
    return time(int(found[1]), int(found[2]))
