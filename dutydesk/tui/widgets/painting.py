"""From lines to the strips that Textual shows, and bars of one line that repaint only their changed cells."""

from __future__ import annotations

from typing import Final

from rich.segment import Segment
from textual.geometry import Region, Spacing
from textual.strip import Strip
from textual.widget import Widget

from dutydesk.tui.lines import Line, changed_cells, fit
from dutydesk.tui.themes import Palette, palette

NOTHING_AROUND: Final = Spacing()


def palette_of(widget: Widget) -> Palette:
    """The line styles of the theme in use."""
    return palette(widget.app.theme)


def strip_of(line: Line, width: int, colours: Palette, ground: str = "plain") -> Strip:
    """``line`` as a strip of exactly ``width`` cells."""
    # neighbours that look alike go out as one: every change of style costs the line some fifty bytes
    pieces = [Segment(text, colours.style(role, ground)) for text, role in fit(line, width)]
    return Strip(pieces, width).simplify()


class Drawn(Widget):
    """A widget that is nothing but its lines. Textual puts what a style sheet asks for around each line, and
    keeps it: for a line that ticks, and has nothing around it, that is half of what it costs to draw."""

    def render_lines(self, crop: Region) -> list[Strip]:
        if self.gutter != NOTHING_AROUND:
            return super().render_lines(crop)
        left, right = crop.column_span
        strips = [self.render_line(y) for y in crop.line_range]
        if any(strip.cell_length < right for strip in strips):  # a list's bar to scroll with covers the rest
            strips = [strip.extend_cell_length(right, self.rich_style) for strip in strips]
        if filters := self.get_line_filters():
            ground = self.background_colors[1]
            for each in filters:
                strips = [strip.apply_filter(each, ground) for strip in strips]
        return [strip.crop(left, right) for strip in strips]


class Bar(Drawn):
    """One line across the screen. A subclass says what it shows in :meth:`line` and on what ground."""

    DEFAULT_CSS = "Bar { height: 1; width: 1fr; }"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._painted: tuple[Line, str] = ((), "")

    def line(self, width: int) -> Line:
        """What the bar shows in ``width`` cells."""
        raise NotImplementedError

    def ground(self) -> str:
        """What it lies on."""
        return "bar"

    def on_mount(self) -> None:
        self.app.theme_changed_signal.subscribe(self, lambda _: self.refresh())

    def redraw(self) -> None:
        """Paints the cells that have changed since the last time, and nothing else."""
        width = self.size.width
        if not width:
            return
        line, ground = fit(self.line(width), width), self.ground()
        old, old_ground = self._painted
        self._painted = (line, ground)
        if ground != old_ground:
            self.refresh()
        elif (cells := changed_cells(old, line)) is not None:
            self.refresh(Region(cells[0], 0, cells[1], 1))

    def relabel(self) -> None:
        """The language has changed."""
        self.redraw()

    def render_line(self, y: int) -> Strip:  # noqa: ARG002 - there is only one
        width = self.size.width
        line, ground = fit(self.line(width), width), self.ground()
        self._painted = (line, ground)
        return strip_of(line, width, palette_of(self), ground)


def relabel(root: Widget) -> None:
    """Has everything under ``root`` that says something say it in the language now in use."""
    for widget in root.walk_children(Widget):
        again = getattr(widget, "relabel", None)
        if callable(again):
            again()
