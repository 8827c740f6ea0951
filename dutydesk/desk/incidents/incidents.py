"""Incidents by hand: a person's grade, notes, closing and reopening."""

from __future__ import annotations

from dataclasses import dataclass
from types import EllipsisType

from sqlmodel import col, func, select

from dutydesk.desk.desk import Desk
from dutydesk.desk.kept_text import LONGEST_NOTE, kept
from dutydesk.desk.officers.authority import require
from dutydesk.desk.runs import links
from dutydesk.desk.timers import arming, clocks
from dutydesk.i18n import N_
from dutydesk.model.enums import IncidentStatus, Level, Permission, RunStatus, TimerKind, TimerState
from dutydesk.model.errors import BadInput, Refused
from dutydesk.model.officers import Actor
from dutydesk.model.timers import Timer
from dutydesk.store.database import Transaction
from dutydesk.store.tables import FilingRow, GradeRow, IncidentRow, NoteRow, RunRow, TimerRow

CLOSED = N_("incident closed")


@dataclass(frozen=True, slots=True)
class Graded:
    """A confirmed grade and the clocks as they run now."""

    incident: int
    level: Level
    was: Level | None
    timers: tuple[Timer, ...]


@dataclass(frozen=True, slots=True)
class Closed:
    """What closing ended: clocks called off, duties that were never met, runs that stopped."""

    incident: int
    cancelled: tuple[Timer, ...]
    missed: tuple[Timer, ...]
    runs: tuple[int, ...]


async def open_incident(tx: Transaction, incident: int) -> IncidentRow:
    """The incident, if work on it may go on. Raises NotFound, or Refused when it is closed."""
    row = await tx.get(IncidentRow, incident)
    if row.status == IncidentStatus.CLOSED:
        raise Refused("Incident {id} is closed; `dutydesk incident reopen {id}` opens it again.", id=incident)
    return row


async def grade(
    desk: Desk,
    actor: Actor,
    incident: int,
    level: Level,
    *,
    reason: str = "",
    seen: Level | EllipsisType | None = ...,
) -> Graded:
    """A person's confirmation of the level, which may open or tighten clocks (CQR art. 34; O493 art. 20).

    Every grade is kept. Clocks that no longer apply after a lower grade are cancelled, and say so. ``seen``
    is the confirmed level that the officer had in view, ``None`` for none: Refused where somebody has
    confirmed another one since, which would be overruled unseen.
    """
    require(actor, Permission.OPERATE)
    why = kept(reason)
    async with (await desk.store()).transaction(actor) as tx:
        row = await open_incident(tx, incident)
        if seen is not ... and row.confirmed_level != (None if seen is None else int(seen)):
            raise Refused(
                "{officer} has confirmed another grade of incident {id} meanwhile: look at it, then grade.",
                officer=row.confirmed_by,
                id=incident,
            )
        was = clocks.effective_level(row)
        row.confirmed_level = int(level)
        row.confirmed_by = actor.login
        row.confirmed_at = tx.now
        tx.session.add(row)
        await tx.insert(
            [
                GradeRow(
                    id=await tx.next_id(GradeRow),
                    incident_id=incident,
                    computed=False,
                    level=int(level),
                    possible=row.possible_level,
                    near_miss=row.near_miss,
                    basis=[],
                    reason=why,
                    graded_by=actor.login,
                    graded_at=tx.now,
                )
            ]
        )
        changes = await arming.rearm(
            tx, desk, row, armed_by=actor.login, grade_raised=was is None or int(level) < int(was)
        )
        await clocks.settle_rule(tx, incident, "GRADE_CONFIRM")
        tx.journal(
            "incident.graded",
            f"incident:{incident}",
            {"level": int(level), "was": was, "reason": why, **changes.summary()},
        )
        return Graded(incident, level, was, await clocks.running(tx, incident))


async def note(desk: Desk, actor: Actor, incident: int, text: str) -> int:
    """Keeps a note on an incident, open or closed."""
    require(actor, Permission.OPERATE)
    said = kept(text, LONGEST_NOTE)
    if not said:
        raise BadInput("The note is empty.")
    async with (await desk.store()).transaction(actor) as tx:
        await tx.get(IncidentRow, incident)
        row = NoteRow(
            id=await tx.next_id(NoteRow), incident_id=incident, text=said, at=tx.now, by=actor.login
        )
        await tx.insert([row])
        tx.journal("incident.noted", f"incident:{incident}", {"text": said})
        return row.id or 0


async def close(
    desk: Desk, actor: Actor, incident: int, *, reason: str = "", seen: int | None = None
) -> Closed:
    """Closes an incident. A duty whose time has passed unmet becomes ``missed``; what still runs is called
    off; both are told, so that nothing ends in silence. Runs stop where they are. ``seen`` is the number of
    reports about it that the officer had in view.

    Raises Refused for a missed duty without a reason, and for reports that have come in unseen.
    """
    require(actor, Permission.OPERATE)
    why = kept(reason)
    async with (await desk.store()).transaction(actor) as tx:
        row = await open_incident(tx, incident)
        if seen is not None:
            about = select(func.count()).select_from(FilingRow).where(col(FilingRow.incident_id) == incident)
            unseen = (await tx.execute(about)).scalar_one() - seen
            if unseen > 0:
                raise Refused(
                    "{count} reports about incident {id} have come in meanwhile: read them, then close.",
                    count=unseen,
                    id=incident,
                )
        cancelled: list[TimerRow] = []
        missed: list[TimerRow] = []
        for timer in await clocks.running_rows(tx, incident):
            if timer.kind == TimerKind.NOTICE:
                continue  # recipients still owe their confirmation
            ended = missed if clocks.end_unmet(timer, tx.now, why or CLOSED) else cancelled
            ended.append(timer)
            tx.session.add(timer)
        if missed and not why:
            raise Refused(
                "Incident {id} has duties that were never met, {rules}: give the reason, it is kept.",
                id=incident,
                rules=" ".join(timer.rule for timer in missed),
            )
        walking = await tx.all(
            select(RunRow).where(col(RunRow.incident_id) == incident, col(RunRow.status) == RunStatus.WALKING)
        )
        for run in walking:
            run.status = RunStatus.STOPPED
            run.ended_at = tx.now
            tx.session.add(run)
        row.status = IncidentStatus.CLOSED
        row.closed_at = tx.now
        row.closed_by = actor.login
        row.close_reason = why
        tx.session.add(row)
        tx.journal(
            "incident.closed",
            f"incident:{incident}",
            {
                "reason": why,
                "cancelled": [timer.rule for timer in cancelled],
                "missed": [timer.rule for timer in missed],
                "runs_stopped": [run.id for run in walking],
            },
        )
        return Closed(
            incident,
            tuple(clocks.value(timer) for timer in cancelled),
            tuple(clocks.value(timer) for timer in missed),
            tuple(run.id or 0 for run in walking),
        )


async def reopen(desk: Desk, actor: Actor, incident: int, *, reason: str = "") -> tuple[Timer, ...]:
    """Opens a closed incident again. The clocks that apply and were never met are wound up, those that
    closing called off come back, and so do the runs that stopped with it."""
    require(actor, Permission.OPERATE)
    why = kept(reason)
    async with (await desk.store()).transaction(actor) as tx:
        row = await tx.get(IncidentRow, incident)
        if row.status == IncidentStatus.OPEN:
            raise Refused("Incident {id} is open already.", id=incident)
        called_off_for = row.close_reason or CLOSED
        row.status = IncidentStatus.OPEN
        row.closed_at = None
        row.closed_by = row.close_reason = ""
        tx.session.add(row)
        resumed = await links.resume(tx, desk, row)
        back = await _bring_back(tx, desk, incident, called_off_for)
        changes = await arming.rearm(tx, desk, row, armed_by=actor.login, reopened=True)
        tx.journal(
            "incident.reopened",
            f"incident:{incident}",
            {
                "reason": why,
                "runs_resumed": list(resumed),
                "brought_back": back,
                **changes.summary(),
            },
        )
        return await clocks.running(tx, incident)


async def _bring_back(tx: Transaction, desk: Desk, incident: int, called_off_for: str) -> list[str]:
    """Winds up what closing called off and no rule would arm anew: reminders, and duties that an event such
    as changed casualties brought. Returns their rules."""
    rows = await tx.all(
        select(TimerRow)
        .where(
            col(TimerRow.incident_id) == incident,
            col(TimerRow.state) == TimerState.CANCELLED,
            col(TimerRow.reason) == called_off_for,
        )
        .order_by(col(TimerRow.id))
    )
    back = [row for row in rows if row.kind == TimerKind.REMINDER or arming.armed_by_event(desk, row)]
    for row in back:
        clocks.rewind(desk, row)
        tx.session.add(row)
    await tx.session.flush()
    return [row.rule for row in back]
