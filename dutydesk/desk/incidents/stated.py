"""All that was stated about an incident, and when it was: what a grade rests on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from dutydesk.desk.desk import Desk
from dutydesk.desk.incidents import grades
from dutydesk.model.enums import FigureKind, FigureOrigin, Level
from dutydesk.model.figures import Figure, StatedFigure
from dutydesk.model.markers import Marker, MarkerState
from dutydesk.rules.figures import current, taken_back
from dutydesk.rules.standing import standing
from dutydesk.store.database import Transaction
from dutydesk.store.tables import FigureRow, FilingRow, IncidentRow, MarkerRow, ReportRow


@dataclass(frozen=True, slots=True)
class Stated:
    """All that was stated about an incident, in the order it was received: figures, and the circumstances
    that grading tables know, as they stand now (``markers``). A figure that a correction states anew is
    superseded, and a report of which a correction tells anew what has happened marks nothing."""

    figures: tuple[StatedFigure, ...]
    markers: tuple[Marker, ...]


async def stated_about(tx: Transaction, incident: int, *, without: Collection[int] = ()) -> Stated:
    """Everything that was ever stated about an incident, as if the reports ``without`` were not there."""
    reports = await tx.all(
        select(ReportRow)
        .join(FilingRow, col(FilingRow.report_id) == col(ReportRow.id))
        .where(col(FilingRow.incident_id) == incident, col(ReportRow.id).not_in(without))
        .order_by(col(ReportRow.received_at), col(ReportRow.id))
    )
    corrected = _told_anew(reports)
    by_id = {report.id or 0: report for report in reports}
    rows = await tx.all(
        select(FigureRow).where(col(FigureRow.report_id).in_(by_id)).order_by(col(FigureRow.id))
    )
    kinds: defaultdict[int, set[FigureKind]] = defaultdict(set)
    for row in rows:
        kinds[row.report_id].add(FigureKind(row.kind))
    replaced = taken_back({report.id or 0: report.corrects for report in reports}, kinds)
    figures = [
        StatedFigure(
            figure=Figure(FigureKind(row.kind), row.value, row.unknown, FigureOrigin(row.origin)),
            report=row.report_id,
            report_source=by_id[row.report_id].source,
            stated_at=by_id[row.report_id].received_at,
            superseded=(row.report_id, row.kind) in replaced,
            caller=by_id[row.report_id].caller,
            phone=by_id[row.report_id].phone,
        )
        for row in rows
    ]
    told = await markers_of(tx, list(by_id))
    said = [each for report in by_id if report not in corrected for each in told.get(report, ())]
    return Stated(
        tuple(sorted(figures, key=lambda figure: (figure.stated_at, figure.report))),
        standing(said),
    )


async def markers_of(tx: Transaction, reports: Sequence[int]) -> Mapping[int, Sequence[Marker]]:
    """The markers of each of ``reports`` as they were put on record; a report without any is left out."""
    rows = await tx.all(
        select(MarkerRow).where(col(MarkerRow.report_id).in_(reports)).order_by(col(MarkerRow.id))
    )
    found: dict[int, list[Marker]] = {}
    for row in rows:
        marker = Marker(row.name, MarkerState(row.state), FigureOrigin(row.origin))
        found.setdefault(row.report_id, []).append(marker)
    return found


async def current_figures(tx: Transaction, incident: int) -> tuple[Figure, ...]:
    """The figures of an incident that count now."""
    return current((await stated_about(tx, incident)).figures)


async def told_at(
    tx: Transaction, desk: Desk, incident: IncidentRow, stated: Stated, level: Level | None
) -> datetime:
    """When the desk was told what a grade rests on: with the first report after which the figures prove
    ``level``. Where they never do, the grade rests on what was told last."""
    reports = await tx.all(
        select(ReportRow)
        .join(FilingRow, col(FilingRow.report_id) == col(ReportRow.id))
        .where(col(FilingRow.incident_id) == incident.id)
        .order_by(col(ReportRow.received_at), col(ReportRow.id))
    )
    corrected = _told_anew(reports)
    told = await markers_of(tx, [report.id or 0 for report in reports])
    known: list[StatedFigure] = []
    said: list[Marker] = []
    for report in reports:
        known.extend(figure for figure in stated.figures if figure.report == report.id)
        if report.id not in corrected:
            said.extend(told.get(report.id or 0, ()))
        so_far = grades.propose(
            desk.reference, incident.type, current(known), markers=standing(said)
        ).proposed
        if level is not None and so_far.level is not None and so_far.level.at_least(level):
            return report.received_at
    return reports[-1].received_at if reports else incident.received_at


def _told_anew(reports: Sequence[ReportRow]) -> set[int]:
    """The reports of which a correction tells anew what has happened, so that their words no longer count.
    One that puts only a number or a place right leaves them."""
    corrects = {report.id: report.corrects for report in reports}
    found: set[int] = set()
    for report in reports:
        earlier = report.corrects if report.type else None
        while earlier is not None:
            found.add(earlier)
            earlier = corrects.get(earlier)
    return found
