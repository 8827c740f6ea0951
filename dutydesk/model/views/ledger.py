"""What the ledger shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Subject:
    """What a journal entry is about, such as ``timer:12``. ``code`` is a timer's rule or a run's playbook;
    ``name`` comes from outside: an incident's title, a timer's subject, a notice's text, a recipient."""

    incident: int | None
    name: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A line of the ledger: a report or a journal entry. ``kind`` is ``report`` or ``journal``;
    its time, kind and number, in this order, place it. ``actor`` is an officer's name where there is one.
    A journal entry's ``text`` is its subject and ``payload`` canonical JSON; ``about`` is what it is about,
    as far as that has a name."""

    kind: str
    id: int
    at: datetime
    actor: str
    what: str
    text: str
    incident: int | None
    payload: str = ""
    about: tuple[Subject, ...] = ()
