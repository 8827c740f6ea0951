"""Reports and the incidents they are about, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dutydesk.model.enums import IncidentStatus, Level, ReportSource
from dutydesk.model.figures import Figure, StatedFigure
from dutydesk.model.grading import Proposal
from dutydesk.model.markers import Marker


@dataclass(frozen=True, slots=True)
class Report:
    """One incoming message, immutable once logged. Occurred, received and logged are kept apart."""

    id: int
    type: str
    text: str
    source: ReportSource
    caller: str
    phone: str
    place: str
    town: str
    occurred_at: datetime | None
    received_at: datetime
    logged_at: datetime
    logged_by: str
    drill: bool
    routing: str
    corrects: int | None = None
    incident: int | None = None
    figures: tuple[Figure, ...] = ()
    markers: tuple[Marker, ...] = ()


@dataclass(frozen=True, slots=True)
class Incident:
    """What reports are about. ``confirmed_level`` is a person's, ``proposal`` is computed."""

    id: int
    type: str
    title: str
    place: str
    town: str
    status: IncidentStatus
    drill: bool
    occurred_at: datetime | None
    received_at: datetime
    opened_at: datetime
    opened_by: str
    confirmed_level: Level | None
    proposed_level: Level | None
    possible_level: Level | None
    near_miss: bool
    response_level: Level | None = None
    routing: str = ""
    confirmed_by: str = ""
    confirmed_at: datetime | None = None
    closed_at: datetime | None = None
    closed_by: str = ""
    close_reason: str = ""

    @property
    def effective_level(self) -> Level | None:
        """The level that deadlines are judged by: a person's if one was given, else the computed one."""
        return self.confirmed_level if self.confirmed_level is not None else self.proposed_level


@dataclass(frozen=True, slots=True)
class Routing:
    """Where a place belongs. ``rule`` is empty inside the district's own area."""

    town: str
    rule: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What the desk takes out of a narrative as it is typed: all of it a proposal to be corrected."""

    type: str
    type_inferred: bool
    figures: tuple[Figure, ...]
    proposal: Proposal
    routing: Routing
    playbooks: tuple[str, ...]
    markers: tuple[Marker, ...] = ()
    duplicates: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class IncidentFigures:
    """All that was stated, and what counts now."""

    stated: tuple[StatedFigure, ...]
    current: tuple[Figure, ...]
