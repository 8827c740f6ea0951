"""Given deliveries that have waited for long, when nothing was sent meanwhile, then a person decides; when
the engine was at work, they go out in their turn."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random

import pytest

from dutydesk.desk.desk import Desk
from dutydesk.desk.engine.processes import Holder
from dutydesk.desk.notices.deliveries import resend
from dutydesk.desk.notices.holding import hold
from dutydesk.desk.notices.receipts import Sent, record
from dutydesk.desk.notices.sending import claim, set_stale_aside
from dutydesk.engine.audit import audit
from dutydesk.engine.work import Work
from dutydesk.home.private import write_private
from dutydesk.model.clock import ManualClock
from dutydesk.model.enums import Outcome
from dutydesk.model.notices import Receipt
from dutydesk.model.officers import Actor
from dutydesk.notify.retry import RetryPolicy
from tests.engine.rows import OFFICER, all_in, delivery, notice, until
from tests.engine.running import channels, outbox_of
from tests.notify.sinks import Sink

STALE = timedelta(minutes=30)


async def test_what_waits_while_the_engine_works_is_not_stale(
    desk: Desk, engine: Actor, me: Holder, clock: ManualClock
) -> None:
    first, second, third = await notice(desk, count=3)
    clock.advance(timedelta(hours=1))
    (newer,) = await notice(desk)
    lately = clock.now() - STALE + timedelta(seconds=1)
    assert await set_stale_aside(desk, engine, me, stale_after=STALE, at_work=lately) == ()
    claimed = await claim(
        desk, engine, me, room={}, other_room=1, stale_after=STALE, lease=STALE, at_work=lately
    )
    assert [one.delivery for one in claimed] == [first]
    clock.advance(timedelta(seconds=1))
    claimed = await claim(
        desk, engine, me, room={}, other_room=9, stale_after=STALE, lease=STALE, at_work=lately
    )
    assert [one.delivery for one in claimed] == [newer]
    assert await set_stale_aside(desk, engine, me, stale_after=STALE, at_work=lately) == (second, third)


@pytest.fixture
def paced(work: Work, sink: Sink, tmp_path: Path) -> Work:
    """An engine whose only channel lets out five a second."""
    write_private(tmp_path / "channels.yaml", channels(sink, extra=", rate: 5"))
    return work


async def test_a_backlog_behind_a_rate_goes_on_being_sent(
    paced: Work, sink: Sink, clock: ManualClock
) -> None:
    """Of the desk's time, 72 seconds pass with each that arrives."""
    numbers = await notice(paced.desk, count=45, prefix="n")
    began = clock.now()
    async with outbox_of(paced):
        for arrived in range(1, 46):
            await until(partial(_arrived, sink, arrived))
            clock.at = began + arrived * timedelta(seconds=72)
            assert "deliveries" not in {what for what, _ in await audit(paced, frozenset())}
        await until(lambda: all_in(paced.desk, numbers, "accepted"))
    assert clock.now() - began > STALE
    assert len(sink.taken) == 45


async def test_what_waits_for_its_turn_does_not_say_that_it_waits_for_the_channels(
    paced: Work, sink: Sink
) -> None:
    numbers = await notice(paced.desk, count=45, prefix="n")
    await hold(paced.desk, paced.actor, paced.me)
    async with outbox_of(paced):
        await until(lambda: _arrived(sink, 1))
        reasons = {(await delivery(paced.desk, number)).reason for number in numbers[-5:]}
    assert reasons == {""}


async def test_what_grew_old_while_the_machine_slept_is_put_aside_before_the_next_claim(
    paced: Work, sink: Sink, clock: ManualClock
) -> None:
    numbers = await notice(paced.desk, count=45, prefix="n")
    async with outbox_of(paced):
        await until(lambda: _arrived(sink, 2))
        clock.advance(timedelta(hours=2))
        (fresh,) = await notice(paced.desk, prefix="fresh")
        await until(lambda: all_in(paced.desk, [fresh], "accepted"))
    states = [(await delivery(paced.desk, number)).state for number in numbers]
    assert set(states[-10:]) == {"stale"}
    assert set(states) <= {"accepted", "stale", "unknown"}, "what was in the lane does not begin anew"
    assert len(sink.taken) == states.count("accepted") + 1


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (None, "stale"),
        (Outcome.TRY_AGAIN, "stale"),
        (Outcome.UNKNOWN, "unknown"),
        (Outcome.ACCEPTED, "accepted"),
    ],
)
async def test_what_ends_after_the_machine_slept_over_it_does_not_go_again_by_itself(
    desk: Desk, engine: Actor, me: Holder, clock: ManualClock, outcome: Outcome | None, state: str
) -> None:
    (number,) = await notice(desk)
    (claimed,) = await claim(desk, engine, me, room={}, other_room=1, stale_after=STALE, lease=STALE)
    clock.advance(STALE)
    sent = Sent(claimed, None if outcome is None else Receipt(outcome, "busy"), clock.now())
    await record(desk, engine, me, [sent], policies={"sms": RetryPolicy()}, rng=Random(1), stale_after=STALE)
    row = await delivery(desk, number)
    assert (row.state, row.next_at) == (state, None)
    if state != "accepted":
        assert await resend(desk, OFFICER, [number]) == 1


async def test_after_a_start_the_last_attempt_on_record_says_since_when_nothing_was_sent(
    paced: Work, sink: Sink, clock: ManualClock
) -> None:
    numbers = await notice(paced.desk, count=3, prefix="n")
    clock.advance(timedelta(minutes=25))
    await claim(
        paced.desk, paced.actor, paced.me, room={}, other_room=1, stale_after=STALE, lease=timedelta(hours=9)
    )
    clock.advance(timedelta(minutes=10))
    async with outbox_of(paced):
        await until(lambda: all_in(paced.desk, numbers, "accepted"))


async def test_a_channel_that_sends_nothing_while_another_does_is_told_by_the_audit(
    work: Work, clock: ManualClock
) -> None:
    (stuck,) = await notice(work.desk, channel="fax")
    clock.advance(timedelta(minutes=31, seconds=1))
    await notice(work.desk, count=2)
    await claim(work.desk, work.actor, work.me, room={"fax": 0}, other_room=1, stale_after=STALE, lease=STALE)
    assert await audit(work, frozenset()) == {("deliveries", stuck)}


async def _arrived(sink: Sink, count: int) -> bool:
    return len(sink.taken) >= count
