"""The shipped reference data and small builders, for tests of the rules."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from dutydesk.model.enums import FigureKind
from dutydesk.model.figures import Figure
from dutydesk.model.grading import Proposal
from dutydesk.model.reference import Reference
from dutydesk.reference import load
from dutydesk.rules import epicentre, grading

ZONE = ZoneInfo("Asia/Shanghai")
SENTENCES = Path(__file__).with_name("sentences.yaml")
FRESH_CALLS = Path(__file__).with_name("fresh_calls.yaml")
CASES = Path(__file__).resolve().parents[3] / "shared" / "cases" / "calls.yaml"


@lru_cache(maxsize=1)
def district() -> Reference:
    """The district's data as shipped."""
    return load()


def here() -> epicentre.District:
    """The district by its names."""
    return epicentre.district(district().district_names, district().towns.values())


def local(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of March 2026 on the duty room's wall clock, in UTC."""
    return datetime(2026, 3, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


def stated(**values: float | None) -> tuple[Figure, ...]:
    """Figures by kind; ``None`` is stated to be unknown."""
    return tuple(Figure(FigureKind(kind), value, unknown=value is None) for kind, value in values.items())


def propose(
    event_type: str,
    *,
    markers: tuple[str, ...] = (),
    suspected: tuple[str, ...] = (),
    struck: tuple[str, ...] = (),
    **values: float | None,
) -> Proposal:
    """A proposal over the district's own tables."""
    return propose_of(event_type, values, markers, suspected, struck)


def propose_of(
    event_type: str,
    values: Mapping[str, float | None],
    markers: tuple[str, ...] = (),
    suspected: tuple[str, ...] = (),
    struck: tuple[str, ...] = (),
) -> Proposal:
    """:func:`propose` for values made up elsewhere."""
    data = district()
    return grading.propose(
        event_type,
        stated(**values),
        tables=data.grading_tables,
        near_miss_rules=data.near_miss_rules,
        near_miss_types=data.near_miss_types,
        markers=markers,
        suspected=suspected,
        struck=struck,
    )
