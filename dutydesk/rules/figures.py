"""Which of an incident's stated figures count now. None is deleted: those that differ stand side by side."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from dutydesk.model.enums import FigureKind, ReportSource
from dutydesk.model.figures import Figure, StatedFigure
from dutydesk.rules.callers import identity

_Sign = tuple[str, str, str]
"""Medium, caller, telephone number: what a source is known by."""
_Word = tuple[bool, datetime, int]
_ANY = "*"
"""In place of a number: whatever it is."""


def review(
    stated: Sequence[StatedFigure], corrected_reports: Collection[int] = ()
) -> tuple[StatedFigure, ...]:
    """``stated`` with the flag ``superseded`` set where it applies; order and flags already set are kept.

    Superseded: a figure of a report in ``corrected_reports``, or one whose own source is known and stated the
    same kind again later; of one moment the higher report id is the later.
    """
    latest: dict[tuple[FigureKind, _Sign], _Word] = {}
    for item in stated:
        if item.superseded or item.report in corrected_reports:
            continue
        for sign in _left_by(item):
            key = (item.figure.kind, sign)
            latest[key] = max(latest.get(key, _word(item)), _word(item))
    return tuple(
        replace(
            item,
            superseded=item.superseded
            or item.report in corrected_reports
            or any(
                latest.get((item.figure.kind, sign), _word(item)) > _word(item) for sign in _looked_for(item)
            ),
        )
        for item in stated
    )


def taken_back(
    corrects: Mapping[int, int | None], kinds: Mapping[int, Collection[FigureKind]]
) -> frozenset[tuple[int, FigureKind]]:
    """Which figures, by report and kind, a correction has put another in the place of.

    ``corrects`` gives for each report the one that it corrects, if any; ``kinds`` what each states. A
    correction takes back what it states anew, of the report that it corrects and of all that one was a
    correction of; what it does not speak of stands as before.
    """
    found: set[tuple[int, FigureKind]] = set()
    for report, stated in kinds.items():
        earlier = corrects.get(report)
        while earlier is not None:
            found.update((earlier, kind) for kind in stated)
            earlier = corrects.get(earlier)
    return frozenset(found)


def differ(stated: Sequence[StatedFigure]) -> bool:
    """Whether what was stated has changed: a figure was overtaken, or two of one kind are not the same."""
    said: dict[FigureKind, float | None] = {}
    return any(
        item.superseded or said.setdefault(item.figure.kind, item.figure.value) != item.figure.value
        for item in stated
    )


def current(stated: Sequence[StatedFigure], corrected_reports: Collection[int] = ()) -> tuple[Figure, ...]:
    """The figures that count: of each kind the highest among those that nobody's later word has overtaken.

    Sources differ, and until a person settles it the graver number is the one to act on. A number always
    beats an unknown; a kind that is nowhere known stays unknown.
    """
    best: dict[FigureKind, Figure] = {}
    for item in review(stated, corrected_reports):
        if item.superseded:
            continue
        figure = item.figure
        held = best.get(figure.kind)
        if held is None or _graver(figure, held):
            best[figure.kind] = figure
    order = list(FigureKind)
    return tuple(best[kind] for kind in sorted(best, key=order.index))


def _graver(figure: Figure, held: Figure) -> bool:
    if figure.value is None:
        return False
    return held.value is None or figure.value > held.value


def _word(item: StatedFigure) -> _Word:
    """How ``item`` ranks among what its source said of a kind. Any number outranks an unknown: a source that
    no longer knows has not taken back its number."""
    return (not item.figure.unknown, item.stated_at, item.report)


def _left_by(item: StatedFigure) -> tuple[_Sign, ...]:
    """The signs by which a figure's source may be found again; none where nobody can tell who spoke.

    Two people who ring the same desk are two sources, so the medium alone says nothing, nor does a name that
    stands for anybody (群众). Only the police command centre is a single body that reports in its own name.
    """
    caller, phone = identity(item.caller), _number(item.phone)
    signs: list[_Sign] = []
    if phone:
        signs.append((item.report_source, "", phone))
    if caller:
        signs += [(item.report_source, caller, phone), (item.report_source, caller, _ANY)]
    if not signs and not item.caller.strip() and item.report_source == ReportSource.POLICE_110:
        signs.append((item.report_source, "", ""))
    return tuple(signs)


def _looked_for(item: StatedFigure) -> tuple[_Sign, ...]:
    """The signs under which a later word of the same source would be found: its number, or its name.

    A name goes for the same person unless two different numbers speak against it.
    """
    caller, phone = identity(item.caller), _number(item.phone)
    if not caller:
        return _left_by(item)
    if not phone:
        return ((item.report_source, caller, _ANY),)
    return (
        (item.report_source, "", phone),
        (item.report_source, caller, phone),
        (item.report_source, caller, ""),
    )


def _number(phone: str) -> str:
    """The digits alone: the same number is written with and without blanks."""
    return "".join(filter(str.isdigit, phone))
