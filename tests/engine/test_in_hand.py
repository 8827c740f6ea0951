"""Given deliveries that wait for a place in their channel's lane, when their notice is withdrawn, the engine
stops, or one of them cannot be handled, then only what has begun goes out."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from dutydesk.desk.desk import Desk
from dutydesk.desk.notices import broadcasts, sending
from dutydesk.desk.notices.sending import Claimed
from dutydesk.home.private import write_private
from dutydesk.model.clock import SystemClock
from dutydesk.model.enums import Role
from dutydesk.model.errors import StoreError
from dutydesk.model.notices import OutgoingMessage
from dutydesk.model.officers import Actor
from tests.engine.rows import all_in, delivery, journal, notice, until
from tests.engine.running import channels, engine_over, running
from tests.notify.sinks import Sink

CHIEF = Actor(1, "wang", "王强", (Role.SHIFT_CHIEF,), "desk-1")
NARROW = ", concurrency: 1, slow_lane: 0, timeout: 60"


async def _first_is_out(desk: Desk, sink: Sink, file: Path) -> list[int]:
    """Five deliveries of notice 1: the first is at the gateway, four wait for its place."""
    write_private(file, channels(sink, "gate", NARROW))
    numbers = await notice(
        desk, count=5, prefix="n", correction_text="更正：原地避险。", released_at=SystemClock().now()
    )
    await asyncio.wait_for(sink.arrived.wait(), 20)
    await until(lambda: all_in(desk, numbers, "sending"))
    return numbers


async def test_of_a_withdrawn_notice_nothing_goes_out_that_had_not_begun(
    live_desk: Desk, sink: Sink, tmp_path: Path
) -> None:
    async with engine_over(live_desk, tmp_path / "channels.yaml"):
        await until(lambda: running(live_desk))
        numbers = await _first_is_out(live_desk, sink, tmp_path / "channels.yaml")
        await broadcasts.cancel(live_desk, CHIEF, 1)
        await until(lambda: all_in(live_desk, numbers[1:], "cancelled"))
        assert (await delivery(live_desk, numbers[0])).state == "sending", "it is at the gateway"
        sink.release.set()
        await until(lambda: all_in(live_desk, numbers[:1], "accepted"))
    assert [taken.raw_path for taken in sink.taken] == ["/gate/n0"]
    assert not any([(await delivery(live_desk, number)).doubtful for number in numbers])


async def test_of_a_corrected_notice_only_the_correction_follows(
    live_desk: Desk, sink: Sink, tmp_path: Path
) -> None:
    async with engine_over(live_desk, tmp_path / "channels.yaml"):
        await until(lambda: running(live_desk))
        numbers = await _first_is_out(live_desk, sink, tmp_path / "channels.yaml")
        await broadcasts.correct(live_desk, CHIEF, 1)
        await until(lambda: all_in(live_desk, numbers[1:], "cancelled"))
        sink.release.set()
        corrections = await live_desk.reader.rows("SELECT id FROM delivery WHERE broadcast_id = 2")
        assert len(corrections) == 5
        await until(lambda: all_in(live_desk, [row[0] for row in corrections], "accepted"))
    assert (await delivery(live_desk, numbers[1])).reason == "its correction was sent instead"
    told = [(taken.raw_path, "更正" in taken.body.decode()) for taken in sink.taken]
    assert sorted(told) == sorted([("/gate/n0", False), *((f"/gate/n{n}", True) for n in range(5))])


async def test_an_engine_that_stops_hands_back_what_had_not_begun(
    live_desk: Desk, sink: Sink, tmp_path: Path
) -> None:
    async with engine_over(live_desk, tmp_path / "channels.yaml"):
        await until(lambda: running(live_desk))
        numbers = await _first_is_out(live_desk, sink, tmp_path / "channels.yaml")
        asyncio.get_running_loop().call_later(3, sink.release.set)
    assert await all_in(live_desk, numbers[:1], "accepted")
    assert await all_in(live_desk, numbers[1:], "queued")
    async with engine_over(live_desk, tmp_path / "channels.yaml"):
        await until(lambda: all_in(live_desk, numbers, "accepted"))
    assert len(sink.taken) == 5
    assert not any("可能重复" in taken.body.decode() for taken in sink.taken)
    assert await journal(live_desk, "deliveries.recovered") == []


async def test_a_send_that_is_cut_off_by_the_stop_is_a_doubt_at_once(
    live_desk: Desk, sink: Sink, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dutydesk.engine.outbox.FINISH_WITHIN", 0.2)
    async with engine_over(live_desk, tmp_path / "channels.yaml"):
        await until(lambda: running(live_desk))
        numbers = await _first_is_out(live_desk, sink, tmp_path / "channels.yaml")
    row = await delivery(live_desk, numbers[0])
    assert (row.state, row.doubtful) == ("unknown", True)
    assert row.next_at is not None
    sink.release.set()


async def test_what_cannot_be_handled_is_put_aside_and_stops_nobody(
    live_desk: Desk, sink: Sink, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of the desk's own in one message is that message's alone: an engine that dies of it would take
    it up again and die again."""
    worded = Claimed.message

    def faulty(self: Claimed) -> OutgoingMessage:
        if self.address == "n0":
            raise RuntimeError("13900000001")
        return worded(self)

    monkeypatch.setattr(Claimed, "message", faulty)
    write_private(tmp_path / "channels.yaml", channels(sink, extra=", attempts: 1"))
    async with engine_over(live_desk, tmp_path / "channels.yaml"):
        numbers = await notice(live_desk, count=5, prefix="n")
        await until(lambda: all_in(live_desk, numbers[1:], "accepted"))
        await until(lambda: all_in(live_desk, numbers[:1], "unknown"))
    assert "RuntimeError" in (await delivery(live_desk, numbers[0])).reason


async def test_a_channel_with_a_rate_is_handed_no_more_than_it_lets_out_soon(
    live_desk: Desk, sink: Sink, tmp_path: Path
) -> None:
    """Or what waits in its lane outlives its lease, and is taken for half-done."""
    write_private(tmp_path / "channels.yaml", channels(sink, extra=", rate: 5"))
    async with engine_over(live_desk, tmp_path / "channels.yaml"):
        numbers = await notice(live_desk, count=60, prefix="n")
        most = 0
        while len(sink.taken) < 10:
            rows = await live_desk.reader.rows("SELECT count(*) FROM delivery WHERE state = 'sending'")
            most = max(most, rows[0][0])
            await asyncio.sleep(0.05)
        await broadcasts.cancel(live_desk, CHIEF, 1)
        await until(lambda: _none_sending(live_desk))
        sent = len(sink.taken)
    assert 1 <= most <= 12
    assert await _count(live_desk, "accepted") == sent
    assert await _count(live_desk, "cancelled") == len(numbers) - sent


async def test_a_send_whose_lease_ran_out_while_it_waited_does_not_begin(
    live_desk: Desk, sink: Sink, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dutydesk.engine.outbox.LEASE_MARGIN", -59.0)  # of a time-out of 60 s one is left
    async with engine_over(live_desk, tmp_path / "channels.yaml"):
        await until(lambda: running(live_desk))
        numbers = await _first_is_out(live_desk, sink, tmp_path / "channels.yaml")
        await until(lambda: _has_recovered(live_desk))
        sink.release.set()
        await until(lambda: all_in(live_desk, numbers, "accepted"))
    arrivals: dict[str, list[bool]] = {}
    for taken in sink.taken:
        arrivals.setdefault(taken.raw_path, []).append("可能重复" in taken.body.decode())
    assert arrivals == {"/gate/n0": [False, True]} | {f"/gate/n{n}": [True] for n in range(1, 5)}


@pytest.mark.parametrize("fault", [StoreError("cut"), TimeoutError()], ids=["cut", "time-out"])
async def test_what_was_claimed_without_the_engine_knowing_goes_out_at_once_and_once(
    live_desk: Desk, sink: Sink, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    """The connection is cut while the claim is committed."""
    claim, faults = sending.claim, [fault, fault]

    async def committed_but_failed(*about: Any, **values: Any) -> Any:
        claimed = await claim(*about, **values)
        if claimed and faults:
            raise faults.pop()
        return claimed

    monkeypatch.setattr(sending, "claim", committed_but_failed)
    write_private(tmp_path / "channels.yaml", channels(sink))
    numbers = await notice(live_desk, count=5, prefix="n")
    async with engine_over(live_desk, tmp_path / "channels.yaml"):
        await until(lambda: all_in(live_desk, numbers, "accepted"))
    assert not faults
    assert sorted(taken.raw_path for taken in sink.taken) == [f"/ok/n{n}" for n in range(5)]
    assert not any("可能重复" in taken.body.decode() for taken in sink.taken)
    assert [(await delivery(live_desk, number)).doubtful for number in numbers] == [False] * 5
    assert await journal(live_desk, "deliveries.recovered") == []


async def _has_recovered(desk: Desk) -> bool:
    return bool(await journal(desk, "deliveries.recovered"))


async def _none_sending(desk: Desk) -> bool:
    return await _count(desk, "sending") == 0


async def _count(desk: Desk, state: str) -> int:
    rows = await desk.reader.rows("SELECT count(*) FROM delivery WHERE state = $1", state)
    found: int = rows[0][0]
    return found
