"""Given a notice that is withdrawn or corrected, then of its old text nothing more goes out, whatever the
order in which that was committed, and no delivery that may have arrived passes for one that never left."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select

from dutydesk.desk.desk import Desk
from dutydesk.desk.engine.processes import Holder
from dutydesk.desk.notices import broadcasts, standing
from dutydesk.desk.notices.deliveries import confirm, resend
from dutydesk.desk.notices.outbox import REPLACED
from dutydesk.desk.notices.receipts import Sent, record
from dutydesk.desk.notices.sending import Claimed, claim, recover, set_stale_aside
from dutydesk.home.private import write_private
from dutydesk.model.clock import ManualClock
from dutydesk.model.enums import Outcome, Role
from dutydesk.model.notices import Receipt
from dutydesk.model.officers import Actor
from dutydesk.notify.retry import RetryPolicy
from dutydesk.store.tables import BroadcastRow, DeliveryRow
from dutydesk.store.views import waiting
from tests.engine.rows import OFFICER, all_in, delivery, journal, notice, taken_over, until
from tests.engine.running import channels, engine_over
from tests.notify.sinks import Sink

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


async def test_a_doubt_that_was_handed_back_says_why_it_is_not_sent_again(
    desk: Desk, engine: Actor, me: Holder
) -> None:
    number = await _in_doubt_and_queued_again(desk, engine, me)
    await _came_to(desk, engine, me, await _claim(desk, engine, me), None)
    row = await delivery(desk, number)
    assert (row.state, row.next_at, row.reason) == ("unknown", desk.clock.now(), "")
    await broadcasts.cancel(desk, CHIEF, row.broadcast_id)
    row = await delivery(desk, number)
    assert (row.state, row.next_at, row.reason) == ("unknown", None, standing.MAY_HAVE_ARRIVED)


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


async def _wait_again(desk: Desk, *numbers: int, state: str = "queued") -> None:
    """Deliveries that wait for their attempt, as another program's commit might have left them."""
    async with (await desk.store()).transaction(OFFICER, journaled=False) as tx:
        for number in numbers:
            row = await tx.get(DeliveryRow, number)
            row.state, row.next_at = state, tx.now
            tx.session.add(row)


@pytest.mark.parametrize("withdrawn_since", [False, True], ids=["corrected", "whose correction is withdrawn"])
async def test_what_an_engine_died_over_does_not_follow_its_own_correction(
    desk: Desk, engine: Actor, me: Holder, wall: ManualClock, *, withdrawn_since: bool
) -> None:
    (number,) = await notice(desk, correction_text=READY)
    (claimed,) = await _claim(desk, engine, me)
    correction = (await broadcasts.correct(desk, CHIEF, claimed.broadcast)).broadcast
    if withdrawn_since:
        await broadcasts.cancel(desk, CHIEF, correction)
    successor = await taken_over(desk, engine, wall)
    assert (await recover(desk, engine, successor, stale_after=STALE)).left == (number,)
    row = await delivery(desk, number)
    assert (row.state, row.doubtful, row.next_at) == ("unknown", True, None)
    assert number not in [one.delivery for one in await _claim(desk, engine, successor)]


async def test_what_waits_of_a_corrected_notice_however_it_came_to_is_not_claimed_and_is_taken_back(
    desk: Desk, engine: Actor, me: Holder
) -> None:
    queued, retrying, unknown = await notice(desk, count=3, correction_text=READY)
    broadcast = (await delivery(desk, queued)).broadcast_id
    (withdrawn,) = await notice(desk)
    await broadcasts.cancel(desk, CHIEF, (await delivery(desk, withdrawn)).broadcast_id)
    await broadcasts.correct(desk, CHIEF, broadcast)
    assert not await waiting.fallen(desk.reader)
    await _wait_again(desk, queued, withdrawn)
    await _wait_again(desk, retrying, state="retrying")
    await _wait_again(desk, unknown, state="unknown")

    assert {one.broadcast for one in await _claim(desk, engine, me)} == {broadcast + 2}
    desk.clock.advance(STALE)  # type: ignore[attr-defined]
    assert await set_stale_aside(desk, engine, me, stale_after=STALE) == (), "it is not for a person to send"
    assert await waiting.fallen(desk.reader)
    assert await standing.take_back_fallen(desk, engine, me) == (broadcast, broadcast + 1)

    rows = [await delivery(desk, number) for number in (queued, retrying, unknown, withdrawn)]
    assert [(row.state, row.next_at) for row in rows] == [
        ("cancelled", None),
        ("cancelled", None),
        ("unknown", None),
        ("cancelled", None),
    ]
    assert [row.reason for row in rows] == [REPLACED, REPLACED, REPLACED, ""]
    told = {"broadcasts": [broadcast, broadcast + 1], "spared": [queued, retrying, withdrawn]}
    assert await journal(desk, "deliveries.taken_back") == [told]
    assert await standing.take_back_fallen(desk, engine, me) == ()
    assert len(await journal(desk, "deliveries.taken_back")) == 1


async def test_the_reading_and_the_writing_side_agree_on_what_has_fallen(desk: Desk, engine: Actor) -> None:
    """Released, corrected, corrected by a draft, corrected by what was withdrawn since, withdrawn."""
    firsts = [(await notice(desk, correction_text=READY))[0] for _ in range(5)]
    numbers = [(await delivery(desk, first)).broadcast_id for first in firsts]
    await broadcasts.correct(desk, CHIEF, numbers[1])
    await broadcasts.correct(desk, CHIEF, numbers[2], text="更正：向上风向转移。")
    since = await broadcasts.correct(desk, CHIEF, numbers[3])
    await broadcasts.cancel(desk, CHIEF, since.broadcast)
    await broadcasts.cancel(desk, CHIEF, numbers[4])
    async with (await desk.store()).transaction(engine, journaled=False) as tx:
        found = await standing.fallen(tx, numbers)
        table = BroadcastRow.__table__  # type: ignore[attr-defined]
        stand = await tx.execute(
            select(table.c.id).where(table.c.id.in_(numbers), standing.standing(table.c.id))
        )
        assert {row.id for row in stand} == set(numbers) - set(found)
    assert await waiting.withdrawn(desk.reader, numbers) == set(found) == {numbers[1], numbers[3], numbers[4]}


async def test_an_engine_takes_back_what_waits_of_a_corrected_notice(
    live_desk: Desk, sink: Sink, tmp_path: Path
) -> None:
    write_private(tmp_path / "channels.yaml", channels(sink))
    (number,) = await notice(live_desk, correction_text=READY, prefix="n")
    await broadcasts.correct(live_desk, CHIEF, 1)
    await _wait_again(live_desk, number)
    async with engine_over(live_desk, tmp_path / "channels.yaml"):
        await until(lambda: all_in(live_desk, [number], "cancelled"))
        await until(lambda: all_in(live_desk, [number + 1], "accepted"))
    assert ["更正" in taken.body.decode() for taken in sink.taken] == [True]
