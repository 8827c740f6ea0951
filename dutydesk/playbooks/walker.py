"""The state machine of a run: playbook and events in, the state of every step out.

A step is *waiting* until its phase is open, the steps it needs are settled and its condition is known to
hold; *not applicable* while its condition is known not to hold. What was done or skipped stays so,
whatever is learnt later, until it is undone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from dutydesk.model.enums import StepKind, StepState
from dutydesk.playbooks import conditions
from dutydesk.playbooks.names import INCIDENT, Facts, domains
from dutydesk.playbooks.playbook import Playbook, Step, Within
from dutydesk.playbooks.walk import Action, RunEvent, StepWalk, Walk

_SETTLED = (StepState.DONE, StepState.SKIPPED, StepState.NOT_APPLICABLE)
_CLOSED = (StepState.WAITING, StepState.NOT_APPLICABLE)
_ENDS = {
    Action.DONE: StepState.DONE,
    Action.ANSWERED: StepState.DONE,
    Action.SKIPPED: StepState.SKIPPED,
    Action.UNDER_WAY: StepState.UNDER_WAY,
}


def walk(playbook: Playbook, events: Iterable[RunEvent], facts: Facts, started_at: datetime) -> Walk:
    """The run of ``playbook`` started at ``started_at``, after ``events`` in the order they happened.

    ``facts`` is what is known of the incident besides (see ``names.incident_facts``), taken as known since
    the start; a change during the run is better told as a ``fact`` event, so that what it makes ready is due
    from then. Events of unknown steps change nothing. What was undone counts as if it had never happened, and
    is kept in the step's history alone.
    """
    happened = tuple(events)
    void = _undone(happened)
    machine = _Machine(playbook, dict(facts), started_at)
    machine.settle(started_at)
    for place, event in enumerate(happened):
        machine.take(event, void=place in void)
    return machine.result()


def _undone(events: Sequence[RunEvent]) -> set[int]:
    """The places of the actions that were undone, and of what undid them."""
    standing: dict[str, list[int]] = {}
    void: set[int] = set()
    for place, event in enumerate(events):
        if event.action in _ENDS:
            standing.setdefault(event.step, []).append(place)
        elif event.action is Action.UNDONE:
            void.add(place)
            if standing.get(event.step):
                void.add(standing[event.step].pop())
    return void


@dataclass(slots=True)
class _Moving:
    """A step while the events are replayed. ``needs`` are its own and its phase's steps; ``mark`` is the last
    action that stands."""

    step: Step
    phase: str
    needs: tuple[str, ...]
    state: StepState = StepState.WAITING
    mark: RunEvent | None = None
    history: list[RunEvent] = field(default_factory=list)
    ready_at: datetime | None = None
    waits_for: tuple[str, ...] = ()
    doubtful: bool = False


class _Machine:
    def __init__(self, playbook: Playbook, facts: dict[str, object], started_at: datetime) -> None:
        self._playbook = playbook
        self._started_at = started_at
        self._base = facts
        self._domains = domains(playbook.facts)
        self._told: list[tuple[str, object]] = []
        in_phase = {phase.id: [step.id for step in phase.steps] for phase in playbook.phases}
        self._steps: dict[str, _Moving] = {}
        for phase in playbook.phases:
            before = [id_ for need in phase.needs for id_ in in_phase[need]]
            for step in phase.steps:
                needs = tuple(dict.fromkeys([*before, *step.needs]))
                self._steps[step.id] = _Moving(step, phase.id, needs)
        self._asks: dict[str, list[str]] = {}
        for step in playbook.steps():
            if step.kind is StepKind.ASK:
                self._asks.setdefault(step.fact, []).append(step.id)
        self._truths: dict[str, bool | None] = {}
        self._facts: dict[str, object] = {}
        self._learn()

    def take(self, event: RunEvent, *, void: bool) -> None:
        """Applies one event; a ``void`` one is only remembered."""
        moving = self._steps.get(event.step) if event.action is not Action.FACT else None
        if moving is not None:
            moving.history.append(event)
        if void or event.action is Action.NOTED:
            return
        if event.action is Action.FACT:
            self._tell(event.step, event.value)
        elif moving is not None:
            moving.mark = event
            if event.action is Action.ANSWERED:
                self._tell(moving.step.fact, event.value)
        self.settle(event.at)

    def _tell(self, name: str, value: object) -> None:
        self._told.append((name, value))
        self._learn()

    def _learn(self) -> None:
        """Works out what is known: the incident's facts, then what was told in the run, the latest last."""
        known = dict(self._base)
        for name, value in self._told:
            if value is None:
                known.pop(name, None)
            else:
                known[name] = value
            if name == "level":
                known["graded"] = value is not None
        self._facts = known
        self._truths.clear()

    def settle(self, now: datetime) -> None:
        """Brings every step's state up to date. Steps wait for one another without circles (checked when a
        playbook is taken in), so this comes to rest within as many rounds as there are steps."""
        for _ in range(len(self._steps) + 1):
            changed = False
            for moving in self._steps.values():
                state = self._state(moving)
                changed = changed or state is not moving.state
                moving.state = state
            if not changed:
                break
        for moving in self._steps.values():
            if moving.state in _CLOSED:
                moving.ready_at = None
            elif moving.ready_at is None:
                moving.ready_at = now

    def _state(self, moving: _Moving) -> StepState:
        moving.waits_for, moving.doubtful = (), False
        if moving.mark is not None:
            return _ENDS[moving.mark.action]
        truth = self._truth(moving.step.when)
        if truth is False:
            return StepState.NOT_APPLICABLE
        waits = self._unsettled(moving)
        if truth is None:
            missing = self._missing(moving.step.when)
            coming = [name for name in missing if self._may_come(name, moving.step.id)]
            gone = [name for name in missing if name not in coming]
            if coming and (not gone or self._can_settle(moving.step.when, coming)):
                moving.waits_for = (*waits, *coming)
                return StepState.WAITING
            if not any(self._was_skipped(name) for name in gone):
                return StepState.NOT_APPLICABLE
            moving.doubtful = True
        moving.waits_for = waits
        return StepState.WAITING if waits else StepState.READY

    def _truth(self, source: str) -> bool | None:
        if not source:
            return True
        if source not in self._truths:
            self._truths[source] = conditions.truth(source, self._facts)
        return self._truths[source]

    def _missing(self, source: str) -> list[str]:
        """The unknown names that leave ``source`` undecided: not those whose absence it provides for, unless
        it names them a second time without."""
        unknown = [name for name in conditions.names(source) if name not in self._facts]
        unguarded = [name for name in unknown if name not in conditions.guarded(source)]
        return unguarded or unknown

    def _can_settle(self, source: str, coming: list[str]) -> bool:
        domains = {name: self._domains[name] for name in coming}
        return conditions.can_settle(source, self._facts, domains)

    def _unsettled(self, moving: _Moving) -> tuple[str, ...]:
        return tuple([id_ for id_ in moving.needs if self._steps[id_].state not in _SETTLED])

    def _may_come(self, name: str, step: str) -> bool:
        """Whether ``name`` can still become known before ``step`` is worked: the incident's own can, and so
        can a fact while another step's question about it is open."""
        return name in INCIDENT or any(
            ask != step and self._steps[ask].state not in _SETTLED for ask in self._asks.get(name, ())
        )

    def _was_skipped(self, name: str) -> bool:
        """Whether ``name`` will stay unknown though its step may apply: skipped, or asked by no step."""
        asks = self._asks.get(name)
        return not asks or any(self._steps[ask].state is StepState.SKIPPED for ask in asks)

    def result(self) -> Walk:
        steps = {id_: self._step_walk(moving) for id_, moving in self._steps.items()}
        by_state = {state: [id_ for id_, step in steps.items() if step.state is state] for state in StepState}
        following = by_state[StepState.READY] or by_state[StepState.UNDER_WAY]
        done = len(by_state[StepState.DONE]) + len(by_state[StepState.SKIPPED])
        return Walk(
            playbook=self._playbook,
            started_at=self._started_at,
            steps=MappingProxyType(steps),
            facts=MappingProxyType(self._facts),
            next_step=following[0] if following else "",
            done=done,
            total=len(steps) - len(by_state[StepState.NOT_APPLICABLE]),
        )

    def _step_walk(self, moving: _Moving) -> StepWalk:
        last = moving.mark
        return StepWalk(
            step=moving.step,
            phase=moving.phase,
            state=moving.state,
            ready_at=moving.ready_at,
            due=self._due(moving),
            value=last.value if last else None,
            reason=last.reason if last else "",
            at=last.at if last else None,
            by=last.by if last else "",
            notes=tuple(event for event in moving.history if event.action is Action.NOTED),
            history=tuple(moving.history),
            waits_for=moving.waits_for,
            doubtful=moving.doubtful,
        )

    def _due(self, moving: _Moving) -> datetime | None:
        if moving.step.within is None or moving.state in _CLOSED:
            return None
        if moving.ready_at is None:
            return None
        if moving.step.within_from is Within.START:
            return max(self._started_at + moving.step.within, moving.ready_at)
        return moving.ready_at + moving.step.within
