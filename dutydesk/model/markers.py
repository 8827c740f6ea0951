"""Circumstances that grade an event without a number (``crane_overturned``), each with who says so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from dutydesk.model.enums import FigureOrigin


class MarkerState(StrEnum):
    """``SUSPECTED``: may hold, and nobody knows yet (不排除泄漏). ``STRUCK``: an officer says that it does
    not hold, whatever the text seems to say."""

    STATED = "stated"
    SUSPECTED = "suspected"
    STRUCK = "struck"


@dataclass(frozen=True, slots=True)
class Marker:
    """One marker of the grading tables as one report has it. ``name`` is the tables' own."""

    name: str
    state: MarkerState = MarkerState.STATED
    origin: FigureOrigin = FigureOrigin.TEXT


def names(markers: Iterable[Marker], state: MarkerState) -> tuple[str, ...]:
    """The names of those ``markers`` that are in ``state``."""
    return tuple(marker.name for marker in markers if marker.state is state)
