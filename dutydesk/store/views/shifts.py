"""Shifts, read."""

from __future__ import annotations

import json

from dutydesk.model.enums import BroadcastState, DeliveryState, IncidentStatus, TimerState
from dutydesk.model.instants import from_stored
from dutydesk.model.views.shifts import OpenItem, OpenItems, Shift
from dutydesk.store.reader import Reader
from dutydesk.store.views.query import Query, instant

UNREACHED = (DeliveryState.FAILED, DeliveryState.REFUSED, DeliveryState.UNKNOWN, DeliveryState.STALE)
LISTED = 200
"""So many deliveries that reached nobody are listed; a year of them would bury the rest. The others count."""


async def running_shift(reader: Reader) -> Shift | None:
    """The shift that runs now, if any."""
    rows = await reader.rows(
        "SELECT id, started_at, started_by, leader, officers, ended_at, ended_by FROM shift"
        " WHERE ended_at IS NULL ORDER BY id DESC LIMIT 1"
    )
    if not rows:
        return None
    id_, started_at, started_by, leader, officers, ended_at, ended_by = rows[0]
    return Shift(
        id_,
        from_stored(started_at),
        started_by,
        leader,
        tuple(json.loads(officers)),
        instant(ended_at),
        ended_by,
    )


async def open_items(reader: Reader, *, unreached: int = LISTED) -> OpenItems:
    """Everything somebody still has to do something about, the most pressing kinds first: reports that belong
    to nothing, running clocks, open incidents, notices not released or still going out (whatever holds them
    up), and deliveries that reached nobody: the ``unreached`` of which that became known last, and how many
    more there are."""
    running = [str(state) for state in TimerState if state.running]
    under_way = [str(state) for state in DeliveryState if state.under_way]
    places = ", ".join("{}" for _ in under_way)
    drafts = [str(BroadcastState.DRAFT), str(BroadcastState.APPROVED)]
    nobody = [str(state) for state in UNREACHED]
    queries = (
        Query(
            "SELECT 'report', r.id, substr(r.text, 1, 60), r.received_at, NULL, NULL, '' FROM report r"
            " LEFT JOIN filing f ON f.report_id = r.id"
        )
        .where("f.report_id IS NULL")
        .end("r.id"),
        Query(
            "SELECT 'timer', id, CASE WHEN note = '' THEN subject ELSE note END, due_at, incident_id,"
            " broadcast_id, CASE WHEN note = '' THEN rule ELSE '' END FROM timer"
        )
        .where_in("state", running)
        .end("due_at"),
        Query("SELECT 'incident', id, title, opened_at, id, NULL, '' FROM incident")
        .where("status = {}", str(IncidentStatus.OPEN))
        .end("id"),
        Query("SELECT 'broadcast', id, substr(text, 1, 60), created_at, incident_id, id, '' FROM broadcast")
        .where_in("state", drafts)
        .end("id"),
        Query("SELECT 'sending', id, substr(text, 1, 60), created_at, incident_id, id, '' FROM broadcast")
        .where(f"id IN (SELECT broadcast_id FROM delivery WHERE state IN ({places}))", *under_way)
        .end("id"),
        Query(
            "SELECT 'delivery', id, contact || ' ' || reason, changed_at, NULL, broadcast_id, ''"
            " FROM delivery"
        )
        .where_in("state", nobody)
        # not by number: one that failed this minute may have been queued long ago, and must be among them
        .end("changed_at DESC, id DESC", unreached),
        Query("SELECT count(*) FROM delivery").where_in("state", nobody),
    )
    *listed, ((all_unreached,),) = await reader.batch(*(query.pair for query in queries))
    items = tuple(
        OpenItem(kind, id_, text, from_stored(since), incident, about, code)
        for rows in listed
        for kind, id_, text, since, incident, about, code in rows
    )
    more = all_unreached - len(listed[-1])
    return OpenItems(items, {"delivery": more} if more else {})
