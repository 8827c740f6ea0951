"""Who is at the console: signing in, locked out, locked, and back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from dutydesk.desk.intake.reading import ReportForm
from dutydesk.desk.intake.reports import log_report
from dutydesk.home import remembered
from dutydesk.model.clock import ManualClock
from dutydesk.store.views import officers as officer_views
from tests.tui.screens.room import PIN, Room, burst, console, on_screen, room, until

CALL = "成渝环线陶家段一辆液氯槽车侧翻泄漏，2人送医。"


@pytest.fixture
async def duty(_sqlite_template: Path, tmp_path: Path, clock: ManualClock) -> AsyncIterator[Room]:
    async with room(_sqlite_template, tmp_path / "home", clock, idle_lock_minutes=15) as made:
        yield made


async def test_the_right_pin_leads_to_the_board_and_the_login_is_remembered(duty: Room) -> None:
    async with console(duty, start="signin") as (app, pilot):
        await until(pilot, lambda: "登录名" in on_screen(app))
        await until(pilot, lambda: app.focused is not None)
        await pilot.press(*"wang", "enter", *PIN, "enter")
        await until(pilot, lambda: app.current_mode == "board")
    assert remembered.read(duty.home) == "wang"
    async with console(duty, start="signin") as (app, pilot):
        await until(pilot, lambda: "wang" in on_screen(app))
        await pilot.press(*PIN, "enter")
        await until(pilot, lambda: app.current_mode == "board")


async def test_no_key_leads_past_the_sign_in_screen(duty: Room) -> None:
    async with console(duty, start="signin") as (app, pilot):
        await until(pilot, lambda: app.focused is not None)
        for key in ("f2", "f3", "f4", "f5", "f6", "f7", "f11", "escape"):
            await pilot.press(key)
            assert app.current_mode == "signin"


async def test_five_wrong_pins_lock_the_login(duty: Room) -> None:
    async with console(duty, start="signin") as (app, pilot):
        await until(pilot, lambda: app.focused is not None)
        await pilot.press(*"wang", "enter")
        for _ in range(5):
            await pilot.press(*"0000", "enter")
            await until(pilot, lambda: "不对" in on_screen(app) and not app.writes)
        await pilot.press(*PIN, "enter")
        await until(pilot, lambda: "锁" in on_screen(app))
        assert app.current_mode == "signin"
    assert (await officer_views.officer(duty.desk.reader, "wang")).locked_until is not None


async def test_an_idle_console_hides_names_and_texts_but_no_clock(duty: Room) -> None:
    await log_report(duty.desk, duty.actor, ReportForm(text=CALL, type="hazmat"))
    async with console(duty) as (app, pilot):
        await until(pilot, lambda: "液氯" in on_screen(app) and "王强" in on_screen(app))
        await until(pilot, lambda: "电话报告" in on_screen(app))
        duty.clock.advance(timedelta(minutes=16))
        await until(pilot, lambda: app.current_mode == "lock")
        await until(pilot, lambda: "电话报告市应急值班室" in on_screen(app))
        shown = on_screen(app)
        assert "液氯" not in shown
        assert "王强" not in shown
        assert "00:1" in shown
        await pilot.press("f3", "f4", "escape")
        assert app.current_mode == "lock"
        await pilot.press(*"0000", "enter")
        await until(pilot, lambda: "PIN" in on_screen(app) and not app.writes)
        assert app.current_mode == "lock"
        await pilot.press(*PIN, "enter")
        await until(pilot, lambda: app.current_mode == "board")
        await until(pilot, lambda: "液氯" in on_screen(app))


async def test_f11_locks_at_once_and_a_screen_that_opens_by_itself_does_not_unlock(duty: Room) -> None:
    async with console(duty) as (app, pilot):
        await pilot.press("f11")
        await until(pilot, lambda: app.current_mode == "lock")
        app.show_incident(1)
        await pilot.pause()
        assert app.current_mode == "lock"


async def test_a_call_is_taken_by_keys_typed_behind_the_pin(duty: Room) -> None:
    async with console(duty, start="signin") as (app, pilot):
        await until(pilot, lambda: app.focused is not None)
        burst(app, *"wang", "enter", *PIN, "enter", "f2", *"翻车")
        await until(pilot, lambda: app.current_mode == "intake" and "翻车" in on_screen(app))
        burst(app, "f11", *PIN, "enter", *"2人")
        await until(pilot, lambda: app.current_mode == "intake" and "翻车2人" in on_screen(app))


async def test_signing_out_leaves_nothing_behind(duty: Room) -> None:
    async with console(duty) as (app, pilot):
        app.do("sign.out")
        await until(pilot, lambda: app.current_mode == "signin")
        await pilot.press("escape")
        assert app.current_mode == "signin"
        assert "王强" not in on_screen(app)
