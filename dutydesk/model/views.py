"""What a screen or a listing shows: frozen rows, read by plain SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dutydesk.model.deadlines import Timer
from dutydesk.model.enums import Level, RunStatus


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
    """All the board needs, read in one go."""

    timers: tuple[Timer, ...]
    incidents: tuple[BoardIncident, ...]
    reports: tuple[BoardReport, ...]
    engine: EngineBeat | None
    unreached: int
    stale: int
    unfiled: int = 0


@dataclass(frozen=True, slots=True)
class Subject:
    """What a journal entry is about, such as ``timer:12``. ``code`` is a timer's rule or a run's playbook;
    ``name`` comes from outside: an incident's title, a timer's subject, a notice's text, a recipient."""

    incident: int | None
    name: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A line of the ledger: a report or a journal entry. ``kind`` is ``report`` or ``journal``;
    its time, kind and number, in this order, place it. ``actor`` is an officer's name where there is one.
    A journal entry's ``text`` is its subject and ``payload`` canonical JSON; ``about`` is what it is about,
    as far as that has a name."""

    kind: str
    id: int
    at: datetime
    actor: str
    what: str
    text: str
    incident: int | None
    payload: str = ""
    about: tuple[Subject, ...] = ()


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A run as stored. ``source`` is the exact YAML it started with; the walker makes a walk of it."""

    id: int
    incident: int
    playbook: str
    source: str
    source_hash: str
    status: RunStatus
    drill: bool
    steps_done: int
    steps_total: int
    next_step: str
    started_at: datetime
    started_by: str
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RunEventRecord:
    """One thing that happened in a run, as stored; ``value`` is what its JSON says."""

    id: int
    run: int
    step: str
    action: str
    value: object
    reason: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Shift:
    """A shift. ``ended_at`` is ``None`` while it runs."""

    id: int
    started_at: datetime
    started_by: str
    leader: str
    officers: tuple[str, ...]
    ended_at: datetime | None = None
    ended_by: str = ""


@dataclass(frozen=True, slots=True)
class OpenItem:
    """Something that a shift would hand over. ``kind``: ``report``, ``timer``, ``incident``, ``broadcast`` or
    ``delivery``; ``since`` is its due time for a timer. ``incident`` is the one it belongs to, ``about`` the
    notice it is about, ``code`` a timer's rule."""

    kind: str
    id: int
    text: str
    since: datetime
    incident: int | None = None
    about: int | None = None
    code: str = ""


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """One thing that happened about an incident. ``kind``: ``report``, ``note``, ``notice`` or ``journal``;
    ``what`` is a report's source, a notice's state or a journal entry's action; ``id`` is the number of its
    kind. ``about`` is the id of the step, playbook or deadline rule it was done to, ``value`` what was
    answered or given. ``text`` comes from outside."""

    kind: str
    id: int
    at: datetime
    actor: str
    what: str
    text: str
    about: str = ""
    value: str = ""
