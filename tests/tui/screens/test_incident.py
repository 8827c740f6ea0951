"""Given an incident on the screen, when an officer works it by keys alone, then the database says so."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import pytest
from textual.pilot import Pilot

from dutydesk import i18n
from dutydesk.desk.desk import Desk
from dutydesk.desk.incidents import incidents
from dutydesk.desk.intake.reports import LoggedReport, ReportForm, log_report
from dutydesk.desk.runs import runs
from dutydesk.desk.views.runs import walk_of
from dutydesk.desk.views.work import Work, work
from dutydesk.model.clock import ManualClock
from dutydesk.model.enums import IncidentStatus, Level, ReportSource, Role, StepState, TimerState
from dutydesk.model.officers import Actor
from dutydesk.store.reader import Reader
from dutydesk.tui.app import DutyDeskApp
from dutydesk.tui.screens.incident.screen import IncidentScreen
from dutydesk.tui.screens.incident.sheets import QUIET, PickSheet, ReadSheet, WriteSheet
from dutydesk.tui.widgets.linelist import LineList
from tests.tui.screens.incident_room import ZONE, Port, console, shown

CHLORINE = "成渝环线陶家段一辆液氯槽车侧翻泄漏，驾驶员被困，2人送医，正紧急疏散下风向村民五百余人。"
HOSTILE = "[/紧急] \x1b[31m红\x1b[0m [link=x]“液氯”{x}$y"
Console = Pilot[None]


@pytest.fixture(autouse=True)
def chinese() -> None:
    i18n.use("zh")


@pytest.fixture
async def port(sqlite_url: str, clock: ManualClock, actor: Actor) -> AsyncIterator[Port]:
    desk = Desk(url=sqlite_url, reader=await Reader.open(sqlite_url), clock=clock, zone=ZONE)
    yield Port(desk, actor, clock)
    await desk.close()


@pytest.fixture
async def other(sqlite_url: str, clock: ManualClock) -> AsyncIterator[Port]:
    """A second console on the same database."""
    desk = Desk(url=sqlite_url, reader=await Reader.open(sqlite_url), clock=clock, zone=ZONE)
    yield Port(desk, Actor(2, "li", "李敏", (Role.OPERATOR,), "desk-2"), clock)
    await desk.close()


@pytest.fixture
async def call(port: Port) -> LoggedReport:
    form = ReportForm(text=CHLORINE, occurred_at=port.clock.now() - timedelta(minutes=10))
    return await log_report(port.desk, port.actor, form)


@pytest.fixture
async def run(port: Port, call: LoggedReport) -> int:
    assert call.incident is not None
    return (await runs.start(port.desk, port.actor, call.incident, "hazmat")).run


async def until(pilot: Console, met: Callable[[], bool | Awaitable[bool]]) -> None:
    """Waits for something to come true, at most five seconds."""
    async with asyncio.timeout(5):
        while True:
            answer = met()
            if answer if isinstance(answer, bool) else await answer:
                return
            await pilot.pause(0.02)


async def opened(pilot: Console, incident: int | None) -> IncidentScreen:
    """The screen with the incident in front, loaded."""
    app = pilot.app
    assert isinstance(app, DutyDeskApp)
    assert incident is not None
    app.show_incident(incident)
    screen = app.screen_stack[0]
    assert isinstance(screen, IncidentScreen)
    await until(pilot, lambda: screen.work is not None and screen.work.incident.id == incident)
    await pilot.pause()
    return screen


def go_to(screen: IncidentScreen, run: int, step: str) -> None:
    assert screen.query_one("#main", LineList).point((str(run), step))


async def state(port: Port, run: int, step: str) -> StepState:
    return (await walk_of(port.desk, run)).walk.steps[step].state


async def now_at_work(port: Port, incident: int | None) -> Work:
    assert incident is not None
    return await work(port.desk, incident)


async def becomes(pilot: Console, port: Port, run: int, step: str, wanted: StepState) -> None:
    async def reached() -> bool:
        return await state(port, run, step) is wanted

    await until(pilot, reached)
    await pilot.pause(0.05)


async def read_through(pilot: Console) -> None:
    """Enter, page by page, by somebody who reads."""
    while isinstance(pilot.app.screen, ReadSheet):
        await pilot.pause(QUIET + 0.05)
        await pilot.press("enter")


async def sheet(pilot: Console, kind: type) -> None:
    await until(pilot, lambda: isinstance(pilot.app.screen, kind))
    await pilot.pause()


async def test_without_an_incident_the_open_ones_are_offered_the_gravest_first(
    port: Port, call: LoggedReport
) -> None:
    await log_report(port.desk, port.actor, ReportForm(text="二郎在建工地塔吊倒塌，造成3人死亡。"))
    app = console(port)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = app.screen_stack[0]
        assert isinstance(screen, IncidentScreen)
        await until(pilot, lambda: len(screen.query_one("#others", LineList).rows) == 2)
        assert screen.query_one("#others", LineList).rows[0].proposed_level is Level.RELATIVELY_SERIOUS
        await pilot.press("down", "enter")
        await until(pilot, lambda: screen.work is not None)
        assert screen.work is not None
        assert screen.work.incident.id == call.incident


async def test_a_fitting_playbook_starts_by_enter(port: Port, call: LoggedReport) -> None:
    app = console(port)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, call.incident)
        assert "适用" in shown(app)
        await pilot.press("enter")

        async def started() -> bool:
            return len((await now_at_work(port, call.incident)).runs) == 1

        await until(pilot, started)
        await until(pilot, lambda: "记准地点、回拨号码、事由" in shown(app))
        assert (await now_at_work(port, call.incident)).runs[0].walk.playbook.id == "hazmat"


async def test_the_walk_goes_on_by_enter_digits_and_words(port: Port, call: LoggedReport, run: int) -> None:
    app = console(port)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot, call.incident)
        await pilot.press("enter")
        await becomes(pilot, port, run, "record_call", StepState.DONE)

        await until(
            pilot,
            lambda: getattr(screen.query_one("#main", LineList).chosen, "key", ())[1:] == ("advise_caller",),
        )
        await pilot.press("enter")
        await sheet(pilot, ReadSheet)
        assert "不得从下风方向靠近" in shown(app)
        assert await state(port, run, "advise_caller") is StepState.READY, "a caution comes before the tick"
        await pilot.press("enter", "enter", "enter")
        assert isinstance(app.screen, ReadSheet), "a key held down has read nothing"
        await read_through(pilot)
        await becomes(pilot, port, run, "advise_caller", StepState.DONE)

        go_to(screen, run, "ask_product")
        await pilot.press("enter")
        await sheet(pilot, PickSheet)
        await pilot.press("1")
        await becomes(pilot, port, run, "ask_product", StepState.DONE)

        go_to(screen, run, "ask_wind")
        await pilot.press("enter")
        await sheet(pilot, WriteSheet)
        await pilot.press(*"NE 3", "enter")
        await becomes(pilot, port, run, "ask_wind", StepState.DONE)

        go_to(screen, run, "ask_water")
        await pilot.press("enter")
        await sheet(pilot, PickSheet)
        await pilot.press("2")
        await becomes(pilot, port, run, "ask_water", StepState.DONE)

        facts = (await walk_of(port.desk, run)).walk.facts
        assert (facts["product"], facts["wind"], facts["water_near"]) == ("chlorine", "NE 3", "drain")
        await until(pilot, lambda: "氯气、液氯" in shown(app))


async def test_a_call_nobody_answers_stays_under_way_until_somebody_does(
    port: Port, call: LoggedReport, run: int
) -> None:
    app = console(port)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, call.incident)
        go_to(screen, run, "tell_duty_leader")
        await pilot.press("enter")
        await sheet(pilot, PickSheet)
        assert "等级尚不能判定，属较大涉险" in shown(app)
        assert "驾驶员被困" in shown(app), "what to say is filled in"
        await pilot.press("2")
        await becomes(pilot, port, run, "tell_duty_leader", StepState.UNDER_WAY)
        go_to(screen, run, "tell_duty_leader")
        await pilot.press("enter")
        await sheet(pilot, PickSheet)
        await pilot.press("1")
        await becomes(pilot, port, run, "tell_duty_leader", StepState.DONE)


async def test_a_step_is_skipped_for_a_reason_and_taken_back(
    port: Port, call: LoggedReport, run: int
) -> None:
    app = console(port)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot, call.incident)
        go_to(screen, run, "record_call")
        await pilot.press("6")
        assert "不能跳过" in shown(app), "a must step says why not"

        go_to(screen, run, "ask_container")
        await pilot.press("6")
        await sheet(pilot, WriteSheet)
        await pilot.press("enter")
        assert isinstance(app.screen, WriteSheet), "no reason, no skip"
        await pilot.press(*"no time", "enter")
        await becomes(pilot, port, run, "ask_container", StepState.SKIPPED)
        assert (await walk_of(port.desk, run)).walk.steps["ask_container"].reason == "no time"

        await pilot.press("ctrl+z")
        await becomes(pilot, port, run, "ask_container", StepState.READY)


async def test_a_settled_step_says_how_and_can_be_taken_back(
    port: Port, call: LoggedReport, run: int
) -> None:
    await runs.do(port.desk, port.actor, run, "record_call")
    app = console(port)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot, call.incident)
        go_to(screen, run, "record_call")
        await pilot.press("enter")
        await sheet(pilot, PickSheet)
        await pilot.press("2")
        await becomes(pilot, port, run, "record_call", StepState.READY)


async def test_a_report_read_out_meets_its_deadlines(port: Port, call: LoggedReport, run: int) -> None:
    app = console(port)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot, call.incident)
        go_to(screen, run, "phone_report")
        await pilot.press("enter")
        await sheet(pilot, ReadSheet)
        assert "我是九龙坡区应急管理局值班室王强" in shown(app)
        await read_through(pilot)
        await becomes(pilot, port, run, "phone_report", StepState.DONE)
        kept = {timer.rule: timer.state for timer in (await now_at_work(port, call.incident)).timers}
        assert kept["LOCAL_PHONE_30M"] is TimerState.MET


async def test_a_late_report_asks_for_its_reason(
    port: Port, call: LoggedReport, run: int, clock: ManualClock
) -> None:
    app = console(port)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot, call.incident)
        clock.advance(timedelta(minutes=45))
        go_to(screen, run, "phone_report")
        await pilot.press("enter")
        await sheet(pilot, ReadSheet)
        await read_through(pilot)
        await sheet(pilot, WriteSheet)
        await pilot.press(*"line down", "enter")
        await becomes(pilot, port, run, "phone_report", StepState.DONE)
        kept = {timer.rule: timer for timer in (await now_at_work(port, call.incident)).timers}
        missed = kept["LOCAL_PHONE_30M"]
        assert (missed.state, missed.reason) == (TimerState.MISSED, "line down")


async def test_a_notify_step_drafts_its_notice_and_goes_there(
    port: Port, call: LoggedReport, run: int
) -> None:
    from dutydesk.desk.people.contacts import import_contacts, sample_entries

    admin = Actor(9, "root", "管理员", (Role.ADMIN,), "desk-1")
    await import_contacts(port.desk, admin, sample_entries(port.desk))
    app = console(port)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot, call.incident)
        go_to(screen, run, "notify_townships")
        await pilot.press("enter")
        await until(pilot, lambda: app.current_mode == "notice")
        assert app.shown.broadcast is not None
        assert await state(port, run, "notify_townships") is StepState.UNDER_WAY


async def test_a_grade_by_digit_tightens_the_clocks_and_says_so(port: Port, call: LoggedReport) -> None:
    app = console(port)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, call.incident)
        await pilot.press("8")
        await sheet(pilot, PickSheet)
        assert "较大涉险" in shown(app)
        await pilot.press("3")
        await sheet(pilot, ReadSheet)
        assert "新增" in shown(app)
        assert "较大以上突发事件报市政府" in shown(app)
        await read_through(pilot)
        after = await now_at_work(port, call.incident)
        assert after.incident.confirmed_level is Level.RELATIVELY_SERIOUS
        assert "CQ_GOV_1H" in {timer.rule for timer in after.running}
        await until(pilot, lambda: "确认 02:40" in shown(app))


async def test_a_clock_is_met_or_cancelled_from_its_pane(port: Port, call: LoggedReport) -> None:
    app = console(port)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot, call.incident)
        by_rule = {timer.rule: timer.id for timer in (await now_at_work(port, call.incident)).running}
        await pilot.press("2")
        assert screen.query_one("#clocks", LineList).point(by_rule["LOCAL_PHONE_30M"])
        await pilot.press("enter")
        await sheet(pilot, PickSheet)
        await pilot.press("1")

        async def met() -> bool:
            kept = {timer.rule: timer.state for timer in (await now_at_work(port, call.incident)).timers}
            return kept["LOCAL_PHONE_30M"] is TimerState.MET

        await until(pilot, met)
        await pilot.pause(0.1)
        assert screen.query_one("#clocks", LineList).point(by_rule["LOCAL_WRITTEN_60M"])
        await pilot.press("enter")
        await sheet(pilot, PickSheet)
        await pilot.press("2")
        await sheet(pilot, WriteSheet)
        await pilot.press(*"dup", "enter")

        async def cancelled() -> bool:
            kept = {timer.rule: timer for timer in (await now_at_work(port, call.incident)).timers}
            return kept["LOCAL_WRITTEN_60M"].reason == "dup"

        await until(pilot, cancelled)


async def test_closing_lists_what_is_open_first_and_the_closed_can_be_opened_again(
    port: Port, call: LoggedReport, run: int
) -> None:
    app = console(port)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, call.incident)
        await pilot.press("delete")
        await sheet(pilot, WriteSheet)
        assert "电话报告市应急值班室" in shown(app)
        assert "记准地点、回拨号码、事由" in shown(app)
        await pilot.press(*"over", "enter")

        async def closed() -> bool:
            return (await now_at_work(port, call.incident)).incident.status is IncidentStatus.CLOSED

        await until(pilot, closed)
        await until(pilot, lambda: "已结束" in shown(app))
        await pilot.press("delete")
        await sheet(pilot, WriteSheet)
        await pilot.press(*"again", "enter")

        async def open_again() -> bool:
            return (await now_at_work(port, call.incident)).incident.status is IncidentStatus.OPEN

        await until(pilot, open_again)


async def test_another_consoles_step_shows_by_itself_and_a_stale_key_is_refused(
    port: Port, other: Port, call: LoggedReport, run: int
) -> None:
    app = console(port)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot, call.incident)
        go_to(screen, run, "ask_product")
        await pilot.press("enter")
        await sheet(pilot, PickSheet)
        await runs.answer(other.desk, other.actor, run, "ask_product", "ammonia")
        await pilot.press("1")
        await until(pilot, lambda: "已答复" in shown(app) or "撤销" in shown(app) or "撤回" in shown(app))
        assert (await walk_of(port.desk, run)).walk.facts["product"] == "ammonia", "the first answer stands"
        await until(pilot, lambda: "氨气、液氨" in shown(app))

        await runs.do(other.desk, other.actor, run, "record_call")
        await until(pilot, lambda: screen.work is not None and screen.work.runs[0].walk.done == 2)


async def test_an_incident_closed_elsewhere_refuses_the_next_step(
    port: Port, other: Port, call: LoggedReport, run: int
) -> None:
    app = console(port)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot, call.incident)
        go_to(screen, run, "advise_caller")
        await pilot.press("enter")
        await sheet(pilot, ReadSheet)
        assert call.incident is not None
        await incidents.close(other.desk, other.actor, call.incident, reason="over")
        await read_through(pilot)
        await until(pilot, lambda: "已结束" in shown(app))
        assert await state(port, run, "advise_caller") is StepState.READY
        assert app.is_running


async def test_a_note_keeps_to_its_step_and_stands_in_the_timeline(
    port: Port, call: LoggedReport, run: int
) -> None:
    app = console(port)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot, call.incident)
        go_to(screen, run, "ask_wind")
        await pilot.press("7")
        await sheet(pilot, WriteSheet)
        await pilot.press(*"[/x]", "enter")

        async def noted() -> bool:
            return bool((await walk_of(port.desk, run)).walk.steps["ask_wind"].notes)

        await until(pilot, noted)
        await pilot.press("5")
        await until(pilot, lambda: "备注" in shown(app) and "[/x]" in shown(app))


async def test_a_follow_up_goes_to_intake_with_the_incident(port: Port, call: LoggedReport) -> None:
    app = console(port)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, call.incident)
        await pilot.press("9")
        await until(pilot, lambda: app.current_mode == "intake")
        assert app.shown.follows == call.incident


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (40, 10)])
@pytest.mark.parametrize("language", ["zh", "en"])
async def test_text_from_outside_stays_text_in_every_pane(
    port: Port, size: tuple[int, int], language: str
) -> None:
    logged = await log_report(
        port.desk,
        port.actor,
        ReportForm(text=f"{HOSTILE}陶家液氯槽车泄漏，2人受伤", place=HOSTILE, caller=HOSTILE, type="hazmat"),
    )
    assert logged.incident is not None
    more = ReportForm(text=f"{HOSTILE}死亡1人", source=ReportSource.POLICE_110, incident=logged.incident)
    await log_report(port.desk, port.actor, more)
    run = (await runs.start(port.desk, port.actor, logged.incident, "hazmat")).run
    await runs.answer(port.desk, port.actor, run, "ask_wind", HOSTILE)
    await runs.skip(port.desk, port.actor, run, "ask_container", reason=HOSTILE)
    await incidents.note(port.desk, port.actor, logged.incident, HOSTILE)
    app = console(port, language=language)
    async with app.run_test(size=size) as pilot:
        screen = await opened(pilot, logged.incident)
        for key in ("2", "3", "4", "5", "1"):
            await pilot.press(key)
            await pilot.pause()
            assert "\x1b" not in shown(app)
        for step in ("phone_report", "tell_duty_leader", "ask_wind", "ask_container"):
            go_to(screen, run, step)
            await pilot.press("enter")
            await until(pilot, lambda: app.screen is not screen)
            await pilot.pause()
            assert "\x1b" not in shown(app)
            await pilot.press("escape")
            await until(pilot, lambda: app.screen is screen)
        for key in ("8", "delete", "7"):
            await pilot.press(key)
            await until(pilot, lambda: app.screen is not screen)
            await pilot.pause()
            await pilot.press("escape")
            await until(pilot, lambda: app.screen is screen)
        await pilot.press("f9")
        await pilot.pause()
        assert app.is_running
