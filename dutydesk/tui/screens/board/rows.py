"""How the board's rows look: columns that line up, lateness and grade in words beside their colours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from dutydesk.desk.views.board import NO_NAMES, Names
from dutydesk.i18n import _, language
from dutydesk.model.enums import ReportSource, TimerState
from dutydesk.model.timers import Timer
from dutydesk.model.views.board import BoardIncident, BoardReport
from dutydesk.tui import times, words
from dutydesk.tui.lines import Cell, Line, Role, lay_out

WIDE = 66
"""Cells below which a row does without what the number beside it can be looked up for."""


@dataclass(frozen=True, slots=True)
class Sense:
    """What the codes in the rows mean; empty until it is loaded after the first paint. ``titles`` are of the
    incidents on the board."""

    names: Names = NO_NAMES
    incidents: Mapping[int, BoardIncident] = field(default_factory=dict)

    def what(self, timer: Timer) -> str:
        """What has to be done by the timer's time."""
        incident = self.incidents.get(timer.incident or 0)
        if (name := self.names.duty(timer)) is not None:
            return words.say(name)
        title = incident.title if incident is not None else ""
        return timer.subject.removesuffix(title).strip() or timer.subject

    def about(self, timer: Timer) -> str:
        """Which incident that is for; for a report that is filed nowhere, the report itself."""
        if (incident := self.incidents.get(timer.incident or 0)) is not None:
            return incident.title
        name = self.names.duty(timer)
        return timer.subject.removeprefix(name.zh).strip() if name is not None else ""

    def next_step(self, incident: BoardIncident) -> str:
        """The title of the step that is next."""
        step = self.names.steps.get((incident.playbook, incident.next_step))
        return words.say(step) if step is not None else ""


def state_of(timer: Timer, now: datetime) -> tuple[str, Role]:
    """The word before a clock: late, soon, or in hand."""
    if timer.state == TimerState.ACKNOWLEDGED:
        return _("in hand"), "muted"
    if timer.due <= now:
        return _("late"), "late"
    if timer.due - now <= times.SOON:
        return _("soon"), "soon"
    return "", "muted"


ROOMY = 74
"""Cells from which on an incident's town stands beside its title."""


def word_width() -> int:
    """Cells of the widest of these words."""
    return 4 if language() == "zh" else 7


def timer_row(timer: Timer, width: int, now: datetime, seconds: bool, sense: Sense) -> Line:
    """A clock: how long, what, for which incident, by which rule."""
    word, role = state_of(timer, now)
    left, shade = times.remaining(timer.due, now, seconds=seconds)
    if timer.state == TimerState.ACKNOWLEDGED:
        shade = "muted"
    if timer.level:
        mark, ink = _("told level {level}", level=timer.level), "late"
    else:
        mark, ink = (_("unverified") if timer.source and not timer.verified else ""), "doubt"
    about = sense.about(timer)
    number = f"{timer.incident:03}" if timer.incident else ""
    return lay_out(
        [
            Cell(word, role, width=1 + word_width(), align="right", gap=1),
            Cell(left, shade, width=times.WIDTH, align="right"),
            Cell(
                marked(sense.what(timer), timer.drill), "drill" if timer.drill else "strong", flex=5, least=0
            ),
            Cell(number, "drill" if timer.drill else "muted", width=3, gap=1),
            *(
                [Cell(marked(about, timer.drill), "drill" if timer.drill else "text", flex=4, least=0)]
                if width >= WIDE
                else []
            ),
            Cell(mark, ink, width=7 if language() == "zh" else 12, drop=1),
        ],
        width,
    )


def marked(text: str, drill: bool) -> str:
    """``text`` with the word for a drill before it, unless it says so itself."""
    word = words.say(words.DRILL)
    return f"{word} {text}" if drill and not text.startswith(word) else text


def incident_row(incident: BoardIncident, width: int, sense: Sense) -> Line:
    """An open incident: grade, title, place, how far its playbook is, what is next, who has not confirmed."""
    grade, role = words.level(incident.level, confirmed=incident.level_confirmed)
    waiting = incident.recipients - incident.confirmed
    if incident.in_trouble:
        notices, shade = _("{count} not reached", count=incident.in_trouble), "late"
    elif waiting > 0:
        notices, shade = _("{count} unconfirmed", count=waiting), "soon"
    else:
        notices, shade = (_("all confirmed"), "good") if incident.recipients else ("", "muted")
    wide = 8 if language() == "zh" else 14
    steps = f"{incident.steps_done}/{incident.steps_total}" if incident.steps_total else ""
    title = marked(incident.title, incident.drill)
    level_width = 9 if language() == "zh" else words.LEVEL_WIDTH + 2
    return lay_out(
        [
            Cell(f" {grade}", role, width=level_width, gap=1),
            Cell(f"{incident.id:03}", "muted", width=3, gap=1),
            Cell(title, "drill" if incident.drill else "strong", flex=5, least=0),
            *([Cell(incident.town, "text", width=7)] if width >= ROOMY else []),
            Cell(steps, "muted", width=5, align="right", gap=1, drop=1),
            Cell(sense.next_step(incident), "text", flex=4, least=0),
            Cell(notices, shade, width=wide),
        ],
        width,
    )


def report_row(report: BoardReport, width: int, now: datetime, zone: tzinfo) -> Line:
    """A report: when, from where, what, and what it belongs to."""
    known = {str(each): each for each in ReportSource}
    source = words.say(words.SOURCES[known[report.source]]) if report.source in known else report.source
    loose = report.incident is None
    filed = _("not filed") if loose else f"{report.incident:03}"
    return lay_out(
        [
            Cell(f" {times.short(report.received_at, now, zone)}", "strong" if loose else "muted", width=12),
            Cell(source, "muted", width=6, drop=1),
            Cell(
                marked(report.text, report.drill),
                "drill" if report.drill else "text" if loose else "muted",
                flex=1,
                least=0,
            ),
            Cell(report.town, "muted", width=6, drop=2),
            Cell(f"{filed} ", "soon" if loose else "muted", 7 if language() == "zh" else 10, align="right"),
        ],
        width,
    )
