"""The append-only chain of everything done (台账), as values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dutydesk.model.text import Text

GENESIS = "0" * 64
"""What the first entry names as the hash before it."""

NOTHING = Text("")


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """``payload`` is canonical JSON text; ``hash`` chains it to the entry before."""

    seq: int
    at: datetime
    actor: str
    console: str
    action: str
    subject: str
    payload: str
    prev_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of walking the chain. ``bad`` is the first broken entry's sequence number, ``what`` is wrong
    with it."""

    ok: bool
    entries: int
    head: str
    bad: int | None = None
    what: Text = NOTHING


def payload_of(text: str) -> Mapping[str, Any]:
    """What the payload ``text`` of an entry says; nothing where it cannot be read, as after tampering."""
    try:
        payload = json.loads(text or "{}")
    except ValueError:
        return {}
    return payload if isinstance(payload, dict) else {}
