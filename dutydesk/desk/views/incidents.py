"""One incident, whole, for reading."""

from __future__ import annotations

from dataclasses import dataclass

from dutydesk.desk.desk import Desk
from dutydesk.model.enums import TimerState
from dutydesk.model.figures import StatedFigure
from dutydesk.model.reports import Incident, Report
from dutydesk.model.timers import Timer
from dutydesk.rules.figures import review
from dutydesk.store.views import incidents, reports, timers


@dataclass(frozen=True, slots=True)
class WholeIncident:
    """``figures`` stand side by side in the order they were stated; superseded ones say so."""

    incident: Incident
    figures: tuple[StatedFigure, ...]
    timers: tuple[Timer, ...]
    reports: tuple[Report, ...]


async def whole_incident(desk: Desk, incident: int) -> WholeIncident:
    """The incident with its figures and all its timers and reports, however many: a clock that is left out is
    one that is missed. Raises NotFound."""
    found = await incidents.incident(desk.reader, incident)
    return WholeIncident(
        found,
        review(await incidents.figures(desk.reader, incident)),
        tuple(await timers.timers(desk.reader, states=list(TimerState), incident=incident, limit=None)),
        tuple(await reports.reports(desk.reader, incident=incident, limit=None)),
    )
