"""Filing a report that waits: under an open incident, or with a new one of its own."""

from __future__ import annotations

from sqlmodel import col, select

from dutydesk.desk.desk import Desk
from dutydesk.desk.incidents.incidents import open_incident
from dutydesk.desk.incidents.stated import markers_of
from dutydesk.desk.intake.afterwards import afterwards
from dutydesk.desk.intake.reports import (
    LoggedReport,
    filing,
    incident_from,
    same_world,
    with_its_corrections,
)
from dutydesk.desk.officers.authority import require
from dutydesk.desk.timers import arming, clocks
from dutydesk.model.enums import FigureKind, FigureOrigin, Permission
from dutydesk.model.errors import Refused
from dutydesk.model.figures import Figure
from dutydesk.model.officers import Actor
from dutydesk.store.database import Transaction
from dutydesk.store.tables import FigureRow, FilingRow, IncidentRow, ReportRow


async def file_report(
    desk: Desk, actor: Actor, report: int, incident: int | None, *, event_type: str = ""
) -> LoggedReport:
    """Says what a report is about: ``incident``, or a new one of ``event_type`` (the report's own if empty).

    One that was corrected goes where its correction is, and takes along those that wait with it. Raises
    Refused when it is filed already, belongs with a correction elsewhere, or a new incident's type is not
    known.
    """
    require(actor, Permission.OPERATE)
    if event_type:
        desk.event_type(event_type)
    async with (await desk.store()).transaction(actor) as tx:
        row = await tx.get(ReportRow, report)
        filed = await tx.find(FilingRow, report)
        if filed is not None:
            raise Refused(
                "Report {report} is filed under incident {incident} already.",
                report=report,
                incident=filed.incident_id,
            )
        incident = await with_its_corrections(tx, row, incident)
        others = await _waiting_with(tx, row)
        if incident is not None:
            target, is_new = await open_incident(tx, incident), False
            same_world(target, row)
        else:
            in_order = sorted((row, *others), key=lambda each: each.id or 0)
            latest = next((each.type for each in reversed(in_order) if each.type), "")
            if not (event_type or latest):
                raise Refused(
                    "Report {report} has no event type: say which one the new incident has.", report=report
                )
            target, is_new = incident_from(row, number=await tx.next_id(IncidentRow), tx=tx), True
            target.type = event_type or latest
        figures = await _figures(tx, report)
        said = (await markers_of(tx, [report])).get(report, ())
        await tx.insert([filing(each, target, actor, tx) for each in (row, *others)])
        change = await arming.take_in(
            tx,
            desk,
            target,
            row,
            figures,
            said,
            armed_by=actor.login,
            is_new=is_new,
            waited=True,
            others=others,
        )
        for each in (row, *others):
            await clocks.settle_report(tx, each.id or 0)
        now = await afterwards(tx, desk, target)
        tx.journal(
            "report.filed",
            f"report:{report}",
            {
                "incident": target.id,
                "new": is_new,
                "with": [each.id for each in others],
                **change.summary(),
            },
        )
    return LoggedReport(
        report=report,
        incident=target.id,
        type=target.type,
        figures=figures,
        markers=tuple(said),
        proposal=change.proposal,
        timers=change.timers,
        playbooks=now.playbooks,
        routing=target.routing,
        armed=tuple(change.armed),
        facts=change.facts,
        kept=change.kept,
        moved=tuple(change.moved),
        called_off=tuple(change.called_off),
        owed=tuple(change.owed),
        walking=now.walking,
        confirmed=now.confirmed,
    )


async def _waiting_with(tx: Transaction, report: ReportRow) -> list[ReportRow]:
    """The reports that wait as well and belong with this one: what it corrects and what corrects it, all
    the way. Filed alone, it would stand against its own correction."""
    found: dict[int, ReportRow] = {}
    wanted = [report]
    while wanted:
        about = [each.id for each in wanted]
        before = [each.corrects for each in wanted if each.corrects is not None]
        rows = await tx.all(
            select(ReportRow)
            .outerjoin(FilingRow, col(FilingRow.report_id) == col(ReportRow.id))
            .where(
                col(FilingRow.report_id).is_(None),
                col(ReportRow.corrects).in_(about) | col(ReportRow.id).in_(before),
            )
        )
        wanted = [row for row in rows if row.id != report.id and row.id not in found]
        found |= {row.id or 0: row for row in wanted}
    return [found[number] for number in sorted(found)]


async def _figures(tx: Transaction, report: int) -> tuple[Figure, ...]:
    rows = await tx.all(
        select(FigureRow).where(col(FigureRow.report_id) == report).order_by(col(FigureRow.id))
    )
    return tuple(
        Figure(FigureKind(row.kind), row.value, row.unknown, FigureOrigin(row.origin)) for row in rows
    )
