"""Runs the console's writes where no closing screen can cancel them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class Writes:
    """Tasks of the app's own. Popping a Textual screen cancels its workers in the middle of an ``await``; a
    write that was started here goes on, and what became of it is told even when nobody waits any more."""

    def __init__(self, orphaned: Callable[[BaseException], None]) -> None:
        """``orphaned`` is told the error of a write whose starter has gone."""
        self._tasks: set[asyncio.Task[Any]] = set()
        self._orphaned = orphaned

    async def run(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of ``work``. Cancelling the caller leaves the work running."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            if not task.done():
                task.add_done_callback(self._tell)
            raise

    async def drain(self, patience: float) -> int:
        """Waits up to ``patience`` seconds for what is under way; how many writes are still not done."""
        if not self._tasks:
            return 0
        _, left = await asyncio.wait(self._tasks, timeout=patience)
        return len(left)

    def __len__(self) -> int:
        return len(self._tasks)

    def _tell(self, task: asyncio.Task[Any]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            self._orphaned(error)
