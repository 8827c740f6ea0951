"""However much there is, nothing that somebody still has to see to drops off the end of a list."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from dutydesk.desk.desk import Desk
from dutydesk.desk.incidents import incidents
from dutydesk.desk.intake.reports import ReportForm, log_report
from dutydesk.desk.notices import broadcasts
from dutydesk.desk.notices.broadcasts import NoticeForm
from dutydesk.desk.people.contacts import ContactEntry, import_contacts
from dutydesk.desk.views.board import PRESSING, pressing
from dutydesk.desk.views.incidents import whole_incident
from dutydesk.desk.views.timeline import timeline
from dutydesk.desk.views.work import work
from dutydesk.model.clock import ManualClock
from dutydesk.model.enums import DeliveryState
from dutydesk.model.officers import Actor
from dutydesk.store.tables import DeliveryRow, FilingRow
from tests.store.rows import report, timer

SOON = timedelta(minutes=2)
MANY = 501
"""More than an incident was once read with."""


async def _clocks(desk: Desk, actor: Actor, due: list[timedelta], **values: object) -> None:
    """Clocks that are due so long after now."""
    async with (await desk.store()).transaction(actor) as tx:
        await tx.insert([timer(tx.now, due_at=tx.now + after, **values) for after in due])
        tx.journal("timer.armed", "timers", {})


async def test_a_clock_about_to_run_out_is_told_however_many_have_run_out(
    desk: Desk, actor: Actor, clock: ManualClock
) -> None:
    overdue = [-timedelta(minutes=n) for n in range(1, 26)]
    await _clocks(desk, actor, [*overdue, timedelta(minutes=1), timedelta(minutes=3)])
    found = await pressing(desk, clock.now() + SOON)
    assert [each.due - clock.now() for each in found] == [*reversed(overdue), timedelta(minutes=1)]


async def test_of_more_than_can_be_told_those_are_left_out_that_ran_out_first(
    desk: Desk, actor: Actor, clock: ManualClock
) -> None:
    await _clocks(desk, actor, [-timedelta(minutes=n) for n in range(PRESSING + 5)])
    found = await pressing(desk, clock.now() + SOON)
    assert len(found) == PRESSING
    assert found[-1].due == clock.now()


async def test_a_running_clock_is_shown_on_an_incident_that_has_had_hundreds(
    desk: Desk, actor: Actor
) -> None:
    incident = (await log_report(desk, actor, ReportForm(text="渝州路起火", type="fire"))).incident or 0
    before = (await whole_incident(desk, incident)).timers
    past = [-timedelta(hours=n) for n in range(MANY)]
    await _clocks(desk, actor, past, incident_id=incident, state="met", next_at=None)
    await _clocks(desk, actor, [timedelta(days=9)], incident_id=incident, rule="the last one")
    running = [each.rule for each in (await work(desk, incident)).running]
    assert running[-1] == "the last one"
    assert len(running) == sum(each.state.running for each in before) + 1


async def test_an_incident_with_hundreds_of_reports_can_be_closed_by_who_has_them_all_in_view(
    desk: Desk, actor: Actor
) -> None:
    incident = (await log_report(desk, actor, ReportForm(text="渝州路起火", type="fire"))).incident or 0
    async with (await desk.store()).transaction(actor) as tx:
        more = [report(tx.now, f"续报 {n}") for n in range(MANY)]
        await tx.insert(more)
        filed = [
            FilingRow(report_id=each.id or 0, incident_id=incident, filed_at=tx.now, filed_by="wang")
            for each in more
        ]
        await tx.insert(filed)
        tx.journal("report.logged", "reports", {})
    whole = await work(desk, incident)
    assert len(whole.reports) == MANY + 1
    assert whole.narrative == "渝州路起火"
    await incidents.close(desk, actor, incident, reason="处置完毕", seen=len(whole.reports))


async def test_a_notice_that_was_refused_stays_on_its_incident_after_any_number_of_others(
    desk: Desk, actor: Actor, chief: Actor
) -> None:
    incident = (await log_report(desk, actor, ReportForm(text="渝州路起火", type="fire"))).incident or 0
    await import_contacts(desk, chief, (ContactEntry("甲", groups=("g",), addresses=(("sink", "x"),)),))
    drafted = [
        (
            await broadcasts.draft(desk, actor, NoticeForm(("g",), "转移", drill=False, incident=incident))
        ).broadcast
        for _ in range(22)
    ]
    await broadcasts.approve(desk, chief, drafted[0])
    await broadcasts.release(desk, actor, drafted[0])
    async with (await desk.store()).transaction(actor, journaled=False) as tx:
        table = DeliveryRow.__table__  # type: ignore[attr-defined]
        await tx.execute(update(table).values(state=DeliveryState.REFUSED, next_at=None))
    found = (await work(desk, incident)).notices
    assert [each.broadcast.id for each in found] == sorted(drafted, reverse=True)
    assert found[-1].counts == {DeliveryState.REFUSED: 1}
    assert [one.contact for one in found[-1].deliveries] == ["甲"]
    assert found[0].deliveries == ()


async def test_what_of_the_timeline_is_not_listed_is_counted(desk: Desk, actor: Actor) -> None:
    incident = (await log_report(desk, actor, ReportForm(text="渝州路起火", type="fire"))).incident or 0
    for n in range(4):
        await incidents.note(desk, actor, incident, f"{n}")
    none: tuple[()] = ()
    told = [
        await timeline(desk, incident, reports=none, runs=none, timers=none, notices=none, limit=limit)
        for limit in (1, 100)
    ]
    assert [older for _, older in told] == [3, 0]
    assert all(
        [line.text for line in lines if line.kind == "note"] == ["3", "2", "1", "0"] for lines, _ in told
    )
    assert (await work(desk, incident)).older == 0
