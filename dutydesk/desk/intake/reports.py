"""Logging a report: the one command that must never fail an officer with a phone at the ear. Report, figures,
incident, grade, clocks and journal are one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlmodel import col, select

from dutydesk.desk.desk import Desk
from dutydesk.desk.incidents.facts import Changed, Kept
from dutydesk.desk.incidents.grades import grade_document
from dutydesk.desk.incidents.incidents import open_incident
from dutydesk.desk.intake import drafts
from dutydesk.desk.intake.afterwards import Walking, afterwards
from dutydesk.desk.intake.reading import ReportForm, cleaned, read
from dutydesk.desk.officers.authority import require
from dutydesk.desk.timers import arming
from dutydesk.desk.timers.changes import CalledOff, Moved
from dutydesk.model.enums import IncidentStatus, Level, Permission
from dutydesk.model.errors import NotFound, Refused
from dutydesk.model.figures import Figure
from dutydesk.model.grading import Proposal
from dutydesk.model.markers import Marker
from dutydesk.model.officers import Actor
from dutydesk.model.reports import Reading
from dutydesk.model.timers import Timer
from dutydesk.rules.corrections import stated_anew
from dutydesk.rules.event_types import fits
from dutydesk.rules.titles import title_of
from dutydesk.store.database import Transaction
from dutydesk.store.tables import FigureRow, FilingRow, IncidentRow, MarkerRow, ReportRow

__all__ = ["LoggedReport", "ReportForm", "log_report"]


@dataclass(frozen=True, slots=True)
class LoggedReport:
    """A report on record, and what the desk made of it. ``incident`` is ``None`` while it is unfiled.

    ``proposal`` is over all that was stated about the incident so far; ``routing`` is the rule's id.
    ``facts`` are what it put right about the incident, ``kept`` what it states and other reports stand
    against. ``armed`` are the rules of new clocks; ``moved`` and ``called_off`` are clocks that ran
    already; ``owed`` are the rules of those that the corrected facts do not call for and that were late
    before. ``walking`` are the runs under way, ``confirmed`` is a person's grade, which stays.
    """

    report: int
    incident: int | None
    type: str
    figures: tuple[Figure, ...]
    proposal: Proposal
    timers: tuple[Timer, ...]
    playbooks: tuple[str, ...]
    routing: str
    armed: tuple[str, ...] = ()
    facts: tuple[Changed, ...] = ()
    kept: tuple[Kept, ...] = ()
    moved: tuple[Moved, ...] = ()
    called_off: tuple[CalledOff, ...] = ()
    owed: tuple[str, ...] = ()
    walking: tuple[Walking, ...] = ()
    confirmed: Level | None = None
    markers: tuple[Marker, ...] = ()

    @property
    def tightened(self) -> tuple[str, ...]:
        """The rules of the clocks that are due earlier now."""
        return tuple(each.rule for each in self.moved if each.due < each.was)

    @property
    def cancelled(self) -> tuple[str, ...]:
        """The rules of the clocks that this report ended."""
        return tuple(each.rule for each in self.called_off)

    @property
    def unsettles(self) -> bool:
        """Whether it did anything to facts or clocks that were there before it. What it adds unsettles
        nothing."""
        overruled = any(each.was for each in self.facts)
        return bool(overruled or self.kept or self.moved or self.called_off or self.owed)

    def as_document(self) -> Mapping[str, object]:
        """The command line's document: ``{"report","incident","figures","proposed","timers",…}``."""
        return {
            "report": self.report,
            "incident": self.incident,
            "type": self.type,
            "figures": self.figures,
            "markers": self.markers,
            "proposed": grade_document(self.proposal.proposed),
            "possible": grade_document(self.proposal.possible),
            "to_find_out": self.proposal.to_find_out,
            "near_miss": self.proposal.near_miss,
            "timers": self.timers,
            "armed": self.armed,
            "tightened": self.tightened,
            "cancelled": self.cancelled,
            "called_off": self.called_off,
            "moved": self.moved,
            "owed": self.owed,
            "facts": self.facts,
            "kept": self.kept,
            "confirmed": self.confirmed,
            "walking": self.walking,
            "playbooks": self.playbooks,
            "routing": self.routing,
        }


async def log_report(desk: Desk, actor: Actor, form: ReportForm) -> LoggedReport:
    """Puts a report on record. When this returns, it is durable.

    A report that names no incident opens one, unless its type cannot be told or the form says not to; then it
    waits unfiled, with a clock of its own. A correction is about what the corrected report is about. Raises
    BadInput, NotFound, Refused (a closed incident, a correction under another one, a drill report about a
    real incident or the reverse).
    """
    require(actor, Permission.OPERATE)
    form = cleaned(form, desk.clock.now(), desk.zone)
    reading = read(desk, form)
    async with (await desk.store()).transaction(actor) as tx:
        if form.corrects is not None:
            reading = await _as_correction(tx, desk, form, reading)
        report = _report_row(form, reading, actor, tx, number=await tx.next_id(ReportRow))
        incident, is_new = await _incident_for(tx, form, reading, report)
        await tx.insert([report, *_figure_rows(report.id or 0, reading.figures)])
        await tx.insert(_marker_rows(report.id or 0, reading.markers))
        if incident is None:
            change = await arming.arm_unfiled(tx, desk, report, reading.proposal)
        else:
            await tx.insert([filing(report, incident, actor, tx)])
            change = await arming.take_in(
                *(tx, desk, incident, report, reading.figures, reading.markers),
                armed_by=actor.login,
                is_new=is_new,
            )
        alone = incident is None or (is_new and form.corrects is None)
        now = None if incident is None or alone else await afterwards(tx, desk, incident)
        if form.draft:
            await drafts.mark_logged(tx, form.draft, report.id or 0)
        tx.journal(
            "report.logged",
            f"report:{report.id}",
            {
                "incident": incident.id if incident else None,
                "type": report.type,
                "source": report.source,
                "text": report.text,
                "received_at": report.received_at,
                "occurred_at": report.occurred_at,
                "drill": report.drill,
                "corrects": report.corrects,
                "figures": {f.kind: f.value for f in reading.figures},
                "markers": {m.name: [m.state, m.origin] for m in reading.markers},
                "proposed_level": change.proposal.proposed.level,
                "timers": [timer.rule for timer in change.timers],
                **change.summary(),
            },
        )
    return LoggedReport(
        report=report.id or 0,
        incident=incident.id if incident else None,
        type=reading.type,
        figures=reading.figures,
        markers=reading.markers,
        proposal=change.proposal,
        timers=change.timers,
        playbooks=reading.playbooks if now is None else now.playbooks,
        routing=report.routing if incident is None else incident.routing,
        armed=tuple(change.armed),
        facts=change.facts,
        kept=change.kept,
        moved=tuple(change.moved),
        called_off=tuple(change.called_off),
        owed=tuple(change.owed),
        walking=() if now is None else now.walking,
        confirmed=None if now is None else now.confirmed,
    )


def filing(report: ReportRow, incident: IncidentRow, actor: Actor, tx: Transaction) -> FilingRow:
    """The row that says which incident a report is about."""
    return FilingRow(
        report_id=report.id or 0, incident_id=incident.id or 0, filed_at=tx.now, filed_by=actor.login
    )


def incident_from(report: ReportRow, *, number: int, tx: Transaction) -> IncidentRow:
    """A new incident about ``report``."""
    return IncidentRow(
        id=number,
        type=report.type,
        title=title_of(report.text),
        place=report.place,
        town=report.town,
        routing=report.routing,
        status=IncidentStatus.OPEN,
        drill=report.drill,
        occurred_at=report.occurred_at,
        received_at=report.received_at,
        opened_at=tx.now,
        opened_by=tx.actor.login,
    )


def same_world(incident: IncidentRow, report: ReportRow) -> None:
    """A drill and the real thing never mix. Raises Refused."""
    if incident.drill and not report.drill:
        raise Refused(
            "Incident {id} is a drill and this report is real: leave --incident off, or log it with --drill.",
            id=incident.id,
        )
    if report.drill and not incident.drill:
        raise Refused(
            "Incident {id} is real and this report a drill: leave --incident off, or log it without --drill.",
            id=incident.id,
        )


async def with_its_corrections(tx: Transaction, report: ReportRow, incident: int | None) -> int | None:
    """The incident that ``report`` belongs under: ``incident``, or where the report is that it corrects or
    is corrected by. Raises Refused where that is another one: there the corrected figures would still count.
    """
    corrected = None if report.corrects is None else await tx.find(FilingRow, report.corrects)
    if corrected is not None:
        filed = [corrected]
    else:
        about = [number for number in (report.id, report.corrects) if number is not None]
        filed = await tx.all(
            select(FilingRow)
            .join(ReportRow, col(ReportRow.id) == col(FilingRow.report_id))
            .where(col(ReportRow.corrects).in_(about))
            .order_by(col(FilingRow.report_id))
        )
    if not filed or incident in {one.incident_id for one in filed}:
        return incident
    if incident is not None:
        raise Refused(
            "Report {report} is under incident {filed}, and a correction belongs with what it corrects: "
            "leave --incident off, or say {filed}.",
            report=filed[0].report_id,
            filed=filed[0].incident_id,
        )
    return filed[0].incident_id


async def _incident_for(
    tx: Transaction, form: ReportForm, reading: Reading, report: ReportRow
) -> tuple[IncidentRow | None, bool]:
    """The incident a report is about and whether it is new; ``None`` for a report that waits unfiled.

    A new one is not inserted yet: grading fills it in first.
    """
    about = form.incident
    if form.corrects is not None:
        corrected = await tx.find(ReportRow, form.corrects)
        if corrected is None:
            raise NotFound("There is no report {id} to correct.", id=form.corrects)
        _same_world_as_corrected(corrected, report)
        about = await with_its_corrections(tx, report, about)
    if about is not None:
        incident = await open_incident(tx, about)
        same_world(incident, report)
        return incident, False
    if not form.opens_incident or not reading.type:
        return None, False
    return incident_from(report, number=await tx.next_id(IncidentRow), tx=tx), True


async def _as_correction(tx: Transaction, desk: Desk, form: ReportForm, reading: Reading) -> Reading:
    """``reading`` of a correction that names no type: where its words fit the incident's own, one that they
    fit better is a guess, and does not make it another kind of event (a fire whose gas is shut off)."""
    filed = await tx.find(FilingRow, form.corrects or 0)
    if filed is None or form.type or not reading.type:
        return reading
    standing = desk.reference.event_types.get((await tx.get(IncidentRow, filed.incident_id)).type)
    if standing is None or not fits(stated_anew(form.text), standing):
        return reading
    return read(desk, replace(form, type=standing.code))


def _same_world_as_corrected(corrected: ReportRow, report: ReportRow) -> None:
    if corrected.drill and not report.drill:
        raise Refused(
            "Report {id} is a drill and its correction is not: log the correction with --drill.",
            id=corrected.id,
        )
    if report.drill and not corrected.drill:
        raise Refused(
            "Report {id} is real and its correction a drill: log the correction without --drill.",
            id=corrected.id,
        )


def _report_row(
    form: ReportForm, reading: Reading, actor: Actor, tx: Transaction, *, number: int
) -> ReportRow:
    return ReportRow(
        id=number,
        type=reading.type,
        text=form.text,
        source=form.source,
        caller=form.caller,
        phone=form.phone,
        place=form.place,
        town=reading.routing.town,
        routing=reading.routing.rule,
        occurred_at=form.occurred_at,
        received_at=form.received_at or tx.now,
        logged_at=tx.now,
        logged_by=actor.login,
        console=actor.console,
        drill=form.drill,
        corrects=form.corrects,
        gbt35561=None,
    )


def _figure_rows(report: int, figures: tuple[Figure, ...]) -> list[FigureRow]:
    return [
        FigureRow(report_id=report, kind=f.kind, value=f.value, unknown=f.unknown, origin=f.origin)
        for f in figures
    ]


def _marker_rows(report: int, markers: tuple[Marker, ...]) -> list[MarkerRow]:
    return [MarkerRow(report_id=report, name=m.name, state=m.state, origin=m.origin) for m in markers]
