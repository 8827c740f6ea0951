"""Everything the proof of a tortured shift is made of: the bare database file, what the sink counted, what
every command was answered."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.torture.script import Command, Fate
from tests.torture.sink import Arrival


@dataclass
class Evidence:
    """Everything the proof is made of. ``journal`` has (action, subject, payload) in order; until
    ``settled_at`` there was an engine to do what was due."""

    raw: sqlite3.Connection
    told: Sequence[Command]
    arrivals: dict[int, list[Arrival]]
    journal: list[tuple[str, str, Any]]
    settled_at: datetime

    @classmethod
    def of(
        cls,
        database: Path,
        told: Sequence[Command],
        arrivals: dict[int, list[Arrival]],
        settled_at: datetime,
    ) -> Evidence:
        raw = sqlite3.connect(database)
        raw.row_factory = sqlite3.Row
        entries = raw.execute("SELECT action, subject, payload FROM journal ORDER BY seq")
        return cls(raw, told, arrivals, [(a, s, json.loads(p)) for a, s, p in entries], settled_at)

    def rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        return self.raw.execute(sql, values).fetchall()

    def acknowledged(self, kind: str) -> Iterator[Command]:
        return (one for one in self.told if one.kind == kind and one.fate is Fate.ACKNOWLEDGED)

    def payloads(self, action: str) -> Iterator[tuple[str, Any]]:
        return ((subject, payload) for found, subject, payload in self.journal if found == action)
