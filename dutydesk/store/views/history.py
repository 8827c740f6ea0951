"""What happened about one incident: notes, and the journal's entries about it and all that belongs to it."""

from __future__ import annotations

import json
from collections.abc import Collection

from dutydesk.model.grading import Basis
from dutydesk.model.instants import from_stored
from dutydesk.model.journal import JournalEntry
from dutydesk.model.views.timeline import TimelineLine
from dutydesk.store.journal import COLUMNS, from_row
from dutydesk.store.reader import Reader
from dutydesk.store.views.query import Query


async def notes(reader: Reader, incident: int) -> list[TimelineLine]:
    """All the notes kept on an incident, its runs and their steps, the newest first."""
    query = Query('SELECT id, at, "by", step, text FROM note').where("incident_id = {}", incident)
    return [
        TimelineLine("note", id_, from_stored(at), by, "", text, about=step)
        for id_, at, by, step, text in await query.end("id DESC").rows(reader)
    ]


async def entries_about(
    reader: Reader, subjects: Collection[str], *, limit: int = 200
) -> tuple[list[JournalEntry], int]:
    """The journal's entries about any of ``subjects`` (``incident:3``, ``run:7``), the newest first, and how
    many older ones there are beyond ``limit``."""
    newest = Query(f"SELECT {COLUMNS} FROM journal").where_in("subject", subjects).end("seq DESC", limit)
    all_ = Query("SELECT count(*) FROM journal").where_in("subject", subjects)
    rows, ((total,),) = await reader.batch(newest.pair, all_.pair)
    return [from_row(row) for row in rows], total - len(rows)


async def basis(reader: Reader, incident: int) -> tuple[Basis, ...]:
    """Why the desk proposes the grade it proposes: what the last computed grade was found by."""
    query = Query("SELECT basis FROM grade").where("incident_id = {}", incident).where("computed")
    rows = await query.end("id DESC", 1).rows(reader)
    stored = json.loads(rows[0][0]) if rows else []
    return tuple(Basis(one["rule"], one["source"], bool(one["verified"])) for one in stored)
