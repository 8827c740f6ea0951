"""Given a database that is locked, an engine that is killed, a colleague who was quicker, and a night with
ten thousand calls, then the officer is told, goes on working, and loses nothing."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TypeVar

import psutil  # type: ignore[import-untyped]
import pytest

from dutydesk import i18n
from dutydesk.desk.desk import Desk
from dutydesk.desk.incidents import incidents
from dutydesk.desk.intake.reports import ReportForm, log_report
from dutydesk.desk.runs import runs
from dutydesk.home.clock import clock_from
from dutydesk.i18n import _
from dutydesk.model.enums import Level
from dutydesk.model.officers import Actor
from tests.tui.e2e.hand import LONG, Hand, at_the_console
from tests.tui.e2e.homes import (
    SECOND,
    Prepared,
    colleague,
    engines_of,
    environment,
    kill_engine_of,
    lay_down,
    multiply,
    one_call,
    opened,
)

T = TypeVar("T")
LOCKED = 10.0
MANY = 10_000


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    return lay_down(tmp_path_factory.mktemp("trouble") / "home", one_call)


@pytest.fixture
def home(prepared: Prepared, tmp_path: Path) -> Iterator[Path]:
    i18n.use("zh")
    copied = prepared.copy(tmp_path / "home")
    yield copied
    kill_engine_of(copied)


# --- a locked database --------------------------------------------------------------------------------


def test_a_database_locked_for_ten_seconds_stops_no_typing_and_loses_no_word(home: Path) -> None:
    i18n.use("en")
    first, more, second = "甲路口翻车，2人受伤", "，油箱在漏", "乙小区失火"
    with (
        at_the_console(home, environment("en")) as officer,
        closing(sqlite3.connect(home / "dutydesk.db", isolation_level=None)) as other,
    ):
        officer.sees("F1")
        other.execute("BEGIN IMMEDIATE")
        locked = time.monotonic()
        officer.press("f2")
        officer.type(first)
        officer.sees(first)
        officer.press("ctrl+s")
        officer.sees(_("saving ..."))
        officer.type("x")
        officer.sees("F2 takes another call")  # what finds no place is answered
        officer.sees("locked")  # refused, and said why
        officer.sees_no_more(_("saving ..."))
        officer.type(more)
        officer.sees(more)
        officer.press("ctrl+s", "f2")
        officer.type(second)
        officer.sees(second)
        assert not officer.looks_up("SELECT 1 FROM report WHERE id > 1")
        time.sleep(max(0.0, locked + LOCKED - time.monotonic()))
        other.execute("ROLLBACK")
        saves(officer, first + more)
        saves(officer, second)
        assert not officer.looks_up("SELECT 1 FROM draft WHERE logged_report IS NULL")


def saves(officer: Hand, text: str) -> None:
    """Waits until the report is on record; one that was refused is taken up from its draft and saved."""
    deadline = time.monotonic() + LONG
    while not officer.looks_up("SELECT 1 FROM report WHERE text = ?", text):
        assert time.monotonic() < deadline, officer.terminal.text
        if text in officer.terminal.text and _("saving ...") not in officer.terminal.text:
            officer.press("ctrl+s")
        elif officer.looks_up("SELECT 1 FROM draft WHERE fields LIKE ?", f"%{text}%"):
            officer.press("f2", "ctrl+o", "enter", "ctrl+s")
        time.sleep(1)


# --- a killed engine ----------------------------------------------------------------------------------


def test_a_killed_engine_turns_the_bar_into_an_alarm_and_another_one_takes_over(home: Path) -> None:
    with at_the_console(home, environment(engine=True), width=120) as officer:
        officer.sees(_("engine {seconds}s", seconds=0))
        ((first,),) = officer.finds("SELECT pid FROM lease")
        assert [engine.pid for engine in engines_of(home)] == [first]
        psutil.Process(first).kill()
        officer.sees("秒无心跳，时限可能停了")
        officer.sees(_("engine {seconds}s", seconds=0))
        ((second,),) = officer.finds("SELECT pid FROM lease WHERE pid <> ?", first)
        psutil.Process(second).kill()  # young as it is, it is missed at once
        officer.finds("SELECT pid FROM lease WHERE pid NOT IN (?, ?)", first, second)
        officer.press("ctrl+q")
        assert officer.terminal.wait(LONG) == 0
        assert engines_of(home)  # the engine keeps the clocks when the console goes


def test_an_engine_that_is_killed_and_may_not_be_started_is_an_alarm_that_says_what_to_do(
    home: Path,
) -> None:
    with closing(sqlite3.connect(home / "dutydesk.db")) as database, database:
        database.execute(
            "INSERT INTO lease SELECT 'engine', 'h:1:x', 1, 'h', '2026-01-01T00:00:00.000000Z',"
            " '2026-01-01T00:00:00.000000Z', '2026-01-01T00:00:00.000000Z', 0"
        )
    with at_the_console(home, environment()) as officer:
        for size in ((80, 24), (120, 40), (40, 10)):
            officer.terminal.resize(*size)
            officer.sees(lambda screen: "dutydesk engine run" in screen.lines[0])


# --- a colleague who was quicker ----------------------------------------------------------------------


def test_two_consoles_at_one_incident_see_and_keep_each_others_work(home: Path, tmp_path: Path) -> None:
    with (
        at_the_console(home, environment()) as wang,
        at_the_console(colleague(home, tmp_path / "li"), environment(), width=120, height=40) as li,
    ):
        at_the_incident(wang, "7")
        wang.sees(_("Enter takes it; Esc goes back."))
        wang.type("来电人姓")
        wang.sees("来电人姓")
        at_the_incident(li, "8", "4")
        wang.finds("SELECT 1 FROM incident WHERE confirmed_level = 4")
        wang.sees(lambda screen: "李敏" in screen.lines[2])  # nobody has touched this console
        li.press("enter")
        wang.finds("SELECT 1 FROM run")
        li.press("enter")
        wang.finds("SELECT 1 FROM run_event WHERE action = 'done'")
        wang.sees("来电人姓")  # nothing that comes in takes away what is being typed
        wang.type("刘\r")
        wang.finds("SELECT 1 FROM note WHERE text = '来电人姓刘'")
        wang.press("down", "enter")
        wang.reads(_("Enter: read and understood; Esc goes back."))
        wang.finds("SELECT 1 FROM run_event WHERE step = 'advise_caller' AND action = 'done'")
        li.sees(lambda screen: any("已办" in line and "教来电人避险" in line for line in screen.lines))
        li.press("7")
        li.type("两边都在\r")
        wang.finds("SELECT 1 FROM note WHERE text = '两边都在'")
        assert wang.looks_up("SELECT step, by FROM run_event WHERE action = 'done' ORDER BY id") == [
            ("record_call", "li"),
            ("advise_caller", "wang"),
        ]


def quicker(home: Path, work: Callable[[Desk, Actor], Awaitable[T]]) -> T:
    """A second console does something to the same incident."""

    async def do() -> T:
        async with opened(home, clock_from(environment()["DUTYDESK_CLOCK"])) as desk:
            return await work(desk, SECOND)

    return asyncio.run(do())


def at_the_incident(officer: Hand, *keys: str) -> None:
    """The incident in front, and then some keys."""
    officer.sees("001")
    officer.press("right", "1", *keys)


def test_a_grade_that_somebody_else_has_just_confirmed_is_not_overruled_unseen(home: Path) -> None:
    with at_the_console(home, environment()) as officer:
        at_the_incident(officer, "8")
        officer.sees(_("A digit, or arrows and Enter; Esc goes back."))
        quicker(home, lambda desk, li: incidents.grade(desk, li, 1, Level.RELATIVELY_SERIOUS))
        officer.press("4")
        officer.sees("li 刚才已另行确认事件 1 的等级")
        officer.sees(lambda screen: "李敏" in screen.lines[2])  # their grade is in view
        assert officer.looks_up("SELECT confirmed_level FROM incident") == [(3,)]
        officer.press("8", "4")
        officer.type("核实后只有擦伤\r")
        officer.finds("SELECT 1 FROM incident WHERE confirmed_level = 4")


def test_a_step_that_somebody_else_has_just_done_is_done_once(home: Path) -> None:
    quicker(home, lambda desk, li: runs.start(desk, li, 1, "hazmat"))
    with at_the_console(home, environment()) as officer:
        at_the_incident(officer, "down", "enter")
        officer.sees(_("Enter: read and understood; Esc goes back."))
        quicker(home, lambda desk, li: runs.do(desk, li, 1, "advise_caller"))
        officer.reads(_("Enter: read and understood; Esc goes back."))
        officer.sees("步骤 教来电人避险 已办")
        assert officer.looks_up("SELECT step, by FROM run_event WHERE action = 'done'") == [
            ("advise_caller", "li")
        ]


def test_what_was_being_written_about_an_incident_that_somebody_closes_is_refused_in_words(
    home: Path,
) -> None:
    quicker(home, lambda desk, li: runs.start(desk, li, 1, "hazmat"))
    with at_the_console(home, environment()) as officer:
        at_the_incident(officer, "down", "down", "down", "down", "6")  # to a step that may be skipped
        officer.sees(_("Enter takes it; Esc goes back."))
        quicker(home, lambda desk, li: incidents.close(desk, li, 1, reason="误报"))
        officer.type("已由镇街处理\r")
        officer.sees("先重开事件", _("closed"), _("stopped"))
        assert not officer.looks_up("SELECT 1 FROM run_event WHERE action = 'skipped'")
        officer.press("8", "4")  # as if it were open
        officer.sees("incident reopen 1")
        officer.press("delete")
        officer.type("又冒出来了\r")
        officer.finds("SELECT 1 FROM incident WHERE status = 'open'")


def test_an_incident_is_not_closed_over_a_report_that_has_just_come_in(home: Path) -> None:
    with at_the_console(home, environment()) as officer:
        at_the_incident(officer, "delete")
        officer.sees(_("Enter takes it; Esc goes back."))
        late = ReportForm(text="又有1人倒地", incident=1)
        quicker(home, lambda desk, li: log_report(desk, li, late))
        officer.type("处置完毕\r")
        officer.sees("先看过再结束")
        assert officer.looks_up("SELECT status FROM incident") == [("open",)]


# --- ten thousand calls -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def flooded(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    async def fill(desk: Desk, actor: Actor) -> None:
        await one_call(desk, actor)
        await log_report(desk, actor, ReportForm(text="石桥铺有人闻到怪味", opens_incident=False))

    made = lay_down(tmp_path_factory.mktemp("flooded") / "home", fill)
    multiply(made.directory, MANY)
    return made


def test_ten_thousand_open_reports_open_scroll_and_let_the_next_call_in(
    flooded: Prepared, tmp_path: Path
) -> None:
    i18n.use("zh")
    home = flooded.copy(tmp_path / "home")
    with at_the_console(home, environment()) as officer:
        officer.sees(_("{count} not filed", count=MANY + 1))
        officer.press("f7")
        officer.sees(_("Open items"), "未立案来报", str(MANY + 1))
        officer.press("end")
        officer.sees(_("Open incidents"), "001")
        officer.press("f6")
        officer.sees(_("{count} lines in all", count="10,007"))
        officer.press("end", *["pagedown"] * 30)
        officer.press("1")
        officer.type("怪味")
        officer.sees(lambda screen: any("怪味" in line for line in screen.lines[3:]))
        officer.press("f3", "right", "right", "home", "enter", "1")
        officer.sees("哪类事件")
        officer.press("escape", "f2")
        officer.type("第一万零二个电话")
        officer.press("ctrl+s")
        officer.finds("SELECT 1 FROM report WHERE text = '第一万零二个电话'")
        officer.press("f3")
        officer.sees(_("{count} not filed", count=MANY + 2))
