"""What has come of the engine's sends and is not on record yet. It is recorded in batches: while one is
written the next one gathers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from functools import partial
from random import Random
from typing import Final

from dutydesk.desk.notices import receipts
from dutydesk.desk.notices.receipts import Sent
from dutydesk.engine.steady import steadily
from dutydesk.engine.work import Work

RECORD_AT_ONCE: Final = 500
"""Results in one transaction at most."""
GATHER: Final = 0.015
"""Seconds that results are let gather while others are under way."""

_log = logging.getLogger(__name__)


class Results:
    """Those of one engine."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._waiting: list[Sent] = []
        self._came = asyncio.Event()
        self._recording = asyncio.Lock()
        self._rng = Random()  # noqa: S311 -- spreads retries, guards nothing

    def add(self, sent: Sent) -> None:
        """One more, to be recorded soon."""
        self._waiting.append(sent)
        self._came.set()

    async def keep_recording(self, *, more_to_come: Callable[[], bool]) -> None:
        """Records results as they come, until it is cancelled."""
        while True:
            await self._came.wait()
            if more_to_come():
                await asyncio.sleep(GATHER)
            self._came.clear()
            await self.record_all()

    async def record_all(self) -> None:
        """Records everything that has come to an end."""
        work = self._work
        async with self._recording:
            while self._waiting:
                batch = self._waiting[:RECORD_AT_ONCE]
                recorded = await steadily("recording deliveries", partial(self._record, batch), work.pulse)
                if recorded is None:
                    _log.error("%d results could not be recorded; they will count as unknown", len(batch))
                del self._waiting[: len(batch)]
                work.pulse.beat()

    async def _record(self, batch: Sequence[Sent]) -> bool:
        work = self._work
        await receipts.record(
            work.desk, work.actor, work.me, batch, policies=work.gateways.policies, rng=self._rng
        )
        return True
