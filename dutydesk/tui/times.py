"""How moments and spans are told on the screen: short, of one width, and in words when they are far."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from dutydesk.i18n import _
from dutydesk.tui.lines import Role

SOON = timedelta(minutes=15)
"""From here on a clock is shown as about to be late."""
WIDTH = 8
"""Cells that :func:`remaining` takes at the most."""


def remaining(due: datetime, now: datetime, *, seconds: bool = True) -> tuple[str, Role]:
    """What is left until ``due`` (or how long it is past), and the role it is shown in.

    Within the hour by the second (``00:12:31``), further away by the minute, so that only what is near moves.
    The text is the same before and after ``due``: the row says in a word of its own that it is late.
    """
    left = due - now
    late = left < timedelta(0)
    whole = int(abs(left).total_seconds())
    role = "late" if late else "soon" if left <= SOON else "text"
    if whole < 3600 and seconds:
        return f"00:{whole // 60:02}:{whole % 60:02}", role
    return span(timedelta(seconds=whole)), role


def span(length: timedelta) -> str:
    """A length of time in two units: ``42 min``, ``1h 05m``, ``2d 03h``."""
    hours, minutes = divmod(int(length.total_seconds()) // 60, 60)
    if hours < 1:
        return _("{minutes} min", minutes=minutes)
    if hours < 24:
        return _("{hours}h {minutes}m", hours=hours, minutes=f"{minutes:02}")
    return _("{days}d {hours}h", days=hours // 24, hours=f"{hours % 24:02}")


def clock(moment: datetime, zone: tzinfo) -> str:
    """``02:41:07`` in the district's zone."""
    return moment.astimezone(zone).strftime("%H:%M:%S")


def short(moment: datetime, now: datetime, zone: tzinfo) -> str:
    """``02:41`` today, ``11-22 02:41`` otherwise."""
    local = moment.astimezone(zone)
    return local.strftime("%H:%M" if local.date() == now.astimezone(zone).date() else "%m-%d %H:%M")
