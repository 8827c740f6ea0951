"""The ledger (台账): reports and journal entries in one order of time, a page at a time in both directions.

A page costs the same anywhere in it: each of the two tables is read along its own index from the line where
the last page ended, and the two are merged.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

from dutydesk.model.instants import from_stored, to_stored
from dutydesk.model.ledger import EVERYTHING, KINDS, LedgerFilter, SearchPlace
from dutydesk.model.views.ledger import LedgerLine, Subject
from dutydesk.store import search as index
from dutydesk.store.reader import Reader
from dutydesk.store.views.query import Query

_PLACE = attrgetter("at", "kind", "id")


@dataclass(frozen=True, slots=True)
class _Source:
    select: str
    at: str
    key: str


_SOURCES = {
    "journal": _Source(
        "SELECT 'journal', j.seq, j.at, coalesce(o.name, j.actor), j.action, j.subject, NULL, j.payload"
        " FROM journal j LEFT JOIN officer o ON o.login = j.actor",
        "j.at",
        "j.seq",
    ),
    "report": _Source(
        "SELECT 'report', r.id, r.received_at, coalesce(o.name, r.logged_by), r.source, r.text,"
        " f.incident_id, '' FROM report r LEFT JOIN filing f ON f.report_id = r.id"
        " LEFT JOIN officer o ON o.login = r.logged_by",
        "r.received_at",
        "r.id",
    ),
}


async def newest(
    reader: Reader, *, limit: int = 100, kinds: Collection[str] = KINDS, only: LedgerFilter = EVERYTHING
) -> list[LedgerLine]:
    """The last page, newest line first."""
    return await _page(reader, None, limit, kinds, only, down=True)


async def older(
    reader: Reader,
    line: LedgerLine,
    *,
    limit: int = 100,
    kinds: Collection[str] = KINDS,
    only: LedgerFilter = EVERYTHING,
) -> list[LedgerLine]:
    """The lines before ``line``, newest first."""
    return await _page(reader, (line.at, line.kind, line.id), limit, kinds, only, down=True)


async def newer(
    reader: Reader,
    line: LedgerLine,
    *,
    limit: int = 100,
    kinds: Collection[str] = KINDS,
    only: LedgerFilter = EVERYTHING,
) -> list[LedgerLine]:
    """The lines after ``line``, newest first like the others: those next to ``line`` if there are more."""
    found = await _page(reader, (line.at, line.kind, line.id), limit, kinds, only, down=False)
    return found[::-1]


async def at(
    reader: Reader,
    moment: datetime,
    *,
    limit: int = 100,
    kinds: Collection[str] = KINDS,
    only: LedgerFilter = EVERYTHING,
) -> list[LedgerLine]:
    """The page that ends at ``moment``: lines of that time and before, newest first."""
    return await _page(reader, (moment, "~", 0), limit, kinds, only, down=True)


async def size(reader: Reader) -> int:
    """How many lines the ledger has: what is numbered without gaps and never deleted need not be counted."""
    rows = await reader.rows(
        "SELECT coalesce((SELECT max(id) FROM report), 0) + coalesce((SELECT max(seq) FROM journal), 0)"
    )
    total: int = rows[0][0]
    return total


async def find(
    reader: Reader,
    query: str,
    *,
    place: SearchPlace | None = None,
    limit: int = 100,
    only: LedgerFilter = EVERYTHING,
) -> tuple[list[LedgerLine], SearchPlace | None]:
    """The lines in which every word of ``query`` occurs, the newest numbers first, and where to go on;
    ``None`` when there is no more. At least one line is found if there is any.
    """
    place = place or SearchPlace()
    while True:
        before = {"report": place.report, "journal": place.journal}
        ids = {
            kind: await index.search(reader, kind, query, limit=limit, before=before[kind])
            for kind in only.kinds
        }
        queries = [
            _only(Query(_SOURCES[kind].select).where_in(_SOURCES[kind].key, found), kind, only)
            .end(f"{_SOURCES[kind].key} DESC")
            .pair
            for kind, found in ids.items()
        ]
        runs = [[_line(row) for row in rows] for rows in await reader.batch(*queries)]
        lines = list(heapq.merge(*runs, key=_PLACE, reverse=True))[:limit]
        whole = {kind for kind, found in ids.items() if len(found) < limit}
        shown = {kind: [line.id for line in lines if line.kind == kind] for kind in ids}
        matched = {kind: [line.id for run in runs for line in run if line.kind == kind] for kind in ids}
        nexts: dict[str, int | None]
        if not lines:
            nexts = {kind: 0 if kind in whole else found[-1] for kind, found in ids.items()}
        else:
            nexts = {
                kind: _next(shown[kind], matched[kind], ids[kind], before[kind], whole=kind in whole)
                for kind in ids
            }
        further = SearchPlace(nexts.get("report", 0), nexts.get("journal", 0))
        if further == SearchPlace(0, 0):
            return lines, None
        if lines:
            return lines, further
        place = further


_NAMED = {
    "incident": "SELECT id, id, title, '' FROM incident",
    "report": "SELECT r.id, f.incident_id, r.text, '' FROM report r LEFT JOIN filing f ON f.report_id = r.id",
    "run": "SELECT id, incident_id, playbook, playbook FROM run",
    "timer": "SELECT id, incident_id, CASE WHEN note = '' THEN subject ELSE note END, rule FROM timer",
    "broadcast": "SELECT id, incident_id, text, '' FROM broadcast",
    "delivery": "SELECT d.id, b.incident_id, d.contact, '' FROM delivery d"
    " JOIN broadcast b ON b.id = d.broadcast_id",
}
"""What subjects of a kind are called: number, incident, name, code."""


async def subjects(reader: Reader, wanted: Collection[str]) -> dict[str, Subject]:
    """What ``wanted`` (``timer:12``, ``incident:3``) are called; those without a name are left out."""
    numbers: defaultdict[str, set[int]] = defaultdict(set)
    for kind, _colon, number in (each.partition(":") for each in wanted):
        if kind in _NAMED and number.isascii() and number.isdigit():
            numbers[kind].add(int(number))
    queries = []
    for kind, ids in numbers.items():
        key = {"report": "r.id", "delivery": "d.id"}.get(kind, "id")
        queries.append(Query(_NAMED[kind]).where_in(key, sorted(ids)).pair)
    if not queries:
        return {}
    found = await reader.batch(*queries)
    return {
        f"{kind}:{id_}": Subject(incident, name, code)
        for kind, rows in zip(numbers, found, strict=True)
        for id_, incident, name, code in rows
    }


def _next(
    shown: list[int], matched: list[int], scanned: list[int], before: int | None, *, whole: bool
) -> int | None:
    """Below which number a kind's search goes on; 0 when it is done."""
    if len(shown) < len(matched):
        return shown[-1] if shown else before
    return 0 if whole else scanned[-1]


async def _page(
    reader: Reader,
    place: tuple[datetime, str, int] | None,
    limit: int,
    kinds: Collection[str],
    only: LedgerFilter,
    *,
    down: bool,
) -> list[LedgerLine]:
    wanted = [kind for kind in KINDS if kind in kinds and kind in only.kinds]
    queries = [_query(kind, place, limit, only, down=down).pair for kind in wanted]
    runs = [[_line(row) for row in rows] for rows in await reader.batch(*queries)]
    return list(heapq.merge(*runs, key=_PLACE, reverse=down))[:limit]


_ABOUT = (
    "j.subject IN (SELECT 'incident:' || i.id FROM incident i WHERE {0}"
    " UNION ALL SELECT 'report:' || f.report_id FROM filing f JOIN incident i ON i.id = f.incident_id"
    " WHERE {0}"
    " UNION ALL SELECT 'run:' || r.id FROM run r JOIN incident i ON i.id = r.incident_id WHERE {0}"
    " UNION ALL SELECT 'timer:' || t.id FROM timer t JOIN incident i ON i.id = t.incident_id WHERE {0}"
    " UNION ALL SELECT 'broadcast:' || b.id FROM broadcast b JOIN incident i ON i.id = b.incident_id"
    " WHERE {0})"
)
"""A journal entry names what it is about in its subject; ``{0}`` says about which incidents."""


def _only(query: Query, kind: str, only: LedgerFilter) -> Query:
    """``query`` without what the filter leaves out."""
    moment = _SOURCES[kind].at
    if only.since is not None:
        query.where(f"{moment} >= {{}}", to_stored(only.since))
    if only.until is not None:
        query.where(f"{moment} < {{}}", to_stored(only.until))
    if only.incident is not None:
        if kind == "report":
            query.where("f.incident_id = {}", only.incident)
        else:
            query.where(_ABOUT.format("i.id = {0}"), only.incident)
    if only.drill is not None:
        if kind == "report":
            query.where("r.drill" if only.drill else "NOT r.drill")
        elif only.drill:
            query.where(_ABOUT.format("i.drill"))
        else:
            query.where(_ABOUT.replace("j.subject IN", "j.subject NOT IN").format("i.drill"))
    return query


def _query(
    kind: str, place: tuple[datetime, str, int] | None, limit: int, only: LedgerFilter, *, down: bool
) -> Query:
    source = _SOURCES[kind]
    query = _only(Query(source.select), kind, only)
    if place is not None:
        moment, other, number = place
        beyond = "<" if down else ">"
        if kind == other:
            query.where(f"({source.at}, {source.key}) {beyond} ({{}}, {{}})", to_stored(moment), number)
        else:
            # the whole moment is on one side of the line, by the order of the kinds
            whole = (kind < other) == down
            query.where(f"{source.at} {beyond}{'=' if whole else ''} {{}}", to_stored(moment))
    order = "DESC" if down else "ASC"
    return query.end(f"{source.at} {order}, {source.key} {order}", limit)


def _line(row: tuple[Any, ...]) -> LedgerLine:
    kind, id_, at_, actor, what, text, incident, payload = row
    return LedgerLine(kind, id_, from_stored(at_), actor, what, text, incident, payload)
