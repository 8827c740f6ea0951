"""Given a shift, when a call comes in, then these clocks run, and the incident goes its way."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from dutydesk.desk.desk import Desk
from dutydesk.desk.incidents import incidents
from dutydesk.desk.intake.filing import file_report
from dutydesk.desk.intake.reports import LoggedReport, ReportForm, log_report
from dutydesk.desk.people.contacts import ContactEntry, import_contacts
from dutydesk.desk.runs import runs
from dutydesk.desk.timers import timers
from dutydesk.model.clock import ManualClock
from dutydesk.model.enums import FigureKind, Level, TimerState
from dutydesk.model.errors import BadInput, NotAllowed, NotFound, Refused
from dutydesk.model.officers import Actor
from dutydesk.store.journal import verify
from dutydesk.store.views import journal, reports
from dutydesk.store.views import timers as timer_views

CHLORINE = "成渝环线陶家段一辆液氯槽车侧翻泄漏，驾驶员被困，2人送医，正紧急疏散下风向村民五百余人。"


async def chlorine_call(desk: Desk, actor: Actor, **more: object) -> LoggedReport:
    form = ReportForm(text=CHLORINE, occurred_at=desk.clock.now() - timedelta(minutes=10), **more)  # type: ignore[arg-type]
    return await log_report(desk, actor, form)


async def test_a_call_is_on_record_with_its_figures_grade_place_and_playbook(
    desk: Desk, actor: Actor
) -> None:
    logged = await chlorine_call(desk, actor)

    assert logged.type == "hazmat"
    assert {(f.kind, f.value) for f in logged.figures} == {
        (FigureKind.TRAPPED, 1),
        (FigureKind.INJURED, 2),
        (FigureKind.EVACUATED, 500),
    }
    assert logged.proposal.near_miss
    assert logged.proposal.proposed.level is None
    assert "hazmat" in logged.playbooks
    kept = await reports.report(desk.reader, logged.report)
    assert (kept.text, kept.town, kept.incident) == (CHLORINE, "陶家", logged.incident)
    assert (await verify(desk.reader)).ok


async def test_the_statutory_clocks_run_strictest_first(desk: Desk, actor: Actor) -> None:
    logged = await chlorine_call(desk, actor)

    dues = [timer.due for timer in logged.timers]
    assert dues == sorted(dues)
    by_rule = {timer.rule: timer for timer in logged.timers}
    assert by_rule["WSA_EMB_2H"].due == desk.clock.now() + timedelta(hours=2)
    assert by_rule["WSA_EMB_2H"].verified
    assert not by_rule["LOCAL_PHONE_30M"].verified
    assert "CQ_GOV_1H" not in by_rule


async def test_two_become_three_and_the_confirmed_grade_tightens_the_clocks(
    desk: Desk, actor: Actor, chief: Actor, clock: ManualClock
) -> None:
    first = await log_report(
        desk, actor, ReportForm(text="二郎在建工地塔吊倒塌，造成2人死亡。", occurred_at=clock.now())
    )
    assert first.incident is not None
    assert first.proposal.proposed.level == Level.ORDINARY
    await incidents.grade(desk, chief, first.incident, Level.ORDINARY)
    clock.advance(timedelta(minutes=20))

    second = await log_report(
        desk, actor, ReportForm(text="续报：死亡人数由2人上升至3人。", incident=first.incident)
    )
    assert second.proposal.proposed.level == Level.RELATIVELY_SERIOUS
    rules = {timer.rule for timer in second.timers}
    assert {"FOLLOWUP_CHANGE", "GRADE_CONFIRM"} <= rules
    assert "CQ_GOV_1H" not in rules, "a person's grade stands until a person changes it"

    graded = await incidents.grade(desk, chief, first.incident, Level.RELATIVELY_SERIOUS)
    by_rule = {timer.rule: timer for timer in graded.timers}
    assert by_rule["CQ_GOV_1H"].due == clock.now() + timedelta(minutes=40), "counted from the occurrence"
    assert by_rule["WSA_EMB_PHONE_1H"].due == clock.now() + timedelta(hours=1), "from when the desk was told"
    assert "GRADE_CONFIRM" not in by_rule


async def test_a_deadline_met_in_time_is_met_and_a_late_one_asks_for_its_reason(
    desk: Desk, actor: Actor, clock: ManualClock
) -> None:
    logged = await chlorine_call(desk, actor)
    by_rule = {timer.rule: timer.id for timer in logged.timers}

    assert (await timers.meet(desk, actor, by_rule["LOCAL_PHONE_30M"])).state == TimerState.MET

    clock.advance(timedelta(hours=3))
    with pytest.raises(Refused, match="reason"):
        await timers.meet(desk, actor, by_rule["WSA_EMB_2H"])
    late = await timers.meet(desk, actor, by_rule["WSA_EMB_2H"], reason="线路中断")
    assert (late.state, late.reason) == (TimerState.MISSED, "线路中断")
    assert late.late == timedelta(hours=1)
    with pytest.raises(Refused, match="already"):
        await timers.meet(desk, actor, by_rule["WSA_EMB_2H"])


async def test_closing_tells_what_was_missed_and_what_was_called_off(
    desk: Desk, actor: Actor, clock: ManualClock
) -> None:
    logged = await chlorine_call(desk, actor)
    assert logged.incident is not None
    clock.advance(timedelta(minutes=45))

    closed = await incidents.close(desk, actor, logged.incident, reason="误报")

    assert [timer.rule for timer in closed.missed] == ["LOCAL_PHONE_30M"]
    assert {timer.rule for timer in closed.cancelled} >= {"WSA_EMB_2H", "LOCAL_WRITTEN_60M"}
    with pytest.raises(Refused, match="reopen"):
        await log_report(desk, actor, ReportForm(text="续报：无变化", incident=logged.incident))
    again = await incidents.reopen(desk, actor, logged.incident)
    assert {timer.rule for timer in again} >= {"WSA_EMB_2H", "LOCAL_WRITTEN_60M"}


async def test_a_report_that_fits_no_type_waits_unfiled_with_a_clock_of_its_own(
    desk: Desk, actor: Actor
) -> None:
    logged = await log_report(desk, actor, ReportForm(text="喂，你们快来，出事了！"))
    assert logged.incident is None
    assert [timer.rule for timer in logged.timers] == ["FILE_REPORT"]

    filed = await file_report(desk, actor, logged.report, None, event_type="fire")

    assert filed.incident is not None
    clocks_now = await timer_views.timers(desk.reader, states=[TimerState.MET])
    assert [timer.rule for timer in clocks_now] == ["FILE_REPORT"]


async def test_a_call_from_a_town_of_the_hi_tech_zone_is_logged_and_routed(desk: Desk, actor: Actor) -> None:
    logged = await log_report(desk, actor, ReportForm(text="白市驿镇一仓库起火，无人员被困。"))
    assert logged.routing == "hi-tech-zone"
    assert "RELAY_ROUTED" in {timer.rule for timer in logged.timers}


UNTOLD = "白市驿镇出事了，快来人！"


async def _relays(desk: Desk) -> list[tuple[TimerState, int | None]]:
    every = await timer_views.timers(desk.reader, states=list(TimerState))
    return [(t.state, t.incident) for t in sorted(every, key=lambda t: t.id) if t.rule == "RELAY_ROUTED"]


async def test_a_call_nobody_can_type_is_relayed_to_who_runs_the_place_all_the_same(
    desk: Desk, actor: Actor
) -> None:
    logged = await log_report(desk, actor, ReportForm(text=UNTOLD))
    assert (logged.type, logged.incident, logged.routing) == ("", None, "hi-tech-zone")
    assert {timer.rule for timer in logged.timers} == {"FILE_REPORT", "RELAY_ROUTED"}
    relay = next(timer for timer in logged.timers if timer.rule == "RELAY_ROUTED")
    assert (relay.report, relay.due) == (logged.report, desk.clock.now() + timedelta(minutes=10))

    filed = await file_report(desk, actor, logged.report, None, event_type="fire")

    assert [t.id for t in filed.timers if t.rule == "RELAY_ROUTED"] == [relay.id]
    assert await _relays(desk) == [(TimerState.ARMED, filed.incident)]
    met = await timer_views.timers(desk.reader, states=[TimerState.MET])
    assert [timer.rule for timer in met] == ["FILE_REPORT"]


async def test_a_report_relayed_while_it_waited_is_not_to_be_relayed_again(desk: Desk, actor: Actor) -> None:
    logged = await log_report(desk, actor, ReportForm(text=UNTOLD))
    relay = next(timer for timer in logged.timers if timer.rule == "RELAY_ROUTED")
    await timers.meet(desk, actor, relay.id)

    filed = await file_report(desk, actor, logged.report, None, event_type="fire")

    assert await _relays(desk) == [(TimerState.MET, filed.incident)]


async def test_a_report_filed_under_an_incident_with_its_own_relay_leaves_one(
    desk: Desk, actor: Actor
) -> None:
    fire = await log_report(desk, actor, ReportForm(text="白市驿镇一仓库起火，无人员被困。"))
    waiting = await log_report(desk, actor, ReportForm(text=UNTOLD))

    filed = await file_report(desk, actor, waiting.report, fire.incident)

    assert await _relays(desk) == [(TimerState.ARMED, fire.incident), (TimerState.CANCELLED, None)]
    assert filed.cancelled == ("RELAY_ROUTED",)
    [ended] = filed.called_off
    assert ended.reason == "the incident has a clock of its own for it"
    entry = json.loads((await journal.tail(desk.reader, limit=1))[0].payload)
    assert entry["called_off"] == [
        {"timer": ended.timer, "rule": "RELAY_ROUTED", "reason": ended.reason},
    ]


async def test_an_officers_own_figure_wins_over_the_one_read_out_of_the_text(
    desk: Desk, actor: Actor
) -> None:
    from dutydesk.model.figures import Figure

    logged = await chlorine_call(desk, actor, figures=(Figure(FigureKind.INJURED, 4),))
    assert {f.kind: f.value for f in logged.figures}[FigureKind.INJURED] == 4


async def test_a_correction_takes_the_corrected_reports_figures_out_of_the_count(
    desk: Desk, actor: Actor
) -> None:
    first = await log_report(desk, actor, ReportForm(text="华福路两车相撞，死亡3人。"))
    assert first.proposal.proposed.level == Level.RELATIVELY_SERIOUS
    second = await log_report(
        desk,
        actor,
        ReportForm(text="更正：死亡1人。", incident=first.incident, corrects=first.report),
    )
    assert second.proposal.proposed.level == Level.ORDINARY
    assert (await reports.report(desk.reader, first.report)).text == "华福路两车相撞，死亡3人。"


async def test_a_correction_that_names_no_incident_is_about_what_the_corrected_report_is_about(
    desk: Desk, actor: Actor
) -> None:
    first = await log_report(desk, actor, ReportForm(text="华福路两车相撞，死亡3人。"))
    for opens in (True, False):
        second = await log_report(
            desk,
            actor,
            ReportForm(text="更正：华福路车祸，死亡1人。", corrects=first.report, opens_incident=opens),
        )
        assert second.incident == first.incident
        assert second.proposal.proposed.level == Level.ORDINARY


async def test_a_correction_under_another_incident_is_refused(desk: Desk, actor: Actor) -> None:
    first = await log_report(desk, actor, ReportForm(text="华福路两车相撞，死亡3人。"))
    other = await log_report(desk, actor, ReportForm(text="二郎在建工地塔吊倒塌，造成2人死亡。"))
    correction = ReportForm(text="更正：死亡1人。", corrects=first.report, incident=other.incident)

    with pytest.raises(Refused, match=f"Report {first.report} is under incident {first.incident}"):
        await log_report(desk, actor, correction)

    assert len(await reports.reports(desk.reader)) == 2


async def test_a_correction_of_a_drill_is_a_drill(desk: Desk, actor: Actor) -> None:
    drill = await chlorine_call(desk, actor, drill=True)
    real = await chlorine_call(desk, actor)
    with pytest.raises(Refused, match="with --drill"):
        await chlorine_call(desk, actor, corrects=drill.report)
    with pytest.raises(Refused, match="without --drill"):
        await chlorine_call(desk, actor, corrects=real.report, drill=True)


async def test_a_report_that_waits_is_filed_where_its_correction_is(desk: Desk, actor: Actor) -> None:
    waiting = await log_report(desk, actor, ReportForm(text="出事了，死亡3人！"))
    other = await log_report(desk, actor, ReportForm(text="二郎在建工地塔吊倒塌，造成2人死亡。"))
    correction = await log_report(
        desk, actor, ReportForm(text="更正：华福路两车相撞，死亡1人。", corrects=waiting.report)
    )
    again = await log_report(
        desk, actor, ReportForm(text="更正：华福路两车相撞，死亡2人。", corrects=waiting.report)
    )
    assert (waiting.incident, again.incident) == (None, correction.incident)
    with pytest.raises(Refused, match="belongs with what it corrects"):
        await file_report(desk, actor, waiting.report, other.incident)

    filed = await file_report(desk, actor, waiting.report, None)

    assert filed.incident == correction.incident
    assert filed.proposal.proposed.level == Level.ORDINARY


async def test_a_drill_never_mixes_with_the_real_thing(desk: Desk, actor: Actor) -> None:
    real = await chlorine_call(desk, actor)
    with pytest.raises(Refused, match="drill"):
        await chlorine_call(desk, actor, incident=real.incident, drill=True)
    drill = await chlorine_call(desk, actor, drill=True)
    assert all(timer.drill for timer in drill.timers)
    with pytest.raises(Refused, match="drill"):
        await chlorine_call(desk, actor, incident=drill.incident)


async def test_who_may_only_read_changes_nothing(desk: Desk, supervisor: Actor) -> None:
    with pytest.raises(NotAllowed, match="赵刚"):
        await chlorine_call(desk, supervisor)
    assert await reports.reports(desk.reader) == []


@pytest.mark.parametrize("text", ["", "  \n ", "\t"])
async def test_a_report_without_words_is_refused(desk: Desk, actor: Actor, text: str) -> None:
    with pytest.raises(BadInput):
        await log_report(desk, actor, ReportForm(text=text))


async def test_markup_and_control_characters_are_kept_and_do_nothing(desk: Desk, actor: Actor) -> None:
    nasty = "[/紧急] 陶家\x1b[31m起火\x00\x07，'; DROP TABLE report; -- {{7*7}}"
    logged = await log_report(
        desk, actor, ReportForm(text=nasty, type="fire", caller=nasty, phone=nasty, place=nasty)
    )
    kept = await reports.report(desk.reader, logged.report)
    assert kept.text == "[/紧急] 陶家␛[31m起火␀␇，'; DROP TABLE report; -- {{7*7}}"
    assert "\x1b" not in kept.caller + kept.phone + kept.place
    assert (await verify(desk.reader)).ok


async def test_a_playbook_is_walked_and_its_report_step_meets_the_deadline(
    desk: Desk, actor: Actor, chief: Actor, clock: ManualClock
) -> None:
    logged = await chlorine_call(desk, actor)
    assert logged.incident is not None
    await import_contacts(
        desk,
        chief,
        [ContactEntry("陶家镇值班", "陶家镇", groups=("townships",), addresses=(("hook", "tj"),))],
    )
    started = await runs.start(desk, actor, logged.incident, "hazmat")
    assert started.walk.done == 0
    with pytest.raises(Refused, match="already walks"):
        await runs.start(desk, actor, logged.incident, "hazmat")

    reporting = next(step for step in started.walk.playbook.steps() if "LOCAL_PHONE_30M" in step.meets)
    walked = started
    for _ in range(60):
        current = walked.walk
        if current.steps[reporting.id].open:
            break
        step = current.steps[current.next_step].step
        walked = await _work(desk, actor, walked, step.id)
    met = await runs.do(desk, actor, started.run, reporting.id)
    assert "LOCAL_PHONE_30M" in {timer.rule for timer in met.settled}
    entry = (await journal.tail(desk.reader, limit=1))[0]
    assert (entry.action, entry.subject) == ("run.done", f"run:{started.run}")


async def _work(desk: Desk, actor: Actor, walked: runs.Walked, step_id: str) -> runs.Walked:
    """One step, in whatever way its kind asks for."""
    from dutydesk.model.enums import FactType, StepKind

    step = walked.walk.steps[step_id].step
    if step.kind is StepKind.ASK:
        fact = walked.walk.playbook.facts_by_id()[step.fact]
        value = {
            FactType.NUMBER: "1",
            FactType.BOOLEAN: "是",
            FactType.TEXT: "液氯",
            FactType.TIME: "2026-11-23T02:40:00+08:00",
            FactType.CHOICE: fact.options[0].id if fact.options else "",
        }[fact.type]
        return await runs.answer(desk, actor, walked.run, step_id, value)
    if step.kind is StepKind.NOTIFY:
        return await runs.do(desk, actor, walked.run, step_id, value="已电话通知")
    return await runs.do(desk, actor, walked.run, step_id)


async def test_a_wrong_number_is_told(desk: Desk, actor: Actor) -> None:
    with pytest.raises(NotFound):
        await incidents.grade(desk, actor, 99, Level.ORDINARY)
    with pytest.raises(NotFound):
        await timers.meet(desk, actor, 99)


async def test_a_circumstance_that_grades_by_itself_is_read_and_remembered(desk: Desk, actor: Actor) -> None:
    first = await log_report(
        desk, actor, ReportForm(text="西彭一工厂门座起重机整体倾覆，无人员伤亡。", type="special_equipment")
    )
    assert first.proposal.proposed.level == Level.RELATIVELY_SERIOUS
    second = await log_report(
        desk, actor, ReportForm(text="续报：现场已封控。", incident=first.incident, type="special_equipment")
    )
    assert second.proposal.proposed.level == Level.RELATIVELY_SERIOUS
