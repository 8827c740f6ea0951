"""Timers by hand: an officer's own reminder; met, acknowledged, put off, cancelled. The engine fires them."""

from __future__ import annotations

from datetime import datetime, timedelta

from dutydesk.desk.desk import Desk
from dutydesk.desk.kept_text import kept, kept_line
from dutydesk.desk.officers.authority import require
from dutydesk.desk.timers import clocks
from dutydesk.model.enums import Permission, TimerKind, TimerState
from dutydesk.model.errors import BadInput, NotFound, Refused
from dutydesk.model.names import name_of
from dutydesk.model.officers import Actor
from dutydesk.model.timers import Timer
from dutydesk.rules.times import parse_ahead
from dutydesk.store.database import Transaction
from dutydesk.store.tables import IncidentRow, TimerRow

SHORTEST_REMINDER = timedelta(seconds=1)
LONGEST_REMINDER = timedelta(days=366)


async def add_reminder(
    desk: Desk,
    actor: Actor,
    *,
    note: str,
    after: timedelta | None = None,
    at: datetime | None = None,
    incident: int | None = None,
) -> Timer:
    """Arms an officer's own reminder, ``after`` from now or ``at`` a moment. Raises BadInput."""
    require(actor, Permission.OPERATE)
    text = kept_line(note)
    if not text:
        raise BadInput("A reminder needs a note that says what of.")
    if (after is None) == (at is None):
        raise BadInput("A reminder is due either in a while or at a time: give one of the two.")
    async with (await desk.store()).transaction(actor) as tx:
        ahead = at - tx.now if at is not None else after or timedelta()
        if not SHORTEST_REMINDER <= ahead <= LONGEST_REMINDER:
            raise BadInput("A reminder lies between one second and a year ahead.")
        due = tx.now + ahead
        drill = False
        if incident is not None:
            drill = (await tx.get(IncidentRow, incident)).drill
        policy = clocks.policy_for(desk, TimerKind.REMINDER)
        row = TimerRow(
            id=await tx.next_id(TimerRow),
            kind=TimerKind.REMINDER,
            rule="REMINDER",
            subject=text,
            note=text,
            due_at=due,
            next_at=clocks.first_look(policy, due),
            state=TimerState.ARMED,
            policy=policy.id if policy else "",
            source="",
            verified=False,
            drill=drill,
            incident_id=incident,
            armed_at=tx.now,
            armed_by=actor.login,
        )
        await tx.insert([row])
        tx.journal("timer.armed", f"timer:{row.id}", {"due": due, "note": text, "incident": incident})
        return clocks.value(row)


async def remind(desk: Desk, actor: Actor, typed: str, *, incident: int | None = None) -> Timer:
    """Arms a reminder as typed in one line: when, then what of (``10m call back``). Raises BadInput."""
    at, note = parse_ahead(typed, desk.clock.now(), desk.zone)
    return await add_reminder(desk, actor, note=note, at=at, incident=incident)


async def meet(desk: Desk, actor: Actor, timer: int, *, reason: str = "") -> Timer:
    """Marks the duty behind a timer as done. A reporting duty done after its due time is ``missed`` (迟报)
    and asks for a reason, which is kept; other timers are simply ``met``. A cadence arms its next round.

    Raises Refused when the timer no longer runs or a late duty has no reason.
    """
    require(actor, Permission.OPERATE)
    why = kept(reason)
    async with (await desk.store()).transaction(actor) as tx:
        row = await _running(tx, timer)
        late = clocks.late(row, tx.now)
        if late and not why:
            raise Refused(
                "Timer {id} was due at {due} and is late: give the reason, it is kept.",
                id=timer,
                due=row.due_at.astimezone(desk.zone).strftime("%m-%d %H:%M:%S"),
            )
        clocks.settle(row, tx, late=late, reason=why)
        tx.session.add(row)
        following = await clocks.arm_next_round(tx, desk, row)
        tx.journal(
            "timer.met",
            f"timer:{row.id}",
            {
                "rule": row.rule,
                "incident": row.incident_id,
                "state": row.state,
                "late_s": row.late_s,
                "reason": why,
                "next_round": following.id if following else None,
            },
        )
        return clocks.value(row)


async def acknowledge(desk: Desk, actor: Actor, timer: int) -> Timer:
    """Somebody is on it: escalation rests until the acknowledgement expires. The duty stays open."""
    require(actor, Permission.OPERATE)
    async with (await desk.store()).transaction(actor) as tx:
        row = await _running(tx, timer)
        if row.state == TimerState.ARMED:
            raise Refused("Timer {id} has not fired: there is nothing to acknowledge.", id=timer)
        row.state = TimerState.ACKNOWLEDGED
        row.acknowledged_at = tx.now
        row.acknowledged_by = actor.login
        policy = clocks.policy_of(desk, row)
        row.next_at = tx.now + policy.acknowledgement_lasts if policy else None
        tx.session.add(row)
        tx.journal("timer.acknowledged", f"timer:{row.id}", {"rule": row.rule, "until": row.next_at})
        return clocks.value(row)


async def snooze(desk: Desk, actor: Actor, timer: int, by: timedelta) -> Timer:
    """Puts off an officer's own reminder. A duty to report cannot be put off: its limit is not the desk's."""
    require(actor, Permission.OPERATE)
    if not timedelta(seconds=1) <= by <= timedelta(days=7):
        raise BadInput("A reminder is put off by one second to seven days.")
    async with (await desk.store()).transaction(actor) as tx:
        row = await _running(tx, timer)
        if row.kind != TimerKind.REMINDER:
            if row.state == TimerState.ARMED:
                raise Refused(
                    "Timer {id} ({rule}) is a deadline and cannot be put off: `dutydesk timer met {id}` once "
                    "it is done; it can be acknowledged when it has fired.",
                    id=timer,
                    rule=row.rule,
                )
            raise Refused(
                "Timer {id} ({rule}) is a deadline and cannot be put off; acknowledge it instead.",
                id=timer,
                rule=row.rule,
            )
        was = row.due_at
        policy = clocks.policy_of(desk, row)
        row.due_at = max(row.due_at, tx.now) + by
        row.next_at = clocks.first_look(policy, row.due_at)
        row.state = TimerState.ARMED
        row.level = 0
        row.fired_at = row.acknowledged_at = row.late_s = None
        row.acknowledged_by = ""
        tx.session.add(row)
        tx.journal("timer.snoozed", f"timer:{row.id}", {"was": was, "due": row.due_at})
        return clocks.value(row)


async def cancel(desk: Desk, actor: Actor, timer: int, *, reason: str) -> Timer:
    """Cancels a timer for a reason, which is kept. A duty to report whose time has passed ends as ``missed``
    all the same: it was not done in time, whatever is thought of it now."""
    require(actor, Permission.OPERATE)
    why = kept(reason)
    if not why:
        raise BadInput("Cancelling a timer needs a reason, which is kept.")
    async with (await desk.store()).transaction(actor) as tx:
        row = await _running(tx, timer)
        clocks.end_unmet(row, tx.now, why)
        tx.session.add(row)
        # What is called off is this round: the rhythm of another grade was never refused.
        following = (
            await clocks.arm_next_round(tx, desk, row) if await clocks.replaced(tx, desk, row) else None
        )
        tx.journal(
            "timer.cancelled",
            f"timer:{row.id}",
            {
                "rule": row.rule,
                "incident": row.incident_id,
                "state": row.state,
                "reason": why,
                "next_round": following.id if following else None,
            },
        )
        return clocks.value(row)


async def _running(tx: Transaction, timer: int) -> TimerRow:
    row = await tx.find(TimerRow, timer)
    if row is None:
        raise NotFound("There is no timer {id}; `dutydesk timer list` shows them.", id=timer)
    if not TimerState(row.state).running:
        raise Refused(
            "Timer {id} is already {state}: nothing to do.", id=timer, state=name_of(TimerState(row.state))
        )
    return row
