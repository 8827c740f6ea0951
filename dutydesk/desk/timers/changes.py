"""What a command did to an incident's clocks: for the journal, the answer and the screen, so that none ends
or moves in silence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dutydesk.model.grading import Proposal
from dutydesk.model.timers import Timer


@dataclass(frozen=True, slots=True)
class CalledOff:
    """A clock that a command ended without its duty being done, and why."""

    timer: int
    rule: str
    reason: str


@dataclass(slots=True)
class Change:
    """What a command did to an incident's clocks, by rule; ``timers`` are those that run now."""

    proposal: Proposal
    timers: tuple[Timer, ...] = ()
    armed: list[str] = field(default_factory=list)
    tightened: list[str] = field(default_factory=list)
    called_off: list[CalledOff] = field(default_factory=list)

    @property
    def cancelled(self) -> list[str]:
        """The rules of the clocks that were called off."""
        return [each.rule for each in self.called_off]

    def summary(self) -> Mapping[str, object]:
        """For the journal."""
        return {
            "armed": self.armed,
            "tightened": self.tightened,
            "cancelled": self.cancelled,
            "called_off": [
                {"timer": each.timer, "rule": each.rule, "reason": each.reason} for each in self.called_off
            ],
        }
