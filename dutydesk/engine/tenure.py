"""How long this process may take itself for the active engine. It can be stopped at any instruction and go on
long after another has taken over; the database refuses it then, a gateway would not. So whatever leaves the
machine is let out here, at the last moment."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from dutydesk.desk.engine import lease
from dutydesk.model.clock import Clock

MARGIN: Final = timedelta(seconds=1)
"""How much of the lease must be left: the time between asking here and the first byte on the wire."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One instant on both clocks: the wall clock may be set, the loop's stands still while the machine
    sleeps."""

    wall: datetime
    loop: float


class Tenure:
    """Runs from each heartbeat that was committed for as long as the lease does."""

    def __init__(self, wall: Clock) -> None:
        self._wall = wall
        self._loop = asyncio.get_running_loop()
        self._by_wall = (datetime.min.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC))
        self._by_loop = float("-inf")
        self._renewed = asyncio.Event()

    def moment(self) -> Moment:
        """This instant, to be handed to :meth:`renew` once what was begun at it is committed."""
        return Moment(self._wall.now(), self._loop.time())

    def renew(self, began: Moment) -> None:
        """The lease was prolonged by a transaction that was begun at ``began``."""
        lasts = lease.EXPIRES_AFTER - MARGIN
        self._by_wall = (began.wall, began.wall + lasts)
        self._by_loop = began.loop + lasts.total_seconds()
        self._renewed.set()
        self._renewed = asyncio.Event()

    @property
    def runs(self) -> bool:
        """Whether nobody else can be the active engine now."""
        begins, ends = self._by_wall
        return self._loop.time() < self._by_loop and begins <= self._wall.now() < ends

    async def held(self) -> None:
        """Waits until this process is surely the active engine. Where the lease is lost whoever waits here is
        cancelled with everything else."""
        while not self.runs:
            await self._renewed.wait()
