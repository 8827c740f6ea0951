"""A shift from the keyboard: it starts with names, and ends only after its open items were seen."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from dutydesk.desk import shifts
from dutydesk.desk.intake.reports import ReportForm, log_report
from dutydesk.model.clock import ManualClock
from dutydesk.store.tables import HandoverRow
from dutydesk.store.views.shifts import LISTED
from dutydesk.tui.screens.shift.dialogs import EndShift, StartShift
from dutydesk.tui.screens.shift.screen import ShiftScreen
from dutydesk.tui.widgets.linelist import LineList
from tests.tui.screens.night import HOSTILE, many_not_reached
from tests.tui.screens.room import Room, console, on_screen, room, until


@pytest.fixture
async def night(_sqlite_template: Path, tmp_path: Path, clock: ManualClock) -> AsyncIterator[Room]:
    async with room(_sqlite_template, tmp_path / "home", clock) as opened:
        yield opened


async def test_a_shift_starts_with_a_leader_and_the_officers(night: Room) -> None:
    async with console(night, start="shift") as (app, pilot):
        await pilot.press("1")
        await until(pilot, lambda: isinstance(app.screen, StartShift))
        app.screen.query_one("#leader").value = HOSTILE  # type: ignore[attr-defined]
        app.screen.query_one("#officers").value = "王强 李敏"  # type: ignore[attr-defined]
        await pilot.press("enter", "enter")
        await until(pilot, lambda: isinstance(app.screen, ShiftScreen) and "李敏" in on_screen(app))
        assert "\x1b" not in on_screen(app)
    running = await shifts.current_shift(night.desk)
    assert running is not None
    assert running.officers == ("王强", "李敏")
    assert "[/紧急]" in running.leader


async def test_a_shift_ends_only_after_the_last_open_item_was_on_the_screen(night: Room) -> None:
    await shifts.start_shift(night.desk, night.actor, leader="周局", officers=["王强"])
    for number in range(30):
        await log_report(
            night.desk, night.actor, ReportForm(text=f"{HOSTILE} {number}", opens_incident=False)
        )
    async with console(night, start="shift") as (app, pilot):
        await pilot.press("2")
        await until(pilot, lambda: isinstance(app.screen, EndShift))
        assert not app.screen.has_class("-seen")
        await pilot.press("enter")
        await pilot.pause(0.1)
        assert isinstance(app.screen, EndShift)
        assert await shifts.current_shift(night.desk) is not None
        pressed = 1
        while not app.screen.has_class("-seen"):
            await pilot.press("enter")
            await pilot.pause(0.05)
            pressed += 1
            assert pressed < 20
        assert pressed > 1, "a list longer than the screen takes more than one look"
        await pilot.press("enter", *"ok", "enter")
        await until(pilot, lambda: isinstance(app.screen, ShiftScreen))
    assert await shifts.current_shift(night.desk) is None
    async with (await night.desk.store()).transaction(night.actor, journaled=False) as tx:
        handed = await tx.get(HandoverRow, 1)
    assert handed.remarks == "ok"
    assert len([item for item in handed.open_items if item["kind"] == "report"]) == 30


async def test_who_was_not_reached_and_has_no_room_in_the_list_is_counted_and_seen_before_the_end(
    night: Room,
) -> None:
    await shifts.start_shift(night.desk, night.actor, leader="周局", officers=["王强"])
    await many_not_reached(night, 7 + LISTED)
    async with console(night, start="shift") as (app, pilot):
        await until(pilot, lambda: f"未通知到的人 {7 + LISTED}" in on_screen(app).replace("  ", " "))
        await pilot.press("end")
        await until(pilot, lambda: "另有 7 项" in on_screen(app))
        await pilot.press("2")
        await until(pilot, lambda: isinstance(app.screen, EndShift))
        for _ in range(LISTED):
            if app.screen.has_class("-seen"):
                break
            await pilot.press("enter")
            await pilot.pause(0.05)
        assert "另有 7 项" in on_screen(app)
        await pilot.press("enter", "enter")
        await until(pilot, lambda: isinstance(app.screen, ShiftScreen))
        await until(pilot, lambda: f"移交 {7 + LISTED} 项" in on_screen(app))
        await pilot.press("end", "enter")
        await until(pilot, lambda: app.current_mode == "notice")
    assert await shifts.current_shift(night.desk) is None


async def test_what_came_up_while_the_list_was_read_is_shown_before_the_end(night: Room) -> None:
    await shifts.start_shift(night.desk, night.actor, leader="周局", officers=["王强"])
    async with console(night, start="shift") as (app, pilot):
        await pilot.press("2")
        await until(pilot, lambda: isinstance(app.screen, EndShift))
        await log_report(night.desk, night.actor, ReportForm(text="喂？", opens_incident=False))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, EndShift) and "喂？" in on_screen(app))
        assert await shifts.current_shift(night.desk) is not None


async def test_enter_opens_an_item_where_it_is_worked(night: Room) -> None:
    logged = await log_report(night.desk, night.actor, ReportForm(text="渝州路起火", type="fire"))
    waiting = await log_report(night.desk, night.actor, ReportForm(text="喂？", opens_incident=False))
    async with console(night, start="shift") as (app, pilot):
        await until(pilot, lambda: "喂？" in on_screen(app))
        await pilot.press("enter")
        await until(pilot, lambda: app.current_mode == "ledger")
        await until(pilot, lambda: app.screen.has_class("-open"))
        await pilot.press("f7")
        await until(pilot, lambda: isinstance(app.screen, ShiftScreen))
        app.screen.query_one("#main", LineList).point(("incident", logged.incident))
        await pilot.press("enter")
        await until(pilot, lambda: app.current_mode == "incident")
        assert app.shown.incident == logged.incident
    assert waiting.incident is None


async def test_what_happened_since_the_shift_began_is_listed(night: Room) -> None:
    await shifts.start_shift(night.desk, night.actor, leader="周局", officers=["王强"])
    async with console(night, start="shift", size=(120, 40)) as (app, pilot):
        await until(pilot, lambda: "接班" in on_screen(app))
        await log_report(night.desk, night.actor, ReportForm(text="渝州路起火", type="fire"))
        await until(pilot, lambda: "登记接报" in on_screen(app))
