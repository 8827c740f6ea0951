"""What ties a run to the rest of the desk: the incident's facts told to it, its steps' due times armed, and
the notice a step sends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from sqlmodel import col, select

from dutydesk.desk.desk import Desk
from dutydesk.desk.timers import clocks
from dutydesk.i18n import N_
from dutydesk.model.enums import RunStatus, StepState, TimerKind, TimerState
from dutydesk.model.errors import Refused
from dutydesk.model.figures import Figure
from dutydesk.playbooks.language import read_pinned
from dutydesk.playbooks.names import INCIDENT, incident_facts
from dutydesk.playbooks.permission import allowed
from dutydesk.playbooks.playbook import Playbook
from dutydesk.playbooks.walk import Action, RunEvent, StepWalk, Walk
from dutydesk.playbooks.walker import walk
from dutydesk.store.database import Transaction
from dutydesk.store.rows import incident_value
from dutydesk.store.tables import BroadcastRow, IncidentRow, RunEventRow, RunRow, TimerRow

DESK = "desk"
"""Who tells a run what the incident knows."""


@dataclass(slots=True)
class OpenRun:
    """A run inside a transaction: its row, the playbook it is pinned to, and how it stands."""

    row: RunRow
    playbook: Playbook
    events: list[RunEvent]

    def walk(self) -> Walk:
        return walk(self.playbook, self.events, {}, self.row.started_at)


def event_of(row: RunEventRow) -> RunEvent:
    """The walker's event of a row."""
    return RunEvent(row.step, Action(row.action), row.value, row.reason, row.at, row.by)


@lru_cache(maxsize=16)
def pinned(source: str, playbook: str) -> Playbook:
    """The playbook of a run's own copy. The copy never changes, so it is read once."""
    return read_pinned(source, name=playbook)


async def open_run(tx: Transaction, run: int) -> OpenRun:
    """A run with its events. Raises NotFound."""
    row = await tx.get(RunRow, run)
    rows = await tx.all(
        select(RunEventRow).where(col(RunEventRow.run_id) == run).order_by(col(RunEventRow.id))
    )
    playbook = pinned(row.source, row.playbook)
    return OpenRun(row, playbook, [event_of(one) for one in rows])


async def walking_run(tx: Transaction, run: int) -> OpenRun:
    """A run that can be worked. Raises NotFound, or Refused when it has ended."""
    opened = await open_run(tx, run)
    if opened.row.status == RunStatus.STOPPED:
        raise Refused("Run {id} was stopped when its incident closed; reopen the incident first.", id=run)
    return opened


async def record(
    tx: Transaction, desk: Desk, opened: OpenRun, events: Iterable[RunEvent], *, title: str
) -> Walk:
    """Keeps ``events`` and brings the run's row and its steps' clocks up to date."""
    fresh = list(events)
    await tx.insert(
        [
            RunEventRow(
                run_id=opened.row.id or 0,
                step=event.step,
                action=event.action,
                value=event.value,
                reason=event.reason,
                at=event.at,
                by=event.by,
            )
            for event in fresh
        ]
    )
    opened.events.extend(fresh)
    now = opened.walk()
    row = opened.row
    row.steps_done, row.steps_total, row.next_step = now.done, now.total, now.next_step
    row.status = RunStatus.FINISHED if now.finished else RunStatus.WALKING
    row.ended_at = tx.now if now.finished else None
    tx.session.add(row)
    await _step_clocks(tx, desk, row, now, title=title)
    return now


async def tell_facts(tx: Transaction, desk: Desk, incident: IncidentRow, figures: Iterable[Figure]) -> None:
    """Tells every walking run of the incident what has changed about it since it was last told."""
    known = incident_facts(incident_value(incident), figures)
    runs = await tx.all(
        select(RunRow).where(col(RunRow.incident_id) == incident.id, col(RunRow.status) != RunStatus.STOPPED)
    )
    for run in runs:
        opened = await open_run(tx, run.id or 0)
        told = opened.walk().facts
        # A run pinned before the incident had a name of this spelling keeps it for its own question.
        own = opened.playbook.facts_by_id()
        news = {n: value for n, value in known.items() if n not in own and told.get(n) != value}
        gone = [n for n in told if n in INCIDENT and n not in own and n not in known]
        if news or gone:
            events = fact_events(tx, {**news, **dict.fromkeys(gone)})
            await record(tx, desk, opened, events, title=incident.title)


async def resume(tx: Transaction, desk: Desk, incident: IncidentRow) -> tuple[int, ...]:
    """Takes up the runs that stopped when the incident closed, with their steps' clocks. Returns them."""
    stopped = await tx.all(
        select(RunRow)
        .where(col(RunRow.incident_id) == incident.id, col(RunRow.status) == RunStatus.STOPPED)
        .order_by(col(RunRow.id))
    )
    for run in stopped:
        opened = await open_run(tx, run.id or 0)
        await record(tx, desk, opened, (), title=incident.title)
    return tuple(run.id or 0 for run in stopped)


def fact_events(tx: Transaction, facts: dict[str, object]) -> list[RunEvent]:
    """``facts`` as events of a run; None is "no longer known"."""
    return [RunEvent(name, Action.FACT, value, "", tx.now, DESK) for name, value in facts.items()]


def one_notice_at_a_time(current: StepWalk) -> None:
    """Raises Refused for a step whose notice is drafted already."""
    if current.state is StepState.UNDER_WAY:
        raise Refused(
            "Step {step} is under way as {notice}: release or cancel that, or say what was done instead.",
            step=current.step.id,
            notice=current.value,
        )


async def notice_under_way(tx: Transaction, desk: Desk, run: int, step: str, notice: BroadcastRow) -> None:
    """A step's notice is drafted: the step is under way until the notice is released or cancelled. Raises
    Refused where another console has drafted it, or settled the step, meanwhile."""
    opened = await walking_run(tx, run)
    walk_now = opened.walk()
    allowed(walk_now, step, Action.UNDER_WAY)
    one_notice_at_a_time(walk_now.steps[step])
    incident = await tx.get(IncidentRow, opened.row.incident_id)
    event = RunEvent(step, Action.UNDER_WAY, f"broadcast:{notice.id}", "", tx.now, tx.actor.login)
    await record(tx, desk, opened, [event], title=incident.title)


async def notice_released(tx: Transaction, desk: Desk, notice: BroadcastRow) -> None:
    """A step's notice is in the outbox: the step is done. Who it reaches is the notice's own matter."""
    opened = await open_run(tx, notice.run_id or 0)
    current = opened.walk().steps.get(notice.step)
    if current is None or not current.open or opened.row.status == RunStatus.STOPPED:
        return  # the officer settled the step in another way meanwhile
    incident = await tx.get(IncidentRow, opened.row.incident_id)
    event = RunEvent(notice.step, Action.DONE, f"broadcast:{notice.id}", "", tx.now, tx.actor.login)
    await record(tx, desk, opened, [event], title=incident.title)


async def notice_withdrawn(tx: Transaction, desk: Desk, notice: BroadcastRow) -> None:
    """A step's notice was cancelled before its release: the step waits to be done as before."""
    opened = await open_run(tx, notice.run_id or 0)
    current = opened.walk().steps.get(notice.step)
    if current is None or current.state is not StepState.UNDER_WAY or opened.row.status == RunStatus.STOPPED:
        return  # the officer settled the step in another way meanwhile
    if current.value == f"broadcast:{notice.id}":
        incident = await tx.get(IncidentRow, opened.row.incident_id)
        event = RunEvent(notice.step, Action.UNDONE, None, "", tx.now, tx.actor.login)
        await record(tx, desk, opened, [event], title=incident.title)


async def _step_clocks(tx: Transaction, desk: Desk, run: RunRow, now: Walk, *, title: str) -> None:
    rows = await tx.all(
        select(TimerRow).where(
            col(TimerRow.run_id) == run.id,
            col(TimerRow.kind) == TimerKind.STEP,
            col(TimerRow.state).in_(clocks.RUNNING),
        )
    )
    running = {row.step: row for row in rows}
    for id_, step in now.steps.items():
        row = running.get(id_)
        if step.open and step.due is not None:
            if row is None:
                await tx.insert([_step_timer(desk, run, step, tx, title=title)])
        elif row is not None:
            if step.settled and step.at is not None and not step.reason:
                clocks.settle(row, tx)
            else:
                clocks.call_off(row, step.reason or N_("the step no longer waits"))
            tx.session.add(row)


def _step_timer(desk: Desk, run: RunRow, step: StepWalk, tx: Transaction, *, title: str) -> TimerRow:
    policy = clocks.policy_for(desk, TimerKind.STEP)
    due = step.due or tx.now
    return TimerRow(
        kind=TimerKind.STEP,
        rule=f"{run.playbook}/{step.step.id}",
        subject=f"{step.step.title.zh} {title}",
        anchor="",
        anchor_at=step.ready_at,
        due_at=due,
        next_at=clocks.first_look(policy, due),
        state=TimerState.ARMED,
        policy=policy.id if policy else "",
        source=step.step.source,
        verified=step.step.verified,
        drill=run.drill,
        incident_id=run.incident_id,
        run_id=run.id,
        step=step.step.id,
        armed_at=tx.now,
        armed_by=tx.actor.login,
    )
