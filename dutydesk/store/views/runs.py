"""Runs of playbooks and what happened in them."""

from __future__ import annotations

import json
from typing import Any

from dutydesk.model.enums import RunStatus
from dutydesk.model.errors import NotFound
from dutydesk.model.instants import from_stored
from dutydesk.model.views.runs import RunEventRecord, RunRecord
from dutydesk.store.reader import Reader
from dutydesk.store.views.query import Query, instant

_RUN = (
    "SELECT id, incident_id, playbook, source, source_hash, status, drill, steps_done, steps_total, "
    "next_step, started_at, started_by, ended_at FROM run"
)
_EVENT = 'SELECT id, run_id, step, action, value, reason, at, "by" FROM run_event'


async def run(reader: Reader, id: int) -> RunRecord:  # noqa: A002
    """The run of that number. Raises NotFound."""
    rows = await Query(_RUN).where("id = {}", id).rows(reader)
    if not rows:
        raise NotFound("There is no run {id}: check the number.", id=id)
    return _run(rows[0])


async def runs(
    reader: Reader, *, incident: int | None = None, status: RunStatus | None = None, limit: int | None = 50
) -> list[RunRecord]:
    """Runs, the newest number first."""
    query = Query(_RUN)
    if incident is not None:
        query.where("incident_id = {}", incident)
    if status is not None:
        query.where("status = {}", str(status))
    return [_run(row) for row in await query.end("id DESC", limit).rows(reader)]


async def events(reader: Reader, run_id: int) -> list[RunEventRecord]:
    """All that happened in a run, in order."""
    rows = await Query(_EVENT).where("run_id = {}", run_id).end("id").rows(reader)
    return [
        RunEventRecord(
            id_, run_, step, action, None if value is None else json.loads(value), reason, from_stored(at), by
        )
        for id_, run_, step, action, value, reason, at, by in rows
    ]


def _run(row: tuple[Any, ...]) -> RunRecord:
    return RunRecord(
        id=row[0],
        incident=row[1],
        playbook=row[2],
        source=row[3],
        source_hash=row[4],
        status=RunStatus(row[5]),
        drill=bool(row[6]),
        steps_done=row[7],
        steps_total=row[8],
        next_step=row[9],
        started_at=from_stored(row[10]),
        started_by=row[11],
        ended_at=instant(row[12]),
    )
