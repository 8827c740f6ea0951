"""What of the ledger (台账) is to be seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

KINDS = ("journal", "report")
"""In the order in which lines of one moment stand."""


@dataclass(frozen=True, slots=True)
class LedgerFilter:
    """``kinds``: which of :data:`KINDS`. ``incident``: only what is about this one. ``drill``: only what is
    about drills, or only what is not. ``since`` and ``until``: a span, its end not included. ``None``: any.
    """

    kinds: tuple[str, ...] = KINDS
    incident: int | None = None
    drill: bool | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def everything(self) -> bool:
        """Whether nothing is left out."""
        return self == LedgerFilter()


EVERYTHING = LedgerFilter()


@dataclass(frozen=True, slots=True)
class SearchPlace:
    """Where a search goes on: numbers below these. ``None``: from the newest."""

    report: int | None = None
    journal: int | None = None
