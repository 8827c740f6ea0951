"""Time is handed in. Only the composition root makes a system clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time in UTC, and how much real time a span of its own time takes."""

    @property
    def rehearsal(self) -> bool:
        """Whether this is not the wall clock."""
        ...

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...

    def real_seconds(self, span: timedelta) -> float:
        """How many seconds of waiting ``span`` of this clock's time takes."""
        ...


class SystemClock:
    """The wall clock."""

    rehearsal = False

    def now(self) -> datetime:
        return datetime.now(UTC)

    def real_seconds(self, span: timedelta) -> float:
        return span.total_seconds()


@dataclass(frozen=True, slots=True)
class RehearsalClock:
    """A clock that stood at ``start`` when the wall clock stood at ``origin`` and runs ``rate`` times as
    fast. Two processes given the same three values agree on the time."""

    start: datetime
    origin: datetime
    rate: float = 1.0

    @property
    def rehearsal(self) -> bool:
        return True

    def now(self) -> datetime:
        return self.start + (datetime.now(UTC) - self.origin) * self.rate

    def real_seconds(self, span: timedelta) -> float:
        return span.total_seconds() / self.rate


@dataclass(slots=True)
class ManualClock:
    """Stands still until it is moved. For tests and for dry walks of a playbook."""

    at: datetime = field(default_factory=lambda: datetime(2026, 1, 1, tzinfo=UTC))
    rehearsal: bool = True

    def now(self) -> datetime:
        return self.at

    def real_seconds(self, span: timedelta) -> float:
        return span.total_seconds()

    def advance(self, span: timedelta) -> datetime:
        """Moves the clock on by ``span`` and returns the new time."""
        self.at += span
        return self.at
