"""The clock that runs out next, in large: figures that can be read from two metres, drawn with the ground
colour of blanks alone, as no block glyph is of one width everywhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip

from dutydesk.i18n import _
from dutydesk.model.timers import Timer
from dutydesk.tui import times
from dutydesk.tui.lines import Line, Piece, changed_cells, fit
from dutydesk.tui.text import clip
from dutydesk.tui.widgets.painting import Drawn, palette_of, strip_of

HEIGHT: Final = 5
"""Lines of a large figure."""
_DOTS: Final = {
    "0": ("###", "# #", "# #", "# #", "###"),
    "1": (" # ", "## ", " # ", " # ", "###"),
    "2": ("###", "  #", "###", "#  ", "###"),
    "3": ("###", "  #", "###", "  #", "###"),
    "4": ("# #", "# #", "###", "  #", "  #"),
    "5": ("###", "#  ", "###", "  #", "###"),
    "6": ("###", "#  ", "###", "# #", "###"),
    "7": ("###", "  #", "  #", "  #", "  #"),
    "8": ("###", "# #", "###", "# #", "###"),
    "9": ("###", "# #", "###", "  #", "###"),
    ":": (" ", "#", " ", "#", " "),
}
_FIGURES: Final = {
    figure: tuple(
        tuple((dot == "#", "  " * len([*same])) for dot, same in groupby(row + " ")) for row in rows
    )
    for figure, rows in _DOTS.items()
}
"""Each figure's lines as runs of blanks, lit and unlit, the gap behind it with them; a dot is two blanks."""


class Soonest(Drawn):
    """One line of words where the screen is low, five lines with large figures where there is room."""

    DEFAULT_CSS = "Soonest { height: 1; width: 1fr; background: $background; }"

    def __init__(
        self,
        now: Callable[[], datetime],
        what: Callable[[Timer], str],
        about: Callable[[Timer], str],
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name
    ) -> None:
        super().__init__(id=id)
        self._now = now
        self._what = what
        self._about = about
        self._timer: Timer | None = None
        self._moment = now()
        self._painted: list[Line] = []
        self._painted_width = 0

    def show(self, timer: Timer | None) -> None:
        """Takes the timer that is due first."""
        self._timer = timer
        self.tick()

    def tick(self) -> None:
        """A second has passed: paints the cells that differ."""
        self._moment = self._now()
        width, old = self.size.width, self._painted
        if not width:
            return
        new = self._lines(width, self.size.height)
        resized, self._painted, self._painted_width = width != self._painted_width, new, width
        if resized or len(new) != len(old):
            self.refresh()
            return
        for y, (before, after) in enumerate(zip(old, new, strict=True)):
            if (cells := changed_cells(before, after)) is not None:
                self.refresh(Region(cells[0], y, cells[1], 1))

    def relabel(self) -> None:
        """The language has changed."""
        self.tick()

    def on_mount(self) -> None:
        self.app.theme_changed_signal.subscribe(self, lambda _: self.refresh())

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if len(self._painted) != self.size.height or self._painted_width != width:
            self._painted, self._painted_width = self._lines(width, self.size.height), width
        line = self._painted[y] if y < len(self._painted) else ()
        if any(role.startswith("block:") for _text, role in line):
            return self._blocks(line, width)
        return strip_of(line, width, palette_of(self))

    def _lines(self, width: int, height: int) -> list[Line]:
        if self._timer is None:
            return [fit((Piece(" " + _("No clock is running."), "muted"),), width)] + [
                fit((), width) for _n in range(height - 1)
            ]
        said, role = self._said()
        if height < HEIGHT:
            return [fit((Piece(f" {said} ", role), Piece(self._words(), "strong")), width)]
        figures, _shade = self._figures()
        rows: list[Line] = [fit((), width)]
        texts = (said, "", self._what(self._timer), self._about(self._timer), self._timer.source)
        roles, block = (role, "text", "strong", "text", "muted"), f"block:{role}"
        for y in range(HEIGHT):
            pieces = [Piece("  ")]
            for figure in figures:
                pieces += [Piece(blanks, block if lit else "text") for lit, blanks in _FIGURES[figure][y]]
            used = sum(len(piece.text) for piece in pieces)
            text = clip(texts[y], max(0, width - used - 3))
            rows.append(fit((*pieces, Piece(f"  {text}", roles[y])), width))
        return [*rows, fit((), width)][:height]

    def _said(self) -> tuple[str, str]:
        """How long, in words."""
        assert self._timer is not None
        left = self._timer.due - self._moment
        minutes, seconds = divmod(int(abs(left).total_seconds()), 60)
        hours, minutes = divmod(minutes, 60)
        late = left < timedelta(0)
        role = "late" if late else "soon" if left <= times.SOON else "strong"
        if hours:
            span = _("{hours} h {minutes} min", hours=hours, minutes=minutes)
        elif minutes >= 5:
            span = _("{minutes} min", minutes=minutes)
        else:
            span = _("{minutes} min {seconds} s", minutes=minutes, seconds=seconds)
        return (_("LATE by {span}", span=span) if late else _("{span} left", span=span)), role

    def _words(self) -> str:
        assert self._timer is not None
        about = self._about(self._timer)
        number = f"{self._timer.incident:03} " if self._timer.incident else ""
        return f"{self._what(self._timer)}  {number}{about}"

    def _figures(self) -> tuple[str, str]:
        assert self._timer is not None
        left = self._timer.due - self._moment
        minutes, seconds = divmod(int(abs(left).total_seconds()), 60)
        hours, minutes = divmod(minutes, 60)
        return (f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"), ""

    def _blocks(self, line: Line, width: int) -> Strip:
        colours = palette_of(self)
        segments = []
        for text, role in line:
            if role.startswith("block:"):
                # Reversed blanks: the role's ink becomes the ground.
                style = colours.style(role.removeprefix("block:"), "plain")
                segments.append(Segment(text, style + style.parse("reverse")))
            else:
                segments.append(Segment(text, colours.style(role, "plain")))
        return Strip(segments, width).simplify()
