"""What the status bar tells, and whether anything was done at the desk. Apart from the board, whose rows come
first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dutydesk.desk.desk import Desk
from dutydesk.store.views import engine, journal, shifts


@dataclass(frozen=True, slots=True)
class Watch:
    """Who is on duty, and when the engine was last heard of (real time). ``leader`` and ``officers`` are
    empty while no shift runs."""

    leader: str
    officers: tuple[str, ...]
    shift_since: datetime | None
    engine_seen: datetime | None


async def journal_head(desk: Desk) -> int:
    """The number of the newest journal entry: another one after every command, the same after a heartbeat."""
    last = await journal.tail(desk.reader, limit=1)
    return last[-1].seq if last else 0


async def watch(desk: Desk) -> Watch:
    """The shift that runs and the engine's heartbeat."""
    shift = await shifts.running_shift(desk.reader)
    beat = await engine.beat(desk.reader)
    return Watch(
        leader=shift.leader if shift else "",
        officers=shift.officers if shift else (),
        shift_since=shift.started_at if shift else None,
        engine_seen=beat.heartbeat_at if beat else None,
    )
