"""Taking a call at the keyboard: what is typed, what the desk makes of it, and that nothing is ever lost."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import TextArea

from dutydesk import i18n
from dutydesk.desk.desk import Desk
from dutydesk.desk.intake.reports import ReportForm, log_report
from dutydesk.desk.views import drafts as draft_view
from dutydesk.model.clock import ManualClock
from dutydesk.model.enums import FigureKind, FigureOrigin, ReportSource
from dutydesk.model.markers import Marker, MarkerState
from dutydesk.model.officers import Actor
from dutydesk.store.reader import Reader
from dutydesk.store.views import incidents, reports
from dutydesk.tui.app import DutyDeskApp
from dutydesk.tui.screens.intake.screen import IntakeScreen
from dutydesk.tui.screens.intake.widgets import Side
from dutydesk.tui.widgets.dialogs import Choose, ConfirmWord
from dutydesk.tui.widgets.fields import Field
from tests.tui.screens.incident_room import ZONE, Empty, Port, shown

CALL = "陶家镇液氯槽车侧翻泄漏，2人死亡，5人受伤，下风向疏散 312 人"


@pytest.fixture(autouse=True)
def chinese() -> None:
    i18n.use("zh")


@pytest.fixture
async def desk(sqlite_url: str, clock: ManualClock) -> AsyncIterator[Desk]:
    opened = Desk(url=sqlite_url, reader=await Reader.open(sqlite_url), clock=clock, zone=ZONE)
    yield opened
    await opened.close()


def console(desk: Desk, actor: Actor, clock: ManualClock) -> DutyDeskApp:
    rooms: dict[str, Callable[[], Screen[Any]]] = {
        each: type(f"Empty{each.title()}", (Empty,), {"SCREEN_ID": each})
        for each in ("board", "incident", "notice", "ledger", "shift")
    }
    return DutyDeskApp(Port(desk, actor, clock), {**rooms, "intake": IntakeScreen}, start="board")


@pytest.fixture
def app(desk: Desk, actor: Actor, clock: ManualClock) -> DutyDeskApp:
    return console(desk, actor, clock)


def intake(app: DutyDeskApp) -> IntakeScreen:
    front = app.screen_stack[0]
    assert isinstance(front, IntakeScreen)
    return front


async def until(pilot: Pilot[Any], holds: Callable[[], object]) -> None:
    """Waits for a thread or a write, at most ten seconds."""
    deadline = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < deadline, shown(pilot.app)  # type: ignore[arg-type]
        await pilot.pause(0.02)


async def until_true(holds: Callable[[], Awaitable[object]]) -> None:
    deadline = time.monotonic() + 10
    while not await holds():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


async def tell(pilot: Pilot[Any], text: str) -> None:
    """Types into what has the focus, as an input method delivers it."""
    app = pilot.app
    for character in text:
        app.post_message(
            events.Key(character if character.isascii() and character.isalnum() else "x", character)
        )
    await pilot.pause()


def figures(app: DutyDeskApp) -> dict[FigureKind, str]:
    return {row.figure: row.text for row in intake(app).query_one(Side).rows if row.figure is not None}


async def test_a_call_is_told_read_corrected_and_put_on_record(
    app: DutyDeskApp, desk: Desk, clock: ManualClock
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        pressed = clock.now()
        await pilot.press("f2")
        clock.advance(timedelta(minutes=3))
        await tell(pilot, CALL)
        await until(pilot, lambda: figures(app).get(FigureKind.DEATHS) == "2")
        assert "一般" in shown(app)
        await pilot.press("ctrl+g")
        side = intake(app).query_one(Side)
        side.point(f"figure:{FigureKind.DEATHS}")
        await pilot.press("3")
        side.point(f"figure:{FigureKind.INJURED}")
        await pilot.press("minus")
        await until(pilot, lambda: figures(app).get(FigureKind.DEATHS) == "3")
        await pilot.press("escape", "ctrl+s")
        await until(pilot, lambda: app.current_mode == "incident")
        assert app.shown.incident == 1
        report = await reports.report(desk.reader, 1)
        assert report.text == CALL
        assert report.received_at == pressed
        assert report.incident == 1
        stated = {figure.kind: figure.value for figure in report.figures}
        assert stated[FigureKind.DEATHS] == 3
        assert FigureKind.INJURED not in stated
        await until(pilot, lambda: "接报 1" in shown(app))
        await pilot.press("f2")
        assert intake(app).query_one(TextArea).text == ""
        assert intake(app).sheet.received == clock.now()
        assert not await draft_view.drafts_of(desk, app.desk.actor)


def rows(app: DutyDeskApp) -> dict[str, tuple[str, str]]:
    """The circumstances at the side: name to text and remark."""
    return {row.marker: (row.text, row.note) for row in intake(app).query_one(Side).rows if row.marker}


CRANE = "二郎工地塔吊倾覆"


async def test_a_circumstance_is_struck_out_and_another_stated_by_keys_alone(
    app: DutyDeskApp, desk: Desk
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f2")
        await tell(pilot, CRANE)
        intake(app).form.put("type", "special_equipment")
        await until(pilot, lambda: rows(app) == {"crane_overturned": ("起重机械整体倾覆", "")})
        assert intake(app).understood.reading.proposal.proposed.level == 3  # type: ignore[union-attr]
        await pilot.press("ctrl+g")
        side = intake(app).query_one(Side)
        side.point("marker:crane_overturned")
        await pilot.press("minus")
        await until(pilot, lambda: rows(app)["crane_overturned"][1] == "已删")
        await until(
            pilot,
            lambda: intake(app).understood.reading.proposal.proposed.level is None,  # type: ignore[union-attr]
        )
        await pilot.press("minus")
        await until(pilot, lambda: rows(app)["crane_overturned"][1] == "")
        await pilot.press("minus")
        side.point("add")
        await pilot.press("enter")
        await until(pilot, lambda: "哪项数字或情形" in shown(app))
        assert isinstance(app.screen, Choose)
        offered = [str(each) for each in app.screen.list.rows]
        assert offered[0] == "deaths"
        assert "hoist_dropped" in offered
        assert "epicentre_here" not in offered, "only what counts for the type"
        app.screen.list.point("hoist_dropped")
        await pilot.press("enter")
        await until(pilot, lambda: rows(app).get("hoist_dropped", ("", ""))[1] == "认定")
        await pilot.press("escape", "ctrl+s")
        await until(pilot, lambda: app.current_mode == "incident")
        kept = {m.name: (m.state, m.origin) for m in (await reports.report(desk.reader, 1)).markers}
        assert kept == {
            "crane_overturned": (MarkerState.STRUCK, FigureOrigin.OFFICER),
            "hoist_dropped": (MarkerState.STATED, FigureOrigin.OFFICER),
        }


async def test_an_epicentre_that_nobody_told_of_is_asked_for_and_answered_at_a_key(
    app: DutyDeskApp, desk: Desk
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f2")
        await tell(pilot, "多个小区震感明显，说是5.2级地震")
        await until(pilot, lambda: rows(app) == {"epicentre_here": ("震中在本区", "待查明：按 + 或 -")})
        assert figures(app)[FigureKind.MAGNITUDE] == "5.2"
        await pilot.press("ctrl+g")
        side = intake(app).query_one(Side)
        side.point("marker:epicentre_here")
        await pilot.press("plus")
        await until(
            pilot,
            lambda: intake(app).understood.reading.proposal.proposed.level == 2,  # type: ignore[union-attr]
        )
        side.point(f"figure:{FigureKind.MAGNITUDE}")
        await pilot.press("4", "full_stop", "1")
        await until(
            pilot,
            lambda: intake(app).understood.reading.proposal.proposed.level == 3,  # type: ignore[union-attr]
        )
        await pilot.press("escape", "ctrl+s")
        await until(pilot, lambda: app.current_mode == "incident")
        report = await reports.report(desk.reader, 1)
        assert [(f.kind, f.value) for f in report.figures] == [(FigureKind.MAGNITUDE, 4.1)]
        assert report.markers == (Marker("epicentre_here", MarkerState.STATED, FigureOrigin.OFFICER),)


async def test_a_draft_keeps_the_word_on_a_circumstance(
    app: DutyDeskApp, desk: Desk, actor: Actor, clock: ManualClock
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f2")
        await tell(pilot, CRANE)
        intake(app).form.put("type", "special_equipment")
        await until(pilot, lambda: "crane_overturned" in rows(app))
        await pilot.press("ctrl+g")
        intake(app).query_one(Side).point("marker:crane_overturned")
        await pilot.press("minus")
        await pilot.press("f2")
        await until(pilot, lambda: intake(app).query_one(TextArea).text == "")
        await pilot.press("ctrl+o")
        await until(pilot, lambda: "哪份草稿" in shown(app))
        await pilot.press("enter")
        await until(pilot, lambda: rows(app).get("crane_overturned", ("", ""))[1] == "已删")


async def test_every_field_is_taken_as_typed(app: DutyDeskApp, desk: Desk, clock: ManualClock) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("f2")
        await tell(pilot, "门口起火冒烟")
        for name, value in {
            "type": "xf",
            "town": "yjp",
            "place": "西郊路 3 号",
            "occurred": "-20m",
            "caller": "张",
            "phone": "13800000000",
            "source": "3",
        }.items():
            intake(app).query_one(f"#{name}", Field).focus_input()
            await tell(pilot, value)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: app.current_mode == "incident")
        report = await reports.report(desk.reader, 1)
        assert (report.type, report.town, report.place) == ("fire", "杨家坪", "西郊路 3 号")
        assert report.occurred_at == clock.now() - timedelta(minutes=20)
        assert (report.caller, report.source) == ("张", ReportSource.POLICE_110)


async def test_an_error_stands_at_its_field_and_nothing_is_lost(app: DutyDeskApp, desk: Desk) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f2")
        await tell(pilot, CALL)
        intake(app).query_one("#occurred", Field).focus_input()
        await tell(pilot, "2575")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "-wrong" in intake(app).query_one("#occurred", Field).classes)
        await until(pilot, lambda: intake(app).focused is intake(app).query_one("#occurred", Field).input)
        assert app.current_mode == "intake"
        assert intake(app).query_one(TextArea).text == CALL
        assert await reports.reports(desk.reader) == []


async def test_a_report_without_words_is_not_saved(app: DutyDeskApp, desk: Desk) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f2", "ctrl+s")
        await until(pilot, lambda: "接报要有正文" in shown(app))
        assert await reports.reports(desk.reader) == []


async def test_a_console_that_dies_leaves_a_draft_that_is_offered(
    app: DutyDeskApp, desk: Desk, actor: Actor, clock: ManualClock
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f2")
        received = clock.now()
        await tell(pilot, CALL)
        await until_true(lambda: draft_view.drafts_of(desk, actor))
    clock.advance(timedelta(minutes=9))
    again = console(desk, actor, clock)
    async with again.run_test(size=(80, 24)) as pilot:
        await pilot.press("f2")
        await until(pilot, lambda: "1 份草稿" in shown(again))
        await pilot.press("ctrl+o")
        await until(pilot, lambda: len(again.screen_stack) == 2)
        await pilot.press("enter")
        await until(pilot, lambda: intake(again).query_one(TextArea).text == CALL)
        assert intake(again).sheet.received == received
        await pilot.press("ctrl+s")
        await until(pilot, lambda: again.current_mode == "incident")
    assert (await reports.report(desk.reader, 1)).received_at == received
    assert not await draft_view.drafts_of(desk, actor)


async def test_a_second_call_parks_the_first(
    app: DutyDeskApp, desk: Desk, actor: Actor, clock: ManualClock
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f2")
        await tell(pilot, "第一个电话")
        clock.advance(timedelta(minutes=1))
        app.push_screen(ConfirmWord("Help", "x", "y"))
        await pilot.press("f2")
        await until(pilot, lambda: len(app.screen_stack) == 1)
        assert intake(app).query_one(TextArea).text == ""
        assert intake(app).sheet.received == clock.now()
        await tell(pilot, "第二个电话")
        await until_true(lambda: draft_view.drafts_of(desk, actor))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: app.current_mode == "board")
        assert [report.text for report in await reports.reports(desk.reader)] == ["第二个电话"]
        drafts = await draft_view.drafts_of(desk, actor)
        assert [draft.fields["text"] for draft in drafts] == ["第一个电话"]


async def test_looking_elsewhere_keeps_what_was_typed(app: DutyDeskApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f2")
        await tell(pilot, "还没说完")
        await pilot.press("f3", "f2")
        await pilot.pause()
        assert intake(app).query_one(TextArea).text == "还没说完"


async def test_a_second_caller_is_shown_the_incident_that_is_open(
    app: DutyDeskApp, desk: Desk, actor: Actor
) -> None:
    await log_report(desk, actor, ReportForm(text=CALL))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f2")
        await tell(pilot, "陶家镇有槽车翻了，液氯泄漏，味道很大")
        await until(pilot, lambda: any(row.incident == 1 for row in intake(app).query_one(Side).rows))
        assert intake(app).understood is not None
        assert intake(app).understood.reading.duplicates == (1,)  # type: ignore[union-attr]
        await pilot.press("ctrl+g")
        intake(app).query_one(Side).point("same1")
        await pilot.press("enter", "ctrl+s")
        await until(pilot, lambda: app.current_mode == "incident")
        assert (await reports.report(desk.reader, 2)).incident == 1
        assert len(await incidents.incidents(desk.reader)) == 1


async def test_a_follow_up_is_about_its_incident_from_the_start(
    app: DutyDeskApp, desk: Desk, actor: Actor
) -> None:
    await log_report(desk, actor, ReportForm(text=CALL, drill=True))
    async with app.run_test(size=(80, 24)) as pilot:
        app.show_intake(1)
        await until(pilot, lambda: app.current_mode == "intake" and intake(app).sheet.drill)
        await tell(pilot, "续报：死亡升至3人")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: app.current_mode == "incident")
        report = await reports.report(desk.reader, 2)
        assert (report.incident, report.drill) == (1, True)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (40, 10)])
async def test_text_from_outside_is_only_text(app: DutyDeskApp, desk: Desk, size: tuple[int, int]) -> None:
    hostile = "[/紧急] \x1b[31m红\x1b[0m [link=x]"
    async with app.run_test(size=size) as pilot:
        await pilot.press("f2")
        app.post_message(events.Paste(hostile))
        await pilot.pause()
        for name, field in intake(app).query_one("#fields").each():  # type: ignore[attr-defined]
            if name in ("caller", "phone", "place"):
                field.focus_input()
                app.post_message(events.Paste(hostile))
                await pilot.pause()
        assert "\x1b" not in shown(app)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: app.current_mode == "board")
        report = await reports.report(desk.reader, 1)
        assert report.text == report.caller == "[/紧急] ␛[31m红␛[0m [link=x]"


async def test_a_burst_of_two_thousand_characters_is_taken_without_reading_on_the_way(
    app: DutyDeskApp, desk: Desk
) -> None:
    text = (CALL + "。")[:40] * 50
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f2")
        began = time.monotonic()
        await tell(pilot, text)
        await until(pilot, lambda: len(intake(app).query_one(TextArea).text) == len(text))
        took = time.monotonic() - began
        print(f"{took / len(text) * 1000:.2f} ms a character")
        assert took < 20
        assert intake(app).query_one(TextArea).text == text
        await pilot.press("ctrl+s")
        await until(pilot, lambda: app.current_mode == "incident")
        assert (await reports.report(desk.reader, 1)).text == text
