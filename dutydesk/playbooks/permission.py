"""What may be done to a step now, and the refusals that say why not."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

from dutydesk.model.enums import StepKind, StepState
from dutydesk.model.errors import BadInput, DeskError, NotFound, Refused
from dutydesk.playbooks.answers import parse_answer
from dutydesk.playbooks.names import INCIDENT
from dutydesk.playbooks.playbook import CallOutcome, FactDef, Step
from dutydesk.playbooks.walk import Action, StepWalk, Walk

LONGEST_NOTE: Final = 4_000
_OUTCOMES: Final = {
    "接通": CallOutcome.REACHED,
    "已通知": CallOutcome.REACHED,
    "拒绝": CallOutcome.REFUSED,
    "无人接听": CallOutcome.NO_ANSWER,
    "未接": CallOutcome.NO_ANSWER,
    "占线": CallOutcome.BUSY,
    "忙": CallOutcome.BUSY,
    "错号": CallOutcome.WRONG_NUMBER,
    "已留言": CallOutcome.LEFT_MESSAGE,
}


@dataclass(frozen=True, slots=True)
class Permitted:
    """What to record: the action and its value as the walker takes them. They can differ from what was
    asked for: a call that nobody answered is recorded as under way, with its outcome."""

    step: str
    action: Action
    value: object = None
    reason: str = ""


def allowed(walk: Walk, step: str, action: str, value: object = None, reason: str = "") -> Permitted:
    """Checks that ``action`` may be taken on ``step`` now, and reads its ``value``.

    ``done`` takes an outcome for a call (:class:`CallOutcome`, default reached) and any text elsewhere;
    ``answered`` takes an answer as typed; ``fact`` takes a fact's id as ``step``. Raises NotFound for a step
    that does not exist, Refused for what may not be done now, BadInput for a value that cannot be taken.
    """
    try:
        taken = Action(action)
    except ValueError:
        known = ", ".join(Action)
        raise BadInput("{action} is no action: use one of {known}.", action=action, known=known) from None
    reason = reason.strip()
    if len(reason) > LONGEST_NOTE:
        raise BadInput("The reason is longer than {most} characters: shorten it.", most=LONGEST_NOTE)
    if taken is Action.FACT:
        return _fact(walk, step, value, reason)
    if step not in walk.steps:
        raise NotFound(
            "There is no step {step} in playbook {playbook}.", step=step, playbook=walk.playbook.id
        )
    current = walk.steps[step]
    match taken:
        case Action.NOTED:
            if not reason:
                raise BadInput("A note on step {step} needs its text.", step=step)
            return Permitted(step, taken, reason=reason)
        case Action.UNDONE:
            if current.state not in (StepState.DONE, StepState.SKIPPED, StepState.UNDER_WAY):
                raise Refused("Step {step} has nothing to undo.", step=step)
            return Permitted(step, taken, reason=reason)
        case Action.SKIPPED:
            _must_be_open(current)
            return _skip(current.step, reason)
        case Action.ANSWERED:
            return _answer(walk, current, value, reason)
        case Action.UNDER_WAY:
            _must_be_open(current)
            return Permitted(step, taken, _outcome(current.step, value) if value else None, reason)
        case Action.DONE:
            return _done(current, value, reason)


def refusal(walk: Walk, step: str, action: Action) -> DeskError | None:
    """Why ``action`` cannot be taken on ``step`` now, whatever its value, or None. For greying out a key."""
    try:
        allowed(walk, step, action, reason="-")
    except BadInput:
        return None
    except DeskError as error:
        return error
    return None


def _must_be_open(current: StepWalk) -> None:
    step = current.step.id
    match current.state:
        case StepState.DONE:
            raise Refused("Step {step} is already done: undo it first to change it.", step=step)
        case StepState.SKIPPED:
            raise Refused("Step {step} was skipped: undo that first to work it.", step=step)
        case StepState.NOT_APPLICABLE:
            raise Refused("Step {step} does not apply here: its condition does not hold.", step=step)
        case StepState.WAITING:
            waits = ", ".join(current.waits_for[:4]) + (" …" if len(current.waits_for) > 4 else "")
            raise Refused("Step {step} is not ready: it waits for {waits}.", step=step, waits=waits)
        case _:
            return


def _skip(step: Step, reason: str) -> Permitted:
    if step.must:
        raise Refused("Step {step} must be done and cannot be skipped.", step=step.id)
    if not reason:
        raise BadInput("Skipping step {step} needs a reason.", step=step.id)
    return Permitted(step.id, Action.SKIPPED, reason=reason)


def _answer(walk: Walk, current: StepWalk, value: object, reason: str) -> Permitted:
    if current.step.kind is not StepKind.ASK:
        raise Refused("Step {step} asks nothing: mark it done instead.", step=current.step.id)
    if current.state is StepState.DONE:
        raise Refused("Step {step} is already answered: undo it first to change it.", step=current.step.id)
    _must_be_open(current)
    fact = walk.playbook.facts_by_id()[current.step.fact]
    return Permitted(current.step.id, Action.ANSWERED, parse_answer(fact, value), reason)


def _done(current: StepWalk, value: object, reason: str) -> Permitted:
    _must_be_open(current)
    step = current.step
    if step.kind is StepKind.ASK:
        raise Refused("Step {step} is a question: answer it instead.", step=step.id)
    outcome = _outcome(step, value)
    if isinstance(outcome, CallOutcome) and not outcome.settles:
        return Permitted(step.id, Action.UNDER_WAY, outcome.value, reason)
    return Permitted(
        step.id, Action.DONE, outcome.value if isinstance(outcome, CallOutcome) else outcome, reason
    )


def _outcome(step: Step, value: object) -> object:
    if step.kind is not StepKind.CALL:
        if isinstance(value, str) and len(value) > LONGEST_NOTE:
            raise BadInput("The value is longer than {most} characters: shorten it.", most=LONGEST_NOTE)
        return value or None
    if value is None or value == "":
        return CallOutcome.REACHED
    word = unicodedata.normalize("NFKC", str(value)).strip().casefold()
    if word in _OUTCOMES:
        return _OUTCOMES[word]
    try:
        return CallOutcome(word)
    except ValueError:
        raise BadInput(
            "{value} is no outcome of a call: use one of {known}.",
            value=str(value)[:60],
            known=", ".join(CallOutcome),
        ) from None


def _fact(walk: Walk, name: str, value: object, reason: str) -> Permitted:
    """A run's own fact is read like an answer; what the incident brings comes from the desk as a value."""
    if name in INCIDENT:
        if value is not None and not INCIDENT[name].takes(value):
            raise BadInput("{value} is no value for {fact}.", value=str(value)[:60], fact=name)
        return Permitted(name, Action.FACT, value, reason)
    fact: FactDef | None = walk.playbook.facts_by_id().get(name)
    if fact is None:
        raise NotFound(
            "There is no fact {fact} in playbook {playbook}.", fact=name, playbook=walk.playbook.id
        )
    return Permitted(name, Action.FACT, None if value is None else parse_answer(fact, value), reason)
