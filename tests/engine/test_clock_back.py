"""Given a clock that is set back while notices wait, then what is queued goes out at once, and a retry waits
no longer than it was to."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from dutydesk.desk.desk import Desk
from dutydesk.desk.engine.processes import Holder
from dutydesk.desk.notices.clock_back import wait_anew
from dutydesk.desk.notices.receipts import Sent, record
from dutydesk.desk.notices.sending import Claimed, claim
from dutydesk.home.private import write_private
from dutydesk.model.clock import ManualClock, SystemClock
from dutydesk.model.enums import Outcome
from dutydesk.model.notices import Receipt
from dutydesk.model.officers import Actor
from dutydesk.notify.retry import RetryPolicy
from dutydesk.store.reader import Reader
from dutydesk.store.views import waiting
from tests.engine.rows import all_in, delivery, journal, notice, until
from tests.engine.running import channels, engine_over
from tests.notify.sinks import Sink

STALE = timedelta(minutes=30)
SKEW = timedelta(seconds=5)
SLOW = {"sms": RetryPolicy(attempts=3, base=60.0, cap=60.0)}


async def _claim(desk: Desk, engine: Actor, me: Holder) -> tuple[Claimed, ...]:
    return await claim(desk, engine, me, room={}, other_room=9, stale_after=STALE, lease=STALE)


@pytest.mark.parametrize("back", [timedelta(minutes=3), timedelta(hours=9)])
async def test_what_waits_by_a_later_clock_waits_from_now_on(
    desk: Desk, engine: Actor, me: Holder, clock: ManualClock, back: timedelta
) -> None:
    (retrying,) = await notice(desk)
    (claimed,) = await _claim(desk, engine, me)
    sent = Sent(claimed, Receipt(Outcome.TRY_AGAIN, "busy"), clock.now())
    await record(desk, engine, me, [sent], policies=SLOW, rng=Random(1))
    before = await delivery(desk, retrying)
    assert before.next_at is not None
    wait = before.next_at - clock.now()
    assert timedelta(seconds=30) <= wait <= timedelta(seconds=60)
    (queued,) = await notice(desk)

    clock.advance(-back)
    assert await _claim(desk, engine, me) == ()
    assert await waiting.waits_by_a_later_clock(desk.reader, clock.now() + SKEW)
    assert await wait_anew(desk, engine, me, skew=SKEW) == (retrying, queued)
    assert not await waiting.waits_by_a_later_clock(desk.reader, clock.now() + SKEW)
    assert await wait_anew(desk, engine, me, skew=SKEW) == ()
    assert await journal(desk, "deliveries.clock_back") == [{"deliveries": [retrying, queued]}]

    assert [one.delivery for one in await _claim(desk, engine, me)] == [queued]
    assert (await delivery(desk, retrying)).next_at == clock.now() + wait
    clock.advance(wait)
    assert [(one.delivery, one.tries) for one in await _claim(desk, engine, me)] == [(retrying, 2)]


async def test_clocks_of_two_machines_that_differ_a_little_are_left_alone(
    desk: Desk, engine: Actor, me: Holder, clock: ManualClock
) -> None:
    await notice(desk)
    clock.advance(-SKEW)
    assert not await waiting.waits_by_a_later_clock(desk.reader, clock.now() + SKEW)
    assert await wait_anew(desk, engine, me, skew=SKEW) == ()


async def test_an_engine_whose_clock_was_set_back_sends_what_is_queued(
    live_desk: Desk, sink: Sink, tmp_path: Path
) -> None:
    write_private(tmp_path / "channels.yaml", channels(sink))
    ahead = ManualClock(SystemClock().now() + timedelta(hours=1))
    before = Desk(
        url=live_desk.url,
        reader=await Reader.open(live_desk.url),
        clock=ahead,
        zone=live_desk.zone,
    )
    numbers = await notice(before, count=3, prefix="n")
    await before.close()
    async with engine_over(live_desk, tmp_path / "channels.yaml"):
        await until(lambda: all_in(live_desk, numbers, "accepted"))
    assert not any("可能重复" in taken.body.decode() for taken in sink.taken)
