"""Given a report on record, when a correction states one thing anew, then the rest of it stands."""

from __future__ import annotations

from dutydesk.desk.desk import Desk
from dutydesk.desk.intake.reports import LoggedReport, ReportForm, log_report
from dutydesk.desk.views.incidents import whole_incident
from dutydesk.desk.views.work import work
from dutydesk.model.enums import FigureKind, Level
from dutydesk.model.officers import Actor
from dutydesk.rules.figures import current

CRANE = "二郎在建工地塔吊倒塌，造成3人死亡、2人受伤。"


async def _corrected(desk: Desk, actor: Actor, what: LoggedReport, text: str) -> LoggedReport:
    return await log_report(desk, actor, ReportForm(text=text, corrects=what.report))


async def _counting(desk: Desk, incident: int | None) -> dict[FigureKind, float | None]:
    """What counts as the screen and the reports upward see it."""
    whole = await whole_incident(desk, incident or 0)
    return {figure.kind: figure.value for figure in current(whole.figures)}


async def test_a_correction_of_the_place_alone_takes_back_no_dead(desk: Desk, actor: Actor) -> None:
    first = await log_report(desk, actor, ReportForm(text=CRANE))
    before = {timer.rule for timer in first.timers}

    second = await _corrected(desk, actor, first, "更正：地点是渝州路。")

    assert second.proposal.proposed.level == Level.RELATIVELY_SERIOUS
    assert {timer.rule for timer in second.timers} == before
    assert await _counting(desk, first.incident) == {FigureKind.DEATHS: 3, FigureKind.INJURED: 2}


async def test_a_correction_of_one_number_leaves_the_others(desk: Desk, actor: Actor) -> None:
    first = await log_report(desk, actor, ReportForm(text=CRANE))
    await _corrected(desk, actor, first, "更正：死亡1人。")
    assert await _counting(desk, first.incident) == {FigureKind.DEATHS: 1, FigureKind.INJURED: 2}


async def test_a_number_is_taken_back_across_a_correction_that_does_not_speak_of_it(
    desk: Desk, actor: Actor
) -> None:
    first = await log_report(desk, actor, ReportForm(text=CRANE))
    place = await _corrected(desk, actor, first, "更正：地点是渝州路。")

    third = await _corrected(desk, actor, place, "更正：死亡1人。")

    assert third.proposal.proposed.level == Level.ORDINARY
    assert await _counting(desk, first.incident) == {FigureKind.DEATHS: 1, FigureKind.INJURED: 2}


async def test_a_correction_that_states_the_same_dead_again_is_no_change_of_casualties(
    desk: Desk, actor: Actor
) -> None:
    first = await log_report(desk, actor, ReportForm(text=CRANE))
    second = await _corrected(desk, actor, first, "更正：渝州路工地塔吊倒塌，造成3人死亡、2人受伤。")
    assert "FOLLOWUP_CHANGE" not in {timer.rule for timer in second.timers}


async def test_a_circumstance_stands_until_a_correction_tells_anew_what_has_happened(
    desk: Desk, actor: Actor
) -> None:
    leak = await log_report(desk, actor, ReportForm(text="陶家段液氯槽车侧翻，火势威胁加油站。"))
    assert leak.proposal.near_miss
    place = await _corrected(desk, actor, leak, "更正：地点是西彭。")
    assert place.proposal.near_miss
    anew = await _corrected(desk, actor, place, "更正：西彭一辆液氯槽车侧翻，无泄漏，周边无设施。")
    assert not anew.proposal.near_miss


async def test_what_goes_upward_tells_the_call_and_what_was_put_right(desk: Desk, actor: Actor) -> None:
    first = await log_report(desk, actor, ReportForm(text=CRANE))
    assert first.incident is not None
    await _corrected(desk, actor, first, "更正：地点是渝州路。")
    assert (await work(desk, first.incident)).narrative == f"{CRANE}更正：地点是渝州路。"
    anew = "更正：渝州路工地塔吊倒塌，造成1人死亡。"
    await _corrected(desk, actor, first, anew)
    assert (await work(desk, first.incident)).narrative == anew
