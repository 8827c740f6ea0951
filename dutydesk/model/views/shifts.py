"""A shift, and what it would hand over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Shift:
    """A shift. ``ended_at`` is ``None`` while it runs."""

    id: int
    started_at: datetime
    started_by: str
    leader: str
    officers: tuple[str, ...]
    ended_at: datetime | None = None
    ended_by: str = ""


@dataclass(frozen=True, slots=True)
class OpenItem:
    """Something that a shift would hand over. ``kind``: ``report``, ``timer``, ``incident``, ``broadcast``,
    ``sending`` (a notice released of which the engine still owes deliveries) or ``delivery``; ``since`` is
    its due time for a timer. ``incident`` is the one it belongs to, ``about`` the notice it is about,
    ``code`` a timer's rule."""

    kind: str
    id: int
    text: str
    since: datetime
    incident: int | None = None
    about: int | None = None
    code: str = ""
