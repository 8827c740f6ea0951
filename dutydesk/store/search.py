"""Full-text search by recency: any part of a word is found, one Chinese character or two included."""

from __future__ import annotations

import json

from dutydesk.model.errors import BadInput
from dutydesk.model.visible import visible
from dutydesk.store import grams
from dutydesk.store.dialect import LARGEST_NUMBER, contains, search_expression
from dutydesk.store.reader import Reader

FIELDS = {"report": ("text", "place", "town", "caller"), "journal": ("action", "subject", "actor", "payload")}
"""What is searched of each kind."""

KEYS = {"report": "id", "journal": "seq"}

ENDS = {"journal": "}"}
"""What the last field of every row ends with, of the kinds where it is always the same."""

MOST_WORDS = 40
_INDEXED_PART = 40
"""So much of a word is looked up in the index, where a phrase costs more the longer it is; what is found is
then held against the whole word."""

_NEWEST = 300
"""A single character that is common is found among the newest rows sooner than in the index, where it is the
beginning of thousands of pairs; a rare one is not there and is looked up."""


async def search(
    reader: Reader, kind: str, query: str, *, limit: int = 50, before: int | None = None
) -> list[int]:
    """The numbers of the ``kind`` (``report`` or ``journal``) in which every word of ``query`` occurs, the
    newest first.

    Words are parted by white space; each is a plain piece of text, found anywhere, A-Z like a-z; nothing in
    it is an operator. ``before``: only numbers below this one. An empty query finds nothing. Raises BadInput
    for more words than anybody would type.
    """
    words = [grams.fold(visible(word)) for word in query.replace("\0", " ").split()]
    if kind == "journal":
        words = [_in_payload(word) for word in words]
    words = list(dict.fromkeys(words))
    if not words or limit <= 0:
        return []
    if len(words) > MOST_WORDS:
        raise BadInput(
            "A search takes {most} words; this one has {count}.", most=MOST_WORDS, count=len(words)
        )
    top = before if before is not None else LARGEST_NUMBER
    if all(len(word) == 1 for word in words):
        found = await _scan(reader, kind, words, limit, top)
        if len(found) >= limit:
            return found
    return await _look_up(reader, kind, words, limit, top)


def _in_payload(word: str) -> str:
    """``word`` as it stands in a payload, which is JSON: with its quotation marks escaped."""
    return json.dumps(word, ensure_ascii=False)[1:-1]


async def last_indexed(reader: Reader, kind: str) -> int:
    """The highest number of ``kind`` that the index knows; 0 for none."""
    if reader.postgresql:
        rows = await reader.rows(f"SELECT max(id) FROM {kind}_search")
    else:
        # such an index cannot be listed, only searched: for what every row ends with
        rows = await reader.rows(
            f"SELECT rowid FROM {kind}_search WHERE {kind}_search MATCH $1 ORDER BY rowid DESC LIMIT 1",
            search_expression([grams.document(ENDS[kind]).split()[-1]], single=False, postgresql=False),
        )
    return rows[0][0] or 0 if rows else 0


async def _scan(reader: Reader, kind: str, words: list[str], limit: int, top: int) -> list[int]:
    key, fields = KEYS[kind], ", ".join(FIELDS[kind])
    rows = await reader.rows(
        f"SELECT r.{key} FROM (SELECT {key}, {fields} FROM {kind} WHERE {key} < $1 ORDER BY {key} DESC "
        f"LIMIT {_NEWEST}) r WHERE {_all_of(reader, kind, words, first=3)} ORDER BY r.{key} DESC LIMIT $2",
        top,
        limit,
        *words,
    )
    return [row[0] for row in rows]


async def _look_up(reader: Reader, kind: str, words: list[str], limit: int, top: int) -> list[int]:
    expression = " AND ".join if not reader.postgresql else " & ".join
    match = expression(
        search_expression(
            grams.query(word[:_INDEXED_PART]), single=len(word) == 1, postgresql=reader.postgresql
        )
        for word in words
    )
    if not reader.postgresql and all(len(word) <= _INDEXED_PART for word in words):
        # tokens in a row in one field are the text itself: nothing is left to check
        rows = await reader.rows(
            f"SELECT rowid FROM {kind}_search WHERE {kind}_search MATCH $1 AND rowid < $2 "
            "ORDER BY rowid DESC LIMIT $3",
            match,
            top,
            limit,
        )
    else:
        number, matches = (
            ("id", "s.grams @@ CAST(CAST($1 AS text) AS tsquery)")
            if reader.postgresql
            else ("rowid", f"{kind}_search MATCH $1")
        )
        rows = await reader.rows(
            f"SELECT s.{number} FROM {kind}_search s JOIN {kind} r ON r.{KEYS[kind]} = s.{number} "
            f"WHERE {matches} AND s.{number} < $2 "
            f"AND {_all_of(reader, kind, words, first=4)} ORDER BY s.{number} DESC LIMIT $3",
            match,
            top,
            limit,
            *words,
        )
    return [row[0] for row in rows]


def _all_of(reader: Reader, kind: str, words: list[str], *, first: int) -> str:
    """Every word occurs in one of the fields; the words are the parameters from ``first`` on."""
    return " AND ".join(
        "("
        + " OR ".join(
            contains(f"r.{field}", f"${place}", postgresql=reader.postgresql) for field in FIELDS[kind]
        )
        + ")"
        for place in range(first, first + len(words))
    )
