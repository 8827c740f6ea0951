"""The deliveries this engine has claimed and not yet recorded. Each is a task, and until its turn comes it
can be called back: a notice that was withdrawn meanwhile, or an engine that stops, sends no more of them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection

from dutydesk.desk.notices.receipts import Sent
from dutydesk.desk.notices.sending import Claimed
from dutydesk.engine.work import Work
from dutydesk.model.enums import Outcome
from dutydesk.model.errors import BadInput
from dutydesk.model.notices import Receipt
from dutydesk.notify import reasons

_log = logging.getLogger(__name__)


class _NotBegun(Exception):
    """Its turn came and it is not to go out."""


class InHand:
    """``ended`` is told of each send that has come to an end, begun or not."""

    def __init__(self, work: Work, tasks: asyncio.TaskGroup, ended: Callable[[Sent], None]) -> None:
        self._work = work
        self._tasks = tasks
        self._ended = ended
        self._sends: dict[int, tuple[Claimed, asyncio.Task[None]]] = {}
        self._waiting: set[int] = set()
        self._called_back: set[int] = set()

    def __len__(self) -> int:
        return len(self._sends)

    @property
    def attempts(self) -> frozenset[int]:
        """The attempts that have not come to an end."""
        return frozenset(self._sends)

    @property
    def waiting(self) -> bool:
        """Whether some sends have not begun."""
        return bool(self._waiting)

    @property
    def waiting_notices(self) -> frozenset[int]:
        """The notices of which some deliveries have not begun."""
        return frozenset(self._sends[attempt][0].broadcast for attempt in self._waiting)

    def start(self, claimed: Claimed) -> None:
        """Sends ``claimed`` when its channel has a place for it."""
        self._waiting.add(claimed.attempt)
        task = self._tasks.create_task(self._run(claimed))
        self._sends[claimed.attempt] = (claimed, task)

    async def call_back(self, notices: Collection[int] | None = None) -> None:
        """Ends the sends that have not begun: those of ``notices``, or all."""
        await asyncio.sleep(0)  # a task that has not started yet could not say that it was called back
        for attempt in tuple(self._waiting):
            claimed, task = self._sends[attempt]
            if notices is None or claimed.broadcast in notices:
                self._cancel(attempt, task)

    async def finish(self, seconds: float) -> int:
        """Lets what has begun end within ``seconds``; returns how many sends had to be cut off."""
        await self.call_back()
        tasks = {task for _, task in self._sends.values()}
        if not tasks:
            return 0
        _, hung = await asyncio.wait(tasks, timeout=seconds)
        for attempt, (_, task) in tuple(self._sends.items()):
            self._cancel(attempt, task)
        if hung:
            await asyncio.wait(hung)
        return len(hung)

    def _cancel(self, attempt: int, task: asyncio.Task[None]) -> None:
        self._called_back.add(attempt)
        task.cancel()

    async def _run(self, claimed: Claimed) -> None:
        receipt: Receipt | None
        try:
            receipt = await self._carry(claimed)
        except _NotBegun:
            receipt = None
        except asyncio.CancelledError:
            if claimed.attempt not in self._called_back:
                raise  # the lease is lost: what becomes of it is for another engine to say
            begun = claimed.attempt not in self._waiting
            receipt = Receipt(Outcome.UNKNOWN, reasons.STOPPED.zh) if begun else None
        except Exception as fault:
            _log.exception("delivery %d could not be handed over", claimed.delivery)
            receipt = Receipt(Outcome.UNKNOWN, reasons.FAULT_WITHIN.zh.format(kind=type(fault).__name__))
        self._waiting.discard(claimed.attempt)
        self._called_back.discard(claimed.attempt)
        del self._sends[claimed.attempt]
        self._ended(Sent(claimed, receipt, self._work.desk.clock.now()))

    async def _carry(self, claimed: Claimed) -> Receipt:
        try:
            message = claimed.message()
        except BadInput as fault:
            return Receipt(Outcome.REFUSED, str(fault))

        tenure = self._work.tenure

        async def turn(part: int) -> None:
            if not tenure.runs:
                await tenure.held()
            if part == 1:
                self._begin(claimed)

        return await self._work.gateways.send(claimed.channel, message, turn=turn)

    def _begin(self, claimed: Claimed) -> None:
        """Raises _NotBegun where the delivery may be another's by now."""
        if self._work.desk.clock.now() >= claimed.lease_until:
            raise _NotBegun
        self._waiting.discard(claimed.attempt)
