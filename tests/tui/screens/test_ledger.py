"""The ledger from the keyboard: twenty thousand lines, paged both ways, searched as typed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from dutydesk.desk.intake.reports import ReportForm, log_report
from dutydesk.desk.views.ledger import ledger_size
from dutydesk.model.clock import ManualClock
from dutydesk.model.enums import FigureOrigin, ReportSource
from dutydesk.model.markers import Marker, MarkerState
from dutydesk.store.tables import ReportRow
from dutydesk.tui.screens.ledger.screen import LedgerScreen
from tests.tui.screens.night import HOSTILE
from tests.tui.screens.room import Room, console, on_screen, room, until

MANY = 20_000


@pytest.fixture
async def night(_sqlite_template: Path, tmp_path: Path, clock: ManualClock) -> AsyncIterator[Room]:
    async with room(_sqlite_template, tmp_path / "home", clock) as opened:
        yield opened


async def fill(night: Room, count: int) -> None:
    """Old reports, a minute apart; one in a thousand is about a landslide."""
    async with (await night.desk.store()).transaction(night.actor) as tx:
        first = await tx.next_id(ReportRow)
        rows = []
        for number in range(count):
            at = tx.now - timedelta(minutes=count - number)
            text = f"第{number}号来报 {'后山滑坡' if number % 1000 == 0 else '路面积水'}"
            rows.append(
                ReportRow(
                    id=first + number,
                    type="flood",
                    text=text,
                    source=ReportSource.PHONE,
                    received_at=at,
                    logged_at=at,
                    logged_by="wang",
                    console="desk-2",
                    drill=False,
                )
            )
        await tx.insert(rows)
        tx.journal("contacts.imported", "reports", {"count": count})


def ledger(app: object) -> LedgerScreen:
    screen = app.screen  # type: ignore[attr-defined]
    assert isinstance(screen, LedgerScreen)
    return screen


async def test_twenty_thousand_lines_are_paged_both_ways_without_a_gap(night: Room) -> None:
    await fill(night, MANY)
    async with console(night, start="ledger") as (app, pilot):
        screen = ledger(app)
        await until(pilot, lambda: bool(screen.lines.rows))
        newest = screen.lines.rows[0]
        total = await ledger_size(night.desk)
        assert f"{total:,}" in on_screen(app)
        await pilot.press("2")
        await until(pilot, lambda: {row.kind for row in screen.lines.rows} == {"report"})
        passed = 0
        while (chosen := screen.lines.chosen) is None or chosen.id > MANY - 3000:
            await pilot.press("pagedown")
            await pilot.pause(0.01)
            passed += 1
            assert passed < 400
        ids = [row.id for row in screen.lines.rows]
        assert ids == list(range(ids[0], ids[-1] - 1, -1)), "no line is left out, none stands twice"
        assert len(ids) <= 2000, "what was passed is let go"
        passed = 0
        while (chosen := screen.lines.chosen) is None or chosen.id < MANY:
            await pilot.press("pageup")
            await pilot.pause(0.01)
            passed += 1
            assert passed < 400
        assert screen.lines.rows[0].id == MANY
        await pilot.press("0")
        await until(pilot, lambda: screen.lines.rows[:1] == [newest])


async def test_what_is_typed_is_searched_at_once_and_esc_shows_all_again(night: Room) -> None:
    await fill(night, MANY)
    async with console(night, start="ledger") as (app, pilot):
        screen = ledger(app)
        await pilot.press("1")
        screen.query_one("#query").input.value = "滑坡"  # type: ignore[attr-defined]
        await until(pilot, lambda: len(screen.lines.rows) == MANY // 1000)
        assert all("滑坡" in row.text for row in screen.lines.rows)
        await pilot.press("enter", "enter")
        await until(pilot, lambda: screen.has_class("-open"))
        assert "滑坡" in on_screen(app)
        await pilot.press("escape", "escape")
        await until(pilot, lambda: len(screen.lines.rows) > 100)


async def test_a_report_opens_whole_and_a_journal_entry_with_payload_and_hash(night: Room) -> None:
    logged = await log_report(
        night.desk,
        night.actor,
        ReportForm(
            text=f"{HOSTILE}，3人受伤，塔吊倾覆",
            type="hazmat",
            caller=HOSTILE,
            phone="13900000000",
            place=HOSTILE,
            markers=(Marker("crane_overturned", MarkerState.STRUCK, FigureOrigin.OFFICER),),
        ),
    )
    async with console(night, start="ledger", size=(120, 40)) as (app, pilot):
        screen = ledger(app)
        app.show_report(logged.report)
        await until(pilot, lambda: screen.has_class("-open"))
        await until(pilot, lambda: "受伤: 3" in on_screen(app))
        assert "起重机械整体倾覆: 值班员删去" in on_screen(app)
        assert "[/紧急]" in on_screen(app)
        assert "\x1b" not in on_screen(app)
        await pilot.press("escape", "2", "2")
        await until(pilot, lambda: {row.kind for row in screen.lines.rows} == {"journal"})
        await pilot.press("enter")
        await until(pilot, lambda: "哈希" in on_screen(app))


async def test_a_day_and_an_incident_narrow_the_ledger(night: Room, clock: ManualClock) -> None:
    first = await log_report(night.desk, night.actor, ReportForm(text="渝州路起火", type="fire"))
    clock.advance(timedelta(days=1))
    second = await log_report(night.desk, night.actor, ReportForm(text="杨家坪积水", type="flood"))
    async with console(night, start="ledger") as (app, pilot):
        screen = ledger(app)
        await pilot.press("4")
        await pilot.pause(0.1)
        await pilot.press(str(first.incident), "enter")
        await until(pilot, lambda: screen.only.incident == first.incident)
        await until(
            pilot, lambda: {row.id for row in screen.lines.rows if row.kind == "report"} == {first.report}
        )
        assert any(row.kind == "journal" for row in screen.lines.rows)
        await pilot.press("0", "5")
        await pilot.pause(0.1)
        await pilot.press("enter")
        await until(pilot, lambda: screen.only.since is not None)
        await until(
            pilot, lambda: {row.id for row in screen.lines.rows if row.kind == "report"} == {second.report}
        )


async def test_the_chain_is_verified_by_a_key(night: Room) -> None:
    await log_report(night.desk, night.actor, ReportForm(text="渝州路起火", type="fire"))
    async with console(night, start="ledger") as (app, pilot):
        await pilot.press("6")
        await until(pilot, lambda: "完整" in on_screen(app))


async def test_what_another_desk_does_comes_in_at_the_top(night: Room) -> None:
    async with console(night, start="ledger") as (app, pilot):
        screen = ledger(app)
        await log_report(night.desk, night.actor, ReportForm(text="渝州路起火", type="fire"))
        await until(pilot, lambda: any(row.text == "渝州路起火" for row in screen.lines.rows))
