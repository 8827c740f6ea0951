"""What a command did to an incident and its clocks: for the journal, the answer and the screen, so that none
ends or moves in silence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime

from dutydesk.desk.incidents.facts import Changed, Kept
from dutydesk.model.grading import Proposal
from dutydesk.model.timers import Timer


@dataclass(frozen=True, slots=True)
class CalledOff:
    """A clock that a command ended without its duty being done, and why."""

    timer: int
    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A clock that runs on with another due time."""

    timer: int
    rule: str
    was: datetime
    due: datetime


@dataclass(slots=True)
class Change:
    """What a command did to an incident's clocks, by rule; ``timers`` are those that run now.

    ``owed`` are the duties that were late before a correction took the ground from under them: they stay
    until somebody settles them. ``facts`` are what a report put right, ``kept`` what it states in vain.
    """

    proposal: Proposal
    timers: tuple[Timer, ...] = ()
    armed: list[str] = field(default_factory=list)
    moved: list[Moved] = field(default_factory=list)
    called_off: list[CalledOff] = field(default_factory=list)
    owed: list[str] = field(default_factory=list)
    facts: tuple[Changed, ...] = ()
    kept: tuple[Kept, ...] = ()

    @property
    def tightened(self) -> list[str]:
        """The rules of the clocks that are due earlier than before."""
        return [each.rule for each in self.moved if each.due < each.was]

    @property
    def cancelled(self) -> list[str]:
        """The rules of the clocks that were called off."""
        return [each.rule for each in self.called_off]

    def summary(self) -> Mapping[str, object]:
        """For the journal. What did not happen is left out, but for the clocks, which every reader looks
        for."""
        always = {"armed": self.armed, "tightened": self.tightened, "cancelled": self.cancelled}
        details: dict[str, list[dict[str, object]]] = {
            "moved": [asdict(each) for each in self.moved],
            "called_off": [asdict(each) for each in self.called_off],
            "facts": [asdict(each) for each in self.facts],
            "kept": [asdict(each) for each in self.kept],
        }
        owed = {"owed": self.owed} if self.owed else {}
        return {**always, **owed, **{name: said for name, said in details.items() if said}}
