"""Which clocks an incident has: the deadline rules over its situation, wound up, tightened or called off
inside the command that changed it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel import col, select

from dutydesk.desk.desk import Desk
from dutydesk.desk.incidents import facts, grades
from dutydesk.desk.incidents.stated import stated_about, told_at
from dutydesk.desk.runs import links
from dutydesk.desk.timers import clocks, corrections, rounds
from dutydesk.desk.timers.changes import CalledOff, Change
from dutydesk.desk.timers.rounds import NO_LONGER, UNFOUNDED
from dutydesk.i18n import N_
from dutydesk.model.deadlines import Due
from dutydesk.model.enums import FigureKind, TimerKind, TimerState
from dutydesk.model.figures import Figure
from dutydesk.model.grading import Proposal
from dutydesk.model.markers import Marker
from dutydesk.rules import deadlines
from dutydesk.rules.figures import current
from dutydesk.rules.standing import standing
from dutydesk.rules.titles import title_of
from dutydesk.store.database import Transaction
from dutydesk.store.tables import GradeRow, IncidentRow, ReportRow, TimerRow

ITS_OWN = N_("the incident has a clock of its own for it")
_CASUALTIES = (FigureKind.DEATHS, FigureKind.SERIOUS, FigureKind.INJURED, FigureKind.MISSING)


async def take_in(
    tx: Transaction,
    desk: Desk,
    incident: IncidentRow,
    report: ReportRow,
    figures: tuple[Figure, ...],
    said: Sequence[Marker],
    *,
    armed_by: str,
    is_new: bool,
    waited: bool = False,
    others: Sequence[ReportRow] = (),
) -> Change:
    """An incident takes a report in: its figures and markers (``said``) count, what it corrects is put right,
    the proposed grade follows, and so do the clocks.

    ``incident`` is inserted here when it is new. The report and its filing are already written. One that has
    ``waited`` unfiled brings clocks along. ``others`` come in with it: its corrections, or what it corrects.
    """
    before: tuple[Figure, ...] = ()
    corrects = [each for each in (report, *others) if each.corrects is not None]
    put_right: tuple[facts.Changed, ...] = ()
    kept: tuple[facts.Kept, ...] = ()
    given_up: list[CalledOff] = []
    if is_new and not corrects:
        after = figures
        circumstances = standing(said)
    else:
        if is_new:
            await tx.insert([incident])  # its reports are read back under it
        number, new = incident.id or 0, {each.id or 0 for each in (report, *others)}
        stated = await stated_about(tx, number)
        after, circumstances = current(stated.figures), stated.markers
        before = current((await stated_about(tx, number, without=new)).figures)
        tellings = await facts.tellings_about(tx, desk, number)
        title = incident.title
        put_right = facts.put_right(desk, incident, tellings, new=new)
        if corrects and not is_new:
            kept = facts.kept_against(incident, tellings, corrects[-1].id or 0)
            await corrections.retitle(tx, incident, was=title)
    proposal = grades.propose(desk.reference, incident.type, after, markers=circumstances)
    changed = _set_proposal(incident, proposal)
    grade_row = _computed_grade(incident, proposal, tx.now)
    if is_new and corrects:
        await tx.session.merge(incident)
        await tx.insert([grade_row])
    elif is_new:
        await tx.insert([incident, grade_row])
    else:
        tx.session.add(incident)
        if changed:
            await tx.insert([grade_row])
        steps = await corrections.running_steps(tx, incident.id or 0) if corrects else []
        await links.tell_facts(tx, desk, incident, after)
        given_up = [
            CalledOff(row.id or 0, row.rule, row.reason) for row in steps if row.state == TimerState.CANCELLED
        ]
    doubled = [
        each
        for one in ((report, *others) if waited else ())
        for each in await _carry_over(tx, desk, one, incident)
    ]
    change = await _arm(
        tx,
        desk,
        incident,
        proposal,
        after,
        armed_by=armed_by,
        told_at=incident.received_at if is_new else report.received_at,
        has_clocks=waited or not is_new,
        figures_changed=not is_new and _casualties(before) != _casualties(after),
        proposal_changed=changed,
        corrected=bool(corrects) and not is_new,
    )
    change.called_off[:0] = [*doubled, *given_up]
    change.facts, change.kept = (() if is_new else put_right), kept
    return change


async def rearm(
    tx: Transaction,
    desk: Desk,
    incident: IncidentRow,
    *,
    armed_by: str,
    grade_raised: bool = False,
    reopened: bool = False,
) -> Change:
    """Winds the clocks up anew after a person's grade, or after reopening."""
    stated = await stated_about(tx, incident.id or 0)
    figures = current(stated.figures)
    proposal = grades.propose(desk.reference, incident.type, figures, markers=stated.markers)
    await links.tell_facts(tx, desk, incident, figures)
    return await _arm(
        tx,
        desk,
        incident,
        proposal,
        figures,
        armed_by=armed_by,
        told_at=await told_at(tx, desk, incident, stated, clocks.effective_level(incident)),
        grade_raised=grade_raised,
        reopened=reopened,
    )


async def arm_unfiled(tx: Transaction, desk: Desk, report: ReportRow, proposal: Proposal) -> Change:
    """The clocks of a report that belongs to nothing yet: to be filed, and meanwhile to be relayed, where
    another authority runs the place. That one does not wait until somebody can tell what has happened."""
    row = await clocks.arm_internal(
        tx,
        desk,
        "FILE_REPORT",
        kind=TimerKind.INTERNAL,
        subject=report.text,
        armed_by=report.logged_by,
        report=report.id,
        drill=report.drill,
    )
    event_type = desk.reference.event_types.get(report.type)
    situation = deadlines.Situation(
        type=report.type,
        event_class=event_type.event_class if event_type else None,
        received_at=report.received_at,
        occurred_at=report.occurred_at,
        level=proposal.proposed.level,
        possible_level=proposal.possible.level,
        near_miss=proposal.near_miss,
        routed=bool(report.routing),
        unfiled=True,
        now=tx.now,
    )
    relayed = [
        _timer(desk, due, tx, about=title_of(report.text), armed_by=report.logged_by, drill=report.drill)
        for due in deadlines.due(desk.reference.deadline_rules, situation, desk.zone)
        if not due.rule.trigger.unfiled
    ]
    for each in relayed:
        each.report_id = report.id
    await tx.insert(relayed)
    rows = sorted([*relayed, *([] if row is None else [row])], key=lambda each: (each.due_at, each.id or 0))
    return Change(proposal, tuple(map(clocks.value, rows)), armed=[each.rule for each in rows])


async def _carry_over(
    tx: Transaction, desk: Desk, report: ReportRow, incident: IncidentRow
) -> list[CalledOff]:
    """What ran for a report that waited goes on for its incident, done or not, so that no duty is asked for
    twice; one that the incident has had a clock for is called off. Returns those."""
    rows = await tx.all(select(TimerRow).where(col(TimerRow.report_id) == report.id))
    there = {row.rule for row in await _timers_by_rule(tx, incident.id or 0)}
    doubled: list[CalledOff] = []
    for row in rows:
        rule = desk.reference.deadline_rules.get(row.rule)
        if rule is None or rule.trigger.unfiled:
            continue
        if row.rule not in there:
            row.incident_id = incident.id
            row.subject = f"{rule.name.zh} {incident.title}"
        elif TimerState(row.state).running:
            doubled.append(clocks.ended(row, ITS_OWN))
        tx.session.add(row)
    return doubled


async def _arm(
    tx: Transaction,
    desk: Desk,
    incident: IncidentRow,
    proposal: Proposal,
    figures: tuple[Figure, ...],
    *,
    armed_by: str,
    told_at: datetime,
    has_clocks: bool = True,
    figures_changed: bool = False,
    grade_raised: bool = False,
    proposal_changed: bool = False,
    reopened: bool = False,
    corrected: bool = False,
) -> Change:
    situation = replace(
        clocks.situation(desk, incident),
        told_at=told_at,
        possible_level=proposal.possible.level,
        near_miss=proposal.near_miss,
        figures=figures,
        figures_changed=figures_changed,
        grade_raised=grade_raised,
        unconfirmed_proposal=proposal_changed and _unconfirmed(incident, proposal),
        now=tx.now,
    )
    wanted = deadlines.due(desk.reference.deadline_rules, situation, desk.zone)
    change = Change(proposal)
    there = await _timers_by_rule(tx, incident.id or 0) if has_clocks else []
    latest: dict[str, TimerRow] = {row.rule: row for row in there if row.kind != TimerKind.REMINDER}
    fresh: list[TimerRow] = []
    kept: list[TimerRow] = [row for row in there if TimerState(row.state).running]
    if corrected:
        wanted = [corrections.as_first_told(due, latest.get(due.rule.id), desk.zone) for due in wanted]
    for due in wanted:
        if due.rule.kind is TimerKind.CADENCE:
            following = rounds.next_round(desk, due, there, tx.now, reopened=reopened)
            if following is not None:
                fresh.append(_timer_of(desk, incident, following, tx, armed_by=armed_by))
            continue
        old = latest.get(due.rule.id)
        if old is not None and TimerState(old.state).running:
            if corrections.moves(old, due, tx.now):
                change.moved.append(corrections.move(desk, old, due))
                tx.session.add(old)
        elif old is None or _comes_again(due, old, reopened=reopened):
            fresh.append(_timer_of(desk, incident, due, tx, armed_by=armed_by))
    still = {due.rule.id for due in wanted}
    for row in kept:
        if row.rule not in still and _follows_situation(desk, row) and not clocks.late(row, tx.now):
            change.called_off.append(clocks.ended(row, UNFOUNDED if corrected else NO_LONGER))
            tx.session.add(row)
    if corrected:
        happened = replace(situation, unconfirmed_proposal=_unconfirmed(incident, proposal))
        running = {row.rule for row in (*kept, *fresh) if TimerState(row.state).running}
        for row in corrections.unfounded(desk, kept, happened):
            if clocks.late(row, tx.now):
                change.owed.append(row.rule)
                continue
            change.called_off.append(clocks.ended(row, UNFOUNDED))
            tx.session.add(row)
            fresh += [
                _timer_of(desk, incident, due, tx, armed_by=armed_by)
                for due in corrections.passed_on(desk, row, happened)
                if due.rule.id not in running
            ]
    change.armed += [row.rule for row in fresh]
    await tx.insert(fresh)
    running_now = [row for row in (*kept, *fresh) if TimerState(row.state).running]
    change.timers = tuple(
        clocks.value(row) for row in sorted(running_now, key=lambda r: (r.due_at, r.id or 0))
    )
    return change


def _comes_again(due: Due, old: TimerRow, *, reopened: bool) -> bool:
    """Whether a duty that ended once starts anew: each change of casualties is a duty of its own, and so is a
    cancelled one that applies again."""
    trigger = due.rule.trigger
    if trigger.figures_changed or trigger.grade_raised or trigger.unconfirmed_proposal:
        return True
    return old.state == TimerState.CANCELLED and rounds.called_off_by_itself(old, reopened=reopened)


def armed_by_event(desk: Desk, row: TimerRow) -> bool:
    """Whether a moment brought ``row``, such as changed casualties or a released notice, and not a state of
    the incident that can be looked up again."""
    rule = desk.reference.deadline_rules.get(row.rule)
    if rule is None:
        return False
    trigger = rule.trigger
    return (
        trigger.figures_changed
        or trigger.grade_raised
        or trigger.unconfirmed_proposal
        or trigger.unfiled
        or trigger.notice
    )


def _follows_situation(desk: Desk, row: TimerRow) -> bool:
    """Whether a running timer is called off when its rule no longer holds. One that was armed by an event
    stays: the event has happened."""
    rule = desk.reference.deadline_rules.get(row.rule)
    if rule is None or rule.kind not in (TimerKind.DEADLINE, TimerKind.CADENCE, TimerKind.INTERNAL):
        return False
    return row.state == TimerState.ARMED and not armed_by_event(desk, row)


def _timer_of(desk: Desk, incident: IncidentRow, due: Due, tx: Transaction, *, armed_by: str) -> TimerRow:
    row = _timer(desk, due, tx, about=incident.title, armed_by=armed_by, drill=incident.drill)
    row.incident_id = incident.id
    return row


def _timer(desk: Desk, due: Due, tx: Transaction, *, about: str, armed_by: str, drill: bool) -> TimerRow:
    rule = due.rule
    policy = clocks.policy_for(desk, rule.kind)
    return TimerRow(
        kind=rule.kind,
        rule=rule.id,
        subject=f"{rule.name.zh} {about}",
        anchor=due.anchor,
        anchor_at=due.anchor_at,
        due_at=due.due,
        next_at=clocks.first_look(policy, due.due),
        state=TimerState.ARMED,
        policy=policy.id if policy else "",
        source=rule.source,
        verified=rule.verified,
        drill=drill,
        armed_at=tx.now,
        armed_by=armed_by,
    )


async def _timers_by_rule(tx: Transaction, incident: int) -> list[TimerRow]:
    return await tx.all(
        select(TimerRow).where(col(TimerRow.incident_id) == incident).order_by(col(TimerRow.id))
    )


def _unconfirmed(incident: IncidentRow, proposal: Proposal) -> bool:
    """Whether the computed grade waits for a person: none was given, or it is graver than the one given."""
    computed = proposal.proposed.level
    if computed is None:
        return False
    return incident.confirmed_level is None or int(computed) < incident.confirmed_level


def _set_proposal(incident: IncidentRow, proposal: Proposal) -> bool:
    """Puts the computed grade on the incident; returns whether anything about it changed."""
    fresh = (proposal.proposed.level, proposal.possible.level, proposal.near_miss)
    before = (incident.proposed_level, incident.possible_level, incident.near_miss)
    incident.proposed_level, incident.possible_level, incident.near_miss = fresh
    return fresh != before


def _computed_grade(incident: IncidentRow, proposal: Proposal, now: datetime) -> GradeRow:
    return GradeRow(
        incident_id=incident.id or 0,
        computed=True,
        level=proposal.proposed.level,
        possible=proposal.possible.level,
        near_miss=proposal.near_miss,
        basis=[
            {"rule": basis.rule, "source": basis.source, "verified": basis.verified}
            for basis in (*proposal.proposed.basis, *proposal.near_miss_basis)
        ],
        graded_at=now,
    )


def _casualties(figures: tuple[Figure, ...]) -> dict[FigureKind, float | None]:
    return {figure.kind: figure.value for figure in figures if figure.kind in _CASUALTIES}
