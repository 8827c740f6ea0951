"""Notices from the keyboard: nothing live goes out by one person alone, and no drill passes for real."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import col, select
from textual.widgets import Input

from dutydesk.desk.intake.reports import ReportForm, log_report
from dutydesk.desk.notices import broadcasts
from dutydesk.desk.notices.broadcasts import NoticeForm
from dutydesk.desk.notices.preview import preview
from dutydesk.desk.officers.sessions import sign_in
from dutydesk.model.clock import ManualClock
from dutydesk.model.enums import BroadcastState, DeliveryState
from dutydesk.store.tables import BroadcastRow, DeliveryRow, SessionRow
from dutydesk.store.views import notices
from dutydesk.tui.screens.notice.compose import Composer
from dutydesk.tui.screens.notice.dialogs import Preview, SecondPerson
from dutydesk.tui.screens.notice.screen import NoticeScreen
from dutydesk.tui.widgets.dialogs import Choose, ConfirmWord
from tests.tui.screens.night import HOSTILE, LI_PIN, people, second_person
from tests.tui.screens.room import Room, console, on_screen, room, until


@pytest.fixture
async def night(_sqlite_template: Path, tmp_path: Path, clock: ManualClock) -> AsyncIterator[Room]:
    async with room(_sqlite_template, tmp_path / "home", clock) as opened:
        await second_person(opened)
        await people(opened)
        yield opened


async def drafted(night: Room, *, drill: bool, confirm: bool = True, text: str = "请立即到岗") -> int:
    form = NoticeForm(groups=("duty_leader", "townships"), text=text, drill=drill, confirm=confirm)
    return (await broadcasts.draft(night.desk, night.actor, form)).broadcast


async def fate(night: Room, broadcast: int, *states: DeliveryState) -> None:
    """What an engine would have written."""
    async with (await night.desk.store()).transaction(night.actor, journaled=False) as tx:
        rows = await tx.all(
            select(DeliveryRow)
            .where(col(DeliveryRow.broadcast_id) == broadcast)
            .order_by(col(DeliveryRow.id))
        )
        for row, state in zip(rows, states, strict=True):
            row.state = state
            row.next_at = None
            tx.session.add(row)


async def test_a_live_notice_takes_two_people_and_a_typed_word(night: Room) -> None:
    async with console(night, start="notice") as (app, pilot):
        await pilot.press("1")
        await until(pilot, lambda: isinstance(app.screen, Composer))
        composer = app.screen
        assert isinstance(composer, Composer)
        codes = [row.code for row in composer.groups.rows]
        assert codes.index("duty_leader") < 9
        await pilot.press(str(codes.index("duty_leader") + 1))
        await pilot.pause()
        assert composer.writing.groups == {"duty_leader"}
        assert "实战" in on_screen(app)
        await pilot.press("enter")
        composer.area.insert(HOSTILE)
        await pilot.press("tab", "6")
        await until(pilot, lambda: isinstance(app.screen, Preview))
        assert "收到请回复确认码" in on_screen(app)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, NoticeScreen))
        (kept,) = await notices.broadcasts(night.desk.reader)
        assert (kept.state, kept.drill, kept.created_by) == (BroadcastState.DRAFT, False, "wang")

        await pilot.press("4")
        await pilot.pause()
        assert isinstance(app.screen, NoticeScreen), "a live draft is not released by its writer alone"

        await pilot.press("3")
        await until(pilot, lambda: isinstance(app.screen, SecondPerson))
        await pilot.press(*"wang", "enter", *"4711-night", "enter")
        await until(pilot, lambda: isinstance(app.screen, SecondPerson) and "wang" in on_screen(app))
        (kept,) = await notices.broadcasts(night.desk.reader)
        assert kept.state == BroadcastState.DRAFT, "the writer is not the second person"
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, NoticeScreen))

        await pilot.press("3")
        await until(pilot, lambda: isinstance(app.screen, SecondPerson))
        await pilot.press(*"li", "enter", *LI_PIN, "enter")
        await until(pilot, lambda: isinstance(app.screen, NoticeScreen))
        (kept,) = await notices.broadcasts(night.desk.reader)
        assert (kept.state, kept.approved_by) == (BroadcastState.APPROVED, "li")
        async with (await night.desk.store()).transaction(night.actor, journaled=False) as tx:
            sessions = await tx.all(select(SessionRow).order_by(col(SessionRow.started_at)))
        assert [row for row in sessions if row.officer_id == 2 and row.ended_at is None] == []

        await pilot.press("4")
        await until(pilot, lambda: isinstance(app.screen, ConfirmWord))
        app.screen.query_one(Input).value = "演练"
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, ConfirmWord), "the wrong word sends nothing"
        app.screen.query_one(Input).value = "实战"
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, NoticeScreen))
        (kept,) = await notices.broadcasts(night.desk.reader)
        assert (kept.state, kept.released_by) == (BroadcastState.RELEASED, "wang")
        assert len(await notices.deliveries(night.desk.reader, kept.id)) == 2


async def test_another_officer_approves_on_his_own_sign_in_after_seeing_it(night: Room) -> None:
    form = NoticeForm(groups=("townships",), text="请核实", drill=False)
    other = (await sign_in(night.desk, "li", LI_PIN, console="desk-2")).actor
    number = (await broadcasts.draft(night.desk, other, form)).broadcast
    async with console(night, start="notice") as (app, pilot):
        await pilot.press("3")
        await until(pilot, lambda: isinstance(app.screen, Preview))
        assert "请核实" in on_screen(app)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, NoticeScreen))
        assert (await notices.broadcast(night.desk.reader, number)).approved_by == "wang"


async def test_a_drill_looks_like_a_drill_and_needs_its_own_word(night: Room) -> None:
    number = await drafted(night, drill=True)
    async with console(night, start="notice", size=(120, 40)) as (app, pilot):
        assert "演练" in on_screen(app)
        await pilot.press("2")
        await until(pilot, lambda: isinstance(app.screen, Preview))
        assert "【演练】" in on_screen(app)
        assert app.screen.has_class("-drill")
        await pilot.press("escape")
        await pilot.press("4")
        await until(pilot, lambda: isinstance(app.screen, ConfirmWord))
        app.screen.query_one(Input).value = "演练"
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, NoticeScreen))
    kept = await notices.broadcast(night.desk.reader, number)
    assert kept.state == BroadcastState.RELEASED


async def test_progress_comes_by_itself_with_the_three_facts_apart(night: Room) -> None:
    number = await drafted(night, drill=True, text=HOSTILE)
    await broadcasts.release(night.desk, night.actor, number)
    async with console(night, start="notice") as (app, pilot):
        await until(pilot, lambda: "待发 4" in on_screen(app))
        states = (
            DeliveryState.CONFIRMED,
            DeliveryState.ACCEPTED,
            DeliveryState.UNKNOWN,
            DeliveryState.REFUSED,
        )
        await fate(night, number, *states)
        await until(pilot, lambda: "已确认 1/4" in on_screen(app))
        text = on_screen(app)
        for said in ("网关已收 2/4", "已送达 1/4", "结果不明 1", "被拒 1", "[/紧急]"):
            assert said in text
        assert "\x1b" not in text


async def test_those_not_reached_get_it_again_and_the_doubtful_one_is_marked(night: Room) -> None:
    number = await drafted(night, drill=True)
    await broadcasts.release(night.desk, night.actor, number)
    await fate(
        night,
        number,
        DeliveryState.CONFIRMED,
        DeliveryState.ACCEPTED,
        DeliveryState.UNKNOWN,
        DeliveryState.REFUSED,
    )
    async with console(night, start="notice") as (app, pilot):
        await pilot.press("5", "1")
        await until(pilot, lambda: isinstance(app.screen, NoticeScreen) and "待发 2" in on_screen(app))
    sent = await notices.deliveries(night.desk.reader, number)
    assert [row.state for row in sent[2:]] == [DeliveryState.QUEUED, DeliveryState.QUEUED]
    assert [row.doubtful for row in sent] == [False, False, True, False]
    assert "【可能重复】" in (await preview(night.desk, number))[2].body


async def test_a_call_back_confirms_one_recipient_and_names_who(night: Room) -> None:
    number = await drafted(night, drill=True)
    await broadcasts.release(night.desk, night.actor, number)
    await fate(night, number, *[DeliveryState.ACCEPTED] * 4)
    async with console(night, start="notice") as (app, pilot):
        await pilot.press("enter", "enter")
        await until(pilot, lambda: isinstance(app.screen, Choose))
        await pilot.press("1")
        await until(pilot, lambda: "谁" in on_screen(app))
        await pilot.press("enter")
        await until(pilot, lambda: "已确认 1/4" in on_screen(app))
    confirmed = [row for row in await notices.deliveries(night.desk.reader, number) if row.confirmed_by]
    assert [row.confirmed_by for row in confirmed] == ["周局"]


async def test_a_notice_is_cancelled_and_a_released_one_corrected(night: Room) -> None:
    first = await drafted(night, drill=True)
    await broadcasts.release(night.desk, night.actor, first)
    await fate(night, first, *[DeliveryState.ACCEPTED] * 4)
    async with console(night, start="notice") as (app, pilot):
        await pilot.press("7")
        await pilot.pause(0.1)
        app.screen.query_one(Input).value = "以此为准"
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, NoticeScreen) and "以此为准" in on_screen(app))
        second = (await notices.broadcasts(night.desk.reader))[0]
        assert (second.corrects, second.text) == (first, "以此为准")
        assert all("【更正】" in line.body for line in await preview(night.desk, second.id))
        await pilot.press("8", "1")
        await until(pilot, lambda: "已撤销" in on_screen(app))
    async with (await night.desk.store()).transaction(night.actor, journaled=False) as tx:
        assert (await tx.get(BroadcastRow, second.id)).state == BroadcastState.CANCELLED


async def test_a_template_is_filled_from_the_open_incident(night: Room) -> None:
    logged = await log_report(
        night.desk, night.actor, ReportForm(text="渝州路12号起火，2人受伤", type="fire", place=HOSTILE)
    )
    async with console(night, start="notice") as (app, pilot):
        app.shown.incident = logged.incident
        await pilot.press("1")
        await until(pilot, lambda: isinstance(app.screen, Composer))
        assert "001" in on_screen(app)
        await pilot.press("enter", "tab", "1")
        await until(pilot, lambda: isinstance(app.screen, Choose))
        await pilot.press("1")
        await until(pilot, lambda: isinstance(app.screen, Composer))
        composer = app.screen
        assert isinstance(composer, Composer)
        assert "受伤2人" in composer.writing.text
        await pilot.press("escape")
        await pilot.pause()
        await pilot.press("1")
        await until(pilot, lambda: isinstance(app.screen, Composer))
        assert "受伤2人" in app.screen.area.text  # type: ignore[attr-defined] # kept while looking elsewhere
