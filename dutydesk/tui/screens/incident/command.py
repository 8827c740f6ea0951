"""What an officer does about an incident as a whole, and about its clocks: grade, note, close, reopen; met,
acknowledged, cancelled."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from dutydesk.i18n import _
from dutydesk.model.enums import BroadcastState, IncidentStatus, Level, TimerKind, TimerState
from dutydesk.model.text import Text
from dutydesk.model.timers import Timer
from dutydesk.tui import times, words
from dutydesk.tui.lines import Cell, Line, lay_out
from dutydesk.tui.screens.incident import words as here
from dutydesk.tui.screens.incident.rows import (
    clock_name,
    figure_rows,
    figure_said,
    limit_said,
    source_said,
)
from dutydesk.tui.screens.incident.sheets import Paragraph, PickSheet, ReadSheet, WriteSheet
from dutydesk.tui.screens.incident.walk import WalkRow
from dutydesk.tui.text import pad

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dutydesk.desk.views.duties import OtherDuty
    from dutydesk.desk.views.work import Work
    from dutydesk.tui.screens.incident.screen import IncidentScreen


# --- the grade ----------------------------------------------------------------------------------------


async def grade(at: IncidentScreen) -> None:
    """A person's grade, by digit, with the desk's basis in view; afterwards, what it did to the clocks."""
    from dutydesk.desk.incidents import incidents

    work = at.must_work()
    about = work.incident
    given = about.confirmed_level or about.proposed_level
    level = await at.ask(
        PickSheet(
            _("Confirm the grade: {title}", title=about.title),
            basis_said(at, work),
            list(Level),
            partial(_level_line, work),
            key=lambda each: each,
            at=given,
        )
    )
    if level is None:
        return
    reason = ""
    if about.confirmed_level is not None and level != about.confirmed_level:
        was = words.say(work.level_names[about.confirmed_level])
        answer = await at.ask(WriteSheet(_("It was {was}. Why the change? The reason is kept.", was=was)))
        if not answer:
            return
        reason = answer
    graded = await at.commit(
        incidents.grade(
            at.desk.desk, at.desk.actor, about.id, level, reason=reason, seen=about.confirmed_level
        )
    )
    named = words.say(work.level_names[level])
    at.desk_app.news(_("Confirmed: {level}", level=named))
    changes = what_changed(at, work, graded.timers)
    if changes:
        await at.ask(
            ReadSheet(_("{level}: what it did to the clocks", level=named), changes, hint=_("Enter goes on."))
        )


def basis_said(at: IncidentScreen, work: Work) -> list[Paragraph]:
    """What the proposal rests on: the grades found, the rules with their sources, the figures."""
    about, now, zone = work.incident, at.desk_app.now(), at.desk.zone
    proposed, possible = about.proposed_level, about.possible_level
    found = [
        _("Proposed: {level}", level=words.say(work.level_names[proposed]) if proposed else _("none")),
    ]
    if possible is not None and possible != proposed:
        found.append(_("possibly {level}", level=words.say(work.level_names[possible])))
    if about.near_miss:
        found.append(_("serious near miss"))
    said: list[Paragraph] = [("  ".join(found), "strong")]
    for each in work.basis:
        doubt = "" if each.verified else f"  {words.say(here.UNVERIFIED)}"
        said.append((f"  {each.rule}  {each.source}{doubt}", "text" if each.verified else "doubt"))
    for row in figure_rows(work.figures):
        numbers = [
            f"{figure_said(each)} ({source_said(each, now, zone)})"
            for each in row.stated
            if not each.superseded
        ]
        said.append((f"  {words.say(words.FIGURES[row.kind])} {'; '.join(numbers)}", "muted"))
    return said


def what_changed(at: IncidentScreen, before: Work, after: Sequence[Timer]) -> list[Paragraph]:
    """New, tightened and ended clocks, in words."""
    now = at.desk_app.now()
    was = {timer.id: timer for timer in before.running}
    said: list[Paragraph] = []
    for timer in sorted(after, key=lambda each: each.due):
        left, role = times.remaining(timer.due, now)
        word = words.say(here.LATE if timer.due < now else here.LEFT)
        name = clock_name(before, timer)
        if timer.id not in was:
            said.append((_tagged(here.NEW, f"{word} {left}  {name}"), role))
        elif was[timer.id].due > timer.due:
            said.append((_tagged(here.SOONER, f"{word} {left}  {name}"), role))
        elif was[timer.id].due < timer.due:
            said.append((_tagged(here.LATER, f"{word} {left}  {name}"), role))
    still = {timer.id for timer in after}
    said += [
        (_tagged(here.ENDED, clock_name(before, timer)), "muted")
        for timer in was.values()
        if timer.id not in still
    ]
    return said


def _level_line(work: Work, level: Level, width: int) -> Line:
    about = work.incident
    marks = []
    if level == about.confirmed_level:
        marks.append(_("confirmed now"))
    if level == about.proposed_level:
        marks.append(_("proposed"))
    if level == about.possible_level and level != about.proposed_level:
        marks.append(_("possible"))
    return lay_out(
        [
            Cell(f" {int(level)}", "key", width=4, gap=0),
            Cell(words.say(work.level_names[level]), f"level{int(level)}", width=20),
            Cell("  ".join(marks), "muted", flex=1),
        ],
        width,
    )


# --- notes, closing, reopening ------------------------------------------------------------------------


async def note(at: IncidentScreen, row: WalkRow | None) -> None:
    """A note on the chosen step, or on the incident where no step is chosen."""
    from dutydesk.desk.incidents import incidents
    from dutydesk.desk.runs import runs

    work = at.must_work()
    on_step = row is not None and row.step is not None and row.walked is not None
    about = row.title if row is not None and on_step else work.incident.title
    text = await at.ask(WriteSheet(_("Note on: {title}", title=about)))
    if not text:
        return
    if row is not None and row.step is not None and row.walked is not None:
        work_ = runs.note(at.desk.desk, at.desk.actor, row.walked.run, text, step=row.step.step.id)
        await at.commit(work_)
    else:
        await at.commit(incidents.note(at.desk.desk, at.desk.actor, work.incident.id, text))
    at.desk_app.news(_("Noted."))


async def close_or_reopen(at: IncidentScreen) -> None:
    """Lists what is still open before an incident closes; opens a closed one again."""
    from dutydesk.desk.incidents import incidents

    work = at.must_work()
    about = work.incident
    if about.status is IncidentStatus.CLOSED:
        reason = await at.ask(WriteSheet(_("Reopen {title}: why?", title=about.title)))
        if reason:
            timers = await at.commit(incidents.reopen(at.desk.desk, at.desk.actor, about.id, reason=reason))
            at.desk_app.news(_("Open again; {count} clocks run.", count=len(timers)))
        return
    said = still_open(at, work) or [(_("Nothing is open."), "good")]
    reason = await at.ask(WriteSheet(_("Close {title}: why? The reason is kept.", title=about.title), said))
    if reason:
        closed = await at.commit(
            incidents.close(at.desk.desk, at.desk.actor, about.id, reason=reason, seen=len(work.reports))
        )
        at.desk_app.news(
            _(
                "Closed. {missed} clocks missed, {cancelled} called off, {runs} playbooks stopped.",
                missed=len(closed.missed),
                cancelled=len(closed.cancelled),
                runs=len(closed.runs),
            )
        )


def still_open(at: IncidentScreen, work: Work) -> list[Paragraph]:
    """What closing would end or leave behind, the gravest first."""
    now = at.desk_app.now()
    said: list[Paragraph] = []
    for timer in work.running:
        if timer.kind is TimerKind.STEP:
            continue
        left, role = times.remaining(timer.due, now)
        word = words.say(here.LATE if timer.due < now else here.LEFT)
        said.append((_tagged(here.CLOCK, f"{word} {left}  {clock_name(work, timer)}"), role))
    for walked in work.runs:
        steps = [step for step in walked.walk.steps.values() if step.open]
        said += [
            (_tagged(here.STEP, f"{words.say(here.MUST)} {words.say(step.step.title)}"), "soon")
            for step in steps
            if step.step.must
        ]
        others = sum(not step.step.must for step in steps)
        if others:
            name = words.say(walked.walk.playbook.title)
            said.append(
                (_tagged(here.STEP, _("{count} more of {playbook}", count=others, playbook=name)), "text")
            )
    for status in work.notices:
        if status.broadcast.state in (BroadcastState.DRAFT, BroadcastState.APPROVED):
            said.append((_tagged(here.NOTICE, _("{id} never released", id=status.broadcast.id)), "soon"))
        waiting = sum(not one.state.reached for one in status.deliveries)
        unconfirmed = sum(one.state.reached and one.state != "confirmed" for one in status.deliveries)
        if waiting:
            said.append(
                (
                    _tagged(
                        here.NOTICE, _("{id}: {count} not reached", id=status.broadcast.id, count=waiting)
                    ),
                    "late",
                )
            )
        if unconfirmed and status.broadcast.confirm:
            said.append(
                (
                    _tagged(
                        here.NOTICE,
                        _("{id}: {count} not confirmed", id=status.broadcast.id, count=unconfirmed),
                    ),
                    "soon",
                )
            )
    return said


# --- clocks -------------------------------------------------------------------------------------------


async def work_clock(at: IncidentScreen, timer: Timer) -> None:
    """What to do about a clock: met, acknowledge, cancel; a late duty asks for its reason."""
    from dutydesk.desk.timers import timers

    work = at.must_work()
    name = clock_name(work, timer)
    said = clock_said(at, timer)
    if not timer.state.running:
        await at.ask(ReadSheet(name, said, hint=_("Enter goes on.")))
        return
    choices = {
        "met": _("Met now"),
        "acknowledge": _("Acknowledge: I am on it"),
        "cancel": _("Cancel, for a reason"),
    }
    if timer.state is not TimerState.FIRED:
        del choices["acknowledge"]
    choice = await at.ask(
        PickSheet(
            name, said, list(choices), partial(_choice_line, choices, list(choices)), key=lambda each: each
        )
    )
    desk, actor = at.desk.desk, at.desk.actor
    if choice == "met":
        reason = ""
        if timer.due < at.desk_app.now() and timer.kind in (TimerKind.DEADLINE, TimerKind.CADENCE):
            reason = await at.ask(WriteSheet(_("Late: {what}. Why? The reason is kept.", what=name))) or ""
            if not reason:
                return
        met = await at.commit(timers.meet(desk, actor, timer.id, reason=reason))
        at.desk_app.news(f"{words.say(words.TIMERS[met.state])}  {name}")
    elif choice == "acknowledge":
        await at.commit(timers.acknowledge(desk, actor, timer.id))
        at.desk_app.news(_("Acknowledged: {what}. The duty stays open.", what=name))
    elif choice == "cancel":
        why = await at.ask(WriteSheet(_("Cancel {what}: why? The reason is kept.", what=name)))
        if why:
            ended = await at.commit(timers.cancel(desk, actor, timer.id, reason=why))
            at.desk_app.news(f"{words.say(words.TIMERS[ended.state])}  {name}")


def clock_said(at: IncidentScreen, timer: Timer) -> list[Paragraph]:
    """Where a clock comes from: due time, anchor, source, what became of it."""
    now, zone = at.desk_app.now(), at.desk.zone
    due = times.short(timer.due, now, zone)
    parts = [_("due {time}", time=due)]
    anchors = _anchors()
    if timer.anchor_at is not None and timer.anchor in anchors:
        parts.append(f"{anchors[timer.anchor]} {times.short(timer.anchor_at, now, zone)}")
    said: list[Paragraph] = [("  ".join(parts), "text")]
    if timer.source:
        doubt = "" if timer.verified else f"  {words.say(here.UNVERIFIED)}"
        said.append((timer.source + doubt, "muted" if timer.verified else "doubt"))
    if timer.level:
        said.append((_("escalated, level {level}", level=timer.level), "late"))
    if timer.acknowledged_by:
        who = at.must_work().officers.get(timer.acknowledged_by, timer.acknowledged_by)
        said.append((_("acknowledged by {who}", who=who), "text"))
    if timer.reason:
        said.append((_("reason: {reason}", reason=words.reason(timer.reason)), "text"))
    return said


async def read_duty(at: IncidentScreen, duty: OtherDuty) -> None:
    """Shows a duty of another body; there is nothing of it to work here."""
    await at.ask(ReadSheet(words.say(duty.name), duty_said(duty), hint=_("Enter goes on.")))


def duty_said(duty: OtherDuty) -> list[Paragraph]:
    """A duty of another body: who to whom, within how long, by which rule."""
    who = _("{sender} to {receiver}", sender=words.say(duty.sender), receiver=words.say(duty.receiver))
    parts = [who, limit_said(duty), _anchors().get(str(duty.anchor), "") if duty.limit else ""]
    doubt = "" if duty.verified else f"  {words.say(here.UNVERIFIED)}"
    return [
        ("  ".join(part for part in parts if part), "text"),
        (_("Another body's duty: ask whether it was done. The desk keeps no clock for it."), "text"),
        (duty.source + doubt, "muted" if duty.verified else "doubt"),
    ]


def _anchors() -> dict[str, str]:
    return {
        "occurred": _("from the occurrence"),
        "received": _("from the report"),
        "told": _("from when the desk was told"),
        "graded": _("from the grading"),
    }


def _choice_line(labels: dict[str, str], ids: list[str], row: str, width: int) -> Line:
    return lay_out([Cell(f" {ids.index(row) + 1}", "key", width=4, gap=0), Cell(labels[row], flex=1)], width)


def _tagged(tag: Text, said: str) -> str:
    """``said`` behind a tag that keeps its column."""
    return pad(words.say(tag), 8) + said
