"""The plain lists and single rows that the command line shows."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from dutydesk.model.enums import IncidentStatus, TimerState
from dutydesk.store.views import contacts as contact_rows
from dutydesk.store.views import incidents as incident_rows
from dutydesk.store.views import journal as journal_rows
from dutydesk.store.views import notices as notice_rows
from dutydesk.store.views import officers as officer_rows
from dutydesk.store.views import reports as report_rows
from dutydesk.store.views import runs as run_rows
from dutydesk.store.views import timers as timer_rows

if TYPE_CHECKING:
    from dutydesk.desk.desk import Desk
    from dutydesk.model.journal import JournalEntry
    from dutydesk.model.notices import Broadcast, Contact
    from dutydesk.model.officers import Officer
    from dutydesk.model.reports import Incident, Report
    from dutydesk.model.timers import Timer
    from dutydesk.model.views.runs import RunRecord


async def reports(
    desk: Desk, *, before: int | None = None, limit: int = 50, incident: int | None = None
) -> list[Report]:
    """Reports with their figures, the newest number first. ``before``: only numbers below this one."""
    return await report_rows.reports(desk.reader, before=before, limit=limit, incident=incident)


async def report(desk: Desk, number: int) -> Report:
    """The report of that number, with its figures. Raises NotFound."""
    return await report_rows.report(desk.reader, number)


async def reports_with(desk: Desk, words: str, *, limit: int = 50) -> list[Report]:
    """The reports in whose text, place, town or caller every one of ``words`` occurs, the newest first."""
    numbers = await report_rows.search(desk.reader, words, limit=limit)
    return await report_rows.reports_of(desk.reader, numbers)


async def incidents(
    desk: Desk, *, status: IncidentStatus | None = None, limit: int | None = 50
) -> list[Incident]:
    """Incidents, the newest number first."""
    return await incident_rows.incidents(desk.reader, status, limit=limit)


async def runs(desk: Desk, *, incident: int | None = None, limit: int | None = 50) -> list[RunRecord]:
    """Runs of playbooks, the newest number first; all of them where ``limit`` is ``None``."""
    return await run_rows.runs(desk.reader, incident=incident, limit=limit)


async def run(desk: Desk, number: int) -> RunRecord:
    """The run of that number. Raises NotFound."""
    return await run_rows.run(desk.reader, number)


async def notices_of(desk: Desk, incident: int) -> list[Broadcast]:
    """All the notices about an incident."""
    return await notice_rows.broadcasts(desk.reader, incident=incident, limit=None)


async def timers(
    desk: Desk,
    *,
    states: Collection[TimerState] | None = None,
    incident: int | None = None,
    limit: int | None = None,
) -> list[Timer]:
    """Timers by due time, the earliest first; with ``None`` for it, in every state, and without a limit."""
    return await timer_rows.timers(desk.reader, states=states, incident=incident, limit=limit)


async def contacts(desk: Desk, *, group: str | None = None) -> list[Contact]:
    """The contacts that are not removed, by number; of one group if it is named."""
    return await contact_rows.contacts(desk.reader, group)


async def contact(desk: Desk, number: int) -> Contact:
    """The contact of that number, one that was removed too. Raises NotFound."""
    return await contact_rows.contact(desk.reader, number)


async def officers(desk: Desk) -> list[Officer]:
    """All officers by number."""
    return await officer_rows.officers(desk.reader)


async def journal_tail(desk: Desk, *, limit: int = 50, subject: str | None = None) -> list[JournalEntry]:
    """The last entries of the journal in the order in which they were made."""
    return await journal_rows.tail(desk.reader, limit, subject=subject)


async def journal_with(desk: Desk, words: str, *, limit: int = 50) -> list[JournalEntry]:
    """The entries of the journal in which every one of ``words`` occurs, the newest first."""
    return await journal_rows.search(desk.reader, words, limit)
