"""Sending with all its bookkeeping, by the whole engine and the own HTTP adapter: beside the apprise library
doing the same sends with none, and beside itself with thirty endpoints that hang."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import apprise

from bench._sink import gateway
from bench.table import Row
from dutydesk.desk.desk import Desk
from dutydesk.desk.engine.lease import request_stop
from dutydesk.desk.notices import outbox
from dutydesk.desk.notices.recipients import Recipient
from dutydesk.engine.run import EngineOptions
from dutydesk.engine.run import run as run_engine
from dutydesk.home.private import write_private
from dutydesk.model.clock import SystemClock
from dutydesk.model.officers import Actor
from dutydesk.store.migrate import migrate
from dutydesk.store.reader import Reader
from dutydesk.store.tables import BroadcastRow, ContactRow

MESSAGES = 2_000
ROUNDS = 3
"""Both sides in turns; the figures are the medians."""
HEALTHY = 100
HUNG = 30
TEXT = "陶家镇液氯槽车侧翻泄漏，下风向群众请立即向上风向转移，收到请回复。"
OFFICER = Actor(1, "bench", "bench", (), "bench")
SPEED_BAR = 3.0
HUNG_BAR = 3.0


def ours(host: str, addresses: Sequence[str], *, healthy: int) -> float:
    """Seconds from the committed release to the committed record of the last of ``healthy`` accepted
    deliveries, by an engine that was running already."""
    with tempfile.TemporaryDirectory() as directory:
        url = f"sqlite:///{directory}/dutydesk.db"
        migrate(url)
        return asyncio.run(_ours(url, Path(directory) / "channels.yaml", host, addresses, healthy))


async def _ours(url: str, channels: Path, host: str, addresses: Sequence[str], healthy: int) -> float:
    write_private(
        channels, f'sms: {{http: {{url: "http://{host}/{{address}}", body: {{text: "{{{{body}}}}"}}}}}}\n'
    )
    wall = SystemClock()
    desk = Desk(url=url, reader=await Reader.open(url), clock=wall, zone=ZoneInfo("Asia/Shanghai"))
    engine = asyncio.create_task(run_engine(desk, EngineOptions(channels, timedelta(minutes=30), wall)))
    office = Desk(url=url, reader=await Reader.open(url), clock=wall, zone=desk.zone)
    try:
        await _release(office, ["warm-up"])
        await _accepted(office, 1)
        await _release(office, addresses)
        began = time.perf_counter()
        await _accepted(office, healthy + 1)
        took = time.perf_counter() - began
        await request_stop(await office.store(), OFFICER)
        await engine
    finally:
        await desk.close()
        await office.close()
    return took


async def _release(desk: Desk, addresses: Sequence[str]) -> None:
    async with (await desk.store()).transaction(OFFICER) as tx:
        contact = await tx.next_id(ContactRow)
        broadcast = BroadcastRow(
            id=await tx.next_id(BroadcastRow),
            kind="notice",
            groups=["towns"],
            channels=[],
            text=TEXT,
            drill=False,
            urgency=5,
            state="released",
            created_at=tx.now,
            created_by="bench",
        )
        await tx.insert([broadcast, ContactRow(id=contact, name=f"收件人{contact}")])
        people = [Recipient(contact, f"收件人{n}", "", (("sms", to),)) for n, to in enumerate(addresses)]
        await outbox.enqueue(tx, broadcast, people)
        tx.journal("broadcast.released", f"broadcast:{broadcast.id}", {"deliveries": len(people)})


async def _accepted(desk: Desk, number: int) -> None:
    """Waits until so many are on record as accepted."""
    while True:
        seen = await desk.reader.version()
        rows = await desk.reader.rows("SELECT count(*) FROM delivery WHERE state = 'accepted'")
        if rows[0][0] >= number:
            return
        await desk.reader.wait_change(0.2, since=seen)


def by_apprise(host: str) -> float:
    """Seconds that the apprise library takes for the same sends, its pacing switched off and its objects made
    beforehand; it keeps no record."""
    sender = apprise.Apprise()
    for number in range(MESSAGES):
        plugin = apprise.Apprise.instantiate(f"json://{host}/ok-{number}")
        if plugin is None:
            raise RuntimeError("apprise does not know json://")
        plugin.request_rate_per_sec = 0
        sender.add(plugin)
    began = time.perf_counter()
    if not sender.notify(body=TEXT, title=""):
        raise RuntimeError("apprise was refused by the local gateway")
    return time.perf_counter() - began


def run() -> list[Row]:
    """Messages a second over Apprise's; the time of healthy sends beside hung ones over that without."""
    with gateway() as host:
        addresses = [f"ok-{n}" for n in range(MESSAGES)]
        healthy = [f"ok-{n}" for n in range(HEALTHY)]
        hung = [f"hang-{n}" for n in range(HUNG)]
        times: tuple[list[float], ...] = ([], [], [], [])
        for _ in range(ROUNDS):
            times[0].append(ours(host, addresses, healthy=MESSAGES))
            times[1].append(by_apprise(host))
            times[2].append(ours(host, healthy, healthy=HEALTHY))
            times[3].append(ours(host, [*hung, *healthy], healthy=HEALTHY))
    own, library, alone, beside = (statistics.median(each) for each in times)
    mine, theirs = MESSAGES / own, MESSAGES / library
    return [
        Row(
            "2,000 deliveries with bookkeeping",
            f"{mine:,.0f}/s",
            f"{theirs:,.0f}/s (apprise, no bookkeeping)",
            f"{mine / theirs:.1f}",
            f"≥ {SPEED_BAR:g}",
            mine / theirs >= SPEED_BAR,
            "claimed, sent, recorded and journalled by the whole engine",
        ),
        Row(
            "100 healthy deliveries beside 30 hung",
            f"{beside * 1000:.0f} ms",
            f"{alone * 1000:.0f} ms (the same without them)",
            f"{beside / alone:.2f}",
            f"≤ {HUNG_BAR:g}",
            beside / alone <= HUNG_BAR,
            "on the same channel",
        ),
    ]
