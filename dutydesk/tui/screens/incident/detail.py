"""The few lines under the panes: more about what is chosen, with its source, and 未核实 where it is not
verified."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dutydesk.desk.views.duties import OtherDuty
from dutydesk.i18n import _
from dutydesk.model.enums import StepState
from dutydesk.model.timers import Timer
from dutydesk.model.views.timeline import TimelineLine
from dutydesk.tui import times, words
from dutydesk.tui.lines import Role
from dutydesk.tui.screens.incident import words as here
from dutydesk.tui.screens.incident.command import clock_said, duty_said
from dutydesk.tui.screens.incident.rows import (
    FigureRow,
    NoticeRow,
    clock_name,
    figure_said,
    happened,
    source_said,
    told,
)
from dutydesk.tui.screens.incident.sheets import Paragraph
from dutydesk.tui.screens.incident.steps import how_it_went, waits_said
from dutydesk.tui.screens.incident.walk import WalkRow

if TYPE_CHECKING:
    from dutydesk.desk.views.work import Work
    from dutydesk.tui.screens.incident.screen import IncidentScreen


def detail(at: IncidentScreen, work: Work, chosen: object) -> list[Paragraph]:
    """What is to be known about ``chosen``, a row of whichever pane is in front."""
    if isinstance(chosen, WalkRow):
        return _step(at, chosen)
    if isinstance(chosen, Timer):
        return [(clock_name(work, chosen), "strong"), *clock_said(at, chosen)]
    if isinstance(chosen, OtherDuty):
        return [(words.say(chosen.name), "strong"), *duty_said(chosen)]
    if isinstance(chosen, FigureRow):
        return _figure(at, work, chosen)
    if isinstance(chosen, NoticeRow):
        reason = words.reason(chosen.delivery.reason) if chosen.delivery else ""
        said: list[Paragraph] = [(chosen.notice.text, "text")]
        return [*said, (reason, "doubt")] if reason else said
    if isinstance(chosen, TimelineLine):
        return [(f"{happened(chosen)}  {told(work, chosen, at.desk.zone)}".strip(), "text")]
    return []


def _step(at: IncidentScreen, row: WalkRow) -> list[Paragraph]:
    if row.offer is not None:
        return [_source(row.offer.source, row.offer.verified)]
    step = row.step
    if step is None or row.walked is None:
        return []
    said: list[Paragraph] = []
    kind = words.say(here.KINDS[step.step.kind])
    about = words.say(step.step.detail)
    if step.state is StepState.WAITING:
        said.append((_("waits for {what}", what=waits_said(row.walked, step)), "muted"))
    elif step.settled or step.state is StepState.UNDER_WAY:
        said.append((how_it_went(at, row, step), "good" if step.settled else "soon"))
    if about:
        said.append((f"{kind}  {about}", "text"))
    said += [(_("Caution: {text}", text=words.say(each)), "late") for each in step.step.cautions]
    if step.doubtful:
        said.append((_("Nobody knows whether it applies: its question was skipped."), "doubt"))
    zone, now = at.desk.zone, at.desk_app.now()
    said += [
        (f"{words.say(here.NOTE)} {times.short(each.at, now, zone)}  {each.reason}", "text")
        for each in step.notes
    ]
    said.append(_source(step.step.source, step.step.verified))
    return said


def _source(source: str, verified: bool) -> Paragraph:
    role: Role = "muted" if verified else "doubt"
    doubt = "" if verified else f"  {words.say(here.UNVERIFIED)}"
    return _("Source: {source}", source=source) + doubt, role


def _figure(at: IncidentScreen, work: Work, row: FigureRow) -> list[Paragraph]:
    """Each statement with its report's words, so that a person can weigh them."""
    reports = {report.id: report for report in work.reports}
    zone, now = at.desk.zone, at.desk_app.now()
    said: list[Paragraph] = []
    for each in row.stated:
        report = reports.get(each.report)
        overtaken = "  " + _("overtaken") if each.superseded else ""
        text = f"{figure_said(each)}  {source_said(each, now, zone)}{overtaken}  "
        text += report.text if report is not None else ""
        said.append((text, "muted" if each.superseded else "text"))
    return said
