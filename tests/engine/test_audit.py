"""Given a loop of the engine that does not do its work, when the self-audit looks, then that is said once and
aloud."""

from __future__ import annotations

from datetime import timedelta

from dutydesk.desk.engine.process import status
from dutydesk.desk.notices.sending import claim
from dutydesk.desk.timers.firing import fire_due
from dutydesk.engine.audit import audit
from dutydesk.engine.work import Work
from dutydesk.model.clock import ManualClock
from dutydesk.store.tables import DeliveryRow
from tests.engine.rows import OFFICER, arm, journal, notice, timer_row


async def test_a_timer_that_is_not_fired_or_not_escalated_is_told_once(
    work: Work, clock: ManualClock
) -> None:
    unfired, _ = await arm(
        work.desk, timer_row(clock.now()), timer_row(clock.now(), state="met", next_at=None)
    )
    clock.advance(timedelta(seconds=5))
    assert await audit(work, frozenset()) == frozenset()
    clock.advance(timedelta(seconds=1))
    found = await audit(work, frozenset())
    assert await audit(work, found) == found == {("timers", unfired)}
    assert await journal(work.desk, "engine.overdue") == [{"timers": [unfired]}]
    await fire_due(work.desk, work.actor, work.me)
    assert await audit(work, frozenset()) == {("timers", unfired)}, "fired, and nobody was told"


async def test_a_delivery_that_grew_old_and_was_not_put_aside_is_told(work: Work, clock: ManualClock) -> None:
    (number,) = await notice(work.desk)
    clock.advance(timedelta(minutes=31))
    assert await audit(work, frozenset()) == frozenset()
    clock.advance(timedelta(seconds=1))
    assert await audit(work, frozenset()) == {("deliveries", number)}


async def test_a_delivery_that_is_long_in_sending_is_told(work: Work, clock: ManualClock) -> None:
    (number,) = await notice(work.desk)
    await claim(
        work.desk,
        work.actor,
        work.me,
        room={},
        other_room=1,
        stale_after=work.stale_after,
        lease=timedelta(minutes=15),
    )
    clock.advance(timedelta(minutes=5))
    assert await audit(work, frozenset()) == frozenset()
    clock.advance(timedelta(seconds=1))
    found = await audit(work, frozenset())
    assert await audit(work, found) == found == {("sending", number)}
    assert await journal(work.desk, "engine.overdue") == [{"sending": [number]}]


async def test_what_waits_to_be_tried_again_counts_as_queued(work: Work, wall: ManualClock) -> None:
    doubtful, over = await notice(work.desk, count=2)
    async with (await work.desk.store()).transaction(OFFICER) as tx:
        for number in (doubtful, over):
            (await tx.get(DeliveryRow, number)).state = "unknown"
        (await tx.get(DeliveryRow, over)).next_at = None
        tx.journal("deliveries.recorded", "deliveries", {})
    assert (await status(work.desk, wall=wall)).queued == 1
