"""How the intake's side shows what was read out of the narrative: one row for each thing, drawn on a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from dutydesk.i18n import _
from dutydesk.model.enums import FigureKind, FigureOrigin
from dutydesk.model.figures import figure_digits
from dutydesk.model.grading import Basis, Grade, Proposal
from dutydesk.model.markers import Marker, MarkerState
from dutydesk.model.reports import Incident
from dutydesk.tui import times, words
from dutydesk.tui.lines import Cell, Line, Role, lay_out
from dutydesk.tui.text import width_of, wrap

if TYPE_CHECKING:
    from dutydesk.desk.intake.typed_report import Understood

REMOVED = "-"
LABEL = 12
LEAST = 12
"""Cells of a row's text at the least."""
BETWEEN = 2
"""Blanks before a remark."""


@dataclass(frozen=True, slots=True)
class SideRow:
    """One line of the side. ``figure``, ``marker`` or ``incident`` is what the keys are about; a row with
    none is only read. ``adds`` is the row that asks for another figure or circumstance."""

    key: str
    label: str
    text: str
    role: Role = "text"
    note: str = ""
    note_role: Role = "muted"
    figure: FigureKind | None = None
    marker: str = ""
    incident: int | None = None
    adds: bool = False

    @property
    def choosable(self) -> bool:
        """Whether there is anything to do about it."""
        return self.figure is not None or self.incident is not None or bool(self.marker) or self.adds


def side_rows(
    understood: Understood | None,
    corrections: Mapping[FigureKind, str],
    marks: Mapping[str, str],
    duplicates: Sequence[Incident],
    *,
    now: datetime,
    zone: tzinfo,
    width: int,
) -> list[SideRow]:
    """The rows: first what decides where the report goes, then the grade and what it is read from."""
    if understood is None or understood.reading is None:
        return []
    reading = understood.reading
    rows: list[SideRow] = []
    if understood.routing is not None:
        rule = understood.routing
        rows.append(
            SideRow(
                "routing",
                _("Belongs to"),
                f"{words.say(rule.name)}",
                "late",
                "" if rule.verified else _("unverified"),
                "doubt",
            )
        )
        rows.append(SideRow("advice", "", words.say(rule.advice), "soon"))
    for n, incident in enumerate(duplicates):
        rows.append(
            SideRow(
                f"same{incident.id}",
                _("Same thing?") if n == 0 else "",
                f"{incident.id:03} {incident.title}",
                "soon",
                times.short(incident.received_at, now, zone),
                incident=incident.id,
            )
        )
    rows += _grade_rows(reading.proposal)
    for kind in _kinds(understood, corrections):
        rows.append(_figure_row(understood, corrections, kind))
    rows += _marker_rows(understood, marks)
    rows.append(SideRow("add", "", _("+ figure or circumstance"), "muted", adds=True))
    said = words.say(understood.type_name) if reading.type else _("not told yet: stays unfiled")
    rows.append(
        SideRow(
            "type",
            _("Type"),
            said,
            "strong" if reading.type else "doubt",
            _("read out of the text") if reading.type_inferred else "",
        )
    )
    if reading.routing.town and understood.routing is None:
        rows.append(SideRow("town", _("Town"), reading.routing.town))
    for n, title in enumerate(understood.playbooks):
        rows.append(SideRow(f"book{n}", _("Playbooks") if n == 0 else "", words.say(title)))
    return [line for row in rows for line in _wrapped(row, width)]


def draw(row: SideRow, width: int) -> Line:
    """One row: its label in a column, its text, a remark at the right."""
    return lay_out(
        [
            Cell(f" {row.label}", "muted", width=LABEL, gap=1),
            Cell(row.text, row.role, flex=1, least=LEAST, gap=BETWEEN if row.note else 0),
            Cell(row.note, row.note_role, drop=1, gap=0),
            Cell("", width=1),
        ],
        width,
    )


def figure_value(understood: Understood, corrections: Mapping[FigureKind, str], kind: FigureKind) -> str:
    """What a figure stands at: digits, ``?``, or ``-`` for one struck out."""
    if kind in corrections:
        return corrections[kind]
    if understood.reading is not None:
        for figure in understood.reading.figures:
            if figure.kind == kind:
                return "?" if figure.value is None else figure_digits(kind, figure.value)
    return "?"


def _wrapped(row: SideRow, width: int) -> list[SideRow]:
    """A row that is only read goes on below when its text is too long for one line of the side; one that is
    chosen stays on its line."""
    note = width_of(row.note) + BETWEEN if row.note else 0
    room = width - LABEL - 1 - note - 2  # the blank after the label, one at the end, and the scroll bar
    if row.choosable or room < LEAST:
        return [row]
    first, *rest = wrap(row.text, room)
    return [
        replace(row, text=first),
        *(SideRow(f"{row.key}+{n}", "", line, row.role) for n, line in enumerate(rest, 1)),
    ]


def _kinds(understood: Understood, corrections: Mapping[FigureKind, str]) -> list[FigureKind]:
    read = {figure.kind for figure in understood.reading.figures} if understood.reading else set()
    return [kind for kind in FigureKind if kind in read or kind in corrections]


def _figure_row(understood: Understood, corrections: Mapping[FigureKind, str], kind: FigureKind) -> SideRow:
    value = figure_value(understood, corrections, kind)
    role: Role = "strong"
    if value == REMOVED:
        shown, role = _("struck out"), "muted"
    elif value == "?":
        shown, role = _("unknown"), "doubt"
    else:
        shown = value
    by_officer = kind in corrections or any(
        figure.kind == kind and figure.origin == FigureOrigin.OFFICER
        for figure in (understood.reading.figures if understood.reading else ())
    )
    note = _("corrected") if by_officer else ""
    return SideRow(f"figure:{kind}", words.say(words.FIGURES[kind]), shown, role, note, "good", figure=kind)


def _marker_rows(understood: Understood, marks: Mapping[str, str]) -> list[SideRow]:
    """The circumstances read out or spoken of by the officer, then those that are to be found out."""
    reading = understood.reading
    if reading is None or not understood.markers:
        return []
    read = {marker.name: marker for marker in reading.markers}
    said = [name for name in understood.markers if name in read or name in marks]
    open_ones = [
        name for name in reading.proposal.to_find_out if name not in said and name in understood.markers
    ]
    rows = [
        _marker_row(name, words.say(understood.markers[name]), read.get(name), marks.get(name, ""))
        for name in (*said, *open_ones)
    ]
    return [replace(row, label=_("Marker") if n == 0 else "") for n, row in enumerate(rows)]


def _marker_row(name: str, called: str, read: Marker | None, mark: str) -> SideRow:
    role: Role = "strong"
    note = ""
    note_role: Role = "muted"
    if mark == REMOVED:
        role, note = "muted", _("struck out")
    elif mark:
        note, note_role = _("stated"), "good"
    elif read is None:
        role, note, note_role = "doubt", _("find out: + or -"), "doubt"
    elif read.state is MarkerState.SUSPECTED:
        role, note, note_role = "doubt", _("perhaps: + or -"), "doubt"
    return SideRow(f"marker:{name}", "", called, role, note, note_role, marker=name)


def _grade_rows(proposal: Proposal) -> list[SideRow]:
    rows = [_grade_row("grade", _("Proposed"), proposal.proposed)]
    if proposal.possible.level is not None and proposal.possible.level != proposal.proposed.level:
        rows.append(_grade_row("possible", _("Possible"), proposal.possible))
    if proposal.near_miss:
        doubt = any(not basis.verified for basis in proposal.near_miss_basis)
        rows.append(
            SideRow(
                "near",
                _("Near miss"),
                _basis(proposal.near_miss_basis) or _("yes"),
                "soon",
                _("unverified") if doubt else "",
                "doubt",
            )
        )
    return rows


def _grade_row(key: str, label: str, grade: Grade) -> SideRow:
    name, role = words.level(grade.level)
    doubt = any(not basis.verified for basis in grade.basis)
    return SideRow(
        key,
        label,
        f"{name}  {_basis(grade.basis)}".rstrip(),
        role,
        _("unverified") if doubt else "",
        "doubt",
    )


def _basis(basis: Sequence[Basis]) -> str:
    return " ".join(dict.fromkeys(each.source for each in basis))
