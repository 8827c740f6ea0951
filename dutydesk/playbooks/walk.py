"""How a run stands: what happened in it, and where every step is, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dutydesk.model.enums import StepState
from dutydesk.playbooks.playbook import Playbook, Step


class Action(StrEnum):
    """What can happen in a run; the words of ``run_event.action``."""

    DONE = "done"
    ANSWERED = "answered"
    SKIPPED = "skipped"
    NOTED = "noted"
    UNDER_WAY = "under_way"
    FACT = "fact"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class RunEvent:
    """One thing that happened in a run, with the fields of a ``run_event`` row.

    ``step`` is a step's id; for ``fact`` it is the name of a fact (``wind``, ``level``, ``figures.deaths``)
    and ``value`` what it became, None for "no longer known". ``reason`` carries a skip's reason or a note.
    """

    step: str
    action: Action
    value: object = None
    reason: str = ""
    at: datetime = datetime.min  # noqa: DTZ901 - only sorts first; events of a run always carry their time
    by: str = ""


@dataclass(frozen=True, slots=True)
class StepWalk:
    """One step of a run.

    ``ready_at`` is when it last became ready and ``due`` until when it should be settled, where it has a
    ``within``. ``value`` is the answer, the call's outcome or what was noted with ``done``. ``at`` and ``by``
    are of the last action; ``waits_for`` names steps, facts and incident names a waiting step waits for.
    ``doubtful``: nobody will know whether it applies, because the question was skipped, so it is offered.
    """

    step: Step
    phase: str
    state: StepState
    ready_at: datetime | None = None
    due: datetime | None = None
    value: object = None
    reason: str = ""
    at: datetime | None = None
    by: str = ""
    notes: tuple[RunEvent, ...] = ()
    history: tuple[RunEvent, ...] = ()
    waits_for: tuple[str, ...] = ()
    doubtful: bool = False

    @property
    def settled(self) -> bool:
        """Whether nothing more is to be done about it."""
        return self.state in (StepState.DONE, StepState.SKIPPED, StepState.NOT_APPLICABLE)

    @property
    def open(self) -> bool:
        """Whether it can be worked now."""
        return self.state in (StepState.READY, StepState.UNDER_WAY)

    def overdue(self, now: datetime) -> bool:
        """Whether it is open past its due time."""
        return self.open and self.due is not None and now > self.due


@dataclass(frozen=True, slots=True)
class Walk:
    """A run rebuilt from its events. ``steps`` are in the playbook's order, by id.

    ``next_step`` is the first ready step of that order, else the first under way, else empty. ``done`` of
    ``total`` leaves out steps that do not apply. ``facts`` are all names known now.
    """

    playbook: Playbook
    started_at: datetime
    steps: Mapping[str, StepWalk]
    facts: Mapping[str, object]
    next_step: str
    done: int
    total: int

    @property
    def finished(self) -> bool:
        """Whether every applicable step is done or skipped."""
        return all(step.settled for step in self.steps.values())
