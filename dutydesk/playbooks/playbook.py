"""A playbook as the desk walks it: frozen, includes already written in, every key a field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from dutydesk.model.enums import FactType, StepKind
from dutydesk.model.text import Text

NO_TEXT: Final = Text("")


class Within(StrEnum):
    """What a step's ``within`` counts from."""

    READY = "ready"
    """The moment the step became ready."""
    START = "start"
    """The start of the run."""


class Means(StrEnum):
    """How a report goes up."""

    PHONE = "phone"
    WRITTEN = "written"


class CallOutcome(StrEnum):
    """What came of a call. Only the first two end the step; after the others it stays under way."""

    REACHED = "reached"
    REFUSED = "refused"
    """Reached, and would not or could not do what was asked."""
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    WRONG_NUMBER = "wrong_number"
    LEFT_MESSAGE = "left_message"

    @property
    def settles(self) -> bool:
        """Whether the other side was spoken to."""
        return self in (CallOutcome.REACHED, CallOutcome.REFUSED)


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a fact of type ``choice``."""

    id: str
    label: Text


@dataclass(frozen=True, slots=True)
class FactDef:
    """Something a run asks for. ``unit`` is shown after a number; ``options`` belong to ``choice`` alone."""

    id: str
    type: FactType
    label: Text
    unit: Text = NO_TEXT
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class Callee:
    """Whom to call: a contact group, an organisation, or somebody described in words. Exactly one is set."""

    group: str = ""
    organisation: str = ""
    name: Text = NO_TEXT


@dataclass(frozen=True, slots=True)
class Step:
    """One step. The fields after ``verified`` belong to some kinds only and are empty in the others:

    ``ask``: ``fact``. ``call``: ``whom`` and ``say`` (a template). ``notify``: ``groups``, ``template`` (an
    id), ``confirm``, ``urgent``. ``report``: ``to``, ``means``, ``meets`` (deadline rules) and ``text`` (a
    template, to be read out or sent).

    ``within`` counts from ``within_from``. ``needs`` are ids of steps that must be settled first. A ``must``
    step cannot be skipped. ``when`` is a CEL condition, empty for "always".
    """

    id: str
    kind: StepKind
    title: Text
    source: str
    verified: bool
    detail: Text = NO_TEXT
    when: str = ""
    within: timedelta | None = None
    within_from: Within = Within.READY
    cautions: tuple[Text, ...] = ()
    must: bool = False
    needs: tuple[str, ...] = ()
    fact: str = ""
    whom: Callee | None = None
    say: Text = NO_TEXT
    groups: tuple[str, ...] = ()
    template: str = ""
    confirm: bool = False
    urgent: bool = False
    to: Text = NO_TEXT
    means: Means | None = None
    meets: tuple[str, ...] = ()
    text: Text = NO_TEXT


@dataclass(frozen=True, slots=True)
class Phase:
    """A named part of a playbook. It opens when every step of the phases in ``needs`` is settled; a phase
    that needs none is open from the start."""

    id: str
    title: Text
    steps: tuple[Step, ...]
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Playbook:
    """A whole playbook. ``types`` are the event types it is for; ``when`` narrows them by a CEL condition
    over the incident."""

    id: str
    version: int
    title: Text
    types: tuple[str, ...]
    source: str
    verified: bool
    phases: tuple[Phase, ...]
    facts: tuple[FactDef, ...] = ()
    when: str = ""

    def steps(self) -> Iterator[Step]:
        """Every step in the playbook's order."""
        for phase in self.phases:
            yield from phase.steps

    def step(self, id_: str) -> Step | None:
        """The step called ``id_``, or None."""
        return next((step for step in self.steps() if step.id == id_), None)

    def facts_by_id(self) -> Mapping[str, FactDef]:
        """The facts by their id."""
        return {fact.id: fact for fact in self.facts}
