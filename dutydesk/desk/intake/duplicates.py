"""The open incidents that a report being typed may be about already: a second caller tells of the same
thing in other words."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from dutydesk.desk.desk import Desk
from dutydesk.model.enums import IncidentStatus
from dutydesk.model.reports import Incident, Reading
from dutydesk.store.views import incidents

WINDOW: Final = timedelta(hours=6)
"""Only what came in so recently is taken for the same thing."""
CLOSE: Final = timedelta(hours=1)
"""An unknown type in the same town counts only this close together."""
LOOKED_AT: Final = 200
SHOWN: Final = 4


async def likely(
    desk: Desk, reading: Reading, *, received_at: datetime, drill: bool, place: str = ""
) -> tuple[Incident, ...]:
    """Open incidents of the same world (drill or real) that this report may be about, the likeliest first."""
    found = [
        (score, incident)
        for incident in await incidents.incidents(
            desk.reader, IncidentStatus.OPEN, drill=drill, limit=LOOKED_AT
        )
        if (score := _score(incident, reading, received_at, place))
    ]
    found.sort(key=lambda pair: (-pair[0], -pair[1].received_at.timestamp()))
    return tuple(incident for _, incident in found[:SHOWN])


async def open_incidents(desk: Desk) -> tuple[Incident, ...]:
    """All the open incidents, the newest first, for choosing one."""
    return tuple(await incidents.incidents(desk.reader, IncidentStatus.OPEN, limit=None))


async def incident_of(desk: Desk, number: int) -> Incident:
    """One incident. Raises NotFound."""
    return await incidents.incident(desk.reader, number)


def _score(incident: Incident, reading: Reading, received_at: datetime, place: str) -> int:
    apart = abs(received_at - incident.received_at)
    if apart > WINDOW:
        return 0
    town = reading.routing.town
    same_town = bool(town) and incident.town == town
    no_town = not town or not incident.town
    same_place = bool(place) and place == incident.place
    if reading.type and incident.type == reading.type:
        return 4 if same_town or same_place else 2 if no_town else 0
    return (1 if apart <= CLOSE else 0) if same_town and (not reading.type or not incident.type) else 0
