"""Given clocks that run, when the incident moves on beneath them, then none of them ends in silence."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import update

from dutydesk.desk.desk import Desk
from dutydesk.desk.incidents import incidents
from dutydesk.desk.intake.filing import file_report
from dutydesk.desk.intake.reports import ReportForm, log_report
from dutydesk.desk.notices import broadcasts
from dutydesk.desk.notices.broadcasts import NoticeForm
from dutydesk.desk.people.contacts import ContactEntry, import_contacts
from dutydesk.desk.runs import runs
from dutydesk.desk.timers import timers
from dutydesk.desk.views.incidents import whole_incident
from dutydesk.model.clock import ManualClock
from dutydesk.model.enums import Level, RunStatus, TimerKind, TimerState
from dutydesk.model.errors import BadInput, Refused
from dutydesk.model.officers import Actor
from dutydesk.store.tables import TimerRow
from dutydesk.store.views import journal
from dutydesk.store.views import timers as timer_views

TOWNSHIP = ContactEntry("陶家镇值班室", groups=("townships",), addresses=(("sink", "town-1"),))


async def _an_incident(desk: Desk, actor: Actor, text: str = "二郎在建工地塔吊倒塌，造成2人死亡。") -> int:
    logged = await log_report(desk, actor, ReportForm(text=text, occurred_at=desk.clock.now()))
    assert logged.incident is not None
    return logged.incident


async def _a_notice_out(desk: Desk, actor: Actor, chief: Actor, incident: int) -> int:
    await import_contacts(desk, chief, (TOWNSHIP,))
    drafted = await broadcasts.draft(
        desk,
        actor,
        NoticeForm(("townships",), "立即组织下风向群众转移。", drill=False, incident=incident, confirm=True),
    )
    await broadcasts.approve(desk, chief, drafted.broadcast)
    await broadcasts.release(desk, actor, drafted.broadcast)
    return drafted.broadcast


async def test_an_unconfirmed_notice_keeps_its_clock_when_a_follow_up_or_a_grade_comes_in(
    desk: Desk, actor: Actor, chief: Actor, clock: ManualClock
) -> None:
    incident = await _an_incident(desk, actor)
    await _a_notice_out(desk, actor, chief, incident)

    clock.advance(timedelta(minutes=2))
    await log_report(desk, actor, ReportForm(text="续报：现场已设警戒。", incident=incident))
    await incidents.grade(desk, chief, incident, Level.RELATIVELY_SERIOUS)

    notices = [t for t in await timer_views.timers(desk.reader) if t.kind is TimerKind.NOTICE]
    assert [timer.state for timer in notices] == [TimerState.ARMED]


async def test_a_notice_withdrawn_from_everybody_is_not_taken_for_a_confirmed_one(
    desk: Desk, actor: Actor, chief: Actor
) -> None:
    incident = await _an_incident(desk, actor)
    notice = await _a_notice_out(desk, actor, chief, incident)

    await broadcasts.cancel(desk, actor, notice)

    notices = [t for t in await timer_views.timers(desk.reader) if t.kind is TimerKind.NOTICE]
    assert [timer.state for timer in notices] == [TimerState.CANCELLED]


async def test_a_follow_up_sent_early_is_not_the_last_for_two_days(
    desk: Desk, actor: Actor, clock: ManualClock
) -> None:
    await _an_incident(desk, actor)
    daily = next(t for t in await timer_views.timers(desk.reader) if t.rule == "FOLLOWUP_DAILY")
    clock.advance(timedelta(hours=1))

    await timers.meet(desk, actor, daily.id)

    running = await timer_views.timers(desk.reader, states=[TimerState.ARMED])
    following = next(t for t in running if t.rule == "FOLLOWUP_DAILY")
    assert following.due == clock.now() + timedelta(hours=24)


async def test_cancelling_an_overdue_duty_is_no_way_round_its_being_missed(
    desk: Desk, actor: Actor, clock: ManualClock
) -> None:
    await _an_incident(desk, actor)
    by_rule = {t.rule: t for t in await timer_views.timers(desk.reader)}
    clock.advance(by_rule["WSA_EMB_2H"].due - clock.now() + timedelta(seconds=1))

    with pytest.raises(BadInput, match="reason"):
        await timers.cancel(desk, actor, by_rule["WSA_EMB_2H"].id, reason=" ")
    late = await timers.cancel(desk, actor, by_rule["WSA_EMB_2H"].id, reason="电话打不通")
    early = await timers.cancel(desk, actor, by_rule["FOLLOWUP_DAILY"].id, reason="误报")

    assert (late.state, late.reason) == (TimerState.MISSED, "电话打不通")
    assert (early.state, early.reason) == (TimerState.CANCELLED, "误报")
    entry = (await journal.search(desk.reader, "电话打不通"))[0]
    assert json.loads(entry.payload)["state"] == "missed"
    reminder = await timers.add_reminder(desk, actor, note="回拨", after=timedelta(minutes=1))
    clock.advance(timedelta(minutes=2))
    assert (await timers.cancel(desk, actor, reminder.id, reason="已回拨")).state is TimerState.CANCELLED


async def test_reopening_takes_up_the_runs_and_the_due_times_of_their_steps(desk: Desk, actor: Actor) -> None:
    incident = await _an_incident(desk, actor, "陶家镇液氯槽车泄漏，造成1人死亡。")
    run = (await runs.start(desk, actor, incident, "hazmat")).run
    before = {t.rule for t in await timer_views.timers(desk.reader) if t.kind is TimerKind.STEP}
    await incidents.close(desk, actor, incident, reason="误报")

    again = await incidents.reopen(desk, actor, incident)

    assert {t.rule for t in again if t.kind is TimerKind.STEP} == before != set()
    assert (await runs.answer(desk, actor, run, "ask_product", "chlorine")).status is RunStatus.WALKING


async def test_the_hour_to_phone_runs_from_the_report_that_proved_the_grade_not_from_a_later_one(
    desk: Desk, actor: Actor, chief: Actor, clock: ManualClock
) -> None:
    incident = await _an_incident(desk, actor)
    await incidents.grade(desk, chief, incident, Level.ORDINARY)
    clock.advance(timedelta(minutes=20))
    await log_report(desk, actor, ReportForm(text="续报：死亡人数由2人上升至3人。", incident=incident))
    told = clock.now()
    clock.advance(timedelta(minutes=25))
    await log_report(desk, actor, ReportForm(text="续报：家属已到现场。", incident=incident))

    graded = await incidents.grade(desk, chief, incident, Level.RELATIVELY_SERIOUS)

    by_rule = {timer.rule: timer for timer in graded.timers}
    assert by_rule["WSA_EMB_PHONE_1H"].due == told + timedelta(hours=1)


async def test_reopening_brings_back_the_follow_up_that_changed_casualties_asked_for_and_the_reminder(
    desk: Desk, actor: Actor, clock: ManualClock
) -> None:
    incident = await _an_incident(desk, actor)
    clock.advance(timedelta(minutes=20))
    await log_report(desk, actor, ReportForm(text="续报：死亡人数由2人上升至3人。", incident=incident))
    await timers.add_reminder(desk, actor, note="回拨现场", after=timedelta(hours=2), incident=incident)
    running = [t for t in TimerState if t.running]
    before = {t.rule for t in await timer_views.timers(desk.reader, states=running)}
    assert {"FOLLOWUP_CHANGE", "GRADE_CONFIRM", "REMINDER"} <= before
    await incidents.close(desk, actor, incident)

    again = await incidents.reopen(desk, actor, incident)

    assert {timer.rule for timer in again} == before


async def test_undoing_a_report_that_was_never_made_lets_its_deadline_run_again(
    desk: Desk, actor: Actor, clock: ManualClock
) -> None:
    incident = await _an_incident(desk, actor, "陶家镇液氯槽车泄漏，造成1人死亡。")
    run = (await runs.start(desk, actor, incident, "hazmat")).run
    clock.advance(timedelta(minutes=5))
    done = await runs.do(desk, actor, run, "phone_report")
    assert "LOCAL_PHONE_30M" in {timer.rule for timer in done.settled}
    clock.advance(timedelta(minutes=1))

    await runs.undo(desk, actor, run, "phone_report", reason="按错了，还没有打")

    running = await timer_views.timers(desk.reader, states=[TimerState.ARMED])
    again = next(timer for timer in running if timer.rule == "LOCAL_PHONE_30M")
    assert again.due == clock.now() + timedelta(minutes=24)
    assert "LOCAL_PHONE_30M" in {t.rule for t in (await runs.do(desk, actor, run, "phone_report")).settled}


async def test_a_reminder_beyond_the_end_of_the_calendar_is_refused_in_words(
    desk: Desk, actor: Actor
) -> None:
    with pytest.raises(BadInput, match="a year ahead"):
        await timers.add_reminder(desk, actor, note="回拨", after=timedelta(days=999_999_999))


async def test_an_acknowledgement_runs_out_though_the_district_has_dropped_the_timers_policy(
    desk: Desk, actor: Actor
) -> None:
    reminder = await timers.add_reminder(desk, actor, note="回拨", after=timedelta(minutes=1))
    async with (await desk.store()).transaction(actor, journaled=False) as tx:
        table = TimerRow.__table__  # type: ignore[attr-defined]
        await tx.execute(update(table).values(policy="dropped", state=TimerState.FIRED))

    await timers.acknowledge(desk, actor, reminder.id)

    assert await desk.reader.rows("SELECT id FROM timer WHERE next_at IS NOT NULL") == [(reminder.id,)]


@pytest.mark.parametrize("state", [TimerState.ARMED, TimerState.FIRED, TimerState.ACKNOWLEDGED])
async def test_what_is_advised_where_a_deadline_cannot_be_put_off_can_be_done(
    desk: Desk, actor: Actor, state: TimerState
) -> None:
    await _an_incident(desk, actor)
    deadline = next(t for t in await timer_views.timers(desk.reader) if t.rule == "WSA_EMB_2H")
    async with (await desk.store()).transaction(actor, journaled=False) as tx:
        table = TimerRow.__table__  # type: ignore[attr-defined]
        await tx.execute(update(table).where(table.c.id == deadline.id).values(state=state))

    with pytest.raises(Refused, match="cannot be put off") as refused:
        await timers.snooze(desk, actor, deadline.id, timedelta(minutes=10))

    if "acknowledge it instead" in str(refused.value):
        await timers.acknowledge(desk, actor, deadline.id)
    else:
        assert f"timer met {deadline.id}" in str(refused.value)
        await timers.meet(desk, actor, deadline.id)


async def test_an_incident_with_a_missed_duty_is_not_closed_without_a_reason(
    desk: Desk, actor: Actor, clock: ManualClock
) -> None:
    incident = await _an_incident(desk, actor)
    clock.advance(timedelta(minutes=45))

    with pytest.raises(Refused, match="LOCAL_PHONE_30M"):
        await incidents.close(desk, actor, incident)

    assert (await incidents.close(desk, actor, incident, reason="线路中断")).missed


async def test_a_second_caller_who_saw_fewer_dead_neither_lowers_the_grade_nor_ends_a_clock(
    desk: Desk, actor: Actor, clock: ManualClock
) -> None:
    first = await log_report(
        desk,
        actor,
        ReportForm(text="二郎在建工地塔吊倒塌，造成3人死亡。", caller="王强", phone="13900000001"),
    )
    before = {timer.rule for timer in first.timers}
    clock.advance(timedelta(minutes=5))

    second = await log_report(
        desk, actor, ReportForm(text="工地死亡1人。", incident=first.incident, phone="13900000002")
    )

    assert second.proposal.proposed.level == Level.RELATIVELY_SERIOUS
    assert {timer.rule for timer in second.timers} == before
    whole = await whole_incident(desk, first.incident or 0)
    assert [(each.figure.value, each.superseded) for each in whole.figures] == [(3, False), (1, False)]
    clock.advance(timedelta(minutes=5))

    own_word = await log_report(
        desk, actor, ReportForm(text="更正，死亡2人。", incident=first.incident, caller="王强")
    )
    assert own_word.proposal.proposed.level == Level.ORDINARY


async def test_the_clocks_that_a_correction_ends_are_answered_and_kept_in_the_journal(
    desk: Desk, actor: Actor
) -> None:
    first = await log_report(desk, actor, ReportForm(text="二郎在建工地塔吊倒塌，造成3人死亡。"))

    second = await log_report(
        desk, actor, ReportForm(text="更正：死亡1人。", incident=first.incident, corrects=first.report)
    )

    assert "WSA_EMB_PHONE_1H" in second.cancelled
    assert {timer.rule for timer in second.timers}.isdisjoint(second.cancelled)
    assert second.as_document()["cancelled"] == second.cancelled
    entry = (await journal.tail(desk.reader, limit=1))[0]
    assert entry.action == "report.logged"
    kept = json.loads(entry.payload)
    assert tuple(kept["cancelled"]) == second.cancelled
    assert set(kept["armed"]) <= {timer.rule for timer in second.timers}


async def test_the_clocks_that_a_filed_report_tightens_are_answered_and_kept_in_the_journal(
    desk: Desk, actor: Actor
) -> None:
    first = await log_report(desk, actor, ReportForm(text="二郎在建工地塔吊倒塌，造成3人死亡。"))
    waiting = await log_report(
        desk,
        actor,
        ReportForm(
            text="塔吊早就倒了。",
            occurred_at=desk.clock.now() - timedelta(minutes=20),
            opens_incident=False,
        ),
    )

    filed = await file_report(desk, actor, waiting.report, first.incident)

    assert filed.tightened == ("CQ_GOV_1H",)
    assert filed.as_document()["tightened"] == filed.tightened
    entry = (await journal.tail(desk.reader, limit=1))[0]
    assert entry.action == "report.filed"
    assert json.loads(entry.payload)["tightened"] == ["CQ_GOV_1H"]


async def test_the_journal_says_which_clock_an_unfiled_report_has(desk: Desk, actor: Actor) -> None:
    await log_report(desk, actor, ReportForm(text="喂，你们快来，出事了！"))
    entry = (await journal.tail(desk.reader, limit=1))[0]
    assert json.loads(entry.payload)["armed"] == ["FILE_REPORT"]
