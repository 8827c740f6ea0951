"""Reports, one by one, listed and searched."""

from __future__ import annotations

from collections.abc import Sequence

from dutydesk.model.enums import FigureKind, FigureOrigin, ReportSource
from dutydesk.model.errors import NotFound
from dutydesk.model.figures import Figure
from dutydesk.model.instants import from_stored
from dutydesk.model.markers import Marker, MarkerState
from dutydesk.model.reports import Report
from dutydesk.store import search as index
from dutydesk.store.reader import Reader, Rows
from dutydesk.store.views.query import Query, columns, instant

_NAMES = (
    "id, type, text, source, caller, phone, place, town, occurred_at, received_at, logged_at, logged_by, "
    "drill, routing, corrects"
)
_SELECT = (
    f"SELECT {columns('r', _NAMES)}, f.incident_id FROM report r LEFT JOIN filing f ON f.report_id = r.id"
)


async def report(reader: Reader, id: int) -> Report:  # noqa: A002
    """The report of that number, with its figures. Raises NotFound."""
    found = await reports_of(reader, [id])
    if not found:
        raise NotFound("There is no report {id}: check the number.", id=id)
    return found[0]


async def reports(
    reader: Reader,
    *,
    before: int | None = None,
    limit: int | None = 50,
    incident: int | None = None,
    unfiled: bool = False,
) -> list[Report]:
    """Reports with their figures, the newest number first. ``before``: only numbers below this one."""
    query = Query(_SELECT)
    if before is not None:
        query.where("r.id < {}", before)
    if incident is not None:
        query.where("f.incident_id = {}", incident)
    if unfiled:
        query.where("f.incident_id IS NULL")
    return await _whole(reader, await query.end("r.id DESC", limit).rows(reader))


async def reports_of(reader: Reader, ids: Sequence[int]) -> list[Report]:
    """The reports of these numbers in this order; numbers that do not exist are left out."""
    rows = await Query(_SELECT).where_in("r.id", ids).rows(reader)
    found = {one.id: one for one in await _whole(reader, rows)}
    return [found[id_] for id_ in ids if id_ in found]


async def search(reader: Reader, query: str, limit: int = 50, before: int | None = None) -> list[int]:
    """The numbers of the reports in whose text, place, town or caller every word of ``query`` occurs,
    the newest first."""
    return await index.search(reader, "report", query, limit=limit, before=before)


async def corrections_of(reader: Reader, id: int) -> list[int]:  # noqa: A002
    """The numbers of the reports that correct this one, the oldest first."""
    return [row[0] for row in await reader.rows("SELECT id FROM report WHERE corrects = $1 ORDER BY id", id)]


def figure_of(kind: str, value: float | None, unknown: object, origin: str) -> Figure:
    """A figure from its columns."""
    return Figure(FigureKind(kind), value, bool(unknown), FigureOrigin(origin))


def marker_of(name: str, state: str, origin: str) -> Marker:
    """A marker from its columns."""
    return Marker(name, MarkerState(state), FigureOrigin(origin))


async def _whole(reader: Reader, rows: Rows) -> list[Report]:
    figures: dict[int, list[Figure]] = {row[0]: [] for row in rows}
    markers: dict[int, list[Marker]] = {row[0]: [] for row in rows}
    if figures:
        stated = Query("SELECT report_id, kind, value, unknown, origin FROM figure")
        for report_id, *stored in await stated.where_in("report_id", figures).end("id").rows(reader):
            figures[report_id].append(figure_of(*stored))
        said = Query("SELECT report_id, name, state, origin FROM marker")
        for report_id, *stored in await said.where_in("report_id", figures).end("id").rows(reader):
            markers[report_id].append(marker_of(*stored))
    return [
        Report(
            id=row[0],
            type=row[1],
            text=row[2],
            source=ReportSource(row[3]),
            caller=row[4],
            phone=row[5],
            place=row[6],
            town=row[7],
            occurred_at=instant(row[8]),
            received_at=from_stored(row[9]),
            logged_at=from_stored(row[10]),
            logged_by=row[11],
            drill=bool(row[12]),
            routing=row[13],
            corrects=row[14],
            incident=row[15],
            figures=tuple(figures[row[0]]),
            markers=tuple(markers[row[0]]),
        )
        for row in rows
    ]
