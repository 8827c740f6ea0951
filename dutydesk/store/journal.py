"""The journal's chain: how an entry is written, hashed, and proved whole.

``hash = SHA-256(prev_hash ‖ canonical JSON of the entry)``. ``prev_hash`` is the 64 hex digits of the entry
before (64 zeros for the first), as ASCII. The entry is a JSON object with the members ``action``, ``actor``,
``at`` (UTC text), ``console``, ``payload`` (the stored JSON *text*, as a string), ``seq`` and ``subject``.
Canonical JSON is UTF-8, members sorted by name, no white space, no ASCII escapes, no NaN or infinity.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from dutydesk.model.errors import StoreError
from dutydesk.model.instants import from_stored, to_stored
from dutydesk.model.journal import GENESIS, JournalEntry, Verdict
from dutydesk.model.text import Text
from dutydesk.store.search import last_indexed

if TYPE_CHECKING:
    from dutydesk.store.reader import Reader

_BATCH = 2000
COLUMNS = "seq, at, actor, console, action, subject, payload, prev_hash, hash"


def canonical(value: object) -> str:
    """``value`` as canonical JSON. Moments become UTC text, spans seconds. Raises TypeError or ValueError
    for what JSON has no form for."""
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False, default=_plain
    )


def entry(
    head: tuple[int, str] | None,
    *,
    at: datetime,
    actor: str,
    console: str,
    action: str,
    subject: str,
    payload: Mapping[str, object],
) -> JournalEntry:
    """The entry that follows ``head`` (sequence number and hash of the last one; ``None`` for the first)."""
    seq, prev_hash = (head[0] + 1, head[1]) if head else (1, GENESIS)
    text = canonical(dict(payload))
    digest = entry_hash(prev_hash, seq, to_stored(at), actor, console, action, subject, text)
    return JournalEntry(seq, at, actor, console, action, subject, text, prev_hash, digest)


def entry_hash(
    prev_hash: str, seq: int, at: str, actor: str, console: str, action: str, subject: str, payload: str
) -> str:
    """The hash of one entry as 64 hex digits; ``at`` and ``payload`` are the stored texts."""
    body = canonical(
        {
            "seq": seq,
            "at": at,
            "actor": actor,
            "console": console,
            "action": action,
            "subject": subject,
            "payload": payload,
        }
    )
    return hashlib.sha256(prev_hash.encode("ascii", "replace") + body.encode("utf-8", "replace")).hexdigest()


async def verify(
    reader: Reader, *, known: tuple[int, str] | None = None, told: Callable[[int], None] | None = None
) -> Verdict:
    """Walks the whole chain and names the first broken entry.

    A chain cannot tell of itself that its end was cut off. Two things can: what else the database still holds
    of the missing entries, and ``known``, a sequence number and hash noted earlier outside it (a digest).
    ``told`` hears, now and then, up to which entry the chain was found whole.
    """
    expected, prev_hash = 1, GENESIS
    while True:
        rows = await _stored(reader, expected)
        for seq, at, actor, console, action, subject, payload, named, digest in rows:
            what = Text("")
            if seq != expected:
                what = _missing(expected)
            elif _hashed(named, seq, at, actor, console, action, subject, payload) != digest:
                what = Text(f"第 {seq} 条被改动", f"entry {seq} was altered")
            elif named != prev_hash:
                what = Text(
                    f"第 {seq} 条接不上第 {seq - 1} 条：其中一条被调换或改过次序",
                    f"entry {seq} does not follow entry {seq - 1}: one of them was exchanged or re-ordered",
                )
            elif known is not None and known[0] == seq and known[1] != digest:
                what = Text(f"第 {seq} 条与先前记下的不同", f"entry {seq} is not the one noted before")
            if what.zh:
                return Verdict(False, expected - 1, prev_hash, expected, what)
            expected, prev_hash = seq + 1, digest
        if told is not None:
            told(expected - 1)
        if len(rows) < _BATCH:
            break
    if (known is not None and known[0] >= expected) or await _more_is_known(reader, expected):
        what = _missing(expected)
        cut = Text(f"{what.zh}，末尾被截掉", f"{what.en}: the end was cut off")
        return Verdict(False, expected - 1, prev_hash, expected, cut)
    early = await reader.rows("SELECT min(seq) FROM journal")
    if early[0][0] is not None and early[0][0] < 1:
        before = Text("第 1 条之前还有一条", "an entry stands before the first")
        return Verdict(False, expected - 1, prev_hash, early[0][0], before)
    return Verdict(True, expected - 1, prev_hash)


def _missing(seq: int) -> Text:
    return Text(f"缺第 {seq} 条", f"entry {seq} is missing")


async def _more_is_known(reader: Reader, expected: int) -> bool:
    """Whether the database holds traces of entry ``expected`` or a later one, though the journal does not:
    the search index, or a newest report or a first officer whose entry is gone."""
    if await last_indexed(reader, "journal") >= expected:
        return True
    reports, officers = await reader.batch(
        ("SELECT max(id) FROM report", ()), ("SELECT count(*) FROM officer", ())
    )
    if expected == 1:
        return reports[0][0] is not None or officers[0][0] > 0
    if reports[0][0] is None:
        return False
    logged = await reader.rows(
        "SELECT count(*) FROM journal WHERE subject = $1 AND action = $2",
        f"report:{reports[0][0]}",
        "report.logged",
    )
    return not logged[0][0]


async def _stored(reader: Reader, first: int) -> list[tuple[Any, ...]]:
    """The rows from ``first`` on, at most a batch. Bytes that are no text, which only tampering leaves there,
    come as they are."""
    tail = f"FROM journal WHERE seq >= $1 ORDER BY seq LIMIT {_BATCH}"
    try:
        return await reader.rows(f"SELECT {COLUMNS} {tail}", first)
    except StoreError:
        if reader.postgresql:
            raise
    names = COLUMNS.split(", ")
    raw = await reader.rows(
        f"SELECT {', '.join(name if name == 'seq' else f'CAST({name} AS BLOB)' for name in names)} {tail}",
        first,
    )
    return [tuple(cell if isinstance(cell, int) else _text(cell) for cell in row) for row in raw]


def _text(cell: bytes) -> str | bytes:
    try:
        return cell.decode()
    except UnicodeDecodeError:
        return cell


def _hashed(*fields: Any) -> str:
    """The hash of a stored entry; empty where a field is not even text, as no entry of ours is."""
    return entry_hash(*fields) if all(isinstance(field, str | int) for field in fields) else ""


def from_row(row: tuple[object, ...]) -> JournalEntry:
    """A row of ``COLUMNS`` as a value."""
    seq, at, actor, console, action, subject, payload, prev_hash, digest = row
    return JournalEntry(
        int(str(seq)),
        from_stored(str(at)),
        str(actor),
        str(console),
        str(action),
        str(subject),
        str(payload),
        str(prev_hash),
        str(digest),
    )


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return to_stored(value)
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"a journal payload cannot hold {type(value).__name__}")
