"""A ticking clock sends the cells that changed, and the terminal shows what a whole repaint would."""

from __future__ import annotations

from random import Random
from unittest.mock import patch

import pyte
import pytest
from rich.console import Console
from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.screen import Screen
from textual.strip import Strip
from textual.widgets import Static

from dutydesk.tui.compositor import DeskCompositor, NarrowUpdate, whole_characters
from dutydesk.tui.lines import Piece, changed_cells

CONSOLE = Console(force_terminal=True, color_system="truecolor", width=40)


def _strip(text: str) -> Strip:
    return Strip([Segment(text)]).adjust_cell_length(40)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("逾期  00:41 上报区政府", "逾期  00:42 上报区政府"),
        ("液氯槽车侧翻", "液氯罐车侧翻"),
        ("a中b文", "中ab文"),
        ("速报e\u0301 1", "速报e\u0301 2"),
        ("00:09", "00:10"),
    ],
)
def test_a_narrow_update_leaves_the_terminal_as_a_whole_repaint_does(before: str, after: str) -> None:
    screen = pyte.Screen(40, 2)
    stream = pyte.Stream(screen)
    stream.feed("\x1b[1;1H" + _strip(before).render(CONSOLE))
    cells = changed_cells((Piece(_strip(before).text),), (Piece(_strip(after).text),))
    assert cells is not None
    spans = [(0, cells[0], cells[0] + cells[1])]
    stream.feed(NarrowUpdate({0: {0: _strip(after)}}, spans, {0: [40]}).render_segments(CONSOLE))
    whole = pyte.Screen(40, 2)
    pyte.Stream(whole).feed("\x1b[1;1H" + _strip(after).render(CONSOLE))
    assert screen.display == whole.display


def test_one_digit_goes_out_without_its_row() -> None:
    update = NarrowUpdate({0: {0: _strip("逾期  00:42 上报区政府")}}, [(0, 10, 11)], {0: [40]})
    assert update.render_segments(CONSOLE) == "\x1b[1;11H2"


class Boxes(App[None]):
    """Lists side by side, one of them scrolled, a box over both of them, and a line across."""

    CSS = "Screen { layers: below above; } #box { layer: above; offset: 12 3; width: 15; height: 4; }"

    def compose(self) -> ComposeResult:
        yield Static("头", id="head")
        with Horizontal():
            for name in ("left", "right"):
                with VerticalScroll(id=name):
                    for row in range(20):
                        yield Static(f"{name} 第{row}行 液氯槽车", id=f"{name}{row}", markup=False)
        yield Static("框", id="box")

    def get_default_screen(self) -> Screen[None]:
        screen: Screen[None] = Screen()
        screen._compositor = DeskCompositor()
        return screen


async def test_row_by_row_a_screen_comes_to_what_a_whole_repaint_shows() -> None:
    app = Boxes()
    async with app.run_test(size=(40, 12)) as pilot:
        terminal = pyte.Screen(40, 12)
        stream = pyte.Stream(terminal)
        compositor = app.screen._compositor
        for y, strip in enumerate(compositor.render_strips()):
            stream.feed(f"\x1b[{y + 1};1H" + strip.render(CONSOLE))
        dice = Random(4)
        for turn in range(60):
            if turn == 20:
                app.query_one("#left", VerticalScroll).scroll_to(y=5, animate=False)
            names = ["head", "box", *(f"{side}{row}" for side in ("left", "right") for row in range(20))]
            changed = {app.query_one(f"#{name}", Static) for name in dice.sample(names, 5)}
            with patch.object(app.screen, "_compositor_refresh"):
                for widget in changed:
                    widget.update("".join(dice.choices("中文a1", k=9)))
                await pilot.pause()
            update = compositor.render_partial_update()
            if update is not None:
                stream.feed(update.render_segments(CONSOLE))
            for y, strip in enumerate(compositor.render_strips()):
                whole = pyte.Screen(40, 1)
                pyte.Stream(whole).feed(strip.render(CONSOLE))
                assert terminal.display[y] == whole.display[0], (turn, y)


def test_no_double_width_character_is_cut_in_half() -> None:
    assert whole_characters(_strip("上报区"), 1, 3) == (0, 4)
    assert whole_characters(_strip("a上报"), 1, 3) == (1, 3)
