"""How the lines of the incident screen are made: clocks, figures, notices, timeline, incidents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING

from dutydesk.i18n import _, language
from dutydesk.model.enums import FigureKind, Level, TimerKind, TimerState
from dutydesk.model.facts import FACTS
from dutydesk.model.figures import StatedFigure, figure_digits
from dutydesk.model.notices import Broadcast, Delivery
from dutydesk.model.reports import Incident
from dutydesk.model.text import Text
from dutydesk.model.timers import Timer
from dutydesk.model.views.timeline import PutRight, TimelineLine
from dutydesk.tui import deeds, times, words
from dutydesk.tui.lines import Cell, Line, Role, lay_out
from dutydesk.tui.screens.incident import words as here
from dutydesk.tui.screens.incident.walk import answer_said
from dutydesk.tui.text import clip

if TYPE_CHECKING:
    from dutydesk.desk.views.duties import OtherDuty
    from dutydesk.desk.views.notices import NoticeStatus
    from dutydesk.desk.views.work import Work


_NEVER = datetime.max.replace(tzinfo=UTC)

# --- clocks -------------------------------------------------------------------------------------------


def clock_rows(work: Work) -> list[Timer | OtherDuty]:
    """The running clocks, duties to report before the steps' own dues, each strictest first; then the duties
    that are over, with what of the desk's own was called off, and those of other bodies."""
    running = sorted(work.running, key=lambda timer: (timer.kind is TimerKind.STEP, timer.due))
    legal = (TimerKind.DEADLINE, TimerKind.CADENCE)
    ended = [
        timer
        for timer in work.timers
        if not timer.state.running
        and (
            timer.kind in legal or (timer.kind is TimerKind.INTERNAL and timer.state is TimerState.CANCELLED)
        )
    ]
    return [*running, *sorted(ended, key=lambda timer: timer.due), *work.duties_of_others]


def clock_key(row: Timer | OtherDuty) -> int | str:
    """What tells one row of the clocks from another."""
    return row.id if isinstance(row, Timer) else row.rule


def clock_due(row: Timer | OtherDuty) -> datetime:
    """When a row's time is up: never for what is not timed."""
    return row.due if isinstance(row, Timer) else _NEVER


def duty_line(duty: OtherDuty, width: int) -> Line:
    """A duty of another body: within how long, and what."""
    return lay_out(
        [
            Cell(words.say(here.OTHERS), "muted", width=5, align="right", gap=1),
            Cell(limit_said(duty), "muted", width=times.WIDTH, align="right"),
            Cell(words.say(duty.name), "muted", flex=1, least=12),
            Cell("" if duty.verified else words.say(here.UNVERIFIED) + " ", "doubt", drop=2),
        ],
        width,
    )


def limit_said(duty: OtherDuty) -> str:
    """Within how long; nothing where the rule gives no hours."""
    if duty.limit is None:
        return ""
    return times.span(duty.limit) if duty.limit else _("at once")


def clock_name(work: Work, timer: Timer) -> str:
    """What a clock is for, short."""
    if timer.rule in work.timer_names and timer.kind is not TimerKind.NOTICE:
        return words.say(work.timer_names[timer.rule])
    if timer.kind is TimerKind.STEP:
        for walked in work.runs:
            if walked.run == timer.run and timer.step in walked.walk.steps:
                return words.say(walked.walk.steps[timer.step].step.title)
    return timer.note or timer.subject


def clock_line(work: Work, timer: Timer, width: int, now: datetime, seconds: bool) -> Line:
    """A clock: what is left or past, in words and figures, then what it is for."""
    running = timer.state.running
    left, role = times.remaining(timer.due, now, seconds=seconds)
    if not running:
        left, role = "", "late" if timer.state is TimerState.MISSED else "muted"
    word = words.say(here.LATE if timer.due < now else here.LEFT) if running else ""
    doubt = "" if timer.verified or not timer.source else words.say(here.UNVERIFIED) + " "
    state = "" if timer.state is TimerState.ARMED else words.say(words.TIMERS[timer.state])
    why = words.reason(timer.reason) if timer.state is TimerState.CANCELLED else ""
    return lay_out(
        [
            Cell(word, role, width=5, align="right", gap=1),
            Cell(left, role, width=times.WIDTH, align="right"),
            Cell(clock_name(work, timer), "strong" if running else "muted", flex=1, least=12),
            *([Cell(why, "muted", drop=3)] if why else []),
            Cell(state, role if not running else "soon"),
            Cell(doubt, "doubt", drop=2),
        ],
        width,
    )


# --- figures ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FigureRow:
    """All that was said of one kind, the newest first."""

    kind: FigureKind
    stated: tuple[StatedFigure, ...]


def figure_rows(figures: Sequence[StatedFigure]) -> list[FigureRow]:
    """One row a kind, in the order of the kinds."""
    rows = []
    for kind in FigureKind:
        of_kind = [each for each in reversed(figures) if each.figure.kind is kind]
        if of_kind:
            rows.append(FigureRow(kind, tuple(of_kind)))
    return rows


CALLER_WIDTH = 12
"""Cells for who stated a figure: enough for a name with its post."""


def figure_said(stated: StatedFigure) -> str:
    """The number; unknown is said as unknown."""
    figure = stated.figure
    return _("unknown") if figure.value is None else figure_digits(figure.kind, figure.value)


def source_said(stated: StatedFigure, now: datetime, zone: tzinfo) -> str:
    """Through which medium it was stated, by whom, when."""
    known = {str(source): words.say(text) for source, text in words.SOURCES.items()}
    medium = known.get(stated.report_source, stated.report_source)
    parts = (medium, clip(stated.caller, CALLER_WIDTH), times.short(stated.stated_at, now, zone))
    return " ".join(part for part in parts if part)


def figure_line(row: FigureRow, width: int, now: datetime, zone: tzinfo) -> Line:
    """A kind with what every source says, side by side; what was overtaken comes last, and says so."""
    cells = [Cell(f" {words.say(words.FIGURES[row.kind])}", "text", width=words.FIGURE_WIDTH + 1, gap=1)]
    standing = [each for each in row.stated if not each.superseded]
    overtaken = [each for each in row.stated if each.superseded]
    for place, each in enumerate([*standing, *overtaken]):
        role: Role = "muted" if each.superseded else "doubt" if each.figure.value is None else "strong"
        said = source_said(each, now, zone) + (" " + _("overtaken") if each.superseded else "")
        size = 6 if place == 0 else 0
        cells.append(Cell(figure_said(each), role, width=size, align="right", gap=1, drop=place))
        cells.append(Cell(said, "muted", drop=place, gap=3))
    return lay_out([*cells, Cell("", flex=1, least=0)], width)


# --- notices ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice's heading, or one of its deliveries."""

    notice: Broadcast
    status: NoticeStatus
    delivery: Delivery | None = None

    @property
    def key(self) -> tuple[int, int]:
        """Tells rows apart."""
        return self.notice.id, self.delivery.id if self.delivery else 0


def notice_rows(statuses: Sequence[NoticeStatus]) -> list[NoticeRow]:
    """Each notice, the newest first, with its deliveries under it."""
    rows = []
    for status in statuses:
        rows.append(NoticeRow(status.broadcast, status))
        rows += [NoticeRow(status.broadcast, status, one) for one in status.deliveries]
    return rows


_TROUBLE = ("refused", "unknown", "failed", "stale", "retrying")


def notice_line(row: NoticeRow, width: int) -> Line:
    """A notice with how many confirmed, or one recipient with what became of it."""
    if row.delivery is None:
        total = sum(row.status.counts.values())
        confirmed = sum(1 for one in row.status.deliveries if one.state == "confirmed")
        drill, role = words.drill(row.notice.drill)
        count = _("{confirmed} of {total} confirmed", confirmed=confirmed, total=total) if total else ""
        return lay_out(
            [
                Cell(f" {row.notice.id:03}", "muted", gap=1),
                Cell(drill, role, gap=1),
                Cell(
                    words.say(here.NOTICES[row.notice.state]),
                    "strong",
                    width=9 if language() == "en" else 6,
                    gap=1,
                ),
                Cell(row.notice.text, "strong", flex=1),
                Cell(count + " ", "text"),
            ],
            width,
        )
    one = row.delivery
    role = "good" if one.state.reached else "late" if one.state in _TROUBLE else "text"
    doubt = _("perhaps twice") if one.doubtful else ""
    return lay_out(
        [
            Cell("", width=4, gap=0),
            Cell(words.say(words.DELIVERIES[one.state]), role, width=13 if language() == "en" else 8, gap=1),
            Cell(one.contact, "text", width=12),
            Cell(one.org, "muted", width=16, drop=2),
            Cell(one.channel, "muted", width=10, drop=1),
            Cell("  ".join(each for each in (doubt, words.reason(one.reason)) if each), "doubt", flex=1),
        ],
        width,
    )


# --- timeline -----------------------------------------------------------------------------------------


def happened(line: TimelineLine) -> str:
    """What happened, in a word or two."""
    if line.kind == "report":
        return words.say(here.REPORT)
    if line.kind == "note":
        return words.say(here.NOTE)
    if line.kind == "put_right":
        return words.say(here.PUT_RIGHT)
    if line.kind == "notice":
        return words.say(here.NOTICE)
    return deeds.deed(line.what)


def timeline_line(work: Work, line: TimelineLine, width: int, now: datetime, zone: tzinfo) -> Line:
    """A line of the timeline."""
    role: Role = "strong" if line.kind in ("report", "note") else "text"
    return lay_out(
        [
            Cell(f" {times.short(line.at, now, zone)}", "muted", width=12, gap=1),
            Cell(happened(line), role, width=18 if language() == "en" else 10, gap=1),
            Cell(work.officers.get(line.actor, line.actor), "muted", width=8, drop=1, gap=1),
            Cell(told(work, line, zone), role, flex=1),
        ],
        width,
    )


def told(work: Work, line: TimelineLine, zone: tzinfo) -> str:
    """What it was done to and with, by its names, and the words that were kept."""
    if line.put_right is not None:
        return "  ".join(_put_right(work, line.put_right, zone))
    about, value = line.about, line.value
    if line.what == "incident.graded" and value.isdigit():
        value = words.say(work.level_names[Level(int(value))])
    for walked in work.runs:
        walk = walked.walk
        if about == walk.playbook.id:
            about = words.say(walk.playbook.title)
        elif about in walk.steps:
            value = answer_said(walked, walk.steps[about].step, value)
            about = words.say(walk.steps[about].step.title)
    if about in work.timer_names:
        about = words.say(work.timer_names[about])
    return "  ".join(each for each in (about, value, line.text) if each)


def _put_right(work: Work, done: PutRight, zone: tzinfo) -> Iterator[str]:
    def said(value: Text | datetime | None) -> str:
        if isinstance(value, datetime):
            return f"{value.astimezone(zone):%m-%d %H:%M}"
        return (words.say(value) if value is not None else "") or _("not stated")

    for fact, was, now in done.facts:
        yield f"{words.say(FACTS[fact])} {said(was)} → {said(now)}"
    for tag, rules in ((here.MOVED, done.moved), (here.ENDED, done.called_off)):
        for rule in rules:
            known = work.timer_names.get(rule)
            yield f"{words.say(tag)} {words.say(known) if known is not None else rule}"


# --- incidents to choose from -------------------------------------------------------------------------


def incident_line(incident: Incident, width: int, now: datetime, zone: tzinfo) -> Line:
    """An incident to choose: its grade in words, drill or live, number, title, place, since when."""
    grade, role = words.level(incident.effective_level, confirmed=incident.confirmed_level is not None)
    closed = _("closed") if incident.closed_at is not None else ""
    return lay_out(
        [
            Cell(
                f" {grade}",
                role if not closed else "muted",
                width=12 if language() == "zh" else words.LEVEL_WIDTH + 2,
                gap=1,
            ),
            Cell(*words.drill(incident.drill), gap=1),
            Cell(f"{incident.id:03}", "muted"),
            Cell(incident.title, "muted" if closed else "strong", flex=2),
            Cell(incident.town, "text", width=10, drop=1),
            Cell(closed or times.short(incident.received_at, now, zone), "muted", width=12, align="right"),
        ],
        width,
    )
