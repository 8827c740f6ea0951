"""The engine's heartbeat, and what waits for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dutydesk.model.enums import DeliveryState, TimerState
from dutydesk.model.instants import to_stored
from dutydesk.model.views.board import EngineBeat
from dutydesk.store.reader import Reader
from dutydesk.store.views.query import instant

BEAT = "SELECT holder, pid, heartbeat_at, expires_at FROM lease ORDER BY heartbeat_at DESC LIMIT 1"


@dataclass(frozen=True, slots=True)
class EngineCounts:
    """``overdue``: armed timers whose due time is past. ``queued``: deliveries that are owed an attempt."""

    armed: int
    overdue: int
    queued: int


async def beat(reader: Reader) -> EngineBeat | None:
    """The lease as last written; ``None`` when no engine ever ran here."""
    return beat_of(await reader.rows(BEAT))


async def counts(reader: Reader, now: datetime) -> EngineCounts:
    """What the engine has before it at ``now``, the desk's time."""
    armed, overdue, waiting = await reader.batch(
        ("SELECT count(*) FROM timer WHERE state = $1", (str(TimerState.ARMED),)),
        (
            "SELECT count(*) FROM timer WHERE state = $1 AND due_at < $2",
            (str(TimerState.ARMED), to_stored(now)),
        ),
        (
            "SELECT count(*) FROM delivery WHERE next_at IS NOT NULL OR state = $1",
            (str(DeliveryState.SENDING),),
        ),
    )
    return EngineCounts(armed[0][0], overdue[0][0], waiting[0][0])


def beat_of(rows: list[tuple[Any, ...]]) -> EngineBeat | None:
    """The row of :data:`BEAT`, if there is one."""
    if not rows:
        return None
    holder, pid, heartbeat_at, expires_at = rows[0]
    return EngineBeat(holder, pid, instant(heartbeat_at), instant(expires_at))
