"""Short times for the doors that may not know the rules."""

from __future__ import annotations

from datetime import datetime

from dutydesk.desk.desk import Desk
from dutydesk.rules.times import parse_short


def typed_time(desk: Desk, typed: str, *, now: datetime | None = None) -> datetime:
    """The moment ``0215``, ``-20m`` or ``昨2330`` means, in UTC; ``now`` is what it counts from, the desk's
    present where it is left out. Raises BadInput."""
    return parse_short(typed, now or desk.clock.now(), desk.zone)
