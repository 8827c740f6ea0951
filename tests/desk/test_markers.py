"""Circumstances stated or struck out by hand, kept with the report, and what they do to grade and clocks."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dutydesk.desk.desk import Desk
from dutydesk.desk.incidents import incidents
from dutydesk.desk.intake.filing import file_report
from dutydesk.desk.intake.reports import LoggedReport, ReportForm, log_report
from dutydesk.model.clock import ManualClock
from dutydesk.model.enums import FigureKind, FigureOrigin, Level, TimerState
from dutydesk.model.errors import NotFound
from dutydesk.model.markers import Marker, MarkerState
from dutydesk.model.officers import Actor
from dutydesk.store.views import reports
from dutydesk.store.views import timers as timer_views

CRANE = "二郎在建工地塔吊倾覆，无人员伤亡"
READ = Marker("crane_overturned")
STRUCK = Marker("crane_overturned", MarkerState.STRUCK, FigureOrigin.OFFICER)
TEN = Marker("ten_hospitalised", MarkerState.STATED, FigureOrigin.OFFICER)
HERE = Marker("epicentre_here", MarkerState.STATED, FigureOrigin.OFFICER)
ELSEWHERE = Marker("epicentre_elsewhere", MarkerState.STATED, FigureOrigin.OFFICER)


async def log(desk: Desk, actor: Actor, text: str, *markers: Marker, **more: object) -> LoggedReport:
    return await log_report(desk, actor, ReportForm(text=text, markers=markers, **more))  # type: ignore[arg-type]


def levels(logged: LoggedReport) -> tuple[Level | None, Level | None]:
    return logged.proposal.proposed.level, logged.proposal.possible.level


def rules(logged: LoggedReport) -> set[str]:
    return {timer.rule for timer in logged.timers}


async def test_a_struck_out_circumstance_wins_over_the_text_and_is_kept_as_struck_out(
    desk: Desk, actor: Actor
) -> None:
    read = await log(desk, actor, CRANE, type="special_equipment")
    assert levels(read) == (Level.RELATIVELY_SERIOUS, Level.RELATIVELY_SERIOUS)
    assert "CQ_GOV_1H" in rules(read)

    struck = await log(desk, actor, CRANE, STRUCK, type="special_equipment")
    assert levels(struck) == (Level.ORDINARY, Level.ORDINARY), "by the nobody who died"
    assert "CQ_GOV_1H" not in rules(struck)
    assert (await reports.report(desk.reader, read.report)).markers == (READ,)
    assert (await reports.report(desk.reader, struck.report)).markers == (STRUCK,)


async def test_what_no_text_says_is_stated_by_hand_and_makes_a_near_miss(desk: Desk, actor: Actor) -> None:
    plain = await log(desk, actor, "西彭厂房起火，12人留院观察", type="fire")
    stated = await log(desk, actor, "西彭厂房起火，12人留院观察", TEN, type="fire")
    assert (plain.proposal.near_miss, stated.proposal.near_miss) == (False, True)
    assert stated.markers == (TEN,)
    assert "FOLLOWUP_DAILY" in rules(stated)


async def test_a_follow_up_strikes_out_what_the_first_text_said_and_calls_its_clock_off(
    desk: Desk, actor: Actor, clock: ManualClock
) -> None:
    first = await log(desk, actor, CRANE, type="special_equipment")
    clock.advance(timedelta(minutes=5))
    second = await log(desk, actor, "续报：只是吊臂晃动", STRUCK, incident=first.incident)
    assert levels(second) == (Level.ORDINARY, Level.ORDINARY)
    assert "CQ_GOV_1H" in second.cancelled

    clock.advance(timedelta(minutes=5))
    third = await log(desk, actor, "续报：无新情况", incident=first.incident)
    assert levels(third) == (Level.ORDINARY, Level.ORDINARY), "struck out until somebody says otherwise"

    clock.advance(timedelta(minutes=5))
    fourth = await log(desk, actor, "续报：塔吊已整体倾覆", incident=first.incident)
    assert levels(fourth) == (Level.RELATIVELY_SERIOUS, Level.RELATIVELY_SERIOUS)
    assert "CQ_GOV_1H" in rules(fourth)


async def test_an_officers_word_stands_over_a_grade_given_anew(
    desk: Desk, actor: Actor, chief: Actor, clock: ManualClock
) -> None:
    first = await log(desk, actor, CRANE, STRUCK, type="special_equipment")
    assert first.incident is not None
    clock.advance(timedelta(minutes=5))
    graded = await incidents.grade(desk, chief, first.incident, Level.ORDINARY)
    assert "CQ_GOV_1H" not in {timer.rule for timer in graded.timers}


async def test_a_correction_takes_back_the_word_on_the_report_it_corrects(
    desk: Desk, actor: Actor, clock: ManualClock
) -> None:
    first = await log(desk, actor, "西彭厂房起火", TEN, type="fire")
    clock.advance(timedelta(minutes=5))
    corrected = await log(desk, actor, "西彭厂房起火，2人留院观察", corrects=first.report, type="fire")
    assert not corrected.proposal.near_miss


async def test_a_report_that_waits_keeps_its_markers_until_it_is_filed(desk: Desk, actor: Actor) -> None:
    waiting = await log(desk, actor, CRANE, STRUCK, type="special_equipment", opens_incident=False)
    filed = await file_report(desk, actor, waiting.report, None)
    assert filed.markers == (STRUCK,)
    assert levels(filed) == (Level.ORDINARY, Level.ORDINARY)


async def test_a_marker_that_no_table_knows_is_refused_with_those_that_are(desk: Desk, actor: Actor) -> None:
    with pytest.raises(NotFound, match="crane_overturned"):
        await log(desk, actor, CRANE, Marker("crane_overtuned"), type="special_equipment")
    assert await reports.reports(desk.reader) == []


async def test_an_earthquake_told_of_without_its_epicentre_is_possible_until_somebody_knows(
    desk: Desk, actor: Actor, clock: ManualClock
) -> None:
    felt = await log(desk, actor, "多个小区来电，震感明显，网上有消息5.2级地震")
    assert felt.type == "earthquake"
    assert levels(felt) == (None, Level.SERIOUS)
    assert "MAY_ESCALATE_NOW" in rules(felt)
    assert "CQ_GOV_1H" not in rules(felt)
    assert felt.proposal.to_find_out == ("epicentre_here",)

    clock.advance(timedelta(minutes=3))
    far = await log(
        desk,
        actor,
        "据中国地震台网正式测定，四川泸州市泸县发生5.2级地震，我区有震感",
        incident=felt.incident,
    )
    assert levels(far) == (None, None)
    assert "MAY_ESCALATE_NOW" in far.cancelled

    clock.advance(timedelta(minutes=30))
    hurt = await log(desk, actor, "续报：我区房屋垮塌，12人死亡", incident=felt.incident)
    assert levels(hurt) == (Level.RELATIVELY_SERIOUS, Level.RELATIVELY_SERIOUS)


async def test_an_earthquake_here_is_graded_by_its_magnitude_and_a_correction_grades_it_anew(
    desk: Desk, actor: Actor, clock: ManualClock
) -> None:
    first = await log(desk, actor, "九龙坡区发生5.0级地震，震源深度10千米，暂无人员伤亡")
    assert levels(first) == (Level.SERIOUS, Level.SERIOUS)
    assert {(f.kind, f.value) for f in first.figures} >= {(FigureKind.MAGNITUDE, 5.0)}
    assert {"CQ_GOV_1H", "MAY_ESCALATE_NOW"} <= rules(first)

    clock.advance(timedelta(minutes=5))
    corrected = await log(
        desk, actor, "九龙坡区发生4.9级地震，暂无人员伤亡", corrects=first.report, type="earthquake"
    )
    assert levels(corrected) == (Level.RELATIVELY_SERIOUS, Level.RELATIVELY_SERIOUS)
    kept = await reports.report(desk.reader, corrected.report)
    assert {figure.kind: figure.value for figure in kept.figures}[FigureKind.MAGNITUDE] == 4.9


async def test_two_places_stay_possible_until_an_officer_strikes_one_out(
    desk: Desk, actor: Actor, clock: ManualClock
) -> None:
    first = await log(desk, actor, "九龙坡区发生4.2级地震")
    assert levels(first)[0] == Level.RELATIVELY_SERIOUS
    clock.advance(timedelta(minutes=2))
    second = await log(desk, actor, "四川泸县发生6.0级地震，我区有震感", incident=first.incident)
    assert levels(second) == (None, Level.PARTICULARLY_SERIOUS), "a person is to find out"
    clock.advance(timedelta(minutes=2))
    settled = await log(
        desk,
        actor,
        "核实：震中在泸县",
        Marker("epicentre_here", MarkerState.STRUCK, FigureOrigin.OFFICER),
        incident=first.incident,
    )
    assert levels(settled) == (None, None)


async def test_an_officer_says_where_the_epicentre_lies(desk: Desk, actor: Actor) -> None:
    here = await log(desk, actor, "4.2级地震，震感强烈", HERE)
    far = await log(desk, actor, "4.2级地震，震感强烈", ELSEWHERE)
    assert levels(here)[0] == Level.RELATIVELY_SERIOUS
    denied = await log(
        desk,
        actor,
        "4.2级地震，震感强烈",
        Marker("epicentre_here", MarkerState.STRUCK, FigureOrigin.OFFICER),
    )
    assert levels(far) == levels(denied) == (None, None)
    states = {timer.state for timer in await timer_views.timers(desk.reader, incident=far.incident)}
    assert states == {TimerState.ARMED}
