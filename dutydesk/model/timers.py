"""The timers that deadline rules, steps and reminders arm."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from dutydesk.model.enums import TimerKind, TimerState


@dataclass(frozen=True, slots=True)
class Timer:
    """A timer as it stands. ``late`` is how long after ``due`` it fired or was met, if it was late.

    ``level`` counts the escalation levels told so far. ``anchor`` is empty for a reminder.
    """

    id: int
    kind: TimerKind
    rule: str
    subject: str
    anchor: str
    anchor_at: datetime | None
    due: datetime
    state: TimerState
    level: int
    source: str
    verified: bool
    drill: bool
    incident: int | None = None
    run: int | None = None
    step: str = ""
    broadcast: int | None = None
    report: int | None = None
    note: str = ""
    reason: str = ""
    late: timedelta | None = None
    fired_at: datetime | None = None
    met_at: datetime | None = None
    acknowledged_by: str = ""
    armed_by: str = ""
