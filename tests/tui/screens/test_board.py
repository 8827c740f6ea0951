"""The board: what is about to be late, what is open, what came in; live, and filed from."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from dutydesk.desk.engine.processes import Holder
from dutydesk.desk.intake.reading import ReportForm
from dutydesk.desk.intake.reports import log_report
from dutydesk.desk.timers import timers
from dutydesk.desk.timers.firing import fire_due
from dutydesk.desk.views.board import TIMERS_SHOWN, board
from dutydesk.model.clock import ManualClock
from dutydesk.model.enums import TimerState
from dutydesk.model.officers import engine_actor
from dutydesk.store.tables import ReportRow
from dutydesk.store.views import reports
from dutydesk.store.views import timers as timer_views
from dutydesk.tui.alarms import Rung
from dutydesk.tui.screen import DeskScreen
from dutydesk.tui.widgets.linelist import LineList
from dutydesk.tui.widgets.statusbar import StatusBar
from tests.tui.screens.room import Room, console, on_screen, room, until

CHLORINE = "成渝环线陶家段一辆液氯槽车侧翻泄漏，驾驶员被困，2人送医，正紧急疏散下风向村民五百余人。"
HOSTILE = "[/紧急] \x1b[31m红[link=x] 下穿道积水"


@pytest.fixture
async def duty(_sqlite_template: Path, tmp_path: Path, clock: ManualClock) -> AsyncIterator[Room]:
    async with room(_sqlite_template, tmp_path / "home", clock) as made:
        yield made


async def test_another_consoles_report_appears_by_itself_with_its_clocks(duty: Room) -> None:
    async with console(duty) as (app, pilot):
        assert not app.screen.query_one("#incidents", LineList).rows
        await log_report(duty.desk, duty.actor, ReportForm(text=CHLORINE, type="hazmat"))
        await until(pilot, lambda: len(app.screen.query_one("#incidents", LineList).rows) == 1)
        await until(pilot, lambda: "电话报告市应急值班室" in on_screen(app))
        assert len(app.screen.query_one("#main", LineList).rows) >= 3
        assert "还剩 30分钟" in on_screen(app)


async def test_names_are_in_the_language_in_use(duty: Room) -> None:
    await log_report(duty.desk, duty.actor, ReportForm(text=CHLORINE, type="hazmat"))
    async with console(duty, size=(120, 40)) as (app, pilot):
        await pilot.press("f9")
        await until(pilot, lambda: "phone report" in on_screen(app))
        assert "30 min left" in on_screen(app)


async def test_a_report_that_belongs_to_nothing_is_filed_by_enter(duty: Room) -> None:
    first = await log_report(duty.desk, duty.actor, ReportForm(text=CHLORINE, type="hazmat"))
    loose = await log_report(
        duty.desk, duty.actor, ReportForm(text="下风向已转移 312 人", opens_incident=False)
    )
    async with console(duty) as (app, pilot):
        app.screen.query_one("#reports", LineList).focus()
        await until(pilot, lambda: "1 条未立案" in on_screen(app))
        await pilot.press("enter")
        await until(pilot, lambda: not isinstance(app.screen, DeskScreen))
        await pilot.press("2")
        await until(pilot, lambda: isinstance(app.screen, DeskScreen))
        await until(pilot, lambda: "1 条未立案" not in on_screen(app))
    assert (await reports.report(duty.desk.reader, loose.report)).incident == first.incident


async def test_a_report_without_a_type_asks_which_kind_before_it_opens_an_incident(duty: Room) -> None:
    loose = await log_report(duty.desk, duty.actor, ReportForm(text="喂？喂？", opens_incident=False))
    async with console(duty) as (app, pilot):
        await until(pilot, lambda: bool(app.screen.query_one("#reports", LineList).rows))
        await pilot.pause(0.5)
        app.screen.query_one("#reports", LineList).focus()
        await pilot.press("enter")
        await until(pilot, lambda: not isinstance(app.screen, DeskScreen))
        await pilot.press("1")
        await until(pilot, lambda: "哪类事件" in on_screen(app))
        await pilot.press(*"flood", "enter")
        await until(pilot, lambda: app.shown.incident == 1)
    assert (await reports.report(duty.desk.reader, loose.report)).incident == 1


async def test_a_clock_that_runs_out_climbs_the_ladder_and_settles_when_it_is_met(duty: Room) -> None:
    logged = await log_report(duty.desk, duty.actor, ReportForm(text=CHLORINE, type="hazmat"))
    phone = next(each for each in logged.timers if each.rule == "LOCAL_PHONE_30M")
    async with console(duty) as (app, pilot):
        duty.clock.advance(timedelta(minutes=29))
        await until(pilot, lambda: app.ladder.top is not None and app.ladder.top.rung == Rung.LINE)
        duty.clock.advance(timedelta(minutes=1, seconds=5))
        await until(pilot, lambda: app.ladder.top is not None and app.ladder.top.rung == Rung.BANNER)
        await pilot.press("f10")
        assert app.ladder.top is None
        duty.clock.advance(timedelta(minutes=1))
        await until(pilot, lambda: app.ladder.top is not None and app.ladder.top.rung == Rung.BELL)
        duty.clock.advance(timedelta(minutes=5))
        await until(pilot, lambda: app.ladder.top is not None and app.ladder.top.rung == Rung.TITLE)
        assert CHLORINE[:6] not in on_screen(app).splitlines()[1]
        duty.clock.advance(timedelta(minutes=7))
        await until(pilot, lambda: "13 分" in on_screen(app).splitlines()[1])
        await timers.meet(duty.desk, duty.actor, phone.id, reason="线路忙")
        await until(pilot, lambda: app.ladder.top is None)


async def test_space_says_that_a_clock_that_fired_is_in_hand(duty: Room) -> None:
    await log_report(duty.desk, duty.actor, ReportForm(text=CHLORINE, type="hazmat"))
    async with console(duty) as (app, pilot):
        await until(pilot, lambda: bool(app.screen.query_one("#main", LineList).rows))
        first = app.screen.query_one("#main", LineList).rows[0]
        await pilot.press("space")
        await until(pilot, lambda: "还没到" in on_screen(app))
        duty.clock.advance(timedelta(minutes=31))
        await fire_due(duty.desk, engine_actor("engine"), Holder("test", 1, "elsewhere"))
        await until(pilot, lambda: app.ladder.top is not None)
        await pilot.press("space")
        await until(pilot, lambda: app.ladder.top is None)
    state = (await timer_views.timer(duty.desk.reader, first.id)).state
    assert state == TimerState.ACKNOWLEDGED


async def test_without_an_engine_the_bar_is_an_alarm_that_says_what_to_do(
    _sqlite_template: Path,  # noqa: PT019 - its value is used
    tmp_path: Path,
    clock: ManualClock,
) -> None:
    async with (
        room(_sqlite_template, tmp_path / "h", clock, engine=False) as duty,
        console(duty) as (app, pilot),
    ):
        await until(pilot, lambda: app.screen.query_one("#bar", StatusBar).alarmed)
        assert "dutydesk engine run" in on_screen(app)


async def test_text_from_outside_is_never_markup(duty: Room) -> None:
    await log_report(duty.desk, duty.actor, ReportForm(text=HOSTILE, type="flood", drill=True))
    await log_report(duty.desk, duty.actor, ReportForm(text=HOSTILE, opens_incident=False))
    await timers.add_reminder(duty.desk, duty.actor, note=HOSTILE, after=timedelta(minutes=3))
    for size in ((80, 24), (120, 40), (40, 10)):
        async with console(duty, size=size) as (app, pilot):
            await until(pilot, lambda: "[/" in on_screen(app))
            assert "\x1b" not in on_screen(app)


async def test_ten_thousand_open_reports_do_not_hurt(duty: Room) -> None:
    now = duty.clock.now()
    async with (await duty.desk.store()).transaction(duty.actor) as tx:
        await tx.insert(
            [
                ReportRow(
                    id=number,
                    type="flood",
                    text=f"{number} 号来报，积水",
                    source="phone",
                    received_at=now,
                    logged_at=now,
                    logged_by="wang",
                )
                for number in range(1, 10_001)
            ]
        )
        tx.journal("test.filled", "report:1", {})
    async with console(duty) as (app, pilot):
        await until(pilot, lambda: "10000 条未立案" in on_screen(app))
        begun = time.perf_counter()
        await app.desk.board()
        assert time.perf_counter() - begun < 0.25


async def test_clocks_and_incidents_that_the_lists_have_no_room_for_are_counted(
    duty: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dutydesk.desk.views.board.INCIDENTS_SHOWN", 1)
    for text in ("渝州路起火", "下穿道积水"):
        await log_report(duty.desk, duty.actor, ReportForm(text=text, type="fire"))
    running = len((await board(duty.desk)).timers)
    for _ in range(TIMERS_SHOWN):
        await timers.add_reminder(duty.desk, duty.actor, note="回叫", after=timedelta(minutes=10))
    async with console(duty) as (app, pilot):
        await until(pilot, lambda: f"另有 {running} 项未列出" in on_screen(app))
        await until(pilot, lambda: "1  另有 1 项未列出" in on_screen(app))
    duty.clock.advance(timedelta(minutes=11))
    async with console(duty) as (app, pilot):
        await until(pilot, lambda: f"{TIMERS_SHOWN} 项超时  另有 {running} 项未列出" in on_screen(app))
