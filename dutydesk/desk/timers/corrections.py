"""What becomes of clocks that run when the facts they rest on are put right: moved both ways, called off,
passed on. One that was met, acknowledged or missed keeps its history."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, tzinfo

from sqlmodel import col, select

from dutydesk.desk.desk import Desk
from dutydesk.desk.timers import clocks
from dutydesk.desk.timers.changes import Moved
from dutydesk.desk.timers.rounds import called_off_by_itself
from dutydesk.model.deadlines import Due
from dutydesk.model.enums import Anchor, TimerKind, TimerState
from dutydesk.rules import deadlines
from dutydesk.store.database import Transaction
from dutydesk.store.tables import IncidentRow, TimerRow


def moves(row: TimerRow, due: Due, now: datetime) -> bool:
    """Whether the running clock ``row`` has to go by ``due`` from now on.

    What is due earlier always tightens a clock that has not fired. Later it is only where the occurrence
    was put right that it counts from; one that fired for the wrong time runs again, unless it is late all
    the same.
    """
    if due.due < row.due_at:
        return row.state == TimerState.ARMED
    if due.rule.anchor is not Anchor.OCCURRED or due.anchor_at == row.anchor_at or due.due == row.due_at:
        return False
    return row.state == TimerState.ARMED or (row.state == TimerState.FIRED and due.due > now)


def move(desk: Desk, row: TimerRow, due: Due) -> Moved:
    """Lets ``row`` run until ``due``, and tells from when."""
    was, row.due_at = row.due_at, due.due
    row.anchor, row.anchor_at = due.anchor, due.anchor_at
    if due.due > was:
        clocks.rewind(desk, row)
    else:
        row.next_at = clocks.first_look(clocks.policy_of(desk, row), due.due)
    return Moved(row.id or 0, row.rule, was, due.due)


def as_first_told(due: Due, before: TimerRow | None, tz: tzinfo) -> Due:
    """``due`` as it was when the desk was first told of what it counts from, where a correction had called
    that clock off (``before``) and another brings it back: correcting back wins no time."""
    trigger = due.rule.trigger
    of_this_moment = trigger.figures_changed or trigger.grade_raised or trigger.unconfirmed_proposal
    if (
        due.rule.anchor is not Anchor.TOLD
        or of_this_moment
        or before is None
        or before.state != TimerState.CANCELLED
        or before.anchor_at is None
        or before.anchor_at >= due.anchor_at
        or not called_off_by_itself(before, reopened=False)
    ):
        return due
    return replace(due, anchor_at=before.anchor_at, due=deadlines.due_at(due.rule, before.anchor_at, tz))


def unfounded(desk: Desk, running: Iterable[TimerRow], situation: deadlines.Situation) -> list[TimerRow]:
    """Of the ``running`` clocks by rule those that the corrected facts do not call for, and that nobody has
    acknowledged. What an event brought, such as changed casualties, stands as far as its rule fits
    otherwise."""
    happened = replace(situation, figures_changed=True, grade_raised=True, notice=True)
    found: list[TimerRow] = []
    for row in running:
        rule = desk.reference.deadline_rules.get(row.rule)
        if rule is None or row.state not in (TimerState.ARMED, TimerState.FIRED):
            continue
        if row.kind not in (TimerKind.DEADLINE, TimerKind.CADENCE, TimerKind.INTERNAL):
            continue
        if not deadlines.applies(rule.trigger, happened):
            found.append(row)
    return found


def passed_on(desk: Desk, row: TimerRow, situation: deadlines.Situation) -> list[Due]:
    """The duties that take the place of ``row`` where changed casualties brought it and the corrected type
    asks for their follow-up by another rule: from when the desk was told of the change."""
    rule = desk.reference.deadline_rules[row.rule]
    if not rule.trigger.figures_changed:
        return []
    then = replace(situation, figures_changed=True, told_at=row.anchor_at)
    found = deadlines.due(desk.reference.deadline_rules, then, desk.zone)
    return [due for due in found if due.rule.trigger.figures_changed]


async def running_steps(tx: Transaction, incident: int) -> list[TimerRow]:
    """The clocks of the steps that wait on an incident: its runs give some up as they are told new facts."""
    rows = await clocks.running_rows(tx, incident)
    return [row for row in rows if row.kind == TimerKind.STEP]


async def retitle(tx: Transaction, incident: IncidentRow, *, was: str) -> None:
    """Lets the running clocks of an incident be called by its title as it is now: what they are called goes
    out with their alarms, and the wrong place must not."""
    if not was or was == incident.title:
        return
    rows = await tx.all(
        select(TimerRow).where(
            col(TimerRow.incident_id) == incident.id, col(TimerRow.state).in_(clocks.RUNNING)
        )
    )
    for row in rows:
        if row.kind != TimerKind.REMINDER and row.subject.endswith(was):
            row.subject = row.subject.removesuffix(was) + incident.title
            tx.session.add(row)
