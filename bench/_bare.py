"""The least that Textual can do, to measure beside: ``python -m bench._bare frame|lines|input``.

``frame`` paints one line of text. ``lines`` is a Line-API widget of a million rows: PageUp and PageDown turn
the page, Enter changes a row and goes on to the next, scrolling as far as that takes. ``input`` is one Input.
"""

from __future__ import annotations

import os
import sys
from typing import ClassVar

os.environ["TEXTUAL_DISABLE_KITTY_KEY"] = "1"

from rich.segment import Segment
from textual import events
from textual.app import App, ComposeResult
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widgets import Input, Static

ROWS = 1_000_000
SHOWN = "首屏已经画好"


class Lines(ScrollView, can_focus=True):
    """Rows made as they are drawn."""

    def __init__(self) -> None:
        super().__init__()
        self.virtual_size = Size(100, ROWS)
        self.at = 0
        self.done: set[int] = set()

    def render_line(self, y: int) -> Strip:
        row = y + int(self.scroll_offset.y)
        mark = "已办" if row in self.done else "待办"
        text = f"{mark} {row:>8} 陶家镇液氯槽车侧翻泄漏，下风向已疏散 312 人"
        return Strip([Segment(text)]).adjust_cell_length(self.size.width)

    def on_key(self, event: events.Key) -> None:
        page = self.size.height
        if event.key == "enter":
            self.done.add(self.at)
            self.refresh(Region(0, self.at - int(self.scroll_offset.y), self.size.width, 1))
            self.at += 1
            if self.at >= self.scroll_offset.y + page:
                self.scroll_to(y=self.at - page + 1, animate=False)
        elif event.key in ("pageup", "pagedown"):
            by = page if event.key == "pagedown" else -page
            self.scroll_to(y=self.scroll_offset.y + by, animate=False)
        else:
            return
        event.stop()
        event.prevent_default()


class Bare(App[None]):
    ENABLE_COMMAND_PALETTE = False
    CSS = "Screen { layout: vertical; } Lines { height: 1fr; }"
    WHAT: ClassVar[str] = sys.argv[1] if len(sys.argv) > 1 else "frame"

    def compose(self) -> ComposeResult:
        yield Static(SHOWN)
        if self.WHAT == "lines":
            yield Lines()
        elif self.WHAT == "input":
            yield Input()


if __name__ == "__main__":
    Bare().run()
