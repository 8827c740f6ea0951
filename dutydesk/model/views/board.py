"""What the board shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dutydesk.model.enums import Level
from dutydesk.model.timers import Timer


@dataclass(frozen=True, slots=True)
class BoardIncident:
    """One open incident of the board. Steps and confirmations as ``done`` of ``total``."""

    id: int
    level: Level | None
    level_confirmed: bool
    title: str
    type: str
    town: str
    drill: bool
    steps_done: int
    steps_total: int
    next_step: str
    confirmed: int
    recipients: int
    in_trouble: int
    opened_at: datetime
    playbook: str = ""


@dataclass(frozen=True, slots=True)
class BoardReport:
    """One report that just came in. ``incident`` is ``None`` while it belongs to nothing."""

    id: int
    received_at: datetime
    source: str
    text: str
    town: str
    incident: int | None
    drill: bool


@dataclass(frozen=True, slots=True)
class EngineBeat:
    """The engine's lease as last written. Ages are for the reader's clock to work out."""

    holder: str
    pid: int
    heartbeat_at: datetime | None
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Board:
    """All the board needs, read in one go. ``more_timers`` and ``more_incidents`` are as many as the lists
    have no room for; ``unfiled`` counts reports whether listed or not."""

    timers: tuple[Timer, ...]
    incidents: tuple[BoardIncident, ...]
    reports: tuple[BoardReport, ...]
    engine: EngineBeat | None
    unreached: int
    stale: int
    unfiled: int = 0
    more_timers: int = 0
    more_incidents: int = 0
