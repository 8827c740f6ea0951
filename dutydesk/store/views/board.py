"""The board, all of it read at one moment."""

from __future__ import annotations

from typing import Any

from dutydesk.model.enums import BroadcastKind, DeliveryState, IncidentStatus, Level
from dutydesk.model.instants import from_stored
from dutydesk.model.views.board import Board, BoardIncident, BoardReport
from dutydesk.store.reader import Reader
from dutydesk.store.views import engine
from dutydesk.store.views.query import Query
from dutydesk.store.views.timers import RUNNING, select
from dutydesk.store.views.timers import from_row as timer_of

_NOT_REACHED = (DeliveryState.REFUSED, DeliveryState.FAILED, DeliveryState.UNKNOWN)
_TROUBLE = ", ".join(f"'{state}'" for state in (*_NOT_REACHED, DeliveryState.STALE))
_INCIDENTS = f"""
SELECT i.id, coalesce(i.confirmed_level, i.proposed_level) AS level, i.confirmed_level IS NOT NULL, i.title,
  i.type, i.town, i.drill, coalesce(r.steps_done, 0), coalesce(r.steps_total, 0), coalesce(r.next_step, ''),
  coalesce(n.confirmed, 0), coalesce(n.recipients, 0), coalesce(n.trouble, 0), i.opened_at,
  coalesce(r.playbook, '')
FROM incident i
LEFT JOIN run r ON r.id = (SELECT max(id) FROM run WHERE incident_id = i.id)
LEFT JOIN (
  SELECT b.incident_id,
    count(DISTINCT CASE WHEN b.kind <> '{BroadcastKind.ESCALATION}' AND d.state = '{DeliveryState.CONFIRMED}'
      THEN coalesce(d.contact_id, -d.id) END) AS confirmed,
    count(DISTINCT CASE WHEN b.kind <> '{BroadcastKind.ESCALATION}' THEN coalesce(d.contact_id, -d.id) END)
      AS recipients,
    sum(CASE WHEN d.state IN ({_TROUBLE}) THEN 1 ELSE 0 END) AS trouble
  FROM incident o JOIN broadcast b ON b.incident_id = o.id JOIN delivery d ON d.broadcast_id = b.id
  WHERE o.status = '{IncidentStatus.OPEN}' GROUP BY b.incident_id
) n ON n.incident_id = i.id"""
_REPORTS = (
    "SELECT r.id, r.received_at, r.source, r.text, r.town, f.incident_id, r.drill "
    "FROM report r LEFT JOIN filing f ON f.report_id = r.id"
)
RECENT = 20_000
"""So many of the newest reports are looked through for unfiled ones; older ones have clocks long overdue."""
_UNFILED = f"WHERE f.incident_id IS NULL AND r.id > (SELECT coalesce(max(id), 0) - {RECENT} FROM report)"
_UNFILED_COUNT = f"SELECT count(*) FROM report r LEFT JOIN filing f ON f.report_id = r.id {_UNFILED}"
_WAITING = (
    "SELECT d.state, count(*) FROM delivery d JOIN broadcast b ON b.id = d.broadcast_id "
    "LEFT JOIN incident i ON i.id = b.incident_id"
)


async def board(reader: Reader, *, timers: int = 50, incidents: int = 50, reports: int = 50) -> Board:
    """The running timers by due time, the open incidents gravest and newest first, the newest reports (those
    that belong to nothing before the filed ones), the engine's heartbeat, and the deliveries that did not get
    through or went stale and whose incident, if they have one, is open. The numbers limit each list; how much
    more there is is counted."""
    queries = (
        select(RUNNING, limit=timers),
        Query(_INCIDENTS)
        .where("i.status = {}", str(IncidentStatus.OPEN))
        .end("coalesce(i.confirmed_level, i.proposed_level, 9), i.opened_at DESC, i.id DESC", incidents),
        Query(f"{_REPORTS} {_UNFILED}").end("r.received_at DESC, r.id DESC", reports),
        Query(_REPORTS).end("r.received_at DESC, r.id DESC", reports),
        Query(_WAITING)
        .where_in("d.state", [str(state) for state in (*_NOT_REACHED, DeliveryState.STALE)])
        .where("(i.id IS NULL OR i.status = {}) GROUP BY d.state", str(IncidentStatus.OPEN)),
        Query("SELECT count(*) FROM timer").where_in("state", [str(state) for state in RUNNING]),
        Query("SELECT count(*) FROM incident").where("status = {}", str(IncidentStatus.OPEN)),
    )
    running, opened, loose, newest, waiting, clocks, standing, beat, count = await reader.batch(
        *(q.pair for q in queries), (engine.BEAT, ()), (_UNFILED_COUNT, ())
    )
    filed = [row for row in newest if row[5] is not None][: max(0, reports - len(loose))]
    states = {DeliveryState(state): number for state, number in waiting}
    return Board(
        timers=tuple(timer_of(row) for row in running),
        incidents=tuple(_incident(row) for row in opened),
        reports=tuple(_report(row) for row in (*loose, *filed)),
        engine=engine.beat_of(beat),
        unreached=sum(states.get(state, 0) for state in _NOT_REACHED),
        stale=states.get(DeliveryState.STALE, 0),
        unfiled=int(count[0][0]),
        more_timers=int(clocks[0][0]) - len(running),
        more_incidents=int(standing[0][0]) - len(opened),
    )


def _incident(row: tuple[Any, ...]) -> BoardIncident:
    return BoardIncident(
        id=row[0],
        level=None if row[1] is None else Level(row[1]),
        level_confirmed=bool(row[2]),
        title=row[3],
        type=row[4],
        town=row[5],
        drill=bool(row[6]),
        steps_done=row[7],
        steps_total=row[8],
        next_step=row[9],
        confirmed=row[10],
        recipients=row[11],
        in_trouble=row[12],
        opened_at=from_stored(row[13]),
        playbook=row[14],
    )


def _report(row: tuple[Any, ...]) -> BoardReport:
    return BoardReport(row[0], from_stored(row[1]), row[2], row[3], row[4], row[5], bool(row[6]))
