"""Timers as rows: how one is armed, settled and called off. Which ones apply is ``arming``'s question."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from sqlmodel import col, select

from dutydesk.desk.desk import Desk
from dutydesk.desk.timers.changes import CalledOff
from dutydesk.i18n import N_
from dutydesk.model.deadlines import DeadlineRule, EscalationPolicy
from dutydesk.model.enums import DeliveryState, Level, TimerKind, TimerState
from dutydesk.model.errors import ConfigError
from dutydesk.model.timers import Timer
from dutydesk.rules import deadlines
from dutydesk.store.database import Transaction
from dutydesk.store.tables import DeliveryRow, IncidentRow, TimerRow

RUNNING = tuple(state for state in TimerState if state.running)
REPORTING = (TimerKind.DEADLINE, TimerKind.CADENCE)
"""Duties to report: late, they are a fault (迟报) that no act of an officer takes back."""


class Escalated(Protocol):
    """What of a timer's row says how it escalates."""

    policy: str
    kind: str


def effective_level(incident: IncidentRow) -> Level | None:
    """The level that deadlines are judged by: a person's if one was given, else the computed one."""
    level = incident.confirmed_level if incident.confirmed_level is not None else incident.proposed_level
    return None if level is None else Level(level)


def situation(desk: Desk, incident: IncidentRow) -> deadlines.Situation:
    """What the incident's own row says of its situation: times, place and grade, and no figures."""
    possible = incident.possible_level
    return deadlines.Situation(
        type=incident.type,
        event_class=desk.event_type(incident.type).event_class,
        received_at=incident.received_at,
        occurred_at=incident.occurred_at,
        graded_at=incident.confirmed_at,
        level=effective_level(incident),
        possible_level=None if possible is None else Level(possible),
        near_miss=incident.near_miss,
        routed=bool(incident.routing),
    )


def value(row: TimerRow) -> Timer:
    """The frozen value of a timer's row."""
    ended = row.met_at or row.fired_at
    late = ended - row.due_at if ended is not None and ended > row.due_at else None
    return Timer(
        id=row.id or 0,
        kind=TimerKind(row.kind),
        rule=row.rule,
        subject=row.subject,
        anchor=row.anchor,
        anchor_at=row.anchor_at,
        due=row.due_at,
        state=TimerState(row.state),
        level=row.level,
        source=row.source,
        verified=row.verified,
        drill=row.drill,
        incident=row.incident_id,
        run=row.run_id,
        step=row.step,
        broadcast=row.broadcast_id,
        report=row.report_id,
        note=row.note,
        reason=row.reason,
        late=late,
        fired_at=row.fired_at,
        met_at=row.met_at,
        acknowledged_by=row.acknowledged_by,
        armed_by=row.armed_by,
    )


def policy_for(desk: Desk, kind: TimerKind) -> EscalationPolicy | None:
    """The policy that timers of ``kind`` escalate by, if the district has one."""
    return next((policy for policy in desk.reference.escalation_policies if kind in policy.kinds), None)


def policy_of(desk: Desk, row: Escalated) -> EscalationPolicy | None:
    """The policy a timer was armed with, as it stands in the reference data now, or that of its kind where
    the district has dropped it since."""
    named = (policy for policy in desk.reference.escalation_policies if policy.id == row.policy)
    return next(named, None) or policy_for(desk, TimerKind(row.kind))


def first_look(policy: EscalationPolicy | None, due: datetime) -> datetime:
    """When the engine first has to look at a timer: at its due time, or before it where the policy tells
    somebody ahead of it."""
    if policy is None or not policy.levels:
        return due
    return due + min(policy.levels[0].after, timedelta())


def settle(row: TimerRow, tx: Transaction, *, late: bool = False, reason: str = "") -> None:
    """Marks the duty behind ``row`` as done now: ``met``, or ``missed`` where a late one is a fault."""
    row.state = TimerState.MISSED if late else TimerState.MET
    row.met_at = tx.now
    row.met_by = tx.actor.login
    row.next_at = None
    row.late_s = max((tx.now - row.due_at).total_seconds(), 0.0) or None
    if reason:
        row.reason = reason


def call_off(row: TimerRow, reason: str) -> None:
    """Cancels ``row`` for ``reason``."""
    row.state = TimerState.CANCELLED
    row.next_at = None
    row.reason = reason


def ended(row: TimerRow, reason: str) -> CalledOff:
    """Cancels ``row`` for ``reason``, and tells of it."""
    call_off(row, reason)
    return CalledOff(row.id or 0, row.rule, reason)


def late(row: TimerRow, now: datetime) -> bool:
    """Whether ``row`` is a duty to report whose time has passed."""
    return row.kind in REPORTING and now > row.due_at


def end_unmet(row: TimerRow, now: datetime, reason: str) -> bool:
    """Ends ``row`` with its duty not done, for ``reason``: called off, or missed where it was late already.
    Returns whether it was missed."""
    missed = late(row, now)
    call_off(row, reason)
    if missed:
        row.state = TimerState.MISSED
    return missed


def rewind(desk: Desk, row: TimerRow) -> None:
    """Arms a timer that had ended again, for the time it was due; one that is past fires at once, late."""
    row.state = TimerState.ARMED
    row.level = 0
    row.next_at = first_look(policy_of(desk, row), row.due_at)
    row.reason = row.met_by = row.acknowledged_by = ""
    row.fired_at = row.met_at = row.acknowledged_at = row.late_s = None


async def running_rows(tx: Transaction, incident: int) -> list[TimerRow]:
    """The timers of an incident that somebody still has to do something about, soonest first."""
    return await tx.all(
        select(TimerRow)
        .where(col(TimerRow.incident_id) == incident, col(TimerRow.state).in_(RUNNING))
        .order_by(col(TimerRow.due_at), col(TimerRow.id))
    )


async def running(tx: Transaction, incident: int) -> tuple[Timer, ...]:
    """:func:`running_rows` as values."""
    return tuple(value(row) for row in await running_rows(tx, incident))


async def settle_rule(tx: Transaction, incident: int, rule: str) -> None:
    """Settles an internal rule's running timer, once what it waited for has happened."""
    for row in await running_rows(tx, incident):
        if row.rule == rule:
            settle(row, tx)
            tx.session.add(row)


async def settle_report(tx: Transaction, report: int) -> None:
    """Settles the clock of a report that waited to be filed; what its incident has taken over runs on."""
    rows = await tx.all(
        select(TimerRow).where(
            col(TimerRow.report_id) == report,
            col(TimerRow.incident_id).is_(None),
            col(TimerRow.state).in_(RUNNING),
        )
    )
    for row in rows:
        settle(row, tx)
        tx.session.add(row)


async def settle_notice(tx: Transaction, broadcast: int) -> None:
    """Settles the clock of an unconfirmed notice once nobody's confirmation is missing any more, and calls it
    off where the notice was taken back from everybody.

    A recipient reached on several channels confirms once.
    """
    deliveries = await tx.all(select(DeliveryRow).where(col(DeliveryRow.broadcast_id) == broadcast))
    everyone = {(row.contact_id, row.contact) for row in deliveries if row.state != DeliveryState.CANCELLED}
    confirmed = {(row.contact_id, row.contact) for row in deliveries if row.state == DeliveryState.CONFIRMED}
    if everyone - confirmed:
        return
    rows = await tx.all(
        select(TimerRow).where(
            col(TimerRow.broadcast_id) == broadcast,
            col(TimerRow.kind) == TimerKind.NOTICE,
            col(TimerRow.state).in_(RUNNING),
        )
    )
    for row in rows:
        if everyone:
            settle(row, tx)
        else:
            call_off(row, N_("the notice was withdrawn"))
        tx.session.add(row)


async def arm_internal(
    tx: Transaction,
    desk: Desk,
    rule_id: str,
    *,
    kind: TimerKind,
    subject: str,
    armed_by: str,
    incident: int | None = None,
    broadcast: int | None = None,
    report: int | None = None,
    drill: bool = False,
) -> TimerRow | None:
    """Arms the desk's own rule ``rule_id`` from now. Returns ``None`` where the district switched it off.

    Raises ConfigError when the reference data lack the rule or its limit.
    """
    rule = desk.reference.deadline_rules.get(rule_id)
    if rule is None or rule.limit is None:
        raise ConfigError("deadlines.yaml lacks the rule {rule} or its limit; put it back.", rule=rule_id)
    if not rule.enabled:
        return None
    due = tx.now + rule.limit
    policy = policy_for(desk, kind)
    row = TimerRow(
        id=await tx.next_id(TimerRow),
        kind=kind,
        rule=rule.id,
        subject=f"{rule.name.zh} {subject[:40]}".strip(),
        anchor=rule.anchor,
        anchor_at=tx.now,
        due_at=due,
        next_at=first_look(policy, due),
        state=TimerState.ARMED,
        policy=policy.id if policy else "",
        source=rule.source,
        verified=rule.verified,
        drill=drill,
        incident_id=incident,
        broadcast_id=broadcast,
        report_id=report,
        armed_at=tx.now,
        armed_by=armed_by,
    )
    await tx.insert([row])
    return row


async def arm_next_round(tx: Transaction, desk: Desk, row: TimerRow) -> TimerRow | None:
    """Arms the next round of a cadence whose round was just met; ``None`` for any other timer, and where the
    grade asks for no further round.

    The rule is the one of its series that the grade asks for now. "At least once a day" counts from what was
    just reported; a round at a fixed hour that was met ahead of it is not due that day again.
    """
    if row.kind != TimerKind.CADENCE:
        return None
    incident = await tx.get(IncidentRow, row.incident_id or 0)
    rule = _in_force(desk, row, incident)
    if rule is None:
        return None
    after = max(row.due_at, tx.now) if rule.at_times else tx.now
    due = deadlines.cadence_next(rule, after, desk.zone)
    policy = policy_for(desk, TimerKind.CADENCE)
    following = TimerRow(
        id=await tx.next_id(TimerRow),
        kind=row.kind,
        rule=rule.id,
        subject=f"{rule.name.zh} {incident.title}",
        anchor=rule.anchor,
        anchor_at=tx.now,
        due_at=due,
        next_at=first_look(policy, due),
        state=TimerState.ARMED,
        policy=policy.id if policy else "",
        source=rule.source,
        verified=rule.verified,
        drill=row.drill,
        incident_id=row.incident_id,
        armed_at=tx.now,
        armed_by=tx.actor.login,
    )
    await tx.insert([following])
    return following


async def replaced(tx: Transaction, desk: Desk, row: TimerRow) -> bool:
    """Whether the grade asks for another rhythm than that of ``row``, a round of a cadence still owed."""
    if row.kind != TimerKind.CADENCE:
        return False
    rule = _in_force(desk, row, await tx.get(IncidentRow, row.incident_id or 0))
    return rule is not None and rule.id != row.rule


def _in_force(desk: Desk, row: TimerRow, incident: IncidentRow) -> DeadlineRule | None:
    rules = desk.reference.deadline_rules
    known = rules.get(row.rule)
    return None if known is None else deadlines.in_force(rules, known, situation(desk, incident))
