"""How a line of the ledger looks, and a report or a journal entry opened whole."""

from __future__ import annotations

import json
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from dutydesk.i18n import _, language
from dutydesk.model.enums import ReportSource
from dutydesk.model.figures import figure_digits
from dutydesk.model.journal import JournalEntry
from dutydesk.model.views.ledger import LedgerLine
from dutydesk.tui import deeds, words
from dutydesk.tui.lines import Cell, Line, Role, lay_out

if TYPE_CHECKING:
    from dutydesk.desk.views.board import Names
    from dutydesk.desk.views.ledger import ReportWhole

Paragraph = tuple[str, Role]
ROOMY = 100
"""Cells from which on a line also says by whom, and the second."""


def moment(at: datetime | None, zone: tzinfo) -> str:
    """``2026-11-22 02:41:07`` in the district's zone; a word where it is not known."""
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S") if at else _("not known")


def deed_line(line: LedgerLine, width: int, zone: tzinfo, names: Names) -> Line:
    """A journal entry among its like: when, what, about which incident, and by whom."""
    return lay_out(
        [
            Cell(f" {line.at.astimezone(zone):%m-%d %H:%M}", "muted", width=12),
            Cell(deeds.deed(line.what), "text", width=10 if language() == "zh" else 18),
            Cell(_filed(line), "muted", width=3),
            Cell(deeds.told(line, names), "text", flex=1),
            Cell(f"{line.actor} ", "muted", width=9, align="right"),
        ],
        width,
    )


def ledger_line(line: LedgerLine, width: int, zone: tzinfo, names: Names) -> Line:
    """When, what kind, by whom, and what."""
    report = line.kind == "report"
    chinese = language() == "zh"
    what = words.say(words.SOURCES[ReportSource(line.what)]) if report else deeds.deed(line.what)
    roomy = width >= ROOMY
    when = (
        f"{line.at.astimezone(zone):%m-%d %H:%M:%S}" if roomy else f"{line.at.astimezone(zone):%m-%d %H:%M}"
    )
    cells = [
        Cell(f" {when}", "muted", width=15 if roomy else 12),
        Cell(_("report") if report else _("journal"), "heading" if report else "muted", 4 if chinese else 7),
        Cell(str(line.id), "muted", width=7 if roomy else 5, align="right"),
        Cell(what, "strong" if report else "text", width=10 if chinese else 17),
        Cell(_filed(line), "muted", width=3),
    ]
    if roomy:
        cells.append(Cell(line.actor, "muted", width=8))
    said = line.text if report else deeds.told(line, names)
    return lay_out([*cells, Cell(said, "strong" if report else "text", flex=1)], width)


def _filed(line: LedgerLine) -> str:
    return f"{line.incident:03}" if line.incident is not None else ""


def report_paragraphs(whole: ReportWhole, zone: tzinfo) -> list[Paragraph]:
    """A report with everything that was told, its figures and its corrections."""
    report = whole.report
    world, _role = words.drill(report.drill)
    told: list[Paragraph] = [
        (_("Report {id}  {world}", id=report.id, world=world), "drill" if report.drill else "heading"),
        (report.text, "strong"),
        ("", "text"),
    ]
    source = words.say(words.SOURCES[report.source])
    facts = [
        (_("Source"), source),
        (_("Caller"), "  ".join(each for each in (report.caller, report.phone) if each)),
        (_("Place"), "  ".join(each for each in (report.place, report.town) if each)),
        (_("Type"), report.type),
        (_("Occurred"), moment(report.occurred_at, zone)),
        (_("Received"), moment(report.received_at, zone)),
        (_("Logged"), f"{moment(report.logged_at, zone)}  {report.logged_by}"),
        (_("Incident"), f"{report.incident:03}" if report.incident is not None else _("filed under nothing")),
    ]
    told += [(f"{name}: {value}", "text") for name, value in facts if value]
    for figure in report.figures:
        value = _("not known") if figure.value is None else figure_digits(figure.kind, figure.value)
        told.append((f"{words.say(words.FIGURES[figure.kind])}: {value}", "strong"))
    for marker in report.markers:
        said = words.say(words.MARKERS[marker.state, marker.origin])
        told.append((f"{words.say(whole.marker_names[marker.name])}: {said}", "strong"))
    if report.corrects is not None:
        told.append((_("Corrects report {id}.", id=report.corrects), "soon"))
    if whole.corrected_by:
        numbers = " ".join(str(each) for each in whole.corrected_by)
        told.append((_("Corrected by report {ids}.", ids=numbers), "soon"))
    return told


def entry_paragraphs(entry: JournalEntry, zone: tzinfo) -> list[Paragraph]:
    """A journal entry with its payload laid out, and the hashes that chain it."""
    try:
        payload = json.dumps(json.loads(entry.payload), ensure_ascii=False, indent=2, sort_keys=True)
    except ValueError:
        payload = entry.payload  # an altered entry must still be readable
    return [
        (_("Journal entry {id}  {deed}", id=entry.seq, deed=deeds.deed(entry.action)), "heading"),
        (_("When: {at}", at=moment(entry.at, zone)), "text"),
        (_("Who: {actor}  {console}", actor=entry.actor, console=entry.console), "text"),
        (_("About: {subject}  {action}", subject=entry.subject, action=entry.action), "text"),
        (payload, "strong"),
        (_("Hash: {hash}", hash=entry.hash), "muted"),
        (_("Hash before: {hash}", hash=entry.prev_hash), "muted"),
    ]
