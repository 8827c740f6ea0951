"""Given a machine that gives no more threads, or a pool whose threads all hang, when work is handed over,
then what is said not to have been sent is never sent later."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from dutydesk.model.clock import ManualClock
from dutydesk.model.enums import Outcome
from dutydesk.notify.senders import Senders
from dutydesk.notify.threads import DaemonPool, NoThread
from tests.notify.conftest import Message
from tests.notify.sinks import Sink
from tests.notify.test_http_channel import channels_of


def _refuse(_thread: threading.Thread) -> None:
    raise RuntimeError("can't start new thread")


async def test_work_that_no_thread_took_is_not_kept_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    pool = DaemonPool(2, "test")
    done: list[str] = []
    with monkeypatch.context() as machine:
        machine.setattr(threading.Thread, "start", _refuse)
        with pytest.raises(NoThread):
            pool.submit(lambda: done.append("first"))
    await pool.submit(lambda: done.append("second")).future
    await pool.submit(lambda: done.append("third")).future
    pool.close()
    assert done == ["second", "third"]


async def test_where_a_thread_is_at_work_the_next_waits_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    pool = DaemonPool(2, "test")
    gate = threading.Event()
    first = pool.submit(gate.wait)
    monkeypatch.setattr(threading.Thread, "start", _refuse)
    second = pool.submit(lambda: "done")
    gate.set()
    assert await second.future == "done"
    assert await first.future
    pool.close()


async def test_a_message_that_was_not_sent_for_want_of_a_thread_is_not_sent_later(
    sink: Sink, message: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec: dict[str, Any] = {"url": f"json://{sink.host}/ok/{{address}}", "timeout": 20}
    async with Senders(channels_of(a=spec), clock=ManualClock()) as senders:
        with monkeypatch.context() as machine:
            machine.setattr(threading.Thread, "start", _refuse)
            receipt = await senders.send("a", message("1"))
        assert receipt.outcome is Outcome.TRY_AGAIN
        for address in ("2", "3"):
            assert (await senders.send("a", message(address))).outcome is Outcome.ACCEPTED
    assert [taken.raw_path for taken in sink.taken] == ["/ok/2", "/ok/3"]


async def test_work_withdrawn_before_a_thread_came_to_it_is_never_done() -> None:
    pool = DaemonPool(1, "test")
    gate = threading.Event()
    done: list[str] = []
    first = pool.submit(gate.wait)
    second = pool.submit(lambda: done.append("second"))
    third = pool.submit(lambda: done.append("third"))
    assert pool.withdraw(second)
    assert not pool.withdraw(second)
    gate.set()
    await third.future
    assert await first.future
    assert not pool.withdraw(third)
    pool.close()
    assert done == ["third"]
    assert second.future.cancelled()


@pytest.mark.parametrize(
    "raised", [StopIteration(), SystemExit(1), asyncio.CancelledError(), KeyboardInterrupt()]
)
async def test_work_that_raises_what_no_future_takes_ends_all_the_same(raised: BaseException) -> None:
    """A plugin that called sys.exit would end the engine; one that let a StopIteration out would keep its
    place in the lane for ever."""
    pool = DaemonPool(1, "test")

    def fails() -> None:
        raise raised

    with pytest.raises(RuntimeError, match=type(raised).__name__):
        await asyncio.wait_for(pool.submit(fails).future, 20)
    assert await pool.submit(lambda: "next").future == "next"
    pool.close()


async def test_a_pool_that_closes_begins_nothing_more() -> None:
    pool = DaemonPool(1, "test")
    begun, gate = threading.Event(), threading.Event()
    done: list[str] = []

    def hang() -> bool:
        begun.set()
        return gate.wait()

    first = pool.submit(hang)
    assert await asyncio.to_thread(begun.wait, 60)
    second = pool.submit(lambda: done.append("second"))
    pool.close()
    gate.set()
    assert await first.future
    with pytest.raises(NoThread):
        await second.future
    with pytest.raises(NoThread):
        pool.submit(lambda: None)
    assert done == []


async def test_many_jobs_are_spread_over_the_threads_and_none_is_lost() -> None:
    pool = DaemonPool(3, "test")
    together = threading.Barrier(3, timeout=60)
    results = await asyncio.gather(*(pool.submit(together.wait).future for _ in range(30)))
    pool.close()
    assert sorted(results) == sorted([0, 1, 2] * 10)
