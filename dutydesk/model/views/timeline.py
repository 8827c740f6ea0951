"""What happened about an incident."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """One thing that happened about an incident. ``kind``: ``report``, ``note``, ``notice`` or ``journal``;
    ``what`` is a report's source, a notice's state or a journal entry's action; ``id`` is the number of its
    kind. ``about`` is the id of the step, playbook or deadline rule it was done to, ``value`` what was
    answered or given. ``text`` comes from outside."""

    kind: str
    id: int
    at: datetime
    actor: str
    what: str
    text: str
    about: str = ""
    value: str = ""
