"""The ledger (台账) for reading: pages in both directions, search as typed, one report or entry whole, and
the proof of the chain."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from dutydesk.desk.desk import Desk
from dutydesk.desk.incidents.circumstances import known_markers
from dutydesk.model.journal import JournalEntry, Verdict, payload_of
from dutydesk.model.ledger import EVERYTHING, LedgerFilter, SearchPlace
from dutydesk.model.reports import Report
from dutydesk.model.text import Text
from dutydesk.model.views.ledger import LedgerLine, Subject
from dutydesk.store import journal as chain
from dutydesk.store.views import journal, ledger, reports

PAGE = 200
"""Lines of a page: several screens full, so that the next one is there before it is needed."""

LISTED = 2
"""Of many timers that one entry is about, so many are named."""


@dataclass(frozen=True, slots=True)
class ReportWhole:
    """A report with the numbers of those that correct it, and what its markers are called."""

    report: Report
    corrected_by: tuple[int, ...]
    marker_names: Mapping[str, Text]


async def ledger_page(
    desk: Desk,
    line: LedgerLine | None = None,
    side: Literal["before", "after"] = "after",
    *,
    only: LedgerFilter = EVERYTHING,
    limit: int = PAGE,
) -> Sequence[LedgerLine]:
    """The newest page, or the one that stands before ``line`` (what is newer) or after it (what is older);
    the newest line first."""
    if line is None:
        found = await ledger.newest(desk.reader, limit=limit, only=only)
    elif side == "after":
        found = await ledger.older(desk.reader, line, limit=limit, only=only)
    else:
        found = await ledger.newer(desk.reader, line, limit=limit, only=only)
    return await _named(desk, found)


async def ledger_size(desk: Desk) -> int:
    """How many lines the ledger has."""
    return await ledger.size(desk.reader)


async def ledger_find(
    desk: Desk,
    query: str,
    place: SearchPlace | None = None,
    *,
    only: LedgerFilter = EVERYTHING,
    limit: int = PAGE,
) -> tuple[Sequence[LedgerLine], SearchPlace | None]:
    """The lines in which every word of ``query`` occurs, and where the search goes on."""
    found, further = await ledger.find(desk.reader, query, place=place, limit=limit, only=only)
    return await _named(desk, found), further


async def _named(desk: Desk, lines: Sequence[LedgerLine]) -> Sequence[LedgerLine]:
    """``lines`` with what their journal entries are about."""
    about = {line.id: _subjects(line) for line in lines if line.kind == "journal"}
    known = await ledger.subjects(desk.reader, {each for wanted in about.values() for each in wanted})
    return [_with(line, [known[each] for each in about.get(line.id, ()) if each in known]) for line in lines]


def _subjects(line: LedgerLine) -> tuple[str, ...]:
    """What an entry names as its subject, or the first few of what it lists."""
    if ":" in line.text:
        return (line.text,)
    payload = payload_of(line.payload) if line.text == "timers" else {}
    told = payload.get("told")
    listed = payload.get("timers") or [
        timer
        for telling in (told if isinstance(told, list) else ())
        if isinstance(telling, dict) and isinstance(telling.get("timers"), list)
        for timer in telling["timers"]
    ]
    return tuple(f"timer:{each}" for each in listed[:LISTED]) if isinstance(listed, list) else ()


def _with(line: LedgerLine, about: list[Subject]) -> LedgerLine:
    if line.kind == "report" or not about:
        return line
    incidents = {each.incident for each in about}
    return replace(line, about=tuple(about), incident=incidents.pop() if len(incidents) == 1 else None)


async def whole_report(desk: Desk, report: int) -> ReportWhole:
    """A report with its figures and corrections. Raises NotFound."""
    found = await reports.report(desk.reader, report)
    called = known_markers(desk.reference) if found.markers else {}
    names = {each.name: called.get(each.name, Text(each.name, each.name)) for each in found.markers}
    return ReportWhole(found, tuple(await reports.corrections_of(desk.reader, report)), names)


async def whole_entry(desk: Desk, seq: int) -> JournalEntry:
    """A journal entry with its payload and hashes. Raises NotFound."""
    return await journal.entry(desk.reader, seq)


async def verify_chain(
    desk: Desk, told: Callable[[int], None] | None = None, *, known: tuple[int, str] | None = None
) -> Verdict:
    """Walks the whole chain of the journal. ``told`` hears up to which entry it was found whole; ``known`` is
    a sequence number and hash noted earlier elsewhere, by which an end cut off shows."""
    return await chain.verify(desk.reader, told=told, known=known)
