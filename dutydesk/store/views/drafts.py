"""Intake drafts that are still open, read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dutydesk.model.instants import from_stored
from dutydesk.store.reader import Reader


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """A form that is not a report yet. ``fields`` are as typed."""

    id: str
    console: str
    fields: Mapping[str, Any]
    started_at: datetime
    saved_at: datetime


async def open_drafts(reader: Reader, officer: str) -> tuple[OpenDraft, ...]:
    """All the officer's drafts that became neither a report nor were put away, the newest first."""
    rows = await reader.rows(
        "SELECT id, console, fields, started_at, saved_at FROM draft"
        " WHERE officer = $1 AND logged_report IS NULL AND NOT discarded ORDER BY saved_at DESC",
        officer,
    )
    return tuple(
        OpenDraft(
            id_,
            console,
            json.loads(fields) if isinstance(fields, str) else fields,
            from_stored(started_at),
            from_stored(saved_at),
        )
        for id_, console, fields, started_at, saved_at in rows
    )
