"""Walking a playbook: start, do, answer, skip, note, undo. The walker judges; this keeps what was done."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import col, select

from dutydesk.desk.desk import Desk
from dutydesk.desk.incidents.incidents import open_incident
from dutydesk.desk.incidents.stated import current_figures
from dutydesk.desk.kept_text import LONGEST_NOTE, kept
from dutydesk.desk.notices import broadcasts, wordings
from dutydesk.desk.officers.authority import require
from dutydesk.desk.runs import links
from dutydesk.desk.timers import clocks
from dutydesk.i18n import N_
from dutydesk.model.enums import Permission, RunStatus, StepKind, StepState, TimerKind, TimerState
from dutydesk.model.errors import BadInput, ConfigError, Refused
from dutydesk.model.officers import Actor
from dutydesk.model.text import Text
from dutydesk.model.timers import Timer
from dutydesk.model.visible import visible
from dutydesk.playbooks.language import digest, pinned_source
from dutydesk.playbooks.names import incident_facts
from dutydesk.playbooks.permission import allowed
from dutydesk.playbooks.walk import Action, RunEvent, StepWalk, Walk
from dutydesk.store.database import Transaction
from dutydesk.store.rows import incident_value
from dutydesk.store.tables import IncidentRow, NoteRow, RunRow, TimerRow


@dataclass(frozen=True, slots=True)
class Walked:
    """A run after a command. ``settled`` are the deadlines that the step met, ``notice`` what it drafted."""

    run: int
    status: RunStatus
    walk: Walk
    settled: tuple[Timer, ...] = ()
    notice: broadcasts.Drafted | None = None


async def start(desk: Desk, actor: Actor, incident: int, playbook: str) -> Walked:
    """Starts ``playbook`` on an incident. The run keeps a copy of the exact text it starts with.

    Raises NotFound, or Refused when the same playbook is being walked on it already.
    """
    require(actor, Permission.OPERATE)
    chosen = desk.playbooks.get(playbook)
    async with (await desk.store()).transaction(actor) as tx:
        about = await open_incident(tx, incident)
        same = await tx.all(
            select(RunRow).where(
                col(RunRow.incident_id) == incident,
                col(RunRow.playbook) == playbook,
                col(RunRow.status) == RunStatus.WALKING,
            )
        )
        if same:
            raise Refused(
                "Run {run} already walks {playbook} on incident {incident}.",
                run=same[0].id,
                playbook=playbook,
                incident=incident,
            )
        source = pinned_source(chosen)
        row = RunRow(
            id=await tx.next_id(RunRow),
            incident_id=incident,
            playbook=playbook,
            source=source,
            source_hash=digest(source),
            status=RunStatus.WALKING,
            drill=about.drill,
            started_at=tx.now,
            started_by=actor.login,
        )
        await tx.insert([row])
        opened = await links.open_run(tx, row.id or 0)
        figures = await current_figures(tx, incident)
        facts = incident_facts(incident_value(about), figures)
        walk = await links.record(tx, desk, opened, links.fact_events(tx, facts), title=about.title)
        tx.journal(
            "run.started",
            f"run:{row.id}",
            {"incident": incident, "playbook": playbook, "source_hash": row.source_hash},
        )
        return Walked(row.id or 0, RunStatus.WALKING, walk)


async def do(desk: Desk, actor: Actor, run: int, step: str, *, value: str = "", reason: str = "") -> Walked:
    """Marks a step as done. ``value`` is a call's outcome, or what was done instead.

    A report step meets the deadlines it names, and asks for ``reason`` where one of them is late. A notify
    step without a ``value`` drafts its notice and is under way until that is released.
    """
    require(actor, Permission.OPERATE)
    if not value:
        form = await _step_notice(desk, actor, run, step)
        if form is not None:
            drafted = await broadcasts.draft(desk, actor, form)
            async with (await desk.store()).transaction(actor, journaled=False) as tx:
                opened = await links.open_run(tx, run)
                return Walked(run, RunStatus(opened.row.status), opened.walk(), notice=drafted)
    return await _act(desk, actor, run, step, Action.DONE, value=visible(value), reason=reason)


async def answer(desk: Desk, actor: Actor, run: int, step: str, value: str) -> Walked:
    """Answers a question step; the answer is read by the fact's type."""
    return await _act(desk, actor, run, step, Action.ANSWERED, value=visible(value))


async def skip(desk: Desk, actor: Actor, run: int, step: str, *, reason: str) -> Walked:
    """Skips a step for a reason, which is kept. A step that must be done cannot be skipped."""
    return await _act(desk, actor, run, step, Action.SKIPPED, reason=reason)


async def undo(desk: Desk, actor: Actor, run: int, step: str, *, reason: str = "") -> Walked:
    """Takes back the last action on a step. Both stay on record. Deadlines that a report step met run again,
    for what was taken back was never reported."""
    return await _act(desk, actor, run, step, Action.UNDONE, reason=reason)


async def note(desk: Desk, actor: Actor, run: int, text: str, *, step: str = "") -> int:
    """Keeps a note on a run, or on one of its steps."""
    require(actor, Permission.OPERATE)
    said = kept(text, LONGEST_NOTE)
    if not said:
        raise BadInput("The note is empty.")
    async with (await desk.store()).transaction(actor) as tx:
        opened = await links.open_run(tx, run)
        if step:
            allowed(opened.walk(), step, Action.NOTED, reason=said)
            about = await tx.get(IncidentRow, opened.row.incident_id)
            event = RunEvent(step, Action.NOTED, None, said, tx.now, actor.login)
            await links.record(tx, desk, opened, [event], title=about.title)
        row = NoteRow(
            id=await tx.next_id(NoteRow),
            incident_id=opened.row.incident_id,
            run_id=run,
            step=step,
            text=said,
            at=tx.now,
            by=actor.login,
        )
        await tx.insert([row])
        tx.journal("run.noted", f"run:{run}", {"step": step, "text": said})
        return row.id or 0


async def _act(
    desk: Desk,
    actor: Actor,
    run: int,
    step: str,
    action: Action,
    *,
    value: str = "",
    reason: str = "",
) -> Walked:
    require(actor, Permission.OPERATE)
    why = kept(reason)
    async with (await desk.store()).transaction(actor) as tx:
        opened = await links.walking_run(tx, run)
        before = opened.walk()
        permitted = allowed(before, step, action, value or None, why)
        about = await tx.get(IncidentRow, opened.row.incident_id)
        settled: tuple[Timer, ...] = ()
        if permitted.action is Action.DONE and before.steps[step].step.kind is StepKind.REPORT:
            settled = await _meet(tx, desk, about, before.steps[step].step.meets, reason=why)
        reopened = await _unmeet(tx, desk, about, before.steps[step]) if action is Action.UNDONE else ()
        event = RunEvent(
            permitted.step, permitted.action, permitted.value, permitted.reason, tx.now, actor.login
        )
        walk = await links.record(tx, desk, opened, [event], title=about.title)
        tx.journal(
            f"run.{permitted.action}",
            f"run:{run}",
            {
                "step": step,
                "value": permitted.value,
                "reason": why,
                "incident": about.id,
                "met": [timer.rule for timer in settled],
                **({"run_again": [timer.rule for timer in reopened]} if reopened else {}),
                "progress": [walk.done, walk.total],
            },
        )
        return Walked(run, RunStatus(opened.row.status), walk, settled)


async def _meet(
    tx: Transaction, desk: Desk, incident: IncidentRow, rules: tuple[str, ...], *, reason: str
) -> tuple[Timer, ...]:
    """Settles the running deadlines that a report step meets. Raises Refused for a late one without a
    reason."""
    met = [row for row in await clocks.running_rows(tx, incident.id or 0) if row.rule in rules]
    late = [row for row in met if tx.now > row.due_at]
    if late and not reason:
        raise Refused(
            "This report meets {rules}, which was due at {due} and is late: give the reason, it is kept.",
            rules=" ".join(row.rule for row in late),
            due=min(row.due_at for row in late).astimezone(desk.zone).strftime("%m-%d %H:%M:%S"),
        )
    for row in met:
        is_late = row in late
        clocks.settle(row, tx, late=is_late, reason=reason if is_late else "")
        tx.session.add(row)
        if row.kind == TimerKind.CADENCE:
            await clocks.arm_next_round(tx, desk, row)
    return tuple(clocks.value(row) for row in met)


async def _unmeet(tx: Transaction, desk: Desk, incident: IncidentRow, done: StepWalk) -> tuple[Timer, ...]:
    """Winds the deadlines up again that a report step met when it was done, and calls off the rounds of a
    cadence that this armed."""
    if done.step.kind is not StepKind.REPORT or done.state is not StepState.DONE or done.at is None:
        return ()
    rows = await tx.all(
        select(TimerRow).where(
            col(TimerRow.incident_id) == incident.id,
            col(TimerRow.rule).in_(done.step.meets),
            (col(TimerRow.met_at) == done.at) | (col(TimerRow.armed_at) == done.at),
        )
    )
    back = [row for row in rows if row.met_at == done.at]
    for row in rows:
        if row in back:
            clocks.rewind(desk, row)
        elif TimerState(row.state).running and row.rule in {one.rule for one in back}:
            clocks.call_off(row, N_("what armed it was taken back"))
        tx.session.add(row)
    return tuple(clocks.value(row) for row in back)


async def _step_notice(desk: Desk, actor: Actor, run: int, step: str) -> broadcasts.NoticeForm | None:
    """The notice that a notify step sends, its text filled in; ``None`` for any other step.

    Raises what the walker raises when the step cannot be worked now.
    """
    async with (await desk.store()).transaction(actor, journaled=False) as tx:
        opened = await links.walking_run(tx, run)
        walk = opened.walk()
        permitted = allowed(walk, step, Action.DONE)
        current_step = walk.steps[permitted.step]
        if current_step.step.kind is not StepKind.NOTIFY:
            return None
        links.one_notice_at_a_time(current_step)
        about = await tx.get(IncidentRow, opened.row.incident_id)
        figures = await current_figures(tx, about.id or 0)
        template = desk.reference.templates.get(current_step.step.template)
        if template is None:
            raise ConfigError(
                "Step {step} names the template {template}, which templates.yaml lacks.",
                step=step,
                template=current_step.step.template,
            )
        names = wordings.text_names(desk, about, figures, officer=actor.name, walk=walk)
        return broadcasts.NoticeForm(
            groups=current_step.step.groups,
            text=wordings.filled(Text(template.body), names),
            drill=about.drill,
            template=template.id,
            incident=about.id,
            confirm=current_step.step.confirm,
            urgent=current_step.step.urgent,
            run=run,
            step=step,
            lenient=True,
        )
