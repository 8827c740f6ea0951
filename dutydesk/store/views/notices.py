"""Broadcasts and what became of every delivery."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

from dutydesk.model.enums import BroadcastKind, BroadcastState, DeliveryState, Urgency
from dutydesk.model.errors import NotFound
from dutydesk.model.instants import from_stored
from dutydesk.model.notices import Broadcast, Delivery
from dutydesk.store.reader import Reader
from dutydesk.store.views.query import Query, instant

_BROADCAST = (
    'SELECT id, kind, incident_id, text, correction_text, drill, confirm, state, "groups", created_at, '
    "created_by, approved_by, released_by, released_at, corrects, run_id, step, channels, urgency "
    "FROM broadcast"
)
_DELIVERY = (
    "SELECT id, broadcast_id, contact, org, channel, address, code, state, attempts, doubtful, reason, "
    "queued_at, changed_at, confirmed_by FROM delivery"
)


async def broadcast(reader: Reader, id: int) -> Broadcast:  # noqa: A002
    """The broadcast of that number. Raises NotFound."""
    rows = await Query(_BROADCAST).where("id = {}", id).rows(reader)
    if not rows:
        raise NotFound("There is no broadcast {id}: check the number.", id=id)
    return _broadcast(rows[0])


async def broadcasts(
    reader: Reader,
    *,
    incident: int | None = None,
    state: BroadcastState | None = None,
    before: int | None = None,
    limit: int | None = 50,
) -> list[Broadcast]:
    """Broadcasts, the newest number first."""
    query = Query(_BROADCAST)
    if incident is not None:
        query.where("incident_id = {}", incident)
    if state is not None:
        query.where("state = {}", str(state))
    if before is not None:
        query.where("id < {}", before)
    return [_broadcast(row) for row in await query.end("id DESC", limit).rows(reader)]


async def deliveries(reader: Reader, broadcast_id: int) -> list[Delivery]:
    """Every delivery of a broadcast, in the order in which they were queued."""
    query = Query(_DELIVERY).where("broadcast_id = {}", broadcast_id).end("id")
    return [_delivery(row) for row in await query.rows(reader)]


async def deliveries_of(reader: Reader, broadcasts: Collection[int]) -> dict[int, tuple[Delivery, ...]]:
    """:func:`deliveries` of several broadcasts; one without deliveries is left out."""
    rows = await Query(_DELIVERY).where_in("broadcast_id", broadcasts).end("id").rows(reader)
    found: dict[int, list[Delivery]] = {}
    for each in map(_delivery, rows):
        found.setdefault(each.broadcast, []).append(each)
    return {number: tuple(own) for number, own in found.items()}


async def deliveries_in(reader: Reader, *states: DeliveryState) -> list[Delivery]:
    """All deliveries in one of ``states``, the newest first; the stale ones wait for a person, say."""
    query = Query(_DELIVERY).where_in("state", [str(state) for state in states]).end("id DESC")
    return [_delivery(row) for row in await query.rows(reader)]


async def delivery(reader: Reader, id_or_code: int | str) -> Delivery:
    """The delivery of that number or confirmation code. Raises NotFound; Refused is not needed, for a code
    that several deliveries of one person share names the newest of them."""
    query = Query(_DELIVERY)
    if isinstance(id_or_code, int):
        query.where("id = {}", id_or_code)
    else:
        query.where("code = {}", id_or_code)
    rows = await query.end("id DESC", 1).rows(reader)
    if not rows:
        raise NotFound("There is no delivery {id}: check the number or the code.", id=id_or_code)
    return _delivery(rows[0])


async def counts(reader: Reader, broadcast_id: int) -> dict[DeliveryState, int]:
    """How many deliveries of a broadcast are in each state; states with none are left out."""
    rows = await reader.rows(
        "SELECT state, count(*) FROM delivery WHERE broadcast_id = $1 GROUP BY state", broadcast_id
    )
    found = {DeliveryState(state): number for state, number in rows}
    return {state: found[state] for state in DeliveryState if state in found}


async def counts_of(reader: Reader, broadcasts: Collection[int]) -> dict[int, Mapping[DeliveryState, int]]:
    """:func:`counts` of several broadcasts; one without deliveries is left out."""
    query = Query("SELECT broadcast_id, state, count(*) FROM delivery").where_in("broadcast_id", broadcasts)
    rows = await reader.rows(f"{query.sql} GROUP BY broadcast_id, state", *query.params)
    found: dict[int, dict[DeliveryState, int]] = {}
    for broadcast_id, state, number in rows:
        found.setdefault(broadcast_id, {})[DeliveryState(state)] = number
    return dict(found)


def _broadcast(row: tuple[Any, ...]) -> Broadcast:
    return Broadcast(
        id=row[0],
        kind=BroadcastKind(row[1]),
        incident=row[2],
        text=row[3],
        correction_text=row[4],
        drill=bool(row[5]),
        confirm=bool(row[6]),
        state=BroadcastState(row[7]),
        groups=tuple(json.loads(row[8])),
        created_at=from_stored(row[9]),
        created_by=row[10],
        approved_by=row[11],
        released_by=row[12],
        released_at=instant(row[13]),
        corrects=row[14],
        run=row[15],
        step=row[16],
        channels=tuple(json.loads(row[17])),
        urgent=row[18] == Urgency.URGENT,
    )


def _delivery(row: tuple[Any, ...]) -> Delivery:
    return Delivery(
        id=row[0],
        broadcast=row[1],
        contact=row[2],
        org=row[3],
        channel=row[4],
        address=row[5],
        code=row[6],
        state=DeliveryState(row[7]),
        attempts=row[8],
        doubtful=bool(row[9]),
        reason=row[10],
        queued_at=from_stored(row[11]),
        changed_at=from_stored(row[12]),
        confirmed_by=row[13],
    )
