"""What has come of the engine's sends and is not on record yet. It is recorded in batches: while one is
written the next one gathers. One result that cannot be recorded holds up no other."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Final

from dutydesk.desk.engine.lease import LeaseLost
from dutydesk.desk.notices import receipts
from dutydesk.desk.notices.outbox import NOT_RECORDED
from dutydesk.desk.notices.receipts import Sent
from dutydesk.engine.steady import steadily
from dutydesk.engine.work import Work
from dutydesk.model.enums import Outcome
from dutydesk.model.errors import StoreError
from dutydesk.model.notices import Receipt
from dutydesk.notify.retry import RetryPolicy
from dutydesk.store.errors import refused_change

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

    @property
    def attempts(self) -> frozenset[int]:
        """The attempts whose results are not on record."""
        return frozenset(one.claimed.attempt for one in self._waiting)

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
        async with self._recording:
            while self._waiting:
                if await steadily("recording deliveries", self._record_some, self._work.pulse) is None:
                    _log.error(
                        "%d results could not be recorded; they will count as unknown", len(self._waiting)
                    )
                    self._waiting.clear()

    async def _record_some(self) -> bool:
        """Records the first of those that wait. What cannot be recorded now goes behind the others, and is
        the reason for what this raises."""
        batch = self._waiting[:RECORD_AT_ONCE]
        later: list[Sent] = []
        fault: Exception | None = None
        try:
            await self._record(batch)
        except LeaseLost:
            raise
        except Exception as refused:
            if not _may_be_one_of_them(refused):
                raise
            later, fault = await self._record_each(batch)
        del self._waiting[: len(batch)]
        self._waiting += later
        self._work.pulse.beat()
        if fault is not None:
            raise fault
        return True

    async def _record_each(self, batch: Sequence[Sent]) -> tuple[list[Sent], Exception | None]:
        """Records ``batch`` one by one. Returns those that were not to be recorded in any way, and why."""
        later: list[Sent] = []
        why: Exception | None = None
        for place, one in enumerate(batch):
            try:
                await self._record_whatever_it_takes(one)
            except LeaseLost:
                raise
            except Exception as fault:
                later.append(one)
                why = fault
                if not _may_be_one_of_them(fault):
                    return [*batch[place + 1 :], *later], why
        return later, why

    async def _record_whatever_it_takes(self, one: Sent) -> None:
        """Where the result is what cannot be recorded, the delivery is a doubt that waits for a person: sent
        again by itself it would come to the same, and be told twice and again."""
        try:
            await self._record([one])
        except LeaseLost:
            raise
        except Exception as fault:
            if not _may_be_one_of_them(fault):
                raise
            plain = replace(one, receipt=Receipt(Outcome.UNKNOWN, NOT_RECORDED))
            await self._record([plain], policies={})
            # The fault's own words may hold the gateway's: only its kind is written down.
            _log.error(
                "the result of delivery %d, attempt %d, could not be recorded (%s): it counts as unknown",
                one.claimed.delivery,
                one.claimed.number,
                type(fault).__name__,
            )

    async def _record(self, batch: Sequence[Sent], policies: Mapping[str, RetryPolicy] | None = None) -> None:
        work = self._work
        if policies is None:
            policies = work.gateways.policies
        await receipts.record(
            work.desk,
            work.actor,
            work.me,
            batch,
            policies=policies,
            rng=self._rng,
            stale_after=work.stale_after,
        )


def _may_be_one_of_them(fault: Exception) -> bool:
    """Whether the fault may lie in one of the results; a database that cannot be used takes none of them."""
    return not isinstance(fault, StoreError) or refused_change(fault)
