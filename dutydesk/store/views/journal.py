"""The journal, read."""

from __future__ import annotations

from dutydesk.model.errors import NotFound
from dutydesk.model.journal import JournalEntry
from dutydesk.store import search as index
from dutydesk.store.journal import COLUMNS, from_row
from dutydesk.store.reader import Reader
from dutydesk.store.views.query import Query

_SELECT = f"SELECT {COLUMNS} FROM journal"


async def tail(
    reader: Reader, limit: int = 50, *, before: int | None = None, subject: str | None = None
) -> list[JournalEntry]:
    """The last entries in the order in which they were made. ``before``: only numbers below this one."""
    query = Query(_SELECT)
    if before is not None:
        query.where("seq < {}", before)
    if subject is not None:
        query.where("subject = {}", subject)
    rows = await query.end("seq DESC", limit).rows(reader)
    return [from_row(row) for row in reversed(rows)]


async def entries(reader: Reader, *, after: int = 0, limit: int = 1000) -> list[JournalEntry]:
    """The entries that follow number ``after``."""
    return [
        from_row(row) for row in await Query(_SELECT).where("seq > {}", after).end("seq", limit).rows(reader)
    ]


async def entry(reader: Reader, seq: int) -> JournalEntry:
    """The entry of that number. Raises NotFound."""
    rows = await Query(_SELECT).where("seq = {}", seq).rows(reader)
    if not rows:
        raise NotFound("There is no journal entry {id}: check the number.", id=seq)
    return from_row(rows[0])


async def search(
    reader: Reader, query: str, limit: int = 50, before: int | None = None
) -> list[JournalEntry]:
    """The entries in which every word of ``query`` occurs, the newest first."""
    found = await index.search(reader, "journal", query, limit=limit, before=before)
    rows = await Query(_SELECT).where_in("seq", found).end("seq DESC").rows(reader)
    return [from_row(row) for row in rows]
