from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

import pytest

from dutydesk.desk.desk import Desk
from dutydesk.desk.engine.lease import LeaseLost
from dutydesk.desk.engine.processes import Holder
from dutydesk.desk.notices import broadcasts
from dutydesk.desk.notices.deliveries import resend
from dutydesk.desk.notices.holding import hold, let_go
from dutydesk.desk.notices.outbox import HELD
from dutydesk.desk.notices.receipts import Sent, record
from dutydesk.desk.notices.sending import (
    MOST_ATTEMPTS,
    Claimed,
    claim,
    claimed_by,
    recover,
    set_stale_aside,
)
from dutydesk.model.clock import ManualClock
from dutydesk.model.enums import Outcome, Role
from dutydesk.model.notices import Receipt
from dutydesk.model.officers import Actor
from dutydesk.notify.retry import RetryPolicy
from dutydesk.store.tables import BroadcastRow, DeliveryRow
from dutydesk.store.views import waiting
from tests.engine.rows import OFFICER, arm, delivery, journal, notice, taken_over, timer, timer_row

CHIEF = Actor(1, "wang", "王强", (Role.SHIFT_CHIEF,), "desk-1")
STALE = timedelta(minutes=30)
POLICIES = {"sms": RetryPolicy(attempts=3, base=4.0, resend_unknown=True)}


async def _claim(desk: Desk, engine: Actor, me: Holder, **values: Any) -> tuple[Claimed, ...]:
    wanted: dict[str, Any] = {
        "room": {"sms": 100},
        "other_room": 100,
        "stale_after": STALE,
        "lease": timedelta(minutes=10),
        **values,
    }
    return await claim(desk, engine, me, **wanted)


async def _came_to(
    desk: Desk, engine: Actor, me: Holder, claimed: tuple[Claimed, ...], outcome: Outcome, detail: str = "why"
) -> None:
    sent = [Sent(one, Receipt(outcome, detail, "G-1"), desk.clock.now()) for one in claimed]
    await record(desk, engine, me, sent, policies=POLICIES, rng=Random(1))


async def test_the_urgent_goes_first_and_only_as_much_as_there_is_room_for(
    desk: Desk, engine: Actor, me: Holder
) -> None:
    routine = await notice(desk, count=5)
    urgent = await notice(desk, count=2, urgency=0)
    other = await notice(desk, count=3, channel="mail")
    claimed = await _claim(desk, engine, me, room={"sms": 3, "mail": 0}, other_room=1)
    assert [one.delivery for one in claimed] == [*urgent, routine[0]]
    assert (await delivery(desk, routine[0])).state == "sending"
    assert (await delivery(desk, routine[1])).state == "queued"
    assert [one.delivery for one in await _claim(desk, engine, me, room={}, other_room=1)] == [
        routine[1],
        other[0],
    ]


async def test_a_few_urgent_ones_may_wait_in_a_full_lane(desk: Desk, engine: Actor, me: Holder) -> None:
    await notice(desk, count=5)
    urgent = await notice(desk, count=40, urgency=0)
    claimed = await _claim(desk, engine, me, room={"sms": 0})
    assert [one.delivery for one in claimed] == urgent[:16]
    assert await _claim(desk, engine, me, room={"sms": -16}) == ()


async def test_nothing_is_claimed_twice_and_each_claim_is_an_attempt_on_record(
    desk: Desk, engine: Actor, me: Holder
) -> None:
    numbers = await notice(desk, count=3)
    claimed = await _claim(desk, engine, me)
    assert [one.delivery for one in claimed] == numbers
    assert await _claim(desk, engine, me) == ()
    assert await desk.reader.rows("SELECT delivery_id, number, outcome FROM attempt ORDER BY id") == [
        (number, 1, "") for number in numbers
    ]


async def test_what_is_claimed_can_be_asked_for_until_it_is_on_record(
    desk: Desk, engine: Actor, me: Holder, wall: ManualClock
) -> None:
    numbers = await notice(desk, count=3, confirm=True)
    assert await claimed_by(desk, engine, me) == ()
    claimed = await _claim(desk, engine, me)
    assert await claimed_by(desk, engine, me) == claimed
    await _came_to(desk, engine, me, claimed[:1], Outcome.ACCEPTED)
    assert await claimed_by(desk, engine, me) == claimed[1:]
    assert await waiting.being_sent(desk.reader, me.id) == {one.attempt for one in claimed[1:]}
    successor = await taken_over(desk, engine, wall)
    assert await claimed_by(desk, engine, successor) == ()
    assert [one.delivery for one in claimed] == numbers


async def test_what_was_accepted_refused_or_failed_is_recorded_in_one_entry_without_addresses(
    desk: Desk, engine: Actor, me: Holder
) -> None:
    numbers = await notice(desk, count=2, prefix="1390000000")
    claimed = await _claim(desk, engine, me)
    sent = [
        Sent(claimed[0], Receipt(Outcome.ACCEPTED, "ok", "M-7"), desk.clock.now()),
        Sent(claimed[1], Receipt(Outcome.REFUSED, "no such number"), desk.clock.now()),
    ]
    await record(desk, engine, me, sent, policies=POLICIES, rng=Random(1))
    assert (await delivery(desk, numbers[0])).state == "accepted"
    refused = await delivery(desk, numbers[1])
    assert (refused.state, refused.reason, refused.next_at) == ("refused", "no such number", None)
    assert await journal(desk, "deliveries.recorded") == [{"accepted": [numbers[0]], "refused": [numbers[1]]}]
    assert await desk.reader.rows("SELECT outcome, gateway_id FROM attempt ORDER BY id") == [
        ("accepted", "M-7"),
        ("refused", ""),
    ]


async def test_try_again_waits_longer_each_time_and_ends_as_failed(
    desk: Desk, engine: Actor, me: Holder, clock: ManualClock
) -> None:
    (number,) = await notice(desk)
    waits: list[float] = []
    for _ in range(3):
        claimed = await _claim(desk, engine, me)
        assert len(claimed) == 1
        await _came_to(desk, engine, me, claimed, Outcome.TRY_AGAIN)
        row = await delivery(desk, number)
        if row.next_at is not None:
            assert row.state == "retrying"
            waits.append((row.next_at - clock.now()).total_seconds())
            assert await _claim(desk, engine, me) == (), "not before its time"
            clock.at = row.next_at
    assert 2 <= waits[0] <= 4 <= waits[1] <= 8
    assert ((await delivery(desk, number)).state, (await delivery(desk, number)).attempts) == ("failed", 3)


async def test_sent_again_by_an_officer_it_gets_all_its_attempts_anew_and_the_old_ones_stay_counted(
    desk: Desk, engine: Actor, me: Holder, clock: ManualClock
) -> None:
    (number,) = await notice(desk)
    waits: list[float] = []
    for made in range(1, 7):
        if made == 4:
            assert (await delivery(desk, number)).state == "failed"
            clock.advance(timedelta(minutes=1))
            await resend(desk, OFFICER, [number])
        claimed = await _claim(desk, engine, me)
        assert [(one.number, one.tries) for one in claimed] == [(made, (made - 1) % 3 + 1)]
        await _came_to(desk, engine, me, claimed, Outcome.TRY_AGAIN)
        row = await delivery(desk, number)
        assert row.attempts == made
        if row.next_at is not None:
            waits.append((row.next_at - clock.now()).total_seconds())
            clock.at = row.next_at
    assert waits[2] <= 4 <= waits[3], "it waits as at first"
    assert (await delivery(desk, number)).state == "failed"
    numbers = await desk.reader.rows("SELECT number FROM attempt ORDER BY id")
    assert [row[0] for row in numbers] == [1, 2, 3, 4, 5, 6]


async def test_what_is_sent_again_says_only_why_it_waits_now(desk: Desk, engine: Actor, me: Holder) -> None:
    (number,) = await notice(desk)
    await _came_to(desk, engine, me, await _claim(desk, engine, me), Outcome.REFUSED, "no such number")
    await resend(desk, OFFICER, [number])
    assert (await delivery(desk, number)).reason == ""
    await hold(desk, engine, me)
    assert (await delivery(desk, number)).reason == HELD
    await let_go(desk, engine, me)
    assert (await delivery(desk, number)).reason == ""


async def test_an_engine_that_dies_on_what_was_sent_again_takes_it_up_again(
    desk: Desk, engine: Actor, me: Holder, clock: ManualClock
) -> None:
    (number,) = await notice(desk, urgency=0)
    for _ in range(MOST_ATTEMPTS):
        assert await _claim(desk, engine, me)
        clock.advance(timedelta(minutes=11))
        recovered = await recover(desk, engine, me, stale_after=STALE)
    assert recovered.left == (number,)
    clock.advance(timedelta(minutes=1))
    await resend(desk, OFFICER, [number])
    assert await _claim(desk, engine, me)
    clock.advance(timedelta(minutes=11))
    assert (await recover(desk, engine, me, stale_after=STALE)).again == (number,)
    assert (await delivery(desk, number)).attempts == MOST_ATTEMPTS + 1


async def test_an_unknown_goes_again_marked_as_a_possible_double_and_ends_as_unknown(
    desk: Desk, engine: Actor, me: Holder, clock: ManualClock
) -> None:
    (number,) = await notice(desk)
    first = await _claim(desk, engine, me)
    assert "可能重复" not in first[0].message().body
    await _came_to(desk, engine, me, first, Outcome.UNKNOWN)
    row = await delivery(desk, number)
    assert (row.state, row.doubtful) == ("unknown", True)
    for _ in range(2):
        clock.advance(timedelta(seconds=20))
        again = await _claim(desk, engine, me)
        assert again[0].message().body.startswith("【可能重复】")
        await _came_to(desk, engine, me, again, Outcome.UNKNOWN)
    row = await delivery(desk, number)
    assert (row.state, row.next_at, row.attempts) == ("unknown", None, 3)


async def test_a_confirmation_that_came_while_it_was_sent_stands(
    desk: Desk, engine: Actor, me: Holder
) -> None:
    (number,) = await notice(desk)
    claimed = await _claim(desk, engine, me)
    async with (await desk.store()).transaction(OFFICER) as tx:
        row = await tx.get(DeliveryRow, number)
        row.state, row.confirmed_by = "confirmed", "镇长"
        tx.journal("delivery.confirmed", f"delivery:{number}", {})
    await _came_to(desk, engine, me, claimed, Outcome.TRY_AGAIN)
    row = await delivery(desk, number)
    assert (row.state, row.confirmed_by, row.next_at) == ("confirmed", "镇长", None)
    assert await desk.reader.rows("SELECT outcome FROM attempt") == [("try_again",)]


async def test_a_withdrawn_notice_is_not_tried_again(desk: Desk, engine: Actor, me: Holder) -> None:
    (number,) = await notice(desk)
    claimed = await _claim(desk, engine, me)
    async with (await desk.store()).transaction(OFFICER) as tx:
        row = await tx.get(BroadcastRow, (await tx.get(DeliveryRow, number)).broadcast_id)
        row.state = "cancelled"
        tx.journal("broadcast.cancelled", f"broadcast:{row.id}", {})
    await _came_to(desk, engine, me, claimed, Outcome.TRY_AGAIN)
    assert (await delivery(desk, number)).state == "cancelled"
    assert await _claim(desk, engine, me) == ()


async def test_the_clock_of_a_notice_withdrawn_on_its_way_does_not_go_on(
    desk: Desk, engine: Actor, me: Holder
) -> None:
    (number,) = await notice(desk)
    claimed = await _claim(desk, engine, me)
    broadcast = claimed[0].broadcast
    (unconfirmed,) = await arm(desk, timer_row(desk.clock.now(), kind="notice", broadcast_id=broadcast))
    await broadcasts.cancel(desk, CHIEF, broadcast)
    assert (await timer(desk, unconfirmed)).state == "armed", "it may still arrive"
    await _came_to(desk, engine, me, claimed, Outcome.TRY_AGAIN)
    assert (await delivery(desk, number)).state == "cancelled"
    assert (await timer(desk, unconfirmed)).state == "cancelled"


async def test_what_was_handed_back_is_due_again_at_once_and_no_more_doubtful_than_before(
    desk: Desk, engine: Actor, me: Holder
) -> None:
    fresh, unsure, withdrawn = [(await notice(desk))[0] for _ in range(3)]
    claimed = await _claim(desk, engine, me)
    await _came_to(desk, engine, me, claimed[1:2], Outcome.UNKNOWN)
    desk.clock.advance(timedelta(minutes=5))  # type: ignore[attr-defined]
    again = await _claim(desk, engine, me)
    await broadcasts.cancel(desk, CHIEF, claimed[2].broadcast)
    sent = [Sent(one, None, desk.clock.now()) for one in (claimed[0], *again, claimed[2])]
    await record(desk, engine, me, sent, policies={"sms": RetryPolicy(attempts=1)}, rng=Random(1))
    rows = [await delivery(desk, number) for number in (fresh, unsure, withdrawn)]
    assert [(row.state, row.doubtful) for row in rows] == [
        ("queued", False),
        ("unknown", True),
        ("cancelled", False),
    ]
    assert [row.next_at for row in rows] == [desk.clock.now(), desk.clock.now(), None]
    assert [one.delivery for one in await _claim(desk, engine, me)] == [fresh, unsure]


async def test_what_an_engine_died_over_goes_again_as_a_possible_double(
    desk: Desk, engine: Actor, me: Holder, wall: ManualClock
) -> None:
    (number,) = await notice(desk)
    first = await _claim(desk, engine, me)
    assert await recover(desk, engine, me, stale_after=STALE) == await recover(
        desk, engine, me, stale_after=STALE
    )
    assert (await delivery(desk, number)).state == "sending", "our own, within its lease"
    successor = await taken_over(desk, engine, wall)
    with pytest.raises(LeaseLost):
        await _claim(desk, engine, me)
    assert (await recover(desk, engine, successor, stale_after=STALE)).again == (number,)
    again = await _claim(desk, engine, successor)
    assert again[0].message().body.startswith("【可能重复】")
    # The first engine's word comes too late: the delivery is another's now.
    await _came_to(desk, engine, me, first, Outcome.REFUSED)
    assert (await delivery(desk, number)).state == "sending"
    await _came_to(desk, engine, successor, again, Outcome.ACCEPTED)
    row = await delivery(desk, number)
    assert (row.state, row.doubtful, row.attempts) == ("accepted", True, 2)
    assert await desk.reader.rows("SELECT outcome FROM attempt ORDER BY id") == [("unknown",), ("accepted",)]


async def test_a_send_past_its_lease_is_taken_up_by_the_same_engine(
    desk: Desk, engine: Actor, me: Holder, clock: ManualClock
) -> None:
    (number,) = await notice(desk)
    await _claim(desk, engine, me)
    clock.advance(timedelta(minutes=10))
    assert (await recover(desk, engine, me, stale_after=STALE)).again == (number,)


async def test_after_downtime_everything_waits_for_a_person_the_urgent_too(
    desk: Desk, engine: Actor, me: Holder, clock: ManualClock
) -> None:
    (routine,) = await notice(desk)
    (urgent,) = await notice(desk, urgency=0)
    (escalation,) = await notice(desk, urgency=0, kind="escalation")
    clock.advance(STALE)
    (fresh,) = await notice(desk)
    assert [one.delivery for one in await _claim(desk, engine, me)] == [fresh]
    assert await set_stale_aside(desk, engine, me, stale_after=STALE) == (routine, urgent, escalation)
    assert (await delivery(desk, urgent)).state == "stale"
    assert await journal(desk, "deliveries.stale") == [{"deliveries": [routine, urgent, escalation]}]
    assert await set_stale_aside(desk, engine, me, stale_after=STALE) == ()


async def test_what_an_engine_died_over_long_ago_stays_unknown_for_a_person(
    desk: Desk, engine: Actor, me: Holder, clock: ManualClock
) -> None:
    (number,) = await notice(desk)
    await _claim(desk, engine, me)
    clock.advance(timedelta(hours=2))
    assert (await recover(desk, engine, me, stale_after=STALE)).left == (number,)
    row = await delivery(desk, number)
    assert (row.state, row.doubtful, row.next_at) == ("unknown", True, None)


async def test_what_an_engine_died_over_waits_for_a_person_where_its_channel_asks_first(
    desk: Desk, engine: Actor, me: Holder, clock: ManualClock
) -> None:
    (number,) = await notice(desk)
    await _claim(desk, engine, me)
    clock.advance(timedelta(minutes=10))
    channel = (await delivery(desk, number)).channel
    found = await recover(desk, engine, me, stale_after=STALE, asks_first=[channel])
    assert (found.again, found.left) == ((), (number,))
    row = await delivery(desk, number)
    assert (row.state, row.doubtful, row.next_at) == ("unknown", True, None)


async def test_a_drill_says_so_first_and_last_in_every_form(desk: Desk, engine: Actor, me: Holder) -> None:
    await notice(desk, drill=True, kind="correction", confirm=True)
    (claimed,) = await _claim(desk, engine, me)
    body = claimed.message().body
    assert body.startswith("【演练】【更正】")
    assert body.endswith("【演练信息，非真实事件】")
    assert claimed.code
    assert claimed.code in body
