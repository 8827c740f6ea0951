"""Keeps what hangs from delaying what does not: a channel's sends pass through a lane of their own, and a
send that hangs steps aside into the slow lane, so that its place goes to the next."""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

_USUAL: Final = (0.025, 0.5)
"""The least and the most seconds that a send is taken to last usually."""


class Place:
    """A send's place in its lane, until ``leave`` is called."""

    def __init__(self, lane: Lane) -> None:
        self._lane = lane
        self._slow = False
        self._left = False
        self._held_by: asyncio.Future[Any] | None = None
        self._loop = asyncio.get_running_loop()
        self._since = self._loop.time()
        self._timer = self._loop.call_later(lane.slow_after, self._step_aside)

    def hold_for(self, work: asyncio.Future[Any]) -> None:
        """Keeps the place until ``work`` is done, though the sender has given up waiting for it."""
        self._held_by = work

    def leave(self) -> None:
        """Gives the place up. A second call does nothing."""
        if self._left:
            return
        if self._held_by is not None and not self._held_by.done():
            work, self._held_by = self._held_by, None
            work.add_done_callback(self._left_behind)
            return
        self._left = True
        self._timer.cancel()
        self._lane.learn(self._loop.time() - self._since)
        if self._slow:
            self._lane.leave_slow()
        else:
            self._lane.leave_fast()

    def _left_behind(self, work: asyncio.Future[Any]) -> None:
        if not work.cancelled():
            work.exception()  # its result comes too late for anybody; looked at, so that it is not warned of
        self.leave()

    def _step_aside(self) -> None:
        if self._left:
            return
        if self._lane.enter_slow():
            self._slow = True
            self._lane.leave_fast()
        elif self._lane.slow_size:
            # The slow lane is full for now; ask again, since a place in it may come free.
            self._timer = self._loop.call_later(self._lane.slow_after, self._step_aside)


class Lane:
    """``size`` sends at once, ``slow_size`` more that hang; who waits is served urgent first, then in
    order."""

    def __init__(self, size: int, slow_size: int, *, slow_after: float | None = None) -> None:
        self.slow_size = slow_size
        self._fixed = slow_after
        self._usual = _USUAL[0]
        self._free = size
        self._slow = 0
        self._urgent: deque[asyncio.Future[None]] = deque()
        self._routine: deque[asyncio.Future[None]] = deque()

    @property
    def room(self) -> int:
        """How many sends could begin now; negative by the number of those waiting."""
        return self._free - len(self._urgent) - len(self._routine)

    @property
    def slow_after(self) -> float:
        """Seconds after which a send counts as hanging: four times the usual, where it was not fixed."""
        return 4 * self._usual if self._fixed is None else self._fixed

    def learn(self, seconds: float) -> None:
        """Takes in how long a send took. What is usual follows the median, which a few that hang do not
        move."""
        usual = self._usual * (1.1 if seconds > self._usual else 1 / 1.1)
        self._usual = min(max(usual, _USUAL[0]), _USUAL[1])

    async def enter(self, *, urgent: bool) -> Place:
        """Waits for a place."""
        if self._free > 0:
            self._free -= 1
            return Place(self)
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        queue = self._urgent if urgent else self._routine
        queue.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.leave_fast()  # the place came just as the wait was given up
            elif turn in queue:
                queue.remove(turn)
            raise
        return Place(self)

    @asynccontextmanager
    async def place(self, *, urgent: bool) -> AsyncIterator[Place]:
        """A place for the length of the block."""
        place = await self.enter(urgent=urgent)
        try:
            yield place
        finally:
            place.leave()

    def enter_slow(self) -> bool:
        """Takes a place in the slow lane, if there is one."""
        if self._slow >= self.slow_size:
            return False
        self._slow += 1
        return True

    def leave_slow(self) -> None:
        self._slow -= 1

    def leave_fast(self) -> None:
        """Hands the place to whoever waits longest among the most urgent."""
        for queue in (self._urgent, self._routine):
            while queue:
                turn = queue.popleft()
                if not turn.done():
                    turn.set_result(None)
                    return
        self._free += 1


class Pacer:
    """Spaces sends evenly, at most ``rate`` a second; who waits is let through urgent first."""

    def __init__(self, rate: float | None) -> None:
        self._rate = rate
        self._next = 0.0
        self._gate = Lane(1, 0)

    @property
    def room(self) -> float:
        """How many sends could begin within about two seconds."""
        return math.inf if self._rate is None else max(1, int(2 * self._rate)) + self._gate.room - 1

    async def enter(self, lane: Lane, *, urgent: bool) -> Place:
        """Waits for the next turn, then for a place in ``lane``. Only one waits in there: the others stay
        where the urgent can still pass them."""
        if self._rate is None:
            return await lane.enter(urgent=urgent)
        async with self._gate.place(urgent=urgent):
            await self.turn()
            return await lane.enter(urgent=urgent)

    async def turn(self) -> None:
        """Waits until the next send may go out."""
        if self._rate is None:
            return
        now = asyncio.get_running_loop().time()
        at = max(now, self._next)
        self._next = at + 1 / self._rate
        if at > now:
            await asyncio.sleep(at - now)
