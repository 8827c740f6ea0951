"""Given a follow-up rhythm that runs, when the grade rises or falls, then the rhythm of the new grade takes
over from the right moment: one round at a time, none lost, none born late."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from dutydesk.desk.desk import Desk
from dutydesk.desk.engine import lease
from dutydesk.desk.engine.processes import this_process
from dutydesk.desk.incidents import incidents
from dutydesk.desk.intake.reports import ReportForm, log_report
from dutydesk.desk.timers import timers
from dutydesk.desk.timers.firing import fire_due
from dutydesk.model.clock import ManualClock
from dutydesk.model.enums import Level, TimerState
from dutydesk.model.officers import Actor
from dutydesk.model.timers import Timer
from dutydesk.store.views import timers as timer_views

DAILY, TWICE = "FOLLOWUP_DAILY", "FOLLOWUP_TWICE_DAILY"
HOUR = timedelta(hours=1)


async def _an_accident(desk: Desk, actor: Actor, text: str = "二郎在建工地塔吊倒塌，造成3人死亡。") -> int:
    logged = await log_report(desk, actor, ReportForm(text=text, occurred_at=desk.clock.now()))
    assert logged.incident is not None
    return logged.incident


async def _rounds(desk: Desk) -> list[Timer]:
    """The running rounds of the follow-up, whichever rhythm they go by."""
    running = [state for state in TimerState if state.running]
    found = await timer_views.timers(desk.reader, states=running)
    return [timer for timer in found if timer.rule in (DAILY, TWICE)]


async def _round(desk: Desk) -> tuple[str, datetime]:
    [only] = await _rounds(desk)
    return only.rule, only.due


async def _follow_up(desk: Desk, actor: Actor, reason: str = "") -> None:
    [only] = await _rounds(desk)
    await timers.meet(desk, actor, only.id, reason=reason)


async def _engine_looks(desk: Desk, actor: Actor) -> None:
    me = this_process()
    held = await lease.acquire(await desk.store(), actor, me, desk.clock, lease.Silence())
    assert held.mine
    await fire_due(desk, actor, me)
    await lease.release(await desk.store(), actor, me)


async def test_confirming_the_grade_leaves_the_round_that_runs_alone(
    desk: Desk, actor: Actor, chief: Actor, clock: ManualClock
) -> None:
    incident = await _an_accident(desk, actor)
    clock.advance(20 * HOUR)
    await _follow_up(desk, actor)
    before = await _round(desk)
    clock.advance(14 * HOUR)  # more than a day after the call, which the grade rests on

    await incidents.grade(desk, chief, incident, Level.RELATIVELY_SERIOUS)

    assert await _round(desk) == before


async def test_a_raise_starts_the_stricter_rhythm_from_what_the_grade_rests_on(
    desk: Desk, actor: Actor, chief: Actor, clock: ManualClock
) -> None:
    incident = await _an_accident(desk, actor)
    await incidents.grade(desk, chief, incident, Level.RELATIVELY_SERIOUS)
    clock.advance(5 * HOUR)
    told = clock.now()
    await log_report(desk, actor, ReportForm(text="续报：死亡人数由3人上升至10人。", incident=incident))
    assert (await _round(desk))[0] == DAILY, "a person's grade governs until a person changes it"
    clock.advance(HOUR)

    await incidents.grade(desk, chief, incident, Level.SERIOUS)

    assert await _round(desk) == (TWICE, told + 12 * HOUR)


async def test_a_raise_never_puts_off_the_round_that_runs(
    desk: Desk, actor: Actor, chief: Actor, clock: ManualClock
) -> None:
    call = clock.now()
    incident = await _an_accident(desk, actor)
    clock.advance(20 * HOUR)
    await log_report(desk, actor, ReportForm(text="续报：死亡人数由3人上升至10人。", incident=incident))
    assert await _round(desk) == (TWICE, call + 24 * HOUR)

    await incidents.grade(desk, chief, incident, Level.SERIOUS)

    assert await _round(desk) == (TWICE, call + 24 * HOUR)


async def test_a_raise_by_second_thought_counts_from_the_last_follow_up(
    desk: Desk, actor: Actor, chief: Actor, clock: ManualClock
) -> None:
    incident = await _an_accident(desk, actor)
    for _ in range(3):
        clock.advance(20 * HOUR)
        await _follow_up(desk, actor)
    last = clock.now()
    clock.advance(2 * HOUR)

    await incidents.grade(desk, chief, incident, Level.SERIOUS)

    assert await _round(desk) == (TWICE, last + 12 * HOUR)


async def test_a_second_raise_keeps_the_rhythm_and_its_round(
    desk: Desk, actor: Actor, chief: Actor, clock: ManualClock
) -> None:
    incident = await _an_accident(desk, actor)
    await incidents.grade(desk, chief, incident, Level.SERIOUS)
    clock.advance(10 * HOUR)
    await _follow_up(desk, actor)
    before = await _round(desk)
    clock.advance(5 * HOUR)

    await incidents.grade(desk, chief, incident, Level.PARTICULARLY_SERIOUS)

    assert before == (TWICE, clock.now() + 7 * HOUR)
    assert await _round(desk) == before


async def test_lowering_counts_the_slower_rhythm_from_the_last_follow_up(
    desk: Desk, actor: Actor, chief: Actor, clock: ManualClock
) -> None:
    incident = await _an_accident(desk, actor)
    await incidents.grade(desk, chief, incident, Level.SERIOUS)
    for _ in range(4):
        clock.advance(10 * HOUR)
        await _follow_up(desk, actor)
    last = clock.now()
    clock.advance(3 * HOUR)

    await incidents.grade(desk, chief, incident, Level.RELATIVELY_SERIOUS)
    assert await _round(desk) == (DAILY, last + 24 * HOUR)

    clock.advance(HOUR)
    await incidents.grade(desk, chief, incident, Level.SERIOUS)
    assert await _round(desk) == (TWICE, last + 12 * HOUR), "raised again: as if it had never been lowered"


async def test_a_correction_that_lowers_the_computed_grade_gives_no_day_anew(
    desk: Desk, actor: Actor, clock: ManualClock
) -> None:
    incident = await _an_accident(desk, actor, "二郎在建工地塔吊倒塌，造成10人死亡。")
    assert (await _round(desk))[0] == TWICE
    call = clock.now()
    clock.advance(10 * HOUR)

    await log_report(desk, actor, ReportForm(text="更正：死亡人数为4人。", incident=incident, corrects=1))

    assert await _round(desk) == (DAILY, call + 24 * HOUR)


async def test_a_round_already_late_at_the_raise_stays_owed_and_its_follow_up_starts_the_stricter_rhythm(
    desk: Desk, actor: Actor, chief: Actor, clock: ManualClock
) -> None:
    incident = await _an_accident(desk, actor)
    clock.advance(25 * HOUR)
    await _engine_looks(desk, actor)

    await incidents.grade(desk, chief, incident, Level.SERIOUS)

    [owed] = await _rounds(desk)
    assert (owed.rule, owed.state) == (DAILY, TimerState.FIRED)
    await timers.meet(desk, actor, owed.id, reason="线路中断")
    assert await _round(desk) == (TWICE, clock.now() + 12 * HOUR)


async def test_a_late_round_called_off_after_a_raise_does_not_end_the_follow_ups(
    desk: Desk, actor: Actor, chief: Actor, clock: ManualClock
) -> None:
    incident = await _an_accident(desk, actor)
    clock.advance(25 * HOUR)
    await _engine_looks(desk, actor)
    await incidents.grade(desk, chief, incident, Level.SERIOUS)
    [owed] = await _rounds(desk)

    await timers.cancel(desk, actor, owed.id, reason="已并入专报")

    assert await _round(desk) == (TWICE, clock.now() + 12 * HOUR)


async def test_follow_ups_called_off_by_an_officer_stay_off_at_the_same_grade(
    desk: Desk, actor: Actor, chief: Actor, clock: ManualClock
) -> None:
    incident = await _an_accident(desk, actor)
    [daily] = await _rounds(desk)
    await timers.cancel(desk, actor, daily.id, reason="市局已接手")
    clock.advance(HOUR)

    await incidents.grade(desk, chief, incident, Level.RELATIVELY_SERIOUS)

    assert await _rounds(desk) == []


async def test_a_late_round_called_off_at_the_same_grade_is_not_owed_again(
    desk: Desk, actor: Actor, chief: Actor, clock: ManualClock
) -> None:
    incident = await _an_accident(desk, actor)
    clock.advance(25 * HOUR)
    await _engine_looks(desk, actor)
    [owed] = await _rounds(desk)
    await timers.cancel(desk, actor, owed.id, reason="市局已接手")

    await incidents.grade(desk, chief, incident, Level.RELATIVELY_SERIOUS)

    assert await _rounds(desk) == []


async def test_the_rhythm_comes_back_after_raise_late_follow_up_and_lowering(
    desk: Desk, actor: Actor, chief: Actor, clock: ManualClock
) -> None:
    incident = await _an_accident(desk, actor)
    clock.advance(25 * HOUR)
    await _engine_looks(desk, actor)
    await incidents.grade(desk, chief, incident, Level.SERIOUS)
    await _follow_up(desk, actor, reason="线路中断")
    last = clock.now()
    clock.advance(HOUR)

    await incidents.grade(desk, chief, incident, Level.RELATIVELY_SERIOUS)

    assert await _round(desk) == (DAILY, last + 24 * HOUR)


async def test_reopening_owes_no_follow_up_for_the_days_it_was_closed(
    desk: Desk, actor: Actor, clock: ManualClock
) -> None:
    incident = await _an_accident(desk, actor)
    clock.advance(25 * HOUR)
    await _engine_looks(desk, actor)
    await incidents.close(desk, actor, incident, reason="处置完毕，漏报续报")
    clock.advance(5 * 24 * HOUR)

    await incidents.reopen(desk, actor, incident)

    assert await _round(desk) == (DAILY, clock.now() + 24 * HOUR)


async def test_closing_and_reopening_at_once_wins_no_time(
    desk: Desk, actor: Actor, clock: ManualClock
) -> None:
    incident = await _an_accident(desk, actor)
    before = await _round(desk)
    clock.advance(23 * HOUR)
    await incidents.close(desk, actor, incident, reason="按错了")

    await incidents.reopen(desk, actor, incident)

    assert await _round(desk) == before


@pytest.mark.parametrize("late", [False, True])
async def test_lowering_calls_off_the_stricter_deadlines_but_not_one_already_late(
    desk: Desk, actor: Actor, chief: Actor, clock: ManualClock, late: bool
) -> None:
    incident = await _an_accident(desk, actor)
    clock.advance(timedelta(minutes=61 if late else 30))
    await _engine_looks(desk, actor)

    await incidents.grade(desk, chief, incident, Level.ORDINARY)

    by_rule = {timer.rule: timer.state for timer in await timer_views.timers(desk.reader)}
    expected = TimerState.FIRED if late else TimerState.CANCELLED
    assert {by_rule["WSA_EMB_PHONE_1H"], by_rule["CQ_GOV_1H"]} == {expected}
    assert by_rule["WSA_EMB_2H"] is TimerState.ARMED


async def test_deadlines_met_before_are_not_asked_for_again_by_a_second_raise(
    desk: Desk, actor: Actor, chief: Actor, clock: ManualClock
) -> None:
    incident = await _an_accident(desk, actor)
    phone = next(t for t in await timer_views.timers(desk.reader) if t.rule == "WSA_EMB_PHONE_1H")
    await timers.meet(desk, actor, phone.id)
    clock.advance(timedelta(minutes=10))

    graded = await incidents.grade(desk, chief, incident, Level.SERIOUS)

    rules = [timer.rule for timer in graded.timers]
    assert "WSA_EMB_PHONE_1H" not in rules
    assert "MAY_ESCALATE_NOW" in rules, "what a person grades as 重大 is reported at once"
