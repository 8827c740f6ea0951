"""What happened about an incident."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dutydesk.model.text import Text


@dataclass(frozen=True, slots=True)
class PutRight:
    """What a report changed about its incident: ``facts`` as (field, before, after), an unknown time
    ``None``, and the rules of the clocks that it ``moved`` and ``called_off``."""

    facts: tuple[tuple[str, Text | datetime | None, Text | datetime | None], ...] = ()
    moved: tuple[str, ...] = ()
    called_off: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """One thing that happened about an incident. ``kind``: ``report``, ``note``, ``notice``, ``journal``,
    or ``put_right`` for what a report changed (``put_right``); ``what`` is a report's source, a notice's
    state or a journal entry's action; ``id`` is the number of its kind. ``about`` is the id of the step,
    playbook or deadline rule it was done to, ``value`` what was answered or given. ``text`` comes from
    outside."""

    kind: str
    id: int
    at: datetime
    actor: str
    what: str
    text: str
    about: str = ""
    value: str = ""
    put_right: PutRight | None = None
