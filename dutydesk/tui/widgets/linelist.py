"""A list drawn line by line: the board, the ledger, the walk, the deliveries and every choice are made of
it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, ClassVar, Generic, Literal, TypeVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.timer import Timer

from dutydesk.i18n import _
from dutydesk.tui.lines import Line, Piece, changed_cells, fit
from dutydesk.tui.widgets.painting import Drawn, palette_of, strip_of

Row = TypeVar("Row")
NEAR = 20
"""Rows from an end at which more are asked for at once."""
FAR = 120
"""Rows from an end at which more are asked for when the keys rest."""
REST = 0.06
"""Seconds without a move after which the keys rest: what is then made ready holds up no key's paint."""


class LineList(ScrollView, Drawn, Generic[Row], can_focus=True):
    """Rows, each drawn on one line by a formatter; arrows move the choice, Enter takes it.

    Only what is visible is formatted, and only cells that differ are painted again, so a list may hold
    pages of a ledger of any length, and a clock in it may tick. Rows are values: give new ones to
    :meth:`show`.
    """

    DEFAULT_CSS = """
    LineList {
        scrollbar-size-vertical: 1; scrollbar-size-horizontal: 0; overflow-x: hidden;
        background: $background;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home", "move(-1000000000)", show=False),
        Binding("end", "move(1000000000)", show=False),
        Binding("enter", "take", show=False),
    ]

    class Pointed(Message):
        """The choice has moved to ``row``."""

        def __init__(self, lines: LineList[Any], row: Any) -> None:
            super().__init__()
            self.lines = lines
            self.row = row

        @property
        def control(self) -> LineList[Any]:
            return self.lines

    class Taken(Pointed):
        """Enter, a click on the chosen row, or the row's digit."""

    class EndNear(Message):
        """The choice nears an end of the rows at hand: a paged list may fetch more there."""

        def __init__(self, lines: LineList[Any], side: Literal["before", "after"]) -> None:
            super().__init__()
            self.lines = lines
            self.side = side

        @property
        def control(self) -> LineList[Any]:
            return self.lines

    def __init__(
        self,
        draw: Callable[[Row, int], Line],
        *,
        key: Callable[[Row], Hashable],
        empty: str = "",
        ground: Callable[[Row], str] | None = None,
        choosable: Callable[[Row], bool] | None = None,
        digits: Literal["", "lines", "rows"] = "",
        base: str = "plain",
        lit: bool = False,
        id: str | None = None,  # noqa: A002 - Textual's own name
    ) -> None:
        """``draw`` formats a row for a width in cells. ``key`` tells rows apart, so that the choice stays
        on its row when the rows change. ``empty`` is a sentence of the catalogue (``N_``) shown without rows.
        ``ground`` puts a row on a ground of its own. Rows that are not ``choosable`` (headings) are passed
        over. By ``digits``, 1 to 9 take the row shown on that line, or the row of that number wherever it is
        (where rows are drawn with their numbers). ``base`` is the ground of the list; a
        ``lit`` one shows its choice as focused though the focus is in an input beside it.
        """
        super().__init__(id=id)
        self._draw = draw
        self._key = key
        self._empty = empty
        self._ground = ground
        self._choosable = choosable
        self._digits = digits
        self._base = base
        self._lit = lit
        self._rows: list[Row] = []
        self._lines: dict[int, tuple[Line, str]] = {}
        self._lines_width = 0
        self._at = 0
        self._resting: Timer | None = None

    @property
    def rows(self) -> Sequence[Row]:
        """The rows at hand."""
        return self._rows

    @property
    def chosen(self) -> Row | None:
        """The row the choice is on; ``None`` in an empty list."""
        return self._rows[self._at] if 0 <= self._at < len(self._rows) and self._may(self._at) else None

    def show(self, rows: Sequence[Row]) -> None:
        """Takes new rows in place of the old ones. The choice stays on its row if that is still there."""
        before = self.chosen
        length = len(self._rows)
        self._rows = list(rows)
        self._land(self._key(before) if before is not None else None)
        if length != len(self._rows):
            self._grown()
        self.redraw()

    def extend(self, rows: Sequence[Row], side: Literal["before", "after"], *, keep: int = 2000) -> None:
        """Adds a fetched page at one end. Beyond ``keep`` rows the other end is let go. The view does not
        jump."""
        if not rows:
            return
        if side == "after" and len(self._rows) + len(rows) <= keep:
            self._append(rows)
            return
        if side == "after":
            spare = max(0, len(self._rows) + len(rows) - keep)
            self._rows = [*self._rows, *rows][spare:]
            moved = -spare
        else:
            self._rows = [*rows, *self._rows][:keep]
            moved = len(rows)
        self._at = max(0, min(self._at + moved, len(self._rows) - 1))
        offset = self.scroll_offset.y + moved
        self._lines.clear()
        self._grown()
        self.scroll_to(y=max(0, offset), animate=False, force=True)
        self.refresh()

    def _append(self, rows: Sequence[Row]) -> None:
        """Adds ``rows`` behind those at hand, of which none has to be painted again."""
        end = len(self._rows)
        self._rows = [*self._rows, *rows]
        for index in [each for each in self._lines if each >= end]:
            self._repaint(index)
        self._grown()

    def point(self, key: Hashable) -> bool:
        """Moves the choice to the row with ``key``; false when there is none."""
        for index, row in enumerate(self._rows):
            if self._key(row) == key:
                self._point(index)
                return True
        return False

    def redraw(self, *, stands: Callable[[Row], bool] | None = None) -> None:
        """Formats what is visible anew and paints the cells that differ; a row that ``stands`` is left as it
        is painted."""
        width = self._width()
        if not width or width != self._lines_width:
            self._lines.clear()
            self.refresh()
            return
        top, height = self.scroll_offset.y, self.size.height
        old, self._lines = self._lines, {}
        for index in range(top, top + height):
            if stands and index in old and index < len(self._rows) and stands(self._rows[index]):
                self._lines[index] = old[index]
            else:
                self._renew(index, old.get(index), width)

    def redraw_row(self, key: Hashable) -> None:
        """Like :meth:`redraw`, for the visible row with ``key`` alone."""
        width, top, bottom = self._width(), self.scroll_offset.y, self.scroll_offset.y + self.size.height
        self._lines = {index: line for index, line in self._lines.items() if top <= index < bottom}
        for index, row in enumerate(self._rows[top:bottom], top):
            if self._key(row) == key:
                self._renew(index, self._lines.pop(index, None), width)

    def relabel(self) -> None:
        """The language has changed."""
        self.redraw()

    def render_line(self, y: int) -> Strip:
        width = self._width()
        if width != self._lines_width:
            self._lines.clear()
            self._lines_width = width
        index = self.scroll_offset.y + y
        line, ground = self._line(index, width)
        return strip_of(line, width, palette_of(self), ground)

    def on_mount(self) -> None:
        self.app.theme_changed_signal.subscribe(self, lambda _: self.refresh())

    def on_resize(self) -> None:
        self._grown()
        self._follow()

    def on_focus(self) -> None:
        self._repaint(self._at)

    def on_blur(self) -> None:
        self._repaint(self._at)

    def on_key(self, event: events.Key) -> None:
        if self._digits and event.key in "123456789":
            index = int(event.key) - 1 + (self.scroll_offset.y if self._digits == "lines" else 0)
            if index < len(self._rows) and self._may(index):
                event.stop()
                self._point(index)
                self.action_take()

    def on_click(self, event: events.Click) -> None:
        index = self.scroll_offset.y + event.y
        if index < len(self._rows) and self._may(index):
            if index == self._at:
                self.action_take()
            self._point(index)

    def action_move(self, by: int) -> None:
        """Moves the choice, over what cannot be chosen."""
        target = max(0, min(self._at + by, len(self._rows) - 1))
        step = 1 if by > 0 else -1
        while 0 <= target < len(self._rows) and not self._may(target):
            target += step
        if 0 <= target < len(self._rows):
            self._point(target)
        elif by < 0:
            self.scroll_to(y=0, animate=False)

    def action_page(self, pages: int) -> None:
        """Moves the choice by what fits on the list."""
        self.action_move(pages * max(1, self.size.height - 1))

    def action_take(self) -> None:
        """Takes the chosen row."""
        if (row := self.chosen) is not None:
            self.post_message(self.Taken(self, row))

    def _may(self, index: int) -> bool:
        return self._choosable is None or self._choosable(self._rows[index])

    def _width(self) -> int:
        return self.scrollable_content_region.width

    def _line(self, index: int, width: int) -> tuple[Line, str]:
        if (known := self._lines.get(index)) is None:
            if index < len(self._rows):
                line = fit(self._draw(self._rows[index], width), width)
            else:
                said = f" {_(self._empty)}" if index == 0 and self._empty and not self._rows else ""
                line = fit((Piece(said, "muted"),), width)
            known = self._lines[index] = (line, self._ground_of(index))
        return known

    def _renew(self, index: int, before: tuple[Line, str] | None, width: int) -> None:
        """Formats a line and paints what of it differs from ``before``."""
        line, ground = self._line(index, width)
        y = index - self.scroll_offset.y
        if before is None or before[1] != ground:
            self.refresh(Region(0, y, width, 1))
        elif (cells := changed_cells(before[0], line)) is not None:
            self.refresh(Region(cells[0], y, cells[1], 1))

    def _ground_of(self, index: int) -> str:
        if index >= len(self._rows):
            return self._base
        if index == self._at and self._may(index):
            return "chosen" if self.has_focus or self._lit else "chosen_idle"
        return self._ground(self._rows[index]) if self._ground else self._base

    def _land(self, key: Hashable | None) -> None:
        """Puts the choice on the row with ``key``, or as near as possible to where it was."""
        previous = self._at
        found = next(
            (i for i, row in enumerate(self._rows) if key is not None and self._key(row) == key), None
        )
        wanted = previous if found is None else found
        self._at = max(0, min(wanted, len(self._rows) - 1))
        if self._rows and not self._may(self._at):
            later = [i for i in range(self._at, len(self._rows)) if self._may(i)]
            earlier = [i for i in range(self._at, -1, -1) if self._may(i)]
            self._at = (later or earlier or [0])[0]
        if self._at != previous:
            self._repaint(previous)
            self._repaint(self._at)

    def _point(self, index: int) -> None:
        previous, self._at = self._at, index
        if previous != index:
            self._repaint(previous)
            self._repaint(index)
            self.post_message(self.Pointed(self, self._rows[index]))
        self._follow()
        self._near(NEAR)
        if self._resting is not None:
            self._resting.stop()
        self._resting = self.set_timer(REST, self._ahead)

    def _near(self, rows: int) -> None:
        """Asks for more where the choice is fewer than ``rows`` from an end."""
        if not self._rows:
            return
        if self._at >= len(self._rows) - rows:
            self.post_message(self.EndNear(self, "after"))
        if self._at < rows:
            self.post_message(self.EndNear(self, "before"))

    def _ahead(self) -> None:
        """Formats the pages before and after the one in sight, and asks for rows that they will want."""
        width, top, height = self._lines_width, self.scroll_offset.y, self.size.height
        for index in range(max(0, top - height), min(len(self._rows), top + 2 * height)):
            self._line(index, width)
        self._near(FAR)

    def _follow(self) -> None:
        """Scrolls just far enough for the choice to be seen."""
        top, height = self.scroll_offset.y, self.size.height
        if self._at < top:
            self.scroll_to(y=self._at, animate=False)
        elif height and self._at >= top + height:
            self.scroll_to(y=self._at - height + 1, animate=False)

    def _repaint(self, index: int) -> None:
        self._lines.pop(index, None)
        self.refresh(Region(0, index - self.scroll_offset.y, self.size.width, 1))

    def _grown(self) -> None:
        self.virtual_size = Size(self._width(), len(self._rows))
