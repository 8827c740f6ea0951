"""Draws of a screen what has changed, and sends no more than that.

Textual draws every widget of a container in which anything has changed, all of its rows, and sends a changed
line from its widget's left edge on. A clock's last digit then costs the whole board, every second. Here the
changed rows of the widgets that show there are drawn, and the changed cells sent. Decision 9 says why this
reaches into Textual's own parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from rich.console import Console
from rich.control import Control
from textual._compositor import Compositor, CompositorUpdate
from textual.geometry import Region
from textual.strip import Strip

from dutydesk.tui.text import width_of

Span = tuple[int, int, int]
"""A row, and from which column to before which one."""
Chops = dict[int, Strip | None]
"""The pieces of one row by the column at which they begin; ``None`` where nothing is drawn yet."""


class DeskCompositor(Compositor):
    """Composes partial updates row by row; everything else is Textual's."""

    def render_partial_update(self) -> NarrowUpdate | None:  # type: ignore[override]
        """What the dirty regions have come to; ``None`` where nothing of them is on the screen."""
        screen = self.size.region
        regions = [region.intersection(screen) for region in self._dirty_regions]
        self._dirty_regions.clear()
        spans: list[Span] = list(self._regions_to_spans(regions))
        if not spans:
            return None
        cuts = self.cuts
        rows: dict[int, Chops] = {y: dict.fromkeys(cuts[y][:-1]) for y, _, _ in spans}
        missing = {y: _pieces(cuts[y], y, spans) for y in rows}
        for widget, (region, clip) in self.visible_widgets.items():  # the one in front first
            part = region.intersection(clip)
            touched = (y for y in part.line_range if _any_within(missing.get(y), part))
            for first, count in _runs(touched):
                crop = Region(part.x - region.x, first - region.y, part.width, count)
                for y, strip in enumerate(widget.render_lines(crop), first):
                    self._put(strip, rows[y], part, cuts[y])
                    missing[y] = {x for x in missing[y] if rows[y][x] is None}
        return NarrowUpdate(rows, spans, {y: cuts[y][1:] for y in rows})

    @staticmethod
    def _put(strip: Strip, row: Chops, part: Region, cuts: list[int]) -> None:
        """Cuts a widget's strip where other widgets begin, and puts in what nothing in front covers."""
        here = [cut for cut in cuts if part.x <= cut <= part.right]
        for x, piece in zip(here, strip.divide([cut - part.x for cut in here[1:]]), strict=False):
            if row.get(x) is None:
                row[x] = piece


class NarrowUpdate(CompositorUpdate):
    """``spans`` of the pieces in ``rows``, each row's pieces ending at ``ends``."""

    def __init__(
        self, rows: Mapping[int, Mapping[int, Strip | None]], spans: list[Span], ends: Mapping[int, list[int]]
    ) -> None:
        self.rows = rows
        self.spans = spans
        self.ends = ends

    def render_segments(self, console: Console) -> str:
        """What is written to the terminal."""
        parts: list[str] = []
        for y, left, right in self.spans:
            for end, (x, strip) in zip(self.ends[y], self.rows[y].items(), strict=False):
                if strip is None or x >= right or end <= left:
                    continue
                start, stop = whole_characters(strip, max(0, left - x), min(end, right) - x)
                parts.append(Control.move_to(x + start, y).segment.text)
                parts.append(strip.crop(start, stop).render(console))
        return "".join(parts)


def whole_characters(strip: Strip, start: int, stop: int) -> tuple[int, int]:
    """The cells from ``start`` to ``stop``, widened so that no double-width character is cut in half. The
    whole strip where a character that stands on no cell of its own comes before their end, or right after."""
    first, at = start, 0
    for segment in strip:
        width = segment.cell_length
        if segment.text.isascii() or at + width <= start:
            if at + width >= stop and segment.text.isascii():
                return first, max(stop, at)
            at += width
            continue
        for character in segment.text:
            cells = width_of(character)
            if cells == 0:
                return 0, strip.cell_length
            if at >= stop:
                return first, at
            if at <= start:
                first = at
            at += cells
    return first, at


def _pieces(cuts: list[int], y: int, spans: list[Span]) -> set[int]:
    """Where the pieces of row ``y`` begin that any of ``spans`` touches."""
    wanted = [(left, right) for row, left, right in spans if row == y]
    return {x for x, end in pairwise(cuts) if any(x < right and end > left for left, right in wanted)}


def _any_within(missing: set[int] | None, part: Region) -> bool:
    return bool(missing) and any(part.x <= x < part.right for x in missing or ())


def _runs(rows: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Rows that follow each other, as the first one and how many."""
    first = count = 0
    for row in rows:
        if count and row == first + count:
            count += 1
            continue
        if count:
            yield first, count
        first, count = row, 1
    if count:
        yield first, count
