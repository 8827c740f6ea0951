"""Casualty and loss figures out of a Chinese narrative: a proposal that the officer sees and corrects."""

from __future__ import annotations

from dutydesk.model.enums import FigureKind
from dutydesk.model.figures import Figure
from dutydesk.rules.magnitude import magnitude
from dutydesk.rules.measures import measures
from dutydesk.rules.numerals import normalised
from dutydesk.rules.statements import statements
from dutydesk.rules.tally import tally
from dutydesk.rules.wording import prepared


def figures(text: str) -> tuple[Figure, ...]:
    """The figures ``text`` states, in the order of :class:`FigureKind`, one of each kind at most.

    What the text says is not known comes as ``unknown``; what it does not mention does not come at all; a
    denial (无人员伤亡) is a stated zero. Later statements correct earlier ones. Telephone and house numbers,
    floors, dates, roads, plates and those who came to help are no figures.
    """
    found: dict[FigureKind, Figure] = {
        kind: Figure(kind, value, unknown=value is None)
        for kind, value in tally(statements(prepared(text))).items()
    }
    plain = normalised(text)
    for _, kind, value in measures(plain):
        found[kind] = Figure(kind, value)
    told, strength = magnitude(plain)
    if told:
        found[FigureKind.MAGNITUDE] = Figure(FigureKind.MAGNITUDE, strength, unknown=strength is None)
    return tuple(found[kind] for kind in FigureKind if kind in found)
