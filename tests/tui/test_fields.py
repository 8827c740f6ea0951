"""A text area draws the rows that a key changes, and then shows what a whole repaint would."""

from __future__ import annotations

from random import Random

import pytest
from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.geometry import Region

from dutydesk.tui.widgets.textarea import DeskTextArea

TOLD = "二郎街道科城路液氯槽车侧翻，一人受伤。" * 3


class Telling(App[None]):
    """A text area of several rows, and what it asked to be drawn."""

    CSS = "DeskTextArea { width: 24; height: 9; }"

    def __init__(self) -> None:
        super().__init__()
        self.drawn: list[tuple[Region, ...]] = []

    def compose(self) -> ComposeResult:
        drawn = self.drawn

        class Area(DeskTextArea):
            def _set_dirty(self, *regions: Region) -> None:
                drawn.append(regions)
                super()._set_dirty(*regions)

        yield Area(TOLD + "\n第二段。\n")

    @property
    def area(self) -> DeskTextArea:
        return self.query_one(DeskTextArea)


def _shown(app: Telling) -> list[list[Segment]]:
    area = app.area
    return [list(strip) for strip in area.render_lines(Region(0, 0, *area.size))]


KEYS = ("液", "a", "，", "enter", "backspace", "delete", "left", "right", "up", "down", "home", "end",
        "ctrl+k", "ctrl+u", "ctrl+z", "ctrl+y", "shift+left", "shift+down", "ctrl+w")  # fmt: skip


@pytest.mark.parametrize("seed", range(2))
async def test_after_every_key_the_rows_are_those_of_a_whole_repaint(seed: int) -> None:
    dice = Random(seed)
    app = Telling()
    async with app.run_test(size=(30, 12)) as pilot:
        app.area.focus()
        app.area.cursor_blink = False
        for turn in range(80):
            key = dice.choice(KEYS)
            await pilot.press(key)
            here = _shown(app)
            app.area.refresh()
            assert here == _shown(app), (turn, key)


async def test_a_key_within_a_line_draws_its_rows_only() -> None:
    app = Telling()
    async with app.run_test(size=(30, 12)) as pilot:
        app.area.focus()
        app.area.cursor_blink = False
        app.area.move_cursor((1, 2))
        await pilot.pause()
        app.drawn.clear()
        await pilot.press("液")
        await pilot.pause()
        assert {(region.y, region.height) for regions in app.drawn for region in regions} == {(6, 1)}
        assert () not in app.drawn
        app.drawn.clear()
        await pilot.press("enter")
        await pilot.pause()
        assert () in app.drawn, "what stands below moves down"


async def test_a_line_broken_in_two_with_no_row_gained_is_drawn_whole() -> None:
    app = Telling()
    async with app.run_test(size=(30, 12)) as pilot:
        app.area.focus()
        app.area.cursor_blink = False
        app.area.load_text("液氯槽车侧翻在二郎一人受伤送医院\n第三段")
        app.area.move_cursor((0, 6))
        await pilot.pause()
        _shown(app)
        await pilot.press("enter")
        here = _shown(app)
        assert "第三段" in "".join(segment.text for segment in here[2]), "as many rows as before"
        app.area.refresh()
        assert here == _shown(app)
