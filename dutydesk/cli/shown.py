"""How the desk's nouns look as text: every word that is ours in the officer's language, codes that commands
take as they are typed, and what people said or wrote as they said it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from dutydesk.cli import output
from dutydesk.model.enums import ReportSource, TimerKind
from dutydesk.model.figures import Figure, figure_digits
from dutydesk.model.names import DRILL, LIVE, MARKERS
from dutydesk.model.text import Text

if TYPE_CHECKING:
    from dutydesk.cli.door import Door
    from dutydesk.model.grading import Proposal
    from dutydesk.model.markers import Marker
    from dutydesk.model.reports import Incident, Report
    from dutydesk.model.timers import Timer


def print_table(door: Door, rows: Sequence[Sequence[object]]) -> None:
    """Rows in aligned columns; a word where there is none: nothing printed could be anything."""
    if rows:
        output.table(rows)
    else:
        door.say("None.")


def tell_cut(door: Door, rows: Sequence[object], limit: int | None) -> None:
    """Says on stderr, which is not the document, that there may be more than what ``limit`` let through."""
    if limit is not None and len(rows) >= limit:
        door.warn("Only {count} are listed; --limit takes more.", count=limit)


def print_proposal(door: Door, proposal: Proposal) -> None:
    """The proposed grade and why."""
    labelled = (
        (door.word("Proposed grade:"), proposal.proposed),
        (door.word("Possible grade:"), proposal.possible),
    )
    for label, grade in labelled:
        name = grade.name.in_(door.language) or door.word("none of the figures that grade it are stated")
        level = "" if grade.level is None else f"{int(grade.level)} "
        output.line(f"{label} {level}{name}")
        for basis in grade.basis:
            mark = "" if basis.verified else f"  {door.word('unverified')}"
            output.line("  " + output.one_line(f"{basis.rule}  {basis.source}{mark}"))
    if proposal.to_find_out:
        called = (door.marker_names.get(name, Text(name, name)) for name in proposal.to_find_out)
        names = listed(door, (each.in_(door.language) for each in called))
        output.line(output.one_line(f"{door.word('To find out:')} {names}"))
    if proposal.near_miss:
        output.line(door.word("A serious near miss, reportable without any death."))


def print_timers(door: Door, timers: Iterable[Timer]) -> None:
    """Timers in columns: number, due, state, whether a drill, whether unverified, rule, what, and why it has
    ended."""
    output.table(
        [
            (
                timer.id,
                door.clock_time(timer.due),
                door.name(timer.state),
                drill_mark(door, timer.drill),
                "" if timer.verified or not timer.source else door.word("unverified"),
                timer.rule,
                f"{_subject(door, timer)}  {door.word(timer.reason) if timer.reason else ''}".rstrip(),
            )
            for timer in timers
        ]
    )


def drill_mark(door: Door, drill: bool) -> str:
    """The word for a drill; nothing for what is real."""
    return DRILL.in_(door.language) if drill else ""


def world(door: Door, drill: bool) -> str:
    """Drill or live, in a word."""
    return (DRILL if drill else LIVE).in_(door.language)


def figure(door: Door, stated: Figure) -> str:
    """``Dead 3``, or that it is not known."""
    value = door.word("unknown") if stated.value is None else figure_digits(stated.kind, stated.value)
    return f"{door.name(stated.kind)} {value}"


def marker(door: Door, said: Marker) -> str:
    """A circumstance by the name that commands take and what it is called, with who says so."""
    called = door.marker_names.get(said.name, Text("")).in_(door.language)
    by = MARKERS[said.state, said.origin].in_(door.language)
    return " ".join(filter(None, (said.name, called, f"({by})")))


def print_markers(door: Door, markers: Iterable[Marker]) -> None:
    """Circumstances, one to a line."""
    for each in markers:
        output.line(output.one_line(marker(door, each)))


def source(door: Door, code: str) -> str:
    """How a report came in."""
    return door.name(ReportSource(code)) if code in set(ReportSource) else code


def event_type(door: Door, code: str) -> str:
    """What an event type is called; its code where the district has it no more."""
    known = door.reference.event_types.get(code)
    return code if known is None else known.name.in_(door.language)


def routing(door: Door, rule: str) -> str:
    """Where a place belongs; the rule's id where the district has it no more."""
    known = door.reference.routing_rules.get(rule)
    return rule if known is None else known.name.in_(door.language)


def listed(door: Door, names: Iterable[str]) -> str:
    """Several names in one cell."""
    return ("、" if door.language == "zh" else ", ").join(names)


def print_report(door: Door, report: Report) -> None:
    """A report whole, a field to a line; what was not told is left out."""
    _print_fields(
        (
            (door.word("Report"), f"{report.id}  {world(door, report.drill)}"),
            (door.word("Text"), report.text),
            (door.word("Figures"), listed(door, (figure(door, each) for each in report.figures))),
            (door.word("Circumstances"), listed(door, (marker(door, each) for each in report.markers))),
            (door.word("Source"), source(door, report.source)),
            (door.word("Caller"), report.caller),
            (door.word("Phone"), report.phone),
            (door.word("Place"), report.place),
            (door.word("Town"), report.town),
            (door.word("Belongs to"), routing(door, report.routing)),
            (door.word("Type"), event_type(door, report.type)),
            (door.word("Occurred"), report.occurred_at and door.clock_time(report.occurred_at)),
            (door.word("Received"), door.clock_time(report.received_at)),
            (door.word("Logged"), f"{door.clock_time(report.logged_at)}  {report.logged_by}"),
            (door.word("Incident"), report.incident or door.word("filed under nothing")),
            (door.word("Corrects"), report.corrects),
        )
    )


def print_incident(door: Door, incident: Incident) -> None:
    """An incident's own fields, one to a line; what is not so is left out."""

    def level(stated: int | None) -> str:
        return "" if stated is None else f"{int(stated)} {door.level_name(incident.type, stated)}"

    confirmed = f"{incident.confirmed_by}  {door.clock_time(incident.confirmed_at)}"
    closed = f"{door.clock_time(incident.closed_at)}  {incident.closed_by}"
    _print_fields(
        (
            (door.word("Incident"), f"{incident.id}  {world(door, incident.drill)}"),
            (door.word("Title"), incident.title),
            (door.word("Status"), door.name(incident.status)),
            (door.word("Type"), event_type(door, incident.type)),
            (door.word("Place"), incident.place),
            (door.word("Town"), incident.town),
            (door.word("Belongs to"), routing(door, incident.routing)),
            (door.word("Occurred"), incident.occurred_at and door.clock_time(incident.occurred_at)),
            (door.word("Received"), door.clock_time(incident.received_at)),
            (door.word("Opened"), f"{door.clock_time(incident.opened_at)}  {incident.opened_by}"),
            (door.word("Proposed grade"), level(incident.proposed_level)),
            (door.word("Possible grade"), level(incident.possible_level)),
            (door.word("Confirmed grade"), level(incident.confirmed_level)),
            (door.word("Confirmed"), confirmed if incident.confirmed_at else ""),
            (door.word("Near miss"), door.word("serious near miss") if incident.near_miss else ""),
            (door.word("Response level"), level(incident.response_level)),
            (door.word("Closed"), closed if incident.closed_at else ""),
            (door.word("Why closed"), incident.close_reason),
        )
    )


def _print_fields(fields: Iterable[tuple[str, object]]) -> None:
    output.table([(label, value) for label, value in fields if value not in (None, "")])


def _subject(door: Door, timer: Timer) -> str:
    """What a timer is about. It is kept in Chinese, the duty's name before the incident's title; in English
    the duty is called by its English name where the district's data still have it."""
    if door.language == "zh":
        return timer.subject
    name = _duty(door, timer)
    if name is None or not timer.subject.startswith(name.zh):
        return timer.subject
    return f"{name.in_(door.language)} {timer.subject.removeprefix(name.zh).strip()}".strip()


def _duty(door: Door, timer: Timer) -> Text | None:
    if timer.kind != TimerKind.STEP:
        rule = door.reference.deadline_rules.get(timer.rule)
        return None if rule is None else rule.name
    book, _slash, step = timer.rule.partition("/")
    return door.step_titles.get((book, step))
