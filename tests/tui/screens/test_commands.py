"""The command line over a real desk: a note, a search, a reminder that can be taken back, an incident."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot

from dutydesk.desk.intake.reports import ReportForm, log_report
from dutydesk.model.clock import ManualClock
from dutydesk.model.enums import TimerKind, TimerState
from dutydesk.store.views import history, timers
from dutydesk.tui.app import DutyDeskApp
from dutydesk.tui.widgets.commandline import CommandLine
from tests.tui.screens.room import Room, console, on_screen, room, until

CALL = "成渝环线陶家段一辆液氯槽车侧翻泄漏，2人送医。"


@pytest.fixture
async def duty(_sqlite_template: Path, tmp_path: Path, clock: ManualClock) -> AsyncIterator[Room]:
    async with room(_sqlite_template, tmp_path / "home", clock) as made:
        await log_report(made.desk, made.actor, ReportForm(text=CALL, type="hazmat"))
        await log_report(made.desk, made.actor, ReportForm(text="谢家湾下穿道积水", type="flood"))
        yield made


async def enter(app: DutyDeskApp, pilot: Pilot[None], line: str) -> None:
    """Opens the line as an officer with an input method does, and enters ``line``."""
    await pilot.press("ideographic_comma")
    assert app.front is not None
    await until(pilot, lambda: app.front is not None and app.front.query_one(CommandLine).is_open)
    app.post_message(events.Paste(line))
    await until(pilot, lambda: line in on_screen(app))
    await pilot.press("enter")


async def test_a_note_goes_to_the_open_incident_and_nowhere_without_one(duty: Room) -> None:
    async with console(duty) as (app, pilot):
        await enter(app, pilot, "备注 泡沫车到场 [/紧急]")
        await until(pilot, lambda: "先选一起" in on_screen(app))
        await enter(app, pilot, "事件 1")
        await until(pilot, lambda: app.current_mode == "incident" and "液氯" in on_screen(app))
        await enter(app, pilot, "备注 泡沫车到场 [/紧急]")
        await until(pilot, lambda: "已记在事件 001" in on_screen(app))
    kept = await history.notes(duty.desk.reader, 1)
    assert [note.text for note in kept] == ["泡沫车到场 [/紧急]"]


async def test_a_search_opens_the_ledger_on_what_it_found(duty: Room) -> None:
    async with console(duty) as (app, pilot):
        await until(pilot, lambda: "液氯" in on_screen(app))
        await enter(app, pilot, "查找 积水")
        await until(pilot, lambda: app.current_mode == "ledger" and "谢家湾" in on_screen(app))
        await until(pilot, lambda: "液氯" not in on_screen(app))
        await enter(app, pilot, "查找 液氯")
        await until(pilot, lambda: "成渝环线" in on_screen(app) and "积水" not in on_screen(app))


async def test_a_reminder_belongs_to_the_open_incident_and_is_taken_back_by_undo(duty: Room) -> None:
    async with console(duty) as (app, pilot):
        await enter(app, pilot, "事件 1")
        await until(pilot, lambda: app.current_mode == "incident" and "液氯" in on_screen(app))
        await enter(app, pilot, "提醒 十分钟后 回叫报警人")
        await until(pilot, lambda: "回叫报警人" in on_screen(app) and "提醒：" in on_screen(app))
        [reminder] = [
            each for each in await timers.timers(duty.desk.reader) if each.kind == TimerKind.REMINDER
        ]
        assert reminder.incident == 1
        assert reminder.due == duty.clock.now() + timedelta(minutes=10)
        await pilot.press("ctrl+z")
        await until(pilot, lambda: "撤回" in on_screen(app))
    [after] = [each for each in await timers.timers(duty.desk.reader) if each.kind == TimerKind.REMINDER]
    assert after.state == TimerState.CANCELLED


async def test_a_line_that_says_too_little_says_what_is_missing(duty: Room) -> None:
    async with console(duty) as (app, pilot):
        for line, answer in (
            ("提醒 回叫", "先写时间"),
            ("查找", "找什么"),
            ("事件 九", "编号"),
            ("事件 99", "99"),
        ):
            await enter(app, pilot, line)
            await until(pilot, lambda answer=answer: answer in on_screen(app))  # type: ignore[misc]
        assert app.current_mode == "board"
