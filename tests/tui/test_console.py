"""The frame and the widgets, driven by keys without a terminal."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from textual.widgets import Input, TextArea

from dutydesk import i18n
from dutydesk.model.clock import ManualClock
from dutydesk.model.errors import Refused
from dutydesk.model.text import Text
from dutydesk.model.views.board import Board
from dutydesk.tui import themes
from dutydesk.tui.alarms import Alarm, Rung
from dutydesk.tui.app import DutyDeskApp
from dutydesk.tui.lines import Line
from dutydesk.tui.widgets.banner import Banner
from dutydesk.tui.widgets.commandline import Command, CommandLine
from dutydesk.tui.widgets.dialogs import Choose, ConfirmWord
from dutydesk.tui.widgets.help import HelpPanel
from dutydesk.tui.widgets.linelist import LineList
from dutydesk.tui.widgets.statusbar import StatusBar
from tests.tui.demo import HOSTILE, DemoDesk, desk, make
from tests.tui.screens.room import until


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def a_desk(clock: ManualClock) -> DemoDesk:
    return desk(clock)


@pytest.fixture(autouse=True)
def chinese() -> None:
    i18n.use("zh")


def shown(app: DutyDeskApp) -> str:
    """The text on the screen, line by line."""
    height = app.size.height
    strips = app.screen._compositor.render_strips(app.size)
    return "\n".join("".join(segment.text for segment in strip) for strip in strips[:height])


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (40, 10)])
@pytest.mark.parametrize("theme", themes.NAMES)
async def test_the_desk_opens_on_what_is_about_to_be_late(
    a_desk: DemoDesk, size: tuple[int, int], theme: str
) -> None:
    app = make(a_desk, theme=theme)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        assert "超 00:02:29" in shown(app)
        assert "F1 帮助" in shown(app)


async def test_f_keys_go_from_room_to_room_and_esc_comes_back(a_desk: DemoDesk) -> None:
    app = make(a_desk)
    async with app.run_test() as pilot:
        for key, room in (("f2", "intake"), ("f6", "ledger"), ("f3", "board"), ("f7", "shift")):
            await pilot.press(key)
            assert app.current_mode == room
        await pilot.press("escape")
        assert app.current_mode == "board"
        await pilot.press("escape")
        assert app.current_mode == "ledger"


async def test_what_was_being_typed_is_still_there_after_a_look_elsewhere(a_desk: DemoDesk) -> None:
    app = make(a_desk)
    async with app.run_test() as pilot:
        await pilot.press("f2", *"abc", "f3", "f2", *"d")
        assert app.screen.query_one(TextArea).text == "abcd"


async def test_an_intake_is_one_key_away_even_from_a_question(a_desk: DemoDesk) -> None:
    app = make(a_desk)
    async with app.run_test() as pilot:
        app.push_screen(ConfirmWord("Help", HOSTILE, "实战"))
        await pilot.press("f2")
        assert app.current_mode == "intake"


async def test_the_language_changes_everywhere_at_a_key(a_desk: DemoDesk) -> None:
    app = make(a_desk)
    async with app.run_test() as pilot:
        await pilot.press("f9")
        assert "F1 Help" in shown(app)
        assert "late 00:02:29" in shown(app)
        await pilot.press("f9")
        assert "F1 帮助" in shown(app)


async def test_an_engine_that_stops_turns_the_bar_into_an_alarm(a_desk: DemoDesk, clock: ManualClock) -> None:
    a_desk.facts = replace(a_desk.facts, engine_seen=clock.now())
    app = make(a_desk)
    async with app.run_test() as pilot:
        await pilot.pause()
        bar = app.screen.query_one(StatusBar)
        assert bar.ground() == "bar"
        clock.advance(timedelta(seconds=42))
        app.screen.tick()  # type: ignore[attr-defined]
        await pilot.pause()
        assert bar.ground() == "alarm"
        assert "42 秒无心跳" in shown(app)
        assert "dutydesk engine run" in shown(app)
        await pilot.resize_terminal(40, 10)
        await pilot.pause()
        assert "dutydesk engine run" in shown(app).splitlines()[0]


async def test_clocks_tick_and_pass_from_left_to_late(a_desk: DemoDesk, clock: ManualClock) -> None:
    app = make(a_desk)
    async with app.run_test() as pilot:
        await pilot.pause()
        assert "00:09:31" in shown(app)
        clock.advance(timedelta(minutes=10))
        app.screen.tick()  # type: ignore[attr-defined]
        await pilot.pause()
        assert "超 00:00:29" in shown(app)


async def test_another_consoles_change_appears_by_itself(a_desk: DemoDesk) -> None:
    app = make(a_desk)
    async with app.run_test() as pilot:
        await pilot.pause()
        a_desk.timers = 5
        a_desk.changed.set()
        await pilot.pause(0.1)
        assert len(app.screen.query_one("#main", LineList).rows) == 5


async def test_changes_that_come_faster_than_they_can_be_read_are_shown_all_the_same(
    a_desk: DemoDesk,
) -> None:
    quick = a_desk.board

    async def slow() -> Board:
        await asyncio.sleep(0.2)
        return await quick()

    app = make(a_desk)
    async with app.run_test() as pilot:
        await pilot.pause()
        a_desk.board = slow  # type: ignore[method-assign]
        lines = app.screen.query_one("#main", LineList)
        a_desk.timers = 5
        async with asyncio.timeout(20):
            while len(lines.rows) != 5:
                a_desk.changed.set()
                await pilot.pause(0.02)


async def test_the_choice_stays_on_its_row_when_rows_come_before_it(a_desk: DemoDesk) -> None:
    app = make(a_desk)
    async with app.run_test() as pilot:
        await pilot.press("f6")
        await pilot.pause()
        lines = app.screen.query_one("#main", LineList)
        lines.point(40)
        lines.show([*range(-30, 200)])
        assert lines.chosen == 40
        lines.show([*range(41)][::2])
        assert lines.chosen == 40
        lines.show([])
        assert lines.chosen is None


async def test_pages_are_added_at_either_end_without_a_jump(a_desk: DemoDesk) -> None:
    app = make(a_desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f6")
        await pilot.pause()
        lines = app.screen.query_one("#main", LineList)
        lines.show([*range(100, 200)])
        lines.point(150)
        await pilot.pause()
        top = lines.scroll_offset.y
        lines.extend([*range(50, 100)], "before")
        await pilot.pause()
        assert lines.chosen == 150
        assert lines.scroll_offset.y == top + 50
        lines.extend([*range(200, 300)], "after", keep=200)
        assert len(lines.rows) == 200
        assert lines.chosen == 150


def noting(lines: LineList[int], monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The rows that are formatted from here on."""
    drawn: list[int] = []
    draw = lines._draw

    def note(row: int, width: int) -> Line:
        drawn.append(row)
        return draw(row, width)

    monkeypatch.setattr(lines, "_draw", note)
    return drawn


async def test_rows_that_come_behind_those_in_sight_cost_no_paint(
    a_desk: DemoDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make(a_desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f6")
        await pilot.pause()
        lines = app.screen.query_one("#main", LineList)
        lines.show([*range(30)])
        await pilot.pause()
        drawn = noting(lines, monkeypatch)
        lines.extend([*range(30, 300)], "after")
        await pilot.pause()
        assert not drawn
        assert len(lines.rows) == 300


async def test_what_the_next_page_shows_is_made_ready_while_the_keys_rest(
    a_desk: DemoDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make(a_desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f6")
        await pilot.pause()
        lines = app.screen.query_one("#main", LineList)
        lines.show([*range(300)])
        await pilot.press("down")
        await until(pilot, lambda: lines.size.height * 2 - 1 in lines._lines)
        drawn = noting(lines, monkeypatch)
        await pilot.press("pagedown")
        await pilot.pause()
        assert lines.chosen == lines.size.height
        turned = {*range(2, lines.size.height)}
        assert not turned & {*drawn}  # but for the row the choice left, and the one it came to
        lines.redraw_row(0)
        held = range(lines.scroll_offset.y, lines.scroll_offset.y + lines.size.height)
        assert set(lines._lines) <= set(held)  # nothing out of sight is kept that may grow old


async def test_the_palette_finds_an_action_by_pinyin_initials(a_desk: DemoDesk) -> None:
    app = make(a_desk)
    async with app.run_test() as pilot:
        await pilot.press("f8", *"jj", "enter")
        await pilot.pause()
        assert app.current_mode == "shift"


async def test_help_tells_the_keys_and_why_one_is_off(a_desk: DemoDesk) -> None:
    app = make(a_desk)
    async with app.run_test(size=(80, 30)) as pilot:
        await pilot.press("f1")
        await pilot.pause()
        assert isinstance(app.screen, HelpPanel)
        await pilot.press("pagedown", "pagedown")
        await pilot.pause()
        assert "没有可撤回的" in shown(app)
        await pilot.press("escape")
        assert not isinstance(app.screen, HelpPanel)


async def test_a_key_that_is_off_says_why(a_desk: DemoDesk) -> None:
    app = make(a_desk)
    async with app.run_test() as pilot:
        await pilot.press("f10")
        await pilot.pause()
        assert "当前没有告警" in shown(app)


async def test_an_alarm_stays_until_somebody_acknowledges_it(a_desk: DemoDesk) -> None:
    app = make(a_desk)
    async with app.run_test() as pilot:
        await pilot.pause()
        app.alarm(Alarm("timer:1", Rung.BELL, HOSTILE))
        app.alarm(Alarm("timer:2", Rung.TITLE, "书面首报"))
        await pilot.pause()
        assert "书面首报" in shown(app).splitlines()[1]
        assert "另有 1 条" in shown(app)
        await pilot.press("f10")
        await pilot.pause()
        assert "[/紧急]" in shown(app).splitlines()[1]
        await pilot.press("f10")
        await pilot.pause()
        assert not app.screen.query_one(Banner).display
        app.alarm(Alarm("timer:1", Rung.BELL, "again"))
        assert app.ladder.top is None
        app.alarm(Alarm("timer:1", Rung.TITLE, "higher"))
        assert app.ladder.top is not None


async def test_the_command_line_completes_runs_and_says_what_it_does_not_know(a_desk: DemoDesk) -> None:
    app = make(a_desk)
    notes: list[str] = []

    async def note(rest: str) -> None:
        if not rest:
            raise Refused("The note is empty.")
        notes.append(rest)

    app.commands[:] = [Command(("备注", "note"), Text("给当前事件加备注", "note on the incident"), note)]
    async with app.run_test() as pilot:
        await pilot.press("slash", *"no")
        await pilot.pause()
        assert "给当前事件加备注" in shown(app)
        await pilot.press("tab", *"[/x]", "enter")
        await pilot.pause()
        assert notes == ["[/x]"]
        assert not app.screen.query_one(CommandLine).is_open
        await pilot.press("slash", *"note", "enter")
        await pilot.pause()
        assert "备注是空的" in shown(app)
        await pilot.press("ideographic_comma", *"zzzz", "enter")
        await pilot.pause()
        assert "没有命令 zzzz" in shown(app)


async def test_a_write_goes_on_when_the_screen_that_started_it_closes(a_desk: DemoDesk) -> None:
    app = make(a_desk)
    done: list[str] = []
    go = asyncio.Event()

    async def commit() -> None:
        await go.wait()
        done.append("committed")

    async with app.run_test() as pilot:
        await pilot.press("f2")
        worker = app.screen.run_worker(app.write(commit()))
        await pilot.pause()
        worker.cancel()
        await pilot.pause()
        go.set()
        await pilot.pause()
        assert done == ["committed"]
        assert len(app.writes) == 0


async def test_a_refused_write_that_nobody_waits_for_is_still_told(a_desk: DemoDesk) -> None:
    app = make(a_desk)
    go = asyncio.Event()

    async def refuse() -> None:
        await go.wait()
        raise Refused("There is no draft {id}.", id="[/紧急]")

    async with app.run_test() as pilot:
        await pilot.pause()
        worker = app.screen.run_worker(app.write(refuse()))
        await pilot.pause()
        worker.cancel()
        await pilot.pause()
        go.set()
        await pilot.pause()
        assert "没有草稿 [/紧急]" in shown(app)


async def test_a_typed_word_releases_and_nothing_else_does(a_desk: DemoDesk) -> None:
    app = make(a_desk)
    answers: list[bool | None] = []
    async with app.run_test() as pilot:
        app.push_screen(ConfirmWord("Help", HOSTILE * 3, "LIVE"), answers.append)
        await pilot.press(*"live", "enter")
        assert answers == []
        assert app.screen.query_one(Input).value == ""
        await pilot.press(*"LIVE", "enter")
        await pilot.pause()
        assert answers == [True]


async def test_a_pasted_escape_sequence_is_text(a_desk: DemoDesk) -> None:
    from textual import events

    app = make(a_desk)
    async with app.run_test() as pilot:
        await pilot.press("f2")
        field = app.screen.query_one("#phone Input", Input)
        field.focus()
        await pilot.pause()
        field.post_message(events.Paste("\x1b[31m13900000000\r\n[/紧急]"))
        await pilot.pause()
        assert field.value == "␛[31m13900000000 [/紧急]"


async def test_a_list_of_choices_takes_a_digit(a_desk: DemoDesk) -> None:
    from dutydesk.tui.lines import Piece

    app = make(a_desk)
    answers: list[str | None] = []
    async with app.run_test() as pilot:
        app.push_screen(
            Choose("Help", ["a", HOSTILE], lambda row, _: (Piece(row),), key=lambda row: row), answers.append
        )
        await pilot.press("2")
        await pilot.pause()
        assert answers == [HOSTILE]


async def test_a_digit_takes_the_row_of_that_number_however_far_the_list_is_scrolled(
    a_desk: DemoDesk,
) -> None:
    from dutydesk.tui.lines import Piece

    app = make(a_desk)
    answers: list[int | None] = []
    async with app.run_test(size=(40, 10)) as pilot:
        rows = range(1, 10)
        app.push_screen(
            Choose("Help", rows, lambda row, _: (Piece(f" {row}"),), key=lambda row: row), answers.append
        )
        await pilot.press("end")
        await pilot.pause()
        assert " 1" not in shown(app)
        await pilot.press("2")
        await pilot.pause()
        assert answers == [2]


async def test_themes_change_at_a_key(a_desk: DemoDesk) -> None:
    app = make(a_desk)
    async with app.run_test() as pilot:
        for name in (*themes.NAMES[1:], themes.NAMES[0]):
            await pilot.press("f12")
            await pilot.pause()
            assert app.theme == name


async def test_a_crash_leaves_a_report_without_names_or_numbers(a_desk: DemoDesk, tmp_path: Path) -> None:
    app = make(a_desk, crash_dir=tmp_path)

    async def fail() -> None:
        caller = "张三 13900000000"
        raise ValueError(f"cannot place {caller!r} of 陶家镇 at 023-68880000")

    with pytest.raises(Exception, match="cannot place"):
        async with app.run_test() as pilot:
            app.run_worker(fail())
            await pilot.pause()
    text, mode = await asyncio.to_thread(the_only_file, tmp_path)
    assert "ValueError: cannot place" in text
    assert "test_console.py" in text
    assert not any(secret in text for secret in ("张三", "13900000000", "陶家", "68880000"))
    assert mode & 0o077 == 0


def the_only_file(directory: Path) -> tuple[str, int]:
    """Its text and its mode."""
    (path,) = directory.iterdir()
    return path.read_text(encoding="utf-8"), path.stat().st_mode
