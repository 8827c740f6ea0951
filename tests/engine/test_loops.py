"""The engine's loops in this process: real file, real gateway, real time."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from dutydesk.desk.desk import Desk
from dutydesk.engine.run import EngineOptions, run
from dutydesk.home.logs import start_log
from dutydesk.home.paths import Home
from dutydesk.home.private import write_private
from dutydesk.model.clock import SystemClock
from dutydesk.store.reader import Reader
from tests.engine.rows import all_in, arm, delivery, journal, notice, people, timer, timer_row, until
from tests.engine.running import channels, engine_over, running
from tests.notify.sinks import Sink


@pytest.fixture
def sleeps_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine that looks by itself once in ten minutes: what happens sooner, something woke it for."""
    for name in ("pulse.LONGEST_SLEEP", "timers.LONGEST_SLEEP", "outbox.LONGEST_SLEEP", "outbox.SWEEP_EVERY"):
        monkeypatch.setattr(f"dutydesk.engine.{name}", 600.0)


@pytest.mark.usefixtures("sleeps_long")
async def test_a_notice_committed_elsewhere_wakes_the_engine_is_sent_and_recorded(
    live_desk: Desk, sink: Sink, tmp_path: Path
) -> None:
    write_private(tmp_path / "channels.yaml", channels(sink))
    async with engine_over(live_desk, tmp_path / "channels.yaml"):
        await until(lambda: running(live_desk))
        numbers = await notice(live_desk, count=300, prefix="a")
        await until(lambda: all_in(live_desk, numbers, "accepted"))
        assert sorted(taken.raw_path for taken in sink.taken) == sorted(f"/ok/a{n}" for n in range(300))
    assert len(await journal(live_desk, "engine.stopped")) == 1


@pytest.mark.usefixtures("sleeps_long")
async def test_a_timer_committed_elsewhere_fires_at_its_time_and_its_escalation_goes_out(
    live_desk: Desk, sink: Sink, tmp_path: Path
) -> None:
    write_private(tmp_path / "channels.yaml", channels(sink))
    await people(live_desk, "duty_operators", address="x")
    async with engine_over(live_desk, tmp_path / "channels.yaml"):
        await until(lambda: running(live_desk))
        (number,) = await arm(live_desk, timer_row(SystemClock().now(), due_in=0.5))
        await until(lambda: _some_sent(sink))
        row = await timer(live_desk, number)
        assert row.fired_at is not None
        assert row.fired_at >= row.due_at
        assert "电话报告市应急局" in sink.taken[0].body.decode()


async def test_without_a_channels_file_a_delivery_is_refused_and_says_why_and_a_file_that_comes_is_taken_up(
    live_desk: Desk, sink: Sink, tmp_path: Path
) -> None:
    file = tmp_path / "channels.yaml"
    async with engine_over(live_desk, file):
        (first,) = await notice(live_desk)
        await until(lambda: all_in(live_desk, [first], "refused"))
        assert "sms" in (await delivery(live_desk, first)).reason
        write_private(file, channels(sink))
        (second,) = await notice(live_desk)
        await until(lambda: all_in(live_desk, [second], "accepted"))
        write_private(file, "sms: [")
        (third,) = await notice(live_desk)
        await until(lambda: all_in(live_desk, [third], "accepted"))


async def test_eight_hanging_endpoints_hold_up_neither_a_healthy_channel_nor_the_stop(
    live_desk: Desk, sink: Sink, tmp_path: Path
) -> None:
    hung = channels(sink, "hang", ", timeout: 10m").replace("sms:", "fax:")
    write_private(tmp_path / "channels.yaml", channels(sink) + hung)
    stuck = await notice(live_desk, count=8, channel="fax", urgency=0)
    async with engine_over(live_desk, tmp_path / "channels.yaml"):
        await until(lambda: all_in(live_desk, stuck, "sending"))
        healthy = await notice(live_desk, count=20)
        await until(lambda: all_in(live_desk, healthy, "accepted"))
        sink.release.set()
        await until(lambda: all_in(live_desk, stuck, "retrying"))


async def test_when_its_database_disappears_the_engine_ends_by_itself(
    sqlite_path: Path, sqlite_url: str, tmp_path: Path
) -> None:
    own = Desk(
        url=sqlite_url,
        reader=await Reader.open(sqlite_url),
        clock=SystemClock(),
        zone=ZoneInfo("Asia/Shanghai"),
    )
    engine = asyncio.create_task(
        run(own, EngineOptions(tmp_path / "none.yaml", timedelta(minutes=30), SystemClock()))
    )
    await until(lambda: running(own))
    await asyncio.to_thread(sqlite_path.unlink)
    assert await asyncio.wait_for(engine, 40)
    await own.close()


async def _some_sent(sink: Sink) -> bool:
    return bool(sink.taken)


async def test_a_log_at_its_most_talkative_has_neither_secret_nor_telephone_number(
    live_desk: Desk, sink: Sink, tmp_path: Path
) -> None:
    root = logging.getLogger()
    level = root.level
    handler = start_log(Home.at(tmp_path / "home"), "engine", level=logging.DEBUG)
    carriers = {
        "http": f'http: {{url: "{sink.url}/ok/tok-3n7x9q/{{address}}", headers: {{X-Key: key-5f2b8d}}}}',
        "json": f'url: "json://duty:pass-8c1e4a@{sink.host}/503/{{address}}"',
        "robot": f'wecom: {{key: robot-7d9f2c, base: "{sink.url}/refuse"}}',
        "mail": 'url: "mailto://duty:pass-8c1e4a@127.0.0.1:1?from=a@example.org&to={address}"',
    }
    stated = "\n".join(f"{name}: {{{carrier}, timeout: 5s}}" for name, carrier in carriers.items())
    write_private(tmp_path / "channels.yaml", stated)
    try:
        async with engine_over(live_desk, tmp_path / "channels.yaml"):
            for name in carriers:
                await notice(live_desk, channel=name, prefix="1390000111", text="联系人电话 13800002222")
            await until(lambda: _none_queued(live_desk))
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
        handler.close()
    written = (tmp_path / "home" / "logs" / "engine.log").read_text("utf-8")
    assert "channels: http json robot mail" in written
    for secret in ("3n7x9q", "5f2b8d", "8c1e4a", "7d9f2c", "1390000111", "13800002222", "a@example.org"):
        assert secret not in written, secret


async def _none_queued(desk: Desk) -> bool:
    rows = await desk.reader.rows("SELECT count(*) FROM delivery WHERE state IN ('queued', 'sending')")
    return bool(rows[0][0] == 0)
