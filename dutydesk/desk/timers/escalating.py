"""Escalation: who is told of a timer that nobody has settled, level by level, until somebody acknowledges.
Re-evaluated from the rows each time, so that a stop of any length skips nothing and replays nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, and_, bindparam, func, select, union_all, update

from dutydesk.desk.desk import Desk
from dutydesk.desk.engine.lease import require
from dutydesk.desk.engine.processes import Holder
from dutydesk.desk.notices import outbox
from dutydesk.desk.notices.recipients import recipients_of
from dutydesk.desk.timers import clocks
from dutydesk.desk.timers.alarm_text import Alarm, alarm_text
from dutydesk.desk.timers.firing import BATCH, LATE
from dutydesk.i18n import N_
from dutydesk.model.deadlines import EscalationLevel, EscalationPolicy
from dutydesk.model.enums import BroadcastKind, BroadcastState, IncidentStatus, TimerKind, TimerState, Urgency
from dutydesk.model.officers import Actor
from dutydesk.rules.escalation import Action, next_action
from dutydesk.store.database import Transaction
from dutydesk.store.tables import BroadcastRow, FilingRow, IncidentRow, NoteRow, RunEventRow, RunRow, TimerRow

CLOSED_REASON: Final = N_("the incident is closed")

_OUTLIVE_IT: Final = (TimerKind.NOTICE, TimerKind.REMINDER)
"""Closing an incident leaves the confirmations of its notices owed; a reminder of it was set afterwards."""

_TIMER: Any = TimerRow.__table__  # type: ignore[attr-defined]
_INCIDENT: Any = IncidentRow.__table__  # type: ignore[attr-defined]
_RUN: Any = RunRow.__table__  # type: ignore[attr-defined]
_EVENT: Any = RunEventRow.__table__  # type: ignore[attr-defined]
_NOTE: Any = NoteRow.__table__  # type: ignore[attr-defined]
_FILING: Any = FilingRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Told:
    """One telling: these timers, to this level. ``people`` 0: nobody is in its groups, or nobody there has
    an address."""

    timers: tuple[int, ...]
    policy: str
    level: int
    groups: tuple[str, ...]
    broadcast: int | None
    people: int
    late_s: float


@dataclass(frozen=True, slots=True)
class _Step:
    """A timer's row, its policy and what escalation makes of them."""

    row: Row[Any]
    policy: EscalationPolicy
    action: Action

    @property
    def audience(self) -> tuple[str, int, bool, int]:
        """Timers that share this go out in one message."""
        return (self.policy.id, self.action.level, self.row.drill, self.row.incident_id or 0)

    def alarm(self, level: EscalationLevel, now: datetime) -> Alarm:
        late = now - (self.row.due_at + level.after)
        if self.action.repeated:
            late = max(now - self.row.next_at, timedelta())
        return Alarm(
            timer=self.row.id,
            subject=self.row.subject,
            incident=self.row.incident_id,
            due=self.row.due_at,
            late=late,
            expired_by=self.row.acknowledged_by if self.action.expired else "",
        )


async def escalate_due(desk: Desk, actor: Actor, me: Holder, *, batch: int = BATCH) -> int:
    """Takes the next step of up to ``batch`` timers whose time for it has come; returns how many those were.

    Each level told is a released, urgent broadcast in the outbox, one for all the timers of an incident that
    reach the same level together. A duty of a closed incident is called off. Raises LeaseLost.
    """
    store = await desk.store()
    async with store.transaction(actor) as tx:
        await require(tx, me)
        rows = await _waiting(tx, batch)
        if not rows:
            return 0
        worked = await _worked(tx, rows)
        changes: list[dict[str, Any]] = []
        steps: list[_Step] = []
        closed: list[int] = []
        unpoliced: list[int] = []
        for row in rows:
            policy = clocks.policy_of(desk, row)
            if row.incident_status == IncidentStatus.CLOSED and row.kind not in _OUTLIVE_IT:
                closed.append(row.id)
                changes.append(
                    _change(row, state=TimerState.CANCELLED, next_at=None, reason=row.reason or CLOSED_REASON)
                )
            elif policy is None:
                unpoliced.append(row.id)
                changes.append(_change(row, next_at=None))
            else:
                step = _Step(row, policy, _decide(policy, row, worked.get(row.incident_id), tx.now))
                steps.append(step)
                changes.append(_step_change(step))
        told = await _tell(tx, desk, steps)
        await tx.execute(_UPDATE, changes)
        _journal(tx, told=told, closed=closed, unpoliced=unpoliced, looked_at=[row.id for row in rows])
        return len(rows)


_UPDATE = (
    update(_TIMER)
    .where(_TIMER.c.id == bindparam("timer"))
    .values(
        state=bindparam("to_state"),
        level=bindparam("to_level"),
        next_at=bindparam("to_next_at"),
        reason=bindparam("to_reason"),
        acknowledged_at=bindparam("to_acknowledged_at"),
    )
)


async def _waiting(tx: Transaction, batch: int) -> Sequence[Row[Any]]:
    """Timers to look at now. One that is due and not yet fired is fired first."""
    running = and_(_TIMER.c.state == TimerState.ARMED, _TIMER.c.due_at > tx.now) | _TIMER.c.state.in_(
        [TimerState.FIRED, TimerState.ACKNOWLEDGED]
    )
    found = await tx.execute(
        select(_TIMER, _INCIDENT.c.status.label("incident_status"))
        .select_from(_TIMER.outerjoin(_INCIDENT, _INCIDENT.c.id == _TIMER.c.incident_id))
        .where(_TIMER.c.next_at <= tx.now, running)
        .order_by(_TIMER.c.next_at, _TIMER.c.id)
        .limit(batch)
    )
    return found.all()


async def _worked(tx: Transaction, rows: Sequence[Row[Any]]) -> dict[int, datetime]:
    """When somebody last worked on the incidents of acknowledged timers: a step, a note, a report filed."""
    incidents = {
        row.incident_id
        for row in rows
        if row.state == TimerState.ACKNOWLEDGED and row.incident_id is not None
    }
    if not incidents:
        return {}
    work = union_all(
        select(_RUN.c.incident_id.label("incident"), _EVENT.c.at.label("at"))
        .join(_RUN, _RUN.c.id == _EVENT.c.run_id)
        .where(_RUN.c.incident_id.in_(incidents)),
        select(_NOTE.c.incident_id, _NOTE.c.at).where(_NOTE.c.incident_id.in_(incidents)),
        select(_FILING.c.incident_id, _FILING.c.filed_at).where(_FILING.c.incident_id.in_(incidents)),
    ).subquery()
    found = await tx.execute(
        select(work.c.incident, func.max(work.c.at).label("latest")).group_by(work.c.incident)
    )
    return {row.incident: row.latest for row in found}


def _decide(policy: EscalationPolicy, row: Row[Any], worked_at: datetime | None, now: datetime) -> Action:
    acknowledged = row.state == TimerState.ACKNOWLEDGED
    return next_action(
        policy,
        due=row.due_at,
        now=now,
        level=row.level,
        # After the last level ``next_at`` was set to one ``repeat`` after the telling.
        told_at=None if acknowledged else row.next_at - policy.repeat,
        acknowledged_at=row.acknowledged_at if acknowledged else None,
        worked_at=worked_at,
    )


def _change(row: Row[Any], **to: Any) -> dict[str, Any]:
    return {
        "timer": row.id,
        "to_state": to.get("state", row.state),
        "to_level": to.get("level", row.level),
        "to_next_at": to.get("next_at", row.next_at),
        "to_reason": to.get("reason", row.reason),
        "to_acknowledged_at": to.get("acknowledged_at", row.acknowledged_at),
    }


def _step_change(step: _Step) -> dict[str, Any]:
    action = step.action
    if step.row.state == TimerState.ACKNOWLEDGED and action.tell is not None:
        # The acknowledgement has run out: the timer stands as it did before it.
        return _change(
            step.row,
            state=TimerState.FIRED,
            level=action.level,
            next_at=action.look_again,
            acknowledged_at=None,
        )
    return _change(step.row, level=action.level, next_at=action.look_again)


async def _tell(tx: Transaction, desk: Desk, steps: Sequence[_Step]) -> list[Told]:
    """One broadcast for each audience."""
    audiences: dict[tuple[str, int, bool, int], list[_Step]] = {}
    for step in steps:
        if step.action.tell is not None:
            audiences.setdefault(step.audience, []).append(step)
    return [await _tell_one(tx, desk, audience) for audience in audiences.values()]


async def _tell_one(tx: Transaction, desk: Desk, steps: Sequence[_Step]) -> Told:
    first = steps[0]
    level = first.action.tell
    if level is None:
        raise ValueError("these timers tell nobody")
    alarms = [step.alarm(level, tx.now) for step in steps]
    told = Told(
        timers=tuple(alarm.timer for alarm in alarms),
        policy=first.policy.id,
        level=first.action.level,
        groups=level.groups,
        broadcast=None,
        people=0,
        late_s=round(max(alarm.late for alarm in alarms).total_seconds(), 3),
    )
    people = await recipients_of(tx, level.groups)
    if not people:
        return told
    row = BroadcastRow(
        id=await tx.next_id(BroadcastRow),
        kind=BroadcastKind.ESCALATION,
        incident_id=first.row.incident_id,
        groups=list(level.groups),
        channels=[],
        text=alarm_text(alarms, level=level.name, now=tx.now, zone=desk.zone, says_late_from=LATE),
        drill=first.row.drill,
        confirm=False,
        urgency=Urgency.URGENT,
        state=BroadcastState.RELEASED,
        created_at=tx.now,
        created_by=tx.actor.login,
        released_at=tx.now,
        released_by=tx.actor.login,
    )
    await tx.insert([row])
    await outbox.enqueue(tx, row, people)
    return replace(told, broadcast=row.id, people=sum(1 for person in people if person.addresses))


def _journal(
    tx: Transaction,
    *,
    told: Sequence[Told],
    closed: Sequence[int],
    unpoliced: Sequence[int],
    looked_at: Sequence[int],
) -> None:
    payload: dict[str, object] = {}
    if told:
        payload["told"] = [_telling(one) for one in told]
    nobody = [one for one in told if not one.people]
    if nobody:
        payload["nobody_to_tell"] = [
            {"timers": list(one.timers), "level": one.level, "groups": list(one.groups)} for one in nobody
        ]
    if closed:
        payload["cancelled"] = list(closed)
    if unpoliced:
        payload["no_policy"] = list(unpoliced)
    if not payload:
        payload["timers"] = list(looked_at)
    action = "timers.escalated" if told else "timers.reviewed"
    tx.journal(action, f"timer:{looked_at[0]}" if len(looked_at) == 1 else "timers", payload)


def _telling(told: Told) -> dict[str, object]:
    shown: dict[str, object] = {
        "timers": list(told.timers),
        "policy": told.policy,
        "level": told.level,
        "groups": list(told.groups),
        "broadcast": told.broadcast,
        "people": told.people,
    }
    if told.late_s > LATE.total_seconds():
        shown["late_s"] = told.late_s
    return shown
