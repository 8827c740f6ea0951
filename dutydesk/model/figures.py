"""Casualty and loss numbers, each with its source and time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dutydesk.model.enums import FigureKind, FigureOrigin

LIMIT = 1e9
"""Every figure is below it. What is not was a telephone number in the wrong field."""

_MEASURES = frozenset(
    {
        FigureKind.AREA_HA,
        FigureKind.LOSS_WAN,
        FigureKind.POTENTIAL_LOSS_WAN,
        FigureKind.STUCK_HOURS,
        FigureKind.MAGNITUDE,
    }
)
GREATEST_MAGNITUDE = 10.0
"""No earthquake reaches it: what does is 4.2 typed without its point, or another scale."""


def limit(kind: FigureKind) -> float:
    """What every figure of ``kind`` stays below."""
    return GREATEST_MAGNITUDE if kind is FigureKind.MAGNITUDE else LIMIT


def possible(kind: FigureKind, value: float) -> bool:
    """Whether ``value`` can be a figure of ``kind``: from 0 to below its limit, and whole where it counts
    persons. NaN is none."""
    return 0 <= value < limit(kind) and (kind in _MEASURES or value == int(value))


def digits(value: float) -> str:
    """``1234567``, ``0.5``: as one writes a number into a notice, whatever its size."""
    return f"{value:.6f}".rstrip("0").rstrip(".")


def figure_digits(kind: FigureKind, value: float) -> str:
    """``value`` as it is written for its ``kind``: a magnitude has its tenth always, 5.0."""
    written = digits(value)
    return written if kind is not FigureKind.MAGNITUDE or "." in written else f"{written}.0"


@dataclass(frozen=True, slots=True)
class Figure:
    """One stated number. ``value`` is ``None`` exactly where ``unknown`` is true: unknown is not zero."""

    kind: FigureKind
    value: float | None
    unknown: bool = False
    origin: FigureOrigin = FigureOrigin.TEXT

    def __post_init__(self) -> None:
        if self.unknown != (self.value is None):
            raise ValueError("a figure is either known and has a value, or unknown and has none")


CASUALTIES: Final = (FigureKind.DEATHS, FigureKind.SERIOUS, FigureKind.INJURED, FigureKind.MISSING)
"""People dead, hurt or missing: a natural disaster with any is reported at once (自然灾害救助条例 16)."""
LOSSES: Final = (
    *CASUALTIES,
    FigureKind.TRAPPED,
    FigureKind.EVACUATED,
    FigureKind.AREA_HA,
    FigureKind.LOSS_WAN,
)
"""What makes a natural disaster one with losses."""


def any_above_zero(figures: Iterable[Figure], kinds: Iterable[FigureKind]) -> bool:
    """Whether any figure of ``kinds`` is stated above zero. Of two of a kind the later one counts."""
    values = {figure.kind: figure.value for figure in figures if figure.value is not None}
    return any(values.get(kind, 0) > 0 for kind in kinds)


@dataclass(frozen=True, slots=True)
class StatedFigure:
    """A figure as an incident holds it: which report stated it, through whom, when.

    ``superseded`` marks one whose report was corrected or whose own source has spoken since. A source is a
    person or a body: ``report_source`` is the medium, ``caller`` and ``phone`` are empty where not known.
    """

    figure: Figure
    report: int
    report_source: str
    stated_at: datetime
    superseded: bool = False
    caller: str = ""
    phone: str = ""
