"""When the engine has something to do next: plain reads, made each time it goes to sleep."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from dutydesk.model.enums import BroadcastState, DeliveryState, TimerState
from dutydesk.model.instants import to_stored
from dutydesk.store.reader import Reader
from dutydesk.store.views.query import Query, instant

CLAIMABLE = (DeliveryState.QUEUED, DeliveryState.RETRYING, DeliveryState.UNKNOWN)
"""The states in which a delivery with a ``next_at`` waits for an attempt."""


async def next_timer(reader: Reader) -> datetime | None:
    """When the next timer is to be fired or escalated; ``None`` when none waits."""
    found = await reader.batch(
        ("SELECT min(due_at) FROM timer WHERE state = $1", (str(TimerState.ARMED),)),
        ("SELECT min(next_at) FROM timer WHERE next_at IS NOT NULL", ()),
    )
    times = [moment for rows in found if (moment := instant(rows[0][0])) is not None]
    return min(times) if times else None


async def next_delivery(reader: Reader) -> datetime | None:
    """When the next delivery is to be tried; ``None`` when none waits."""
    rows = await reader.rows("SELECT min(next_at) FROM delivery WHERE next_at IS NOT NULL")
    return instant(rows[0][0])


async def overdue_timers(reader: Reader, before: datetime) -> list[int]:
    """The first timers, at most 20, that were to be fired or escalated before ``before`` and were not."""
    late = "state = {} AND due_at < {} OR next_at < {}"
    query = Query("SELECT id FROM timer").where(late, str(TimerState.ARMED), before, before)
    return [int(row[0]) for row in await query.end("due_at", 20).rows(reader)]


async def forgotten_deliveries(reader: Reader, before: datetime) -> list[int]:
    """The first deliveries, at most 20, that have waited for an attempt since before ``before``, while their
    channel has sent nothing else."""
    at_work = (
        "SELECT o.channel FROM attempt a JOIN delivery o ON o.id = a.delivery_id WHERE a.started_at >= {}"
    )
    query = Query("SELECT id FROM delivery").where("next_at < {}", before)
    query.where(f"channel NOT IN ({at_work})", before)
    return [int(row[0]) for row in await query.end("next_at", 20).rows(reader)]


async def last_attempt(reader: Reader) -> datetime | None:
    """When the newest attempt began; ``None`` where there was none."""
    rows = await reader.rows("SELECT started_at FROM attempt ORDER BY id DESC LIMIT 1")
    return instant(rows[0][0]) if rows else None


async def waits_since(reader: Reader, before: datetime) -> bool:
    """Whether any delivery has been waiting for its attempt since before ``before``."""
    rows = await reader.rows(
        "SELECT 1 FROM delivery WHERE next_at IS NOT NULL AND next_at <= $1 LIMIT 1", to_stored(before)
    )
    return bool(rows)


async def waits_by_a_later_clock(reader: Reader, after: datetime) -> bool:
    """Whether anything waits for an attempt that was told to wait at a time after ``after``."""
    rows = await reader.rows(
        "SELECT 1 FROM delivery WHERE next_at IS NOT NULL AND changed_at > $1 LIMIT 1", to_stored(after)
    )
    return bool(rows)


async def withdrawn(reader: Reader, broadcasts: Collection[int]) -> frozenset[int]:
    """Those of ``broadcasts`` that were cancelled, or that a correction was ever released for."""
    cancelled = (
        Query("SELECT id FROM broadcast")
        .where_in("id", broadcasts)
        .where("state <> {}", str(BroadcastState.RELEASED))
    )
    corrected = (
        Query("SELECT corrects FROM broadcast")
        .where_in("corrects", broadcasts)
        .where("released_at IS NOT NULL")
    )
    found = await reader.batch(cancelled.pair, corrected.pair)
    return frozenset(int(row[0]) for rows in found for row in rows)


async def fallen(reader: Reader) -> bool:
    """Whether anything waits for an attempt that :func:`withdrawn` would name."""
    rows = await reader.rows(
        "SELECT 1 FROM delivery d JOIN broadcast b ON b.id = d.broadcast_id "
        "WHERE d.next_at IS NOT NULL AND (b.state <> $1 OR b.id IN "
        "(SELECT corrects FROM broadcast WHERE corrects IS NOT NULL AND released_at IS NOT NULL)) LIMIT 1",
        str(BroadcastState.RELEASED),
    )
    return bool(rows)


async def half_done(reader: Reader, holder: str, now: datetime) -> bool:
    """Whether any delivery is being sent by another engine than ``holder``, or past its lease."""
    rows = await reader.rows(
        "SELECT 1 FROM delivery WHERE state = $1 AND (lease_holder <> $2 OR lease_until <= $3) LIMIT 1",
        str(DeliveryState.SENDING),
        holder,
        to_stored(now),
    )
    return bool(rows)


async def being_sent(reader: Reader, holder: str) -> frozenset[int]:
    """The attempts that the engine ``holder`` has begun, and that are not recorded."""
    rows = await reader.rows(
        "SELECT a.id FROM delivery d JOIN attempt a ON a.delivery_id = d.id AND a.number = d.attempts "
        "WHERE d.state = $1 AND d.lease_holder = $2",
        str(DeliveryState.SENDING),
        holder,
    )
    return frozenset(int(row[0]) for row in rows)


async def long_in_sending(reader: Reader, before: datetime) -> list[int]:
    """The first deliveries, at most 20, that have been in sending since before ``before``."""
    query = Query("SELECT id FROM delivery").where("state = {}", str(DeliveryState.SENDING))
    return [int(row[0]) for row in await query.where("changed_at < {}", before).end("id", 20).rows(reader)]
