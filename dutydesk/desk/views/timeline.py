"""All that happened about one incident in one order of time: reports, notes, notices and the journal."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from dutydesk.desk.desk import Desk
from dutydesk.model.journal import JournalEntry, payload_of
from dutydesk.model.notices import Broadcast
from dutydesk.model.reports import Report
from dutydesk.model.timers import Timer
from dutydesk.model.views.runs import RunRecord
from dutydesk.model.views.timeline import TimelineLine
from dutydesk.store.views import history

TOLD_BETTER = ("report.logged", "report.filed", "incident.noted", "run.noted", "broadcast.drafted")
"""Journal actions whose report, note or notice stands in the timeline itself."""


async def timeline(
    desk: Desk,
    incident: int,
    *,
    reports: Iterable[Report],
    runs: Iterable[RunRecord],
    timers: Iterable[Timer],
    notices: Iterable[Broadcast],
    limit: int = 300,
) -> tuple[TimelineLine, ...]:
    """The newest first, ``limit`` lines at the most of the journal. The rest is what belongs to it."""
    kept, told, sent = tuple(reports), await history.notes(desk.reader, incident), tuple(notices)
    subjects = [f"incident:{incident}"]
    subjects += [f"run:{run.id}" for run in runs]
    subjects += [f"timer:{timer.id}" for timer in timers]
    subjects += [f"broadcast:{notice.id}" for notice in sent]
    entries = await history.entries_about(desk.reader, subjects, limit=limit)
    lines = [
        *(
            TimelineLine("report", one.id, one.received_at, one.logged_by, one.source, one.text)
            for one in kept
        ),
        *told,
        *(
            TimelineLine("notice", one.id, one.created_at, one.created_by, one.state, one.text)
            for one in sent
        ),
        *(_entry(one) for one in entries if one.action not in TOLD_BETTER),
    ]
    return tuple(sorted(lines, key=_place, reverse=True))


def _place(line: TimelineLine) -> tuple[datetime, bool, int]:
    """Of one moment, a report comes before what followed from it."""
    return line.at, line.kind != "report", line.id


def _entry(entry: JournalEntry) -> TimelineLine:
    said = payload_of(entry.payload)

    def first(*names: str) -> str:
        found = (said.get(name) for name in names)
        return next((str(each) for each in found if each not in (None, "", [], {})), "")

    return TimelineLine(
        "journal",
        entry.seq,
        entry.at,
        entry.actor,
        entry.action,
        first("reason", "note", "text"),
        about=first("step", "playbook", "rule"),
        value=first("value", "level"),
    )
