"""Incidents and the figures stated about them."""

from __future__ import annotations

from typing import Any

from dutydesk.model.enums import IncidentStatus, Level
from dutydesk.model.errors import NotFound
from dutydesk.model.figures import StatedFigure
from dutydesk.model.instants import from_stored
from dutydesk.model.reports import Incident
from dutydesk.store.reader import Reader
from dutydesk.store.views.query import Query, instant
from dutydesk.store.views.reports import figure_of

_SELECT = (
    "SELECT id, type, title, place, town, status, drill, occurred_at, received_at, opened_at, opened_by, "
    "confirmed_level, proposed_level, possible_level, near_miss, response_level, routing, confirmed_by, "
    "confirmed_at, closed_at, closed_by, close_reason FROM incident"
)


async def incident(reader: Reader, id: int) -> Incident:  # noqa: A002
    """The incident of that number. Raises NotFound."""
    rows = await Query(_SELECT).where("id = {}", id).rows(reader)
    if not rows:
        raise NotFound("There is no incident {id}: check the number.", id=id)
    return _incident(rows[0])


async def incidents(
    reader: Reader,
    status: IncidentStatus | None = None,
    *,
    drill: bool | None = None,
    before: int | None = None,
    limit: int | None = 50,
) -> list[Incident]:
    """Incidents, the newest number first. ``before``: only numbers below this one."""
    query = Query(_SELECT)
    if status is not None:
        query.where("status = {}", str(status))
    if drill is not None:
        query.where("drill" if drill else "NOT drill")
    if before is not None:
        query.where("id < {}", before)
    return [_incident(row) for row in await query.end("id DESC", limit).rows(reader)]


async def figures(reader: Reader, incident_id: int) -> tuple[StatedFigure, ...]:
    """Every figure stated about an incident, in the order in which it was stated.

    One is superseded here when a correction of its report, or of a correction of it, states the same kind
    anew; what its own source has said since is for the rules to weigh.
    """
    rows = await reader.rows(
        "WITH RECURSIVE correction(of, id) AS ("
        "SELECT g.report_id, c.id FROM filing g JOIN report c ON c.corrects = g.report_id"
        " WHERE g.incident_id = $1"
        " UNION SELECT before.of, c.id FROM correction before JOIN report c ON c.corrects = before.id) "
        "SELECT f.kind, f.value, f.unknown, f.origin, r.id, r.source, r.caller, r.phone, r.received_at, "
        "EXISTS (SELECT 1 FROM correction c JOIN figure x ON x.report_id = c.id"
        " WHERE c.of = r.id AND x.kind = f.kind) "
        "FROM filing g JOIN report r ON r.id = g.report_id JOIN figure f ON f.report_id = r.id "
        "WHERE g.incident_id = $1 ORDER BY r.received_at, r.id, f.id",
        incident_id,
    )
    return tuple(
        StatedFigure(
            figure_of(kind, value, unknown, origin),
            report,
            source,
            from_stored(received_at),
            bool(corrected),
            caller,
            phone,
        )
        for kind, value, unknown, origin, report, source, caller, phone, received_at, corrected in rows
    )


def _level(value: int | None) -> Level | None:
    return None if value is None else Level(value)


def _incident(row: tuple[Any, ...]) -> Incident:
    (
        id_, type_, title, place, town, status, drill, occurred_at, received_at, opened_at, opened_by,
        confirmed, proposed, possible, near_miss, response, routing, confirmed_by, confirmed_at, closed_at,
        closed_by, close_reason,
    ) = row  # fmt: skip
    return Incident(
        id=id_,
        type=type_,
        title=title,
        place=place,
        town=town,
        status=IncidentStatus(status),
        drill=bool(drill),
        occurred_at=instant(occurred_at),
        received_at=from_stored(received_at),
        opened_at=from_stored(opened_at),
        opened_by=opened_by,
        confirmed_level=_level(confirmed),
        proposed_level=_level(proposed),
        possible_level=_level(possible),
        near_miss=bool(near_miss),
        response_level=_level(response),
        routing=routing,
        confirmed_by=confirmed_by,
        confirmed_at=instant(confirmed_at),
        closed_at=instant(closed_at),
        closed_by=closed_by,
        close_reason=close_reason,
    )
