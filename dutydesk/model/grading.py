"""Grading as values: what the tables say, what was found, and why."""

from __future__ import annotations

from dataclasses import dataclass

from dutydesk.model.enums import FigureKind, Level
from dutydesk.model.text import Text


@dataclass(frozen=True, slots=True)
class GradingRule:
    """One interval of a grading table: ``low <= indicator < high`` proves ``level``.

    以上 includes the number, 以下 excludes it (O493 art. 3). ``high`` None means unbounded. A rule with a
    ``marker`` instead of an indicator holds when the marker is stated (such as ``crane_overturned``); one
    with both needs both (such as ``stuck_hours`` on a ``ropeway``); none holds where a marker of ``unless``
    is stated.

    ``possible_until_known``: while the marker is neither stated nor struck out and none of ``unless`` is
    stated, and where both are, the figure counts for the possible grade, and a person is to find out (where
    an epicentre lies).
    """

    id: str
    level: Level
    source: str
    verified: bool
    indicator: FigureKind | None = None
    low: float = 0.0
    high: float | None = None
    marker: str = ""
    unless: tuple[str, ...] = ()
    possible_until_known: bool = False


@dataclass(frozen=True, slots=True)
class GradingTable:
    """A grading table with the event types it grades. ``level_names`` maps 1..4 to their names.

    ``deaths_include_missing`` holds for the earthquake table; the other statutes grade deaths alone.
    """

    id: str
    name: Text
    types: tuple[str, ...]
    level_names: dict[int, Text]
    rules: tuple[GradingRule, ...]
    deaths_include_missing: bool = False


@dataclass(frozen=True, slots=True)
class MarkerName:
    """What people call a marker of the tables."""

    id: str
    name: Text


@dataclass(frozen=True, slots=True)
class NearMissRule:
    """One test of 较大涉险事故 (O21 art. 26): ``indicators`` sum to at least ``low``, or ``marker``."""

    id: str
    source: str
    verified: bool
    indicators: tuple[FigureKind, ...] = ()
    low: float = 0.0
    marker: str = ""


@dataclass(frozen=True, slots=True)
class Basis:
    """Why a level was found."""

    rule: str
    source: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Grade:
    """A computed grade. ``level`` None: no stated figure grades this type. ``name`` is empty then."""

    level: Level | None
    name: Text
    basis: tuple[Basis, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """What grading proposes: ``proposed`` from confirmed figures; ``possible`` if the missing are dead, and
    if the markers hold of which nobody knows yet whether they do, ``to_find_out``."""

    type: str
    proposed: Grade
    possible: Grade
    near_miss: bool
    near_miss_basis: tuple[Basis, ...] = ()
    to_find_out: tuple[str, ...] = ()
