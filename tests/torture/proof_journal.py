"""The proof that the journal is whole, worked out here once more from its description, and that everything it
tells of is as it says."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator

from tests.torture.evidence import Evidence


def chain(evidence: Evidence) -> Iterator[str]:
    """Each entry's hash is that of the one before and its own canonical JSON."""
    before = "0" * 64
    columns = ("action", "actor", "at", "console", "payload", "seq", "subject")
    for row in evidence.rows("SELECT * FROM journal ORDER BY seq"):
        body = json.dumps(
            {column: row[column] for column in columns},
            ensure_ascii=False,
            sort_keys=True,
            separators=(",", ":"),
        )
        digest = hashlib.sha256(before.encode() + body.encode()).hexdigest()
        if (row["prev_hash"], row["hash"]) != (before, digest):
            yield f"BROKEN: entry {row['seq']} of the journal does not follow, or was altered"
        before = row["hash"]


def state_of_things(evidence: Evidence) -> Iterator[str]:
    """What an entry says was done is how things stand: an entry and its rows are one commit."""
    stands: dict[str, tuple[str, Callable[[sqlite3.Row], object]]] = {
        "timer.met": ("timer", lambda row: row["state"] in ("met", "missed") and row["met_by"]),
        "timer.acknowledged": ("timer", lambda row: row["acknowledged_by"]),
        "broadcast.drafted": ("broadcast", lambda row: row["text"]),
        "broadcast.approved": ("broadcast", lambda row: row["approved_by"]),
        "broadcast.released": ("broadcast", lambda row: row["state"] == "released" and row["released_by"]),
        "run.started": ("run", lambda row: row["started_by"]),
    }
    for action, (table, holds) in stands.items():
        rows = {f"{table}:{row['id']}": row for row in evidence.rows(f"SELECT * FROM {table}")}
        for subject, _ in evidence.payloads(action):
            if subject not in rows or not holds(rows[subject]):
                yield f"NOT SO: the journal has {action} of {subject}, and its row says otherwise"
    graded = {subject: payload["level"] for subject, payload in evidence.payloads("incident.graded")}
    for row in evidence.rows("SELECT id, confirmed_level FROM incident"):
        if row["confirmed_level"] != graded.get(f"incident:{row['id']}"):
            yield f"NOT SO: incident {row['id']} has level {row['confirmed_level']}, its entry another"
    told = Counter(subject for subject, _ in evidence.payloads("incident.graded"))
    rows_of = "SELECT incident_id, count(*) FROM grade WHERE NOT computed GROUP BY 1"
    given = Counter({f"incident:{incident}": count for incident, count in evidence.rows(rows_of)})
    if told != given:
        yield f"NOT SO: grades given and entries of them differ: {told - given} {given - told}"
