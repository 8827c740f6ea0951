"""Live rows as the frozen values that the rest of the desk speaks in."""

from __future__ import annotations

from dutydesk.model.enums import IncidentStatus, Level
from dutydesk.model.reports import Incident
from dutydesk.store.tables import IncidentRow


def _level(number: int | None) -> Level | None:
    return None if number is None else Level(number)


def incident_value(row: IncidentRow) -> Incident:
    """The incident of ``row``."""
    return Incident(
        id=row.id or 0,
        type=row.type,
        title=row.title,
        place=row.place,
        town=row.town,
        status=IncidentStatus(row.status),
        drill=row.drill,
        occurred_at=row.occurred_at,
        received_at=row.received_at,
        opened_at=row.opened_at,
        opened_by=row.opened_by,
        confirmed_level=_level(row.confirmed_level),
        proposed_level=_level(row.proposed_level),
        possible_level=_level(row.possible_level),
        near_miss=row.near_miss,
        response_level=_level(row.response_level),
        routing=row.routing,
        confirmed_by=row.confirmed_by,
        confirmed_at=row.confirmed_at,
        closed_at=row.closed_at,
        closed_by=row.closed_by,
        close_reason=row.close_reason,
    )
