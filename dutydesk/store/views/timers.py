"""Timers as they stand, the most pressing first."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from dutydesk.model.enums import TimerKind, TimerState
from dutydesk.model.errors import NotFound
from dutydesk.model.instants import from_stored
from dutydesk.model.timers import Timer
from dutydesk.store.reader import Reader
from dutydesk.store.views.query import Query, instant

_SELECT = (
    "SELECT id, kind, rule, subject, anchor, anchor_at, due_at, state, level, source, verified, drill, "
    "incident_id, run_id, step, broadcast_id, note, reason, late_s, fired_at, met_at, acknowledged_by, "
    "armed_by, report_id FROM timer"
)
RUNNING = tuple(state for state in TimerState if state.running)


async def timer(reader: Reader, id: int) -> Timer:  # noqa: A002
    """The timer of that number. Raises NotFound."""
    rows = await Query(_SELECT).where("id = {}", id).rows(reader)
    if not rows:
        raise NotFound("There is no timer {id}: check the number.", id=id)
    return from_row(rows[0])


async def timers(
    reader: Reader,
    *,
    states: Collection[TimerState] | None = None,
    incident: int | None = None,
    run: int | None = None,
    broadcast: int | None = None,
    limit: int | None = 200,
) -> list[Timer]:
    """Timers by due time, the earliest first; with ``None`` for it, in every state, and without a limit."""
    query = select(states, limit=limit, incident=incident, run=run, broadcast=broadcast)
    return [from_row(row) for row in await query.rows(reader)]


async def due_before(
    reader: Reader, moment: datetime, *, states: Collection[TimerState], limit: int
) -> list[Timer]:
    """Timers due before ``moment``, the earliest first. Of more than ``limit`` the earliest are left out, and
    not what is due next."""
    query = Query(_SELECT).where_in("state", [str(state) for state in states]).where("due_at < {}", moment)
    rows = await query.end("due_at DESC, id DESC", limit).rows(reader)
    return [from_row(row) for row in reversed(rows)]


def select(states: Collection[TimerState] | None, *, limit: int | None, **links: int | None) -> Query:
    """The query of :func:`timers`; ``links`` are ``incident``, ``run`` and ``broadcast``."""
    query = Query(_SELECT)
    if states is not None:
        query.where_in("state", [str(state) for state in states])
    for name, value in links.items():
        if value is not None:
            query.where(f"{name}_id = {{}}", value)
    return query.end("due_at, id", limit)


def from_row(row: tuple[Any, ...]) -> Timer:
    """A row of :func:`select` as a value."""
    return Timer(
        id=row[0],
        kind=TimerKind(row[1]),
        rule=row[2],
        subject=row[3],
        anchor=row[4],
        anchor_at=instant(row[5]),
        due=from_stored(row[6]),
        state=TimerState(row[7]),
        level=row[8],
        source=row[9],
        verified=bool(row[10]),
        drill=bool(row[11]),
        incident=row[12],
        run=row[13],
        step=row[14],
        broadcast=row[15],
        note=row[16],
        reason=row[17],
        late=None if row[18] is None else timedelta(seconds=row[18]),
        fired_at=instant(row[19]),
        met_at=instant(row[20]),
        acknowledged_by=row[21],
        armed_by=row[22],
        report=row[23],
    )
