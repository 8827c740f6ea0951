"""Given an incident being worked, when it is read whole, then everything about it is there, in words."""

from __future__ import annotations

from datetime import timedelta

from dutydesk.desk.desk import Desk
from dutydesk.desk.incidents import incidents
from dutydesk.desk.intake.reports import ReportForm, log_report
from dutydesk.desk.runs import runs
from dutydesk.desk.runs.step_answer import typed_answer
from dutydesk.desk.runs.step_text import step_text
from dutydesk.desk.views.work import choosable, work
from dutydesk.model.clock import ManualClock
from dutydesk.model.enums import FactType, Level
from dutydesk.model.officers import Actor
from dutydesk.model.text import Text
from dutydesk.playbooks.playbook import FactDef

CALL = "成渝环线陶家段一辆液氯槽车侧翻泄漏，驾驶员被困，1人死亡，正紧急疏散下风向村民五百余人。"


async def test_an_incident_is_read_whole(desk: Desk, actor: Actor, clock: ManualClock) -> None:
    logged = await log_report(desk, actor, ReportForm(text=CALL, occurred_at=clock.now()))
    assert logged.incident is not None
    assert [each.id for each in (await work(desk, logged.incident)).offered if each.fits] == ["hazmat"]
    walked = await runs.start(desk, actor, logged.incident, "hazmat")
    clock.advance(timedelta(minutes=1))
    await runs.answer(desk, actor, walked.run, "ask_product", "1")
    await incidents.note(desk, actor, logged.incident, "[/紧急]")

    whole = await work(desk, logged.incident)
    assert {each.rule for each in whole.basis} >= {"work_safety.deaths.4"}
    assert whole.narrative == CALL
    assert whole.runs[0].walk.facts["product"] == "chlorine"
    assert "hazmat" not in {each.id for each in whole.offered}
    told = [(line.kind, line.what, line.about, line.value or line.text) for line in whole.timeline]
    assert ("journal", "run.answered", "ask_product", "chlorine") in told
    assert ("note", "", "", "[/紧急]") in told
    assert told[-1][0] == "report"
    assert [each.id for each in await choosable(desk)] == [logged.incident]


async def test_what_others_have_to_report_is_shown_and_no_clock_runs_for_it(
    desk: Desk, actor: Actor, clock: ManualClock
) -> None:
    logged = await log_report(desk, actor, ReportForm(text=CALL, occurred_at=clock.now()))
    assert logged.incident is not None
    whole = await work(desk, logged.incident)
    unit = next(each for each in whole.duties_of_others if each.rule == "WSA_UNIT_1H")
    assert (unit.limit, unit.anchor, unit.verified) == (timedelta(hours=1), "occurred", True)
    assert unit.receiver == Text("区应急局、行业主管部门", "district emergency bureau, sector regulator")
    assert not {each.rule for each in whole.duties_of_others} & {each.rule for each in whole.timers}
    await incidents.grade(desk, actor, logged.incident, Level.SERIOUS, reason="")
    graded = {each.rule for each in (await work(desk, logged.incident)).duties_of_others}
    assert "WSA_UNIT_PROV_1H" in graded
    assert "SE_CHANGE_24H" not in graded


async def test_what_to_read_out_is_filled_in_and_unknown_is_said(desk: Desk, actor: Actor) -> None:
    logged = await log_report(desk, actor, ReportForm(text=CALL))
    assert logged.incident is not None
    walked = await runs.start(desk, actor, logged.incident, "hazmat")
    whole = await work(desk, logged.incident)
    walk = whole.runs[0].walk
    said = await step_text(desk, whole, walk, walk.steps["phone_report"], officer=actor.name, language="zh")
    assert walked.run == whole.runs[0].run
    assert "死亡1人" in said.text
    assert "失联、重伤、受伤、涉险人数待核实" in said.text
    assert CALL in said.text
    assert actor.name in said.text


async def test_an_answer_is_read_out_in_words_and_what_was_burnt_is_reported(
    desk: Desk, actor: Actor
) -> None:
    told = "二郎街道玉清寺后山起火，过火面积1.2公顷"
    logged = await log_report(desk, actor, ReportForm(text=told, type="forest_fire", town="二郎"))
    assert logged.incident is not None
    run = (await runs.start(desk, actor, logged.incident, "forest_fire")).run
    await runs.answer(desk, actor, run, "ask_power_line", "3")
    whole = await work(desk, logged.incident)
    walk = whole.runs[0].walk

    async def read_out(step: str) -> str:
        return (await step_text(desk, whole, walk, walk.steps[step], officer="", language="zh")).text

    assert "高压线：不清楚（按“是”处理）；输气管线或加油站：待核实" in await read_out("municipal_hq")
    for step in ("disaster_report", "daily_losses", "verified_losses", "first_followup", "final_report"):
        assert "。过火面积1.2公顷。" in await read_out(step), step


async def test_a_time_is_answered_short(desk: Desk, clock: ManualClock) -> None:
    fact = FactDef("since", FactType.TIME, Text("几时起"))
    assert typed_answer(desk, fact, "-20m") == (clock.now() - timedelta(minutes=20)).isoformat()
