"""A shift, and what it would hand over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


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


@dataclass(frozen=True, slots=True)
class OpenItems:
    """All that a shift would hand over: ``items`` are listed, the most pressing kinds first, and of a kind in
    ``more`` there are so many others, older than those listed."""

    items: tuple[OpenItem, ...] = ()
    more: Mapping[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """How many there are, listed or not."""
        return len(self.items) + sum(self.more.values())

    def count(self, kind: str) -> int:
        """How many of ``kind`` there are, listed or not."""
        return sum(item.kind == kind for item in self.items) + self.more.get(kind, 0)

    def unseen(self, seen: OpenItems) -> int:
        """How many of these are new to whoever has seen ``seen``. What is not listed counts by its number."""
        known = {(item.kind, item.id) for item in seen.items}
        fresh = sum((item.kind, item.id) not in known for item in self.items)
        kinds = {*(item.kind for item in self.items), *self.more}
        return max(fresh, sum(max(0, self.count(kind) - seen.count(kind)) for kind in kinds))

    def record(self) -> list[dict[str, Any]]:
        """As the handover and the journal keep it: ``{"kind", "id", "text"}`` for each item that is listed,
        and ``{"kind", "more"}`` for as many as are not. :func:`recorded` counts it."""
        listed = [{"kind": item.kind, "id": item.id, "text": item.text} for item in self.items]
        return [*listed, *({"kind": kind, "more": number} for kind, number in self.more.items())]


def recorded(record: Iterable[Mapping[str, Any]]) -> int:
    """How many items :meth:`OpenItems.record` told of."""
    return sum(int(item.get("more", 1)) for item in record)
