"""Given a notice that is withdrawn or corrected, then of its old text nothing more goes out, whatever the
order in which that was committed, and no delivery that may have arrived passes for one that never left."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest

from dutydesk.desk.desk import Desk
from dutydesk.desk.engine.processes import Holder
from dutydesk.desk.notices import broadcasts, standing
from dutydesk.desk.notices.deliveries import confirm, resend
from dutydesk.desk.notices.outbox import REPLACED
from dutydesk.desk.notices.receipts import Sent, record
from dutydesk.desk.notices.sending import Claimed, claim, set_stale_aside
from dutydesk.model.enums import Outcome, Role
from dutydesk.model.notices import Receipt
from dutydesk.model.officers import Actor
from dutydesk.notify.retry import RetryPolicy
from tests.engine.rows import OFFICER, delivery, notice

CHIEF = Actor(1, "wang", "王强", (Role.SHIFT_CHIEF,), "desk-1")
STALE = timedelta(minutes=30)
ONCE = {"sms": RetryPolicy(attempts=1)}
READY = "更正：原地避险。"


async def _claim(desk: Desk, engine: Actor, me: Holder) -> tuple[Claimed, ...]:
    return await claim(
        desk, engine, me, room={"sms": 100}, other_room=1, stale_after=STALE, lease=timedelta(minutes=10)
    )


async def _came_to(
    desk: Desk, engine: Actor, me: Holder, claimed: tuple[Claimed, ...], outcome: Outcome | None
) -> None:
    receipt = None if outcome is None else Receipt(outcome, "无应答")
    sent = [Sent(one, receipt, desk.clock.now()) for one in claimed]
    await record(desk, engine, me, sent, policies=ONCE, rng=Random(1))


async def _in_doubt_and_queued_again(desk: Desk, engine: Actor, me: Holder) -> int:
    """A delivery that may have arrived, and that an officer has sent again since."""
    (number,) = await notice(desk, correction_text=READY)
    await _came_to(desk, engine, me, await _claim(desk, engine, me), Outcome.UNKNOWN)
    await resend(desk, OFFICER, [number])
    row = await delivery(desk, number)
    assert (row.state, row.doubtful) == ("queued", True)
    return number


async def test_a_doubtful_delivery_of_a_withdrawn_notice_stays_unknown(
    desk: Desk, engine: Actor, me: Holder
) -> None:
    number = await _in_doubt_and_queued_again(desk, engine, me)
    (fresh,) = await notice(desk)
    assert await broadcasts.cancel(desk, CHIEF, (await delivery(desk, number)).broadcast_id) == 0
    assert await broadcasts.cancel(desk, CHIEF, (await delivery(desk, fresh)).broadcast_id) == 1
    row = await delivery(desk, number)
    assert (row.state, row.next_at, row.reason) == ("unknown", None, standing.MAY_HAVE_ARRIVED)
    assert (await delivery(desk, fresh)).state == "cancelled"
    assert await confirm(desk, OFFICER, str(number), by="镇长") == number


async def test_a_doubtful_delivery_of_a_corrected_notice_stays_unknown_and_gets_the_correction(
    desk: Desk, engine: Actor, me: Holder
) -> None:
    number = await _in_doubt_and_queued_again(desk, engine, me)
    corrected = await broadcasts.correct(desk, CHIEF, (await delivery(desk, number)).broadcast_id)
    row = await delivery(desk, number)
    assert (row.state, row.next_at, row.reason) == ("unknown", None, standing.MAY_HAVE_ARRIVED)
    (claimed,) = await _claim(desk, engine, me)
    assert (claimed.broadcast, claimed.correction) == (corrected.broadcast, True)


@pytest.mark.parametrize("outcome", [None, Outcome.TRY_AGAIN])
async def test_what_comes_back_from_the_lane_of_a_corrected_notice_says_why_it_stays(
    desk: Desk, engine: Actor, me: Holder, outcome: Outcome | None
) -> None:
    number = await _in_doubt_and_queued_again(desk, engine, me)
    (fresh,) = await notice(desk, correction_text=READY)
    claimed = await _claim(desk, engine, me)
    for one in claimed:
        await broadcasts.correct(desk, CHIEF, one.broadcast)
    await _came_to(desk, engine, me, claimed, outcome)
    row = await delivery(desk, number)
    said = standing.MAY_HAVE_ARRIVED if outcome is None else "无应答"
    assert (row.state, row.next_at, row.reason) == ("unknown", None, said)
    row = await delivery(desk, fresh)
    assert (row.state, row.next_at, row.reason) == ("cancelled", None, REPLACED)


async def test_a_doubtful_delivery_that_grew_old_stays_unknown(desk: Desk, engine: Actor, me: Holder) -> None:
    number = await _in_doubt_and_queued_again(desk, engine, me)
    desk.clock.advance(STALE)  # type: ignore[attr-defined]
    assert await set_stale_aside(desk, engine, me, stale_after=STALE) == (number,)
    assert (await delivery(desk, number)).state == "unknown"


async def test_who_may_have_it_can_confirm_it_while_it_waits_to_be_sent_again(
    desk: Desk, engine: Actor, me: Holder
) -> None:
    number = await _in_doubt_and_queued_again(desk, engine, me)
    assert await confirm(desk, OFFICER, str(number), by="镇长") == number
    assert await _claim(desk, engine, me) == ()


async def test_what_was_stale_of_a_corrected_notice_waits_for_nobody_any_more(
    desk: Desk, engine: Actor, me: Holder
) -> None:
    (number,) = await notice(desk, correction_text=READY)
    desk.clock.advance(STALE)  # type: ignore[attr-defined]
    await set_stale_aside(desk, engine, me, stale_after=STALE)
    corrected = await broadcasts.correct(desk, CHIEF, (await delivery(desk, number)).broadcast_id)
    assert corrected.recipients == 1
    row = await delivery(desk, number)
    assert (row.state, row.reason) == ("cancelled", REPLACED)
