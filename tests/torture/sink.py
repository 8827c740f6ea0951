"""The gateway of the tortured shift: a real local HTTP server that counts what reaches it by delivery, and is
now and then slow, busy or gone before it has answered."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random

from aiohttp import web

DOUBTFUL = "可能重复"
DRILL_BEGINS, DRILL_ENDS = "【演练】", "【演练信息，非真实事件】"


@dataclass(frozen=True)
class Arrival:
    """One message as it came in. ``taken``: the gateway kept it, whether or not its answer got back."""

    broadcast: int
    body: str
    taken: bool

    @property
    def marked(self) -> bool:
        """Whether it says that it may be a double."""
        return DOUBTFUL in self.body

    @property
    def drill(self) -> bool | None:
        """Whether it says, first and last, that it is a drill; ``None`` when it says so in half."""
        marks = {self.body.startswith(DRILL_BEGINS), self.body.endswith(DRILL_ENDS)}
        return marks.pop() if len(marks) == 1 else None


@dataclass
class Sink:
    """``arrivals`` by delivery, in the order they came."""

    rng: Random
    port: int = 0
    calm: bool = False
    arrivals: dict[int, list[Arrival]] = field(default_factory=lambda: defaultdict(list))

    async def answer(self, request: web.Request) -> web.StreamResponse:
        message = await request.json()
        draw = 1.0 if self.calm else self.rng.random()
        busy = draw < 0.08
        self.arrivals[int(message["delivery"])].append(
            Arrival(int(message["broadcast"]), message["body"], taken=not busy)
        )
        if busy:
            return web.Response(status=503)
        if draw < 0.14 and request.transport is not None:
            request.transport.abort()
            return web.Response()
        await asyncio.sleep(self.rng.uniform(0.2, 0.8) if draw < 0.25 else self.rng.uniform(0.0, 0.03))
        return web.json_response({"ok": True})


@asynccontextmanager
async def running_sink(rng: Random) -> AsyncIterator[Sink]:
    """A sink on a free port of this machine."""
    sink = Sink(rng)
    app = web.Application()
    app.router.add_post("/{address}", sink.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.2, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
    sink.port = runner.addresses[0][1]
    try:
        yield sink
    finally:
        await runner.cleanup()
