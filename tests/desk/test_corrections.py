"""Given an incident taken down wrongly, when a report corrects it, then incident and clocks follow: nothing
is called off or moved in silence, and correcting back gives the first clocks again."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from dutydesk.desk.desk import Desk
from dutydesk.desk.engine import lease
from dutydesk.desk.engine.processes import this_process
from dutydesk.desk.incidents import incidents
from dutydesk.desk.intake.filing import file_report
from dutydesk.desk.intake.reports import LoggedReport, ReportForm, log_report
from dutydesk.desk.runs import runs
from dutydesk.desk.timers import timers
from dutydesk.desk.timers.firing import fire_due
from dutydesk.desk.views.incidents import whole_incident
from dutydesk.desk.views.work import work
from dutydesk.model.clock import ManualClock
from dutydesk.model.enums import Level, TimerState
from dutydesk.model.errors import Refused
from dutydesk.model.officers import Actor
from dutydesk.model.reports import Incident
from dutydesk.model.text import Text
from dutydesk.model.timers import Timer
from dutydesk.store.journal import verify
from dutydesk.store.views import journal, reports
from dutydesk.store.views import timers as timer_views

WRONG = "白市驿镇元明路一仓库起火，造成3人死亡。"
RIGHT = "更正：不是火灾，是陶家镇一辆液氯槽车侧翻泄漏。"
MINUTE = timedelta(minutes=1)


async def _call(desk: Desk, actor: Actor, text: str = WRONG, **more: object) -> LoggedReport:
    more.setdefault("occurred_at", desk.clock.now() - 10 * MINUTE)
    return await log_report(desk, actor, ReportForm(text=text, **more))  # type: ignore[arg-type]


async def _correct(desk: Desk, actor: Actor, what: int, text: str = RIGHT, **more: object) -> LoggedReport:
    return await log_report(desk, actor, ReportForm(text=text, corrects=what, **more))  # type: ignore[arg-type]


async def _incident(desk: Desk, logged: LoggedReport) -> Incident:
    assert logged.incident is not None
    return (await whole_incident(desk, logged.incident)).incident


async def _running(desk: Desk) -> dict[str, datetime]:
    """The running clocks by rule, with their due times; each rule runs once."""
    found = await timer_views.timers(desk.reader, states=[state for state in TimerState if state.running])
    assert len({timer.rule for timer in found}) == len(found)
    return {timer.rule: timer.due for timer in found}


async def _all(desk: Desk, rule: str) -> list[Timer]:
    found = await timer_views.timers(desk.reader)
    return sorted((timer for timer in found if timer.rule == rule), key=lambda timer: timer.id)


async def _engine_looks(desk: Desk, actor: Actor) -> list[int]:
    me = this_process()
    held = await lease.acquire(await desk.store(), actor, me, desk.clock, lease.Silence())
    assert held.mine
    fired = await fire_due(desk, actor, me)
    await lease.release(await desk.store(), actor, me)
    return [one.id for one in fired]


async def _kept(desk: Desk) -> dict[str, Any]:
    payload: dict[str, Any] = json.loads((await journal.tail(desk.reader, limit=1))[0].payload)
    return payload


# --- the incident -------------------------------------------------------------------------------------


async def test_a_correction_puts_type_place_and_title_right_and_says_so(
    desk: Desk, actor: Actor, clock: ManualClock
) -> None:
    first = await _call(desk, actor)
    was = await _incident(desk, first)
    assert (was.type, was.town, was.routing) == ("fire", "白市驿", "hi-tech-zone")
    clock.advance(5 * MINUTE)

    second = await _correct(desk, actor, first.report)

    now = await _incident(desk, second)
    assert (now.type, now.town, now.routing) == ("hazmat", "陶家", "")
    assert now.title == "陶家镇一辆液氯槽车侧翻泄漏"
    assert (now.occurred_at, now.received_at) == (was.occurred_at, was.received_at)
    changed = {each.fact: (each.was, each.now) for each in second.facts}
    assert changed["type"] == ("fire", "hazmat")
    assert changed["town"] == ("白市驿", "陶家")
    assert (second.routing, second.kept) == ("", ())
    assert "hazmat" in second.playbooks
    kept = await _kept(desk)
    assert {each["fact"]: each["now"] for each in kept["facts"]} == {
        "type": "hazmat",
        "town": "陶家",
        "routing": "",
        "title": now.title,
    }
    assert (await verify(desk.reader)).ok


async def test_running_clocks_are_called_by_the_right_title(desk: Desk, actor: Actor) -> None:
    first = await _call(desk, actor)
    second = await _correct(desk, actor, first.report)
    assert all("仓库起火" not in timer.subject for timer in second.timers)
    assert any("陶家镇一辆液氯槽车侧翻泄漏" in timer.subject for timer in second.timers)


async def test_a_follow_up_that_mentions_another_place_and_kind_changes_nothing(
    desk: Desk, actor: Actor
) -> None:
    first = await _call(desk, actor, "陶家镇液氯槽车泄漏。")
    before = await _incident(desk, first)
    running = await _running(desk)

    second = await log_report(
        desk, actor, ReportForm(text="续报：走马镇救援队到场，途中发生车祸。", incident=first.incident)
    )

    assert await _incident(desk, second) == before
    assert await _running(desk) == running
    assert (second.facts, second.moved, second.called_off) == ((), (), ())


async def test_a_kind_of_event_that_fits_better_by_a_word_is_no_correction_of_the_type(
    desk: Desk, actor: Actor
) -> None:
    first = await _call(desk, actor, "二郎一居民楼起火，死亡1人。")
    second = await _correct(desk, actor, first.report, "更正：起火的是3楼，燃气已关闭。")
    assert (await _incident(desk, second)).type == "fire"
    third = await _correct(desk, actor, second.report, "更正：不是起火，是燃气泄漏。")
    assert (await _incident(desk, third)).type == "town_gas"
    fourth = await _correct(desk, actor, third.report, "更正：原报无误。", type="fire")
    assert (await _incident(desk, fourth)).type == "fire"


async def test_a_correction_of_the_second_report_puts_right_what_it_took_for_granted(
    desk: Desk, actor: Actor
) -> None:
    first = await _call(desk, actor)
    follow_up = await log_report(desk, actor, ReportForm(text="续报：火势蔓延。", incident=first.incident))

    corrected = await _correct(desk, actor, follow_up.report)

    assert (await _incident(desk, corrected)).type == "hazmat"
    assert (await _incident(desk, corrected)).town == "陶家"


async def test_a_fact_that_another_report_still_states_stays_and_that_is_told(
    desk: Desk, actor: Actor
) -> None:
    first = await _call(desk, actor)
    occurred = (await _incident(desk, first)).occurred_at
    assert occurred is not None
    follow_up = await log_report(
        desk,
        actor,
        ReportForm(text="续报：现场在白市驿镇。", incident=first.incident, occurred_at=occurred + 5 * MINUTE),
    )

    said = await _correct(
        desk, actor, follow_up.report, "更正：时间有误。", occurred_at=occurred + 8 * MINUTE
    )

    assert (await _incident(desk, said)).occurred_at == occurred
    [kept] = said.kept
    assert (kept.fact, kept.stays, kept.reports) == ("occurred_at", occurred, (first.report,))
    assert [each["fact"] for each in (await _kept(desk))["kept"]] == ["occurred_at"]


async def test_a_type_that_an_officer_gave_at_filing_stays_until_somebody_corrects_it(
    desk: Desk, actor: Actor
) -> None:
    waiting = await _call(desk, actor, "二郎某处出事了。", opens_incident=False)
    filed = await file_report(desk, actor, waiting.report, None, event_type="construction")
    same = await _correct(desk, actor, waiting.report, "更正：死亡1人。")
    assert (await _incident(desk, same)).type == "construction"
    other = await _correct(desk, actor, same.report, "更正：是居民楼起火。")
    assert other.incident == filed.incident
    assert (await _incident(desk, other)).type == "fire"


# --- the clocks ---------------------------------------------------------------------------------------


async def test_clocks_follow_the_corrected_type(desk: Desk, actor: Actor, clock: ManualClock) -> None:
    first = await _call(desk, actor, "陶家镇大溪河涨水，转移群众80人。")
    assert {"ND_FIRST_2H", "ND_DAILY"} <= {timer.rule for timer in first.timers}
    clock.advance(15 * MINUTE)

    second = await _correct(desk, actor, first.report, "更正：不是涨水，是油罐车侧翻泄漏。", type="hazmat")

    assert {"ND_FIRST_2H", "ND_DAILY"} <= set(second.cancelled)
    assert {each.reason for each in second.called_off} == {"the corrected facts do not call for it"}
    running = await _running(desk)
    assert running["WSA_EMB_2H"] == clock.now() + timedelta(hours=2), "told of an accident only now"
    assert {"ND_FIRST_2H", "ND_DAILY"}.isdisjoint(running)
    [ended] = await _all(desk, "ND_FIRST_2H")
    assert (ended.state, ended.reason) == (TimerState.CANCELLED, "the corrected facts do not call for it")
    assert [timer.due for timer in second.timers] == sorted(running.values()), "the strictest first"
    named = {each["rule"] for each in (await _kept(desk))["called_off"]}
    assert named == set(second.cancelled)


async def test_a_clock_newly_called_for_whose_limit_has_passed_fires_at_once(
    desk: Desk, actor: Actor, clock: ManualClock
) -> None:
    first = await _call(desk, actor, "陶家镇一学校多名学生腹泻。")
    assert first.type == "public_health"
    clock.advance(45 * MINUTE)

    second = await _correct(desk, actor, first.report, "更正：不是食物中毒，是陶家镇液氯泄漏。")

    [phone] = [timer for timer in second.timers if timer.rule == "LOCAL_PHONE_30M"]
    assert phone.due == clock.now() - 15 * MINUTE
    assert phone.id in await _engine_looks(desk, actor)
    [fired] = await _all(desk, "LOCAL_PHONE_30M")
    assert (fired.state, fired.late) == (TimerState.FIRED, 15 * MINUTE)


@pytest.mark.parametrize("minutes", [-30, 20])
async def test_clocks_from_the_occurrence_move_both_ways_and_say_from_when_to_when(
    desk: Desk, actor: Actor, clock: ManualClock, minutes: int
) -> None:
    occurred = clock.now() - 25 * MINUTE
    first = await _call(desk, actor, occurred_at=occurred)
    before = await _running(desk)
    clock.advance(5 * MINUTE)
    right = occurred + minutes * MINUTE

    second = await _correct(desk, actor, first.report, "更正：事发时间有误。", occurred_at=right)

    after = await _running(desk)
    assert after == {**before, "CQ_GOV_1H": right + timedelta(hours=1)}
    [moved] = second.moved
    assert (moved.rule, moved.was, moved.due) == ("CQ_GOV_1H", before["CQ_GOV_1H"], after["CQ_GOV_1H"])
    assert second.tightened == (("CQ_GOV_1H",) if minutes < 0 else ())
    [kept] = (await _kept(desk))["moved"]
    assert kept["rule"] == "CQ_GOV_1H"
    assert kept["was"] < kept["due"] if minutes > 0 else kept["was"] > kept["due"]


async def test_a_clock_that_fired_for_the_wrong_time_runs_again(
    desk: Desk, actor: Actor, clock: ManualClock
) -> None:
    first = await _call(desk, actor, occurred_at=clock.now() - 58 * MINUTE)
    clock.advance(4 * MINUTE)
    await _engine_looks(desk, actor)
    [fired] = await _all(desk, "CQ_GOV_1H")
    assert fired.state is TimerState.FIRED

    await _correct(desk, actor, first.report, "更正：时间有误。", occurred_at=clock.now() - 30 * MINUTE)

    [again] = await _all(desk, "CQ_GOV_1H")
    assert (again.id, again.state, again.due) == (fired.id, TimerState.ARMED, clock.now() + 30 * MINUTE)
    clock.advance(31 * MINUTE)
    assert again.id in await _engine_looks(desk, actor)


@pytest.mark.parametrize("how", ["met", "acknowledged"])
async def test_what_was_done_about_a_clock_keeps_its_history(
    desk: Desk, actor: Actor, clock: ManualClock, how: str
) -> None:
    first = await _call(desk, actor, occurred_at=clock.now() - 58 * MINUTE)
    [clock_] = await _all(desk, "CQ_GOV_1H")
    if how == "met":
        await timers.meet(desk, actor, clock_.id)
    else:
        clock.advance(4 * MINUTE)
        await _engine_looks(desk, actor)
        await timers.acknowledge(desk, actor, clock_.id)
    [before] = await _all(desk, "CQ_GOV_1H")

    second = await _correct(
        desk, actor, first.report, "更正：时间有误。", occurred_at=clock.now() - 20 * MINUTE
    )

    assert await _all(desk, "CQ_GOV_1H") == [before]
    assert second.moved == ()


async def test_a_duty_already_late_is_not_taken_back_and_the_desks_own_is(
    desk: Desk, actor: Actor, clock: ManualClock
) -> None:
    first = await _call(desk, actor, "白市驿镇后山冒烟，山火。", occurred_at=None)
    assert {"CQ_FOREST_NOW", "RELAY_ROUTED"} <= {timer.rule for timer in first.timers}
    clock.advance(12 * MINUTE)
    await _engine_looks(desk, actor)

    second = await _correct(desk, actor, first.report, "更正：不是山火，是陶家镇一工厂起火。", type="fire")

    assert second.owed == ("CQ_FOREST_NOW",)
    assert "RELAY_ROUTED" in second.cancelled
    running = await _running(desk)
    assert "CQ_FOREST_NOW" in running
    assert "RELAY_ROUTED" not in running
    assert (await _kept(desk))["owed"] == ["CQ_FOREST_NOW"]


@pytest.mark.parametrize("looks", [False, True], ids=["engine down", "engine up"])
async def test_correcting_back_gives_the_first_clocks_again(
    desk: Desk, actor: Actor, clock: ManualClock, looks: bool
) -> None:
    first = await _call(desk, actor)
    before, incident = await _running(desk), await _incident(desk, first)
    clock.advance(3 * MINUTE)
    second = await _correct(desk, actor, first.report, "更正：是陶家镇大溪河涨水。", occurred_at=clock.now())
    assert (await _incident(desk, second)).type == "flood"
    assert await _running(desk) != before
    if looks:
        await _engine_looks(desk, actor)
    clock.advance(3 * MINUTE)

    third = await _correct(
        desk,
        actor,
        second.report,
        "更正：第一次报的是对的。",
        type="fire",
        town="白市驿",
        occurred_at=incident.occurred_at,
    )

    assert await _incident(desk, third) == incident
    after = await _running(desk)
    assert {rule: due for rule, due in after.items() if rule != "GRADE_CONFIRM"} == {
        rule: due for rule, due in before.items() if rule != "GRADE_CONFIRM"
    }
    assert "GRADE_CONFIRM" in after


async def test_changed_casualties_are_followed_up_by_the_rule_of_the_corrected_type(
    desk: Desk, actor: Actor, clock: ManualClock
) -> None:
    first = await _call(desk, actor)
    clock.advance(5 * MINUTE)
    follow_up = await log_report(
        desk, actor, ReportForm(text="续报：死亡人数由3人上升至4人。", incident=first.incident)
    )
    assert "FOLLOWUP_CHANGE_7D" in {timer.rule for timer in follow_up.timers}
    due = (await _running(desk))["FOLLOWUP_CHANGE_7D"]
    clock.advance(5 * MINUTE)

    second = await _correct(desk, actor, first.report)

    assert "FOLLOWUP_CHANGE_7D" in second.cancelled
    assert (await _running(desk))["FOLLOWUP_CHANGE"] == due
    third = await _correct(desk, actor, second.report, "更正：就是仓库起火。")
    assert "FOLLOWUP_CHANGE" in third.cancelled
    assert (await _running(desk))["FOLLOWUP_CHANGE_7D"] == due


async def test_a_relay_is_called_for_from_when_the_desk_learns_of_the_place(
    desk: Desk, actor: Actor, clock: ManualClock
) -> None:
    first = await _call(desk, actor, "陶家镇一仓库起火。")
    clock.advance(20 * MINUTE)
    second = await _correct(desk, actor, first.report, "更正：地点是白市驿镇，不是陶家镇。")
    assert second.routing == "hi-tech-zone"
    assert (await _running(desk))["RELAY_ROUTED"] == clock.now() + 10 * MINUTE


# --- grades and runs ----------------------------------------------------------------------------------


async def test_a_persons_grade_stays_and_the_difference_is_told(
    desk: Desk, actor: Actor, chief: Actor
) -> None:
    first = await _call(desk, actor)
    assert first.incident is not None
    await incidents.grade(desk, chief, first.incident, Level.RELATIVELY_SERIOUS)

    second = await _correct(desk, actor, first.report, "更正：陶家镇液氯槽车泄漏，死亡1人。")

    assert (second.confirmed, second.proposal.proposed.level) == (Level.RELATIVELY_SERIOUS, Level.ORDINARY)
    now = await _incident(desk, second)
    assert (now.confirmed_level, now.proposed_level) == (Level.RELATIVELY_SERIOUS, Level.ORDINARY)
    assert "WSA_EMB_PHONE_1H" in await _running(desk), "a person's grade governs the clocks"


async def test_a_grade_that_nobody_has_to_confirm_any_more_is_not_asked_for(
    desk: Desk, actor: Actor, chief: Actor
) -> None:
    first = await _call(desk, actor, "二郎在建工地塔吊倒塌，造成2人死亡。")
    assert first.incident is not None
    await incidents.grade(desk, chief, first.incident, Level.ORDINARY)
    worse = await log_report(
        desk, actor, ReportForm(text="续报：死亡人数由2人上升至3人。", incident=first.incident)
    )
    assert "GRADE_CONFIRM" in await _running(desk)

    second = await _correct(desk, actor, worse.report, "更正：死亡2人。")

    assert "GRADE_CONFIRM" in second.cancelled
    assert "GRADE_CONFIRM" not in await _running(desk)


async def test_a_step_that_a_run_gives_up_by_the_corrected_facts_is_named(desk: Desk, actor: Actor) -> None:
    first = await _call(desk, actor, "白市驿镇后山起火，山火。")
    assert first.incident is not None
    await runs.start(desk, actor, first.incident, "forest_fire")
    assert "forest_fire/tell_high_tech_zone" in await _running(desk)

    second = await _correct(desk, actor, first.report, "更正：地点是陶家镇。")

    ended = {each.rule: each.reason for each in second.called_off}
    assert ended["forest_fire/tell_high_tech_zone"] == "the step no longer waits"
    assert "forest_fire/tell_high_tech_zone" not in await _running(desk)


async def test_a_run_goes_on_by_its_own_copy_and_the_fitting_playbook_is_named(
    desk: Desk, actor: Actor
) -> None:
    first = await _call(desk, actor, "陶家镇大溪河涨水，转移群众80人。")
    assert first.incident is not None
    run = await runs.start(desk, actor, first.incident, "flood")

    second = await _correct(desk, actor, first.report, "更正：陶家镇液氯槽车泄漏。")

    assert "hazmat" in second.playbooks
    assert [(each.run, each.playbook, each.fits) for each in second.walking] == [(run.run, "flood", False)]
    assert (await runs.start(desk, actor, first.incident, "hazmat")).run != run.run


# --- where it belongs ---------------------------------------------------------------------------------


async def test_a_correction_about_a_closed_incident_waits_until_it_is_open_again(
    desk: Desk, actor: Actor
) -> None:
    first = await _call(desk, actor)
    assert first.incident is not None
    await incidents.close(desk, actor, first.incident, reason="处置完毕")
    with pytest.raises(Refused, match="incident reopen"):
        await _correct(desk, actor, first.report)
    assert len(await reports.reports(desk.reader)) == 1

    await incidents.reopen(desk, actor, first.incident)
    second = await _correct(desk, actor, first.report)

    assert (await _incident(desk, second)).type == "hazmat"
    assert "RELAY_ROUTED" not in await _running(desk)


async def test_a_correction_that_opens_the_incident_keeps_what_the_waiting_call_said(
    desk: Desk, actor: Actor, clock: ManualClock
) -> None:
    call = clock.now()
    waiting = await _call(desk, actor, "出事了，快来！", place="元明路12号", town="陶家")
    assert waiting.incident is None
    clock.advance(8 * MINUTE)

    second = await _correct(desk, actor, waiting.report, "更正：是液氯槽车泄漏。")

    now = await _incident(desk, second)
    assert (now.type, now.town, now.place) == ("hazmat", "陶家", "元明路12号")
    assert (now.received_at, now.occurred_at) == (call, call - 10 * MINUTE)
    running = await _running(desk)
    assert running["LOCAL_PHONE_30M"] == call + 30 * MINUTE, "the desk was told by the first call"
    assert "FILE_REPORT" in running, "the first call itself still waits"
    await file_report(desk, actor, waiting.report, None)
    assert "FILE_REPORT" not in await _running(desk)
    assert await _incident(desk, second) == now


@pytest.mark.parametrize("which", [0, 1])
async def test_a_waiting_report_is_filed_together_with_its_correction(
    desk: Desk, actor: Actor, which: int
) -> None:
    waiting = await _call(desk, actor, opens_incident=False)
    correction = await _correct(desk, actor, waiting.report, "更正：地点是陶家镇，死亡1人。")
    assert (waiting.incident, correction.incident) == (None, None)

    filed = await file_report(desk, actor, (waiting.report, correction.report)[which], None)

    now = await _incident(desk, filed)
    assert (now.type, now.town, now.routing) == ("fire", "陶家", "")
    assert now.title == "陶家镇元明路一仓库起火"
    assert filed.proposal.proposed.level == Level.ORDINARY
    assert {"FILE_REPORT", "RELAY_ROUTED"}.isdisjoint(await _running(desk))
    assert len(await reports.reports(desk.reader, incident=filed.incident)) == 2


async def test_an_earlier_call_filed_later_tightens_the_clocks_that_count_from_the_call(
    desk: Desk, actor: Actor, clock: ManualClock
) -> None:
    early = await _call(desk, actor, "喂，你们快来！", occurred_at=None)
    call = clock.now()
    clock.advance(6 * MINUTE)
    fire = await _call(desk, actor, "陶家镇一仓库起火。")

    filed = await file_report(desk, actor, early.report, fire.incident)

    assert (await _incident(desk, filed)).received_at == call
    assert (await _running(desk))["LOCAL_PHONE_30M"] == call + 30 * MINUTE
    assert "LOCAL_PHONE_30M" in filed.tightened


async def test_a_drill_is_corrected_as_a_drill(desk: Desk, actor: Actor) -> None:
    first = await _call(desk, actor, drill=True)
    with pytest.raises(Refused, match="with --drill"):
        await _correct(desk, actor, first.report)

    second = await _correct(desk, actor, first.report, drill=True)

    now = await _incident(desk, second)
    assert (now.type, now.drill) == ("hazmat", True)
    assert all(timer.drill for timer in second.timers)


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)])
async def test_the_order_in_which_reports_come_in_does_not_change_what_runs(
    desk: Desk, actor: Actor, order: tuple[int, ...]
) -> None:
    first = await _call(desk, actor)
    said = [
        ReportForm(text="续报：走马镇救援队已到，火势仍大。", incident=first.incident),
        ReportForm(text=RIGHT, corrects=first.report),
        ReportForm(text="续报：现场重伤2人。", incident=first.incident, place="元明路"),
    ]

    for number in order:
        last = await log_report(desk, actor, said[number])

    now = await _incident(desk, last)
    assert (now.type, now.town, now.place, now.title) == (
        "hazmat",
        "陶家",
        "元明路",
        "陶家镇一辆液氯槽车侧翻泄漏",
    )
    running = await _running(desk)
    assert set(running) == {
        "CQ_GOV_1H",
        "GRADE_CONFIRM",
        "LOCAL_PHONE_30M",
        "WSA_EMB_PHONE_1H",
        "LOCAL_WRITTEN_60M",
        "WSA_EMB_2H",
        "FOLLOWUP_CHANGE",
        "FOLLOWUP_DAILY",
    }
    assert running["CQ_GOV_1H"] == desk.clock.now() + 50 * MINUTE


async def test_the_timeline_tells_what_a_report_put_right(desk: Desk, actor: Actor) -> None:
    first = await _call(desk, actor)
    await _correct(desk, actor, first.report)
    assert first.incident is not None

    [line] = [line for line in (await work(desk, first.incident)).timeline if line.kind == "put_right"]

    assert line.put_right is not None
    changed = {fact: (was, now) for fact, was, now in line.put_right.facts}
    assert changed["town"] == (Text("白市驿"), Text("陶家"))
    assert changed["type"] == (Text("消防", "fire"), Text("危险化学品", "hazardous chemicals"))
    assert line.put_right.called_off == ("RELAY_ROUTED",)
