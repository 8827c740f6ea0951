"""An engine in this process: its loops over a real file and a real gateway, in real time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from dutydesk.desk.desk import Desk
from dutydesk.desk.engine.lease import request_stop
from dutydesk.desk.engine.process import status
from dutydesk.engine.heartbeat import DatabaseFile, run_heartbeat
from dutydesk.engine.outbox import Outbox
from dutydesk.engine.run import EngineOptions, run
from dutydesk.engine.work import Work
from dutydesk.model.clock import SystemClock
from dutydesk.model.officers import engine_actor
from dutydesk.store.reader import Reader
from tests.notify.sinks import Sink


def channels(sink: Sink, behaviour: str = "ok", extra: str = "") -> str:
    """A channels.yaml with one channel, ``sms``, that goes to the sink."""
    http = f'{{url: "{sink.url}/{behaviour}/{{address}}", body: {{text: "{{{{body}}}}"}}}}'
    return f"sms: {{http: {http}{extra}}}\n"


@asynccontextmanager
async def engine_over(
    desk: Desk, channels_file: Path, *, reference_dir: Path | None = None
) -> AsyncIterator[None]:
    """An engine of its own desk on the same file, ended in good order."""
    own = Desk(
        url=desk.url,
        reader=await Reader.open(desk.url),
        clock=SystemClock(),
        zone=desk.zone,
        reference_dir=reference_dir,
    )
    options = EngineOptions(channels_file, timedelta(minutes=30), SystemClock())
    engine = asyncio.create_task(run(own, options))
    try:
        yield
    finally:
        await request_stop(await desk.store(), engine_actor("test"))
        await asyncio.wait_for(engine, 40)
        await own.close()


async def running(desk: Desk) -> bool:
    """Whether an engine is active."""
    return (await status(desk)).running


@asynccontextmanager
async def outbox_of(work: Work) -> AsyncIterator[None]:
    """The outbox loop of an active engine, on that engine's clocks, ended in good order."""
    ended = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(run_heartbeat(work, DatabaseFile(None), until=ended))
        watch = tasks.create_task(work.pulse.watch(work.desk.reader))
        loop = tasks.create_task(Outbox(work).run())
        yield
        work.pulse.stop()
        await loop
        ended.set()
        watch.cancel()
    await work.gateways.close()
