"""What wakes the engine's loops: another process's commit, a send that has ended, the order to stop, or the
time they asked for."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Final

from dutydesk.engine.steady import steadily
from dutydesk.store.reader import Reader

LONGEST_SLEEP: Final = 5.0
"""Seconds after which a loop looks again whatever it was told: clocks are set, machines are suspended."""


class Pulse:
    """Counts the reasons to look again. Each loop keeps its own place in the count, so none is missed."""

    def __init__(self) -> None:
        self.count = 0
        self.stopping = False
        self._next = asyncio.Event()

    def beat(self) -> None:
        """There may be something to do."""
        self.count += 1
        self._next.set()
        self._next = asyncio.Event()

    def stop(self) -> None:
        """Everybody is to come to an end."""
        self.stopping = True
        self.beat()

    async def wait(self, since: int, seconds: float) -> None:
        """Waits until the count has left ``since``, at most so long."""
        if self.count != since or self.stopping:
            return
        try:
            async with asyncio.timeout(min(max(seconds, 0.0), LONGEST_SLEEP)):
                await self._next.wait()
        except TimeoutError:
            return

    async def sleep(self, seconds: float) -> None:
        """Waits so long, or until the engine stops."""
        end = asyncio.get_running_loop().time() + seconds
        while not self.stopping:
            left = end - asyncio.get_running_loop().time()
            if left <= 0:
                return
            await self.wait(self.count, left)

    async def watch(self, reader: Reader) -> None:
        """Beats at each commit of another connection, until the engine stops."""
        seen = -1  # as no version is: what was committed before counts as a change
        while not self.stopping:
            if await steadily("watching for commits", partial(reader.wait_change, 1.0, since=seen), self):
                version = await steadily("watching for commits", reader.version, self)
                seen = seen if version is None else version
                self.beat()
