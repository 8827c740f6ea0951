"""All that happened about one incident in one order of time: reports, notes, notices and the journal."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from dutydesk.desk.desk import Desk
from dutydesk.model.facts import FACTS
from dutydesk.model.journal import JournalEntry, payload_of
from dutydesk.model.notices import Broadcast
from dutydesk.model.reports import Report
from dutydesk.model.text import Text
from dutydesk.model.timers import Timer
from dutydesk.model.views.runs import RunRecord
from dutydesk.model.views.timeline import PutRight, TimelineLine
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
) -> tuple[tuple[TimelineLine, ...], int]:
    """The newest first, ``limit`` lines at the most of the journal, and how many older entries of the journal
    there are. The rest is what belongs to it."""
    kept, told, sent = tuple(reports), await history.notes(desk.reader, incident), tuple(notices)
    subjects = [f"incident:{incident}"]
    subjects += [f"run:{run.id}" for run in runs]
    subjects += [f"timer:{timer.id}" for timer in timers]
    subjects += [f"broadcast:{notice.id}" for notice in sent]
    subjects += [f"report:{report.id}" for report in kept]
    entries, older = await history.entries_about(desk.reader, subjects, limit=limit)
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
        *(line for one in entries if (line := _put_right(desk, one)) is not None),
    ]
    return tuple(sorted(lines, key=_place, reverse=True)), older


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


def _put_right(desk: Desk, entry: JournalEntry) -> TimelineLine | None:
    """What a report changed about its incident, if anything: the report's own line does not tell."""
    if entry.action not in ("report.logged", "report.filed"):
        return None
    said = payload_of(entry.payload)
    done = PutRight(
        facts=tuple(
            (
                str(each["fact"]),
                _value(desk, each["fact"], each["was"]),
                _value(desk, each["fact"], each["now"]),
            )
            for each in said.get("facts", ())
            if each["fact"] in FACTS
        ),
        moved=tuple(str(each["rule"]) for each in said.get("moved", ())),
        called_off=tuple(str(each["rule"]) for each in said.get("called_off", ())),
    )
    if done == PutRight():
        return None
    return TimelineLine(
        "put_right", entry.seq, entry.at, entry.actor, entry.action, "", about=entry.subject, put_right=done
    )


def _value(desk: Desk, fact: str, said: str | None) -> Text | datetime | None:
    if fact.endswith("_at"):
        return datetime.fromisoformat(said) if said else None
    known = desk.reference.event_types.get(said or "") if fact == "type" else None
    return known.name if known is not None else Text(said or "")
