from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from dutydesk.model.clock import ManualClock
from dutydesk.model.enums import Outcome
from dutydesk.notify.bulkhead import Lane
from dutydesk.notify.senders import Senders
from tests.notify.conftest import Message
from tests.notify.sinks import Sink
from tests.notify.test_http_channel import channels_of


def spec(sink: Sink, carrier: str, behaviour: str = "ok", **options: Any) -> dict[str, Any]:
    if carrier == "url":
        return {"url": f"json://{sink.host}/{behaviour}/{{address}}", **options}
    return {"http": {"url": f"{sink.url}/{behaviour}/{{address}}"}, **options}


async def test_a_channel_nobody_set_up_is_a_refusal(message: Message) -> None:
    async with Senders(channels_of(), clock=ManualClock()) as senders:
        receipt = await senders.send("电台", message())
    assert receipt.outcome is Outcome.REFUSED
    assert "电台" in receipt.detail


async def test_a_drill_never_leaves_by_a_live_channel_nor_the_other_way(sink: Sink, message: Message) -> None:
    channels = channels_of(live=spec(sink, "http", purpose="live"), drill=spec(sink, "http", purpose="drill"))
    async with Senders(channels, clock=ManualClock()) as senders:
        assert (await senders.send("live", message(drill=True))).outcome is Outcome.REFUSED
        assert (await senders.send("drill", message())).outcome is Outcome.REFUSED
    assert sink.taken == []


async def test_a_drill_whose_marks_were_forgotten_goes_out_marked(sink: Sink, message: Message) -> None:
    channels = channels_of(a=spec(sink, "url", purpose="both"))
    async with Senders(channels, clock=ManualClock()) as senders:
        await senders.send("a", message(drill=True, title="应急"))
    assert sink.taken[0].json["message"].startswith("【演练】")
    assert sink.taken[0].json["message"].endswith("【演练信息，非真实事件】")
    assert sink.taken[0].json["title"] == "【演练】应急"


@pytest.mark.parametrize("carrier", ["url", "http"])
async def test_eight_hung_channels_delay_no_other(sink: Sink, message: Message, carrier: str) -> None:
    channels = {f"hung{n}": spec(sink, carrier, "hang", timeout=600) for n in range(8)}
    channels["healthy"] = spec(sink, carrier)
    async with Senders(channels_of(**channels), clock=ManualClock()) as senders:
        hung = [
            asyncio.create_task(senders.send(f"hung{n}", message(f"{n}-{k}")))
            for n in range(8)
            for k in range(4)
        ]
        await sink.arrived.wait()
        receipts = await asyncio.gather(*(senders.send("healthy", message(str(n))) for n in range(20)))
        for task in hung:
            task.cancel()
        await asyncio.gather(*hung, return_exceptions=True)
    assert all(receipt.outcome is Outcome.ACCEPTED for receipt in receipts)


@pytest.mark.parametrize("carrier", ["url", "http"])
async def test_addresses_that_hang_do_not_starve_the_others_of_their_channel(
    sink: Sink, message: Message, carrier: str
) -> None:
    channels = channels_of(a=spec(sink, carrier, concurrency=8, timeout=600))
    async with Senders(channels, clock=ManualClock()) as senders:
        hung = [asyncio.create_task(senders.send("a", message(f"hang-{n}"))) for n in range(30)]
        await sink.arrived.wait()
        receipts = await asyncio.gather(*(senders.send("a", message(str(n))) for n in range(50)))
        for task in hung:
            task.cancel()
        await asyncio.gather(*hung, return_exceptions=True)
    assert all(receipt.outcome is Outcome.ACCEPTED for receipt in receipts)


async def test_urgent_goes_before_routine_in_a_full_lane() -> None:
    lane = Lane(1, 0)
    order: list[str] = []

    async def go(name: str, urgent: bool) -> None:
        async with lane.place(urgent=urgent):
            order.append(name)

    place = await lane.enter(urgent=False)
    tasks = [asyncio.create_task(go(name, name.startswith("u"))) for name in ("r1", "r2", "u1", "u2")]
    await asyncio.sleep(0)
    assert lane.room == -4
    place.leave()
    await asyncio.gather(*tasks)
    assert order == ["u1", "u2", "r1", "r2"]
    assert lane.room == 1


async def test_places_are_never_lost_when_waits_are_given_up() -> None:
    lane = Lane(3, 2, slow_after=0.005)

    async def go(delay: float) -> None:
        async with lane.place(urgent=False):
            await asyncio.sleep(delay)

    tasks = [asyncio.create_task(go((n % 7) * 0.004)) for n in range(60)]
    for n, task in enumerate(tasks):
        if n % 3 == 0:
            await asyncio.sleep(0.001)
            task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert lane.room == 3


async def test_the_rate_is_kept_and_the_urgent_pass_those_who_wait_for_their_turn(
    sink: Sink, message: Message
) -> None:
    async with Senders(channels_of(a=spec(sink, "http", rate=40)), clock=ManualClock()) as senders:
        started = time.monotonic()
        routine = [asyncio.create_task(senders.send("a", message(f"r{n}"))) for n in range(8)]
        await sink.arrived.wait()
        assert senders.room("a") < 80
        await senders.send("a", message("u", urgent=True))
        assert not routine[-1].done()
        await asyncio.gather(*routine)
        took = time.monotonic() - started
    assert took >= 8 / 40
    assert "/ok/u" in [taken.raw_path for taken in sink.taken[:4]]


async def test_a_gateway_that_is_slow_for_all_is_not_taken_for_one_that_hangs() -> None:
    lane = Lane(4, 4)
    assert lane.slow_after == pytest.approx(0.1)
    for _ in range(30):
        lane.learn(0.3)
    assert lane.slow_after == pytest.approx(1.2, rel=0.15)
    for n in range(300):
        lane.learn(10.0 if n % 4 == 0 else 0.02)
    assert lane.slow_after < 0.2


@pytest.mark.parametrize("carrier", ["url", "http"])
async def test_a_message_broken_off_after_its_first_part_is_a_doubt(
    sink: Sink, message: Message, carrier: str
) -> None:
    channels = channels_of(a=spec(sink, carrier, "once", max_bytes=200))
    async with Senders(channels, clock=ManualClock()) as senders:
        receipt = await senders.send("a", message(body="水" * 150))
    assert receipt.outcome is Outcome.UNKNOWN
    assert "2/3" in receipt.detail
    assert len(sink.taken) == 2


async def test_a_channel_that_says_nothing_of_drills_carries_none(sink: Sink, message: Message) -> None:
    async with Senders(channels_of(a=spec(sink, "url")), clock=ManualClock()) as senders:
        receipt = await senders.send("a", message(drill=True, title="应急"))
    assert receipt.outcome is Outcome.REFUSED
    assert "purpose: drill" in receipt.detail
    assert sink.taken == []
