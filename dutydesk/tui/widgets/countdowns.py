"""A list of clocks running out, ticking by the second at the cost of the digits that change."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from datetime import datetime, timedelta
from typing import Literal, TypeVar

from dutydesk.tui.lines import Line
from dutydesk.tui.widgets.linelist import LineList

Row = TypeVar("Row")
_MINUTE = timedelta(minutes=1)
TICKING = 5
"""Clocks that tick by the second, nearest first; the others move by the minute. A changed digit costs some
fifty bytes with its colours, and a slow link is promised at most 1 KiB a second."""


class Countdowns(LineList[Row]):
    """Rows with a due time. ``draw`` is also handed the time and whether this row ticks by the second."""

    def __init__(
        self,
        draw: Callable[[Row, int, datetime, bool], Line],
        *,
        key: Callable[[Row], Hashable],
        due: Callable[[Row], datetime],
        now: Callable[[], datetime],
        empty: str = "",
        digits: Literal["", "lines", "rows"] = "",
        ground: Callable[[Row], str] | None = None,
        choosable: Callable[[Row], bool] | None = None,
        id: str | None = None,  # noqa: A002 - Textual's own name
    ) -> None:
        super().__init__(
            lambda row, width: draw(row, width, self._moment, self._key(row) in self._ticking),
            key=key,
            empty=empty,
            digits=digits,
            ground=ground,
            choosable=choosable,
            id=id,
        )
        self._now = now
        self._due = due
        self._moment = now()
        self._ticking: frozenset[Hashable] = frozenset()

    def show(self, rows: Sequence[Row]) -> None:
        """Takes new rows, in the order in which they are to be shown."""
        self._moment = self._now()
        nearest = sorted(rows, key=lambda row: abs(self._due(row) - self._moment))[:TICKING]
        self._ticking = frozenset(self._key(row) for row in nearest)
        super().show(rows)

    def tick(self) -> None:
        """A second has passed."""
        before, self._moment = self._moment, self._now()
        self.redraw(stands=lambda row: self._same_minute(row, before))

    def _same_minute(self, row: Row, before: datetime) -> bool:
        """Whether a row that moves by the minute has stayed within its minute since ``before``."""
        if self._key(row) in self._ticking:
            return False
        due = self._due(row)
        return (due - before) // _MINUTE == (due - self._moment) // _MINUTE
