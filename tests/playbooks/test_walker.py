"""A run as the duty room walks it: what is ready, what waits, what is due, and what may be done."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dutydesk.model.enums import StepState
from dutydesk.model.errors import BadInput, DeskError, NotFound, Refused
from dutydesk.playbooks.language import parse
from dutydesk.playbooks.permission import allowed, refusal
from dutydesk.playbooks.playbook import Playbook
from dutydesk.playbooks.walk import Action, RunEvent, Walk
from dutydesk.playbooks.walker import walk
from tests.playbooks.books import SMALL, START, at, event, small

BOOK = small()
UNGRADED: dict[str, object] = {"type": "hazmat", "graded": False, "drill": False, "near_miss": False}
GRADED = {**UNGRADED, "graded": True, "level": 3}


def walked(*events: RunEvent, facts: dict[str, object] = UNGRADED, book: Playbook = BOOK) -> Walk:
    return walk(book, events, facts, START)


def states(now: Walk) -> dict[str, StepState]:
    return {id_: step.state for id_, step in now.steps.items()}


def test_a_fresh_run_offers_what_is_ready_and_says_what_the_rest_waits_for() -> None:
    now = walked()
    assert states(now) == {
        "log": StepState.READY,
        "ask_leak": StepState.WAITING,
        "ask_tonnes": StepState.WAITING,
        "ask_product": StepState.READY,
        "stop": StepState.WAITING,
        "big": StepState.WAITING,
        "call": StepState.READY,
        "graver": StepState.NOT_APPLICABLE,
        "close": StepState.WAITING,
    }
    assert now.next_step == "log"
    assert now.steps["ask_leak"].waits_for == ("log",)
    assert now.steps["stop"].waits_for == ("leaking",)
    assert (now.done, now.total) == (0, 8)
    assert not now.finished


def test_a_due_time_counts_from_when_the_step_became_ready() -> None:
    now = walked(event(2, "log", Action.DONE), event(7, "ask_leak", Action.ANSWERED, True))
    assert now.steps["log"].due == at(5)
    assert now.steps["stop"].ready_at == at(7)
    assert now.steps["stop"].due == at(17)
    assert now.steps["stop"].overdue(at(17) + timedelta(seconds=1))
    assert not now.steps["stop"].overdue(at(17))
    assert walked().steps["stop"].due is None


def test_a_due_time_from_the_start_does_not_move() -> None:
    assert walked(event(20, "log", Action.DONE)).steps["call"].due == at(30)


def test_an_answer_decides_what_applies() -> None:
    now = walked(event(1, "log", Action.DONE), event(2, "ask_leak", Action.ANSWERED, False))
    assert now.steps["stop"].state is StepState.NOT_APPLICABLE
    assert now.steps["ask_tonnes"].state is StepState.NOT_APPLICABLE
    assert now.steps["big"].state is StepState.NOT_APPLICABLE, "the question behind it will never be asked"
    assert now.total == 5


def test_what_hangs_on_a_skipped_question_is_offered_as_doubtful() -> None:
    now = walked(
        event(1, "log", Action.DONE),
        event(2, "ask_leak", Action.ANSWERED, True),
        event(3, "ask_tonnes", Action.SKIPPED, reason="没人知道"),
    )
    assert now.steps["big"].state is StepState.READY
    assert now.steps["big"].doubtful


@pytest.mark.parametrize(
    ("when", "state"),
    [
        ("product == 'chlorine' || (graded && level <= 3)", StepState.READY),
        ("product == 'chlorine' || (has(figures.deaths) && figures.deaths > 2)", StepState.READY),
        ("product == 'chlorine' && (has(figures.deaths) && figures.deaths > 2)", StepState.NOT_APPLICABLE),
        ("product == 'chlorine' || level <= 3", StepState.WAITING),
        ("product == 'chlorine' && (graded && level <= 3)", StepState.NOT_APPLICABLE),
        ("product == 'chlorine' || (leaking && tonnes > 3)", StepState.WAITING),
    ],
)
def test_a_step_waits_only_for_what_could_still_decide_it(when: str, state: StepState) -> None:
    book = parse(SMALL.replace("when: graded && level <= 3", f"when: {when}"), file="small.yaml")
    now = walk(book, [event(1, "ask_product", Action.SKIPPED, reason="不明")], UNGRADED, START)
    assert now.steps["graver"].state is state
    assert now.steps["graver"].doubtful == (state is StepState.READY)


def test_a_grade_confirmed_during_the_run_makes_its_steps_due_from_then() -> None:
    now = walked(event(25, "level", Action.FACT, 2))
    assert now.steps["graver"].state is StepState.READY
    assert now.steps["graver"].due == at(40)
    assert now.facts["graded"] is True
    assert walked(facts=GRADED).steps["graver"].due == at(15)


def test_a_fact_stated_anew_outweighs_the_earlier_answer() -> None:
    events = [event(1, "log", Action.DONE), event(2, "ask_leak", Action.ANSWERED, False)]
    now = walked(*events, event(9, "leaking", Action.FACT, True))
    assert now.steps["stop"].state is StepState.READY
    assert now.steps["stop"].due == at(19)


def test_undoing_an_answer_takes_back_the_fact_and_what_hung_on_it() -> None:
    events = [event(1, "log", Action.DONE), event(2, "ask_leak", Action.ANSWERED, True)]
    now = walked(*events, event(3, "ask_leak", Action.UNDONE))
    assert "leaking" not in now.facts
    assert now.steps["ask_leak"].state is StepState.READY
    assert now.steps["stop"].state is StepState.WAITING
    assert [past.action for past in now.steps["ask_leak"].history] == [Action.ANSWERED, Action.UNDONE]


def test_what_was_done_stays_done_whatever_is_learnt_later() -> None:
    now = walked(
        event(1, "log", Action.DONE),
        event(2, "ask_leak", Action.ANSWERED, True),
        event(3, "stop", Action.DONE),
        event(4, "leaking", Action.FACT, False),
        event(5, "log", Action.UNDONE),
    )
    assert now.steps["stop"].state is StepState.DONE
    assert now.steps["log"].state is StepState.READY


def test_a_phase_opens_when_the_phases_it_needs_are_through() -> None:
    events = [
        event(1, "log", Action.DONE),
        event(2, "ask_leak", Action.ANSWERED, False),
        event(3, "ask_product", Action.SKIPPED, reason="不明"),
    ]
    assert walked(*events[:2]).steps["close"].waits_for == ("ask_product",)
    assert walked(*events).steps["close"].state is StepState.READY


def test_a_call_nobody_answered_stays_under_way_until_somebody_does() -> None:
    permitted = allowed(walked(), "call", "done", "无人接听")
    assert (permitted.action, permitted.value) == (Action.UNDER_WAY, "no_answer")
    now = walked(event(1, "call", permitted.action, permitted.value))
    assert now.steps["call"].state is StepState.UNDER_WAY
    assert now.steps["call"].due == at(30)
    reached = allowed(now, "call", "done")
    assert (reached.action, reached.value) == (Action.DONE, "reached")


def test_notes_change_nothing_but_are_kept() -> None:
    note = event(1, "stop", Action.NOTED, reason="现场说快了")
    assert states(walked(note)) == states(walked())
    assert walked(note).steps["stop"].notes == (note,)


@pytest.mark.parametrize(
    ("step", "action", "value", "reason", "kind", "said"),
    [
        ("nothing", "done", None, "", NotFound, "no step nothing in playbook small"),
        ("log", "dance", None, "", BadInput, "dance is no action"),
        ("log", "skipped", None, "不想做", Refused, "must be done and cannot be skipped"),
        ("ask_product", "skipped", None, " ", BadInput, "needs a reason"),
        ("ask_product", "done", None, "", Refused, "answer it instead"),
        ("ask_product", "answered", "汽油", "", BadInput, "1 chlorine 氯气, 2 other 其他"),
        ("log", "answered", "是", "", Refused, "asks nothing"),
        ("stop", "done", None, "", Refused, "waits for leaking"),
        ("ask_leak", "answered", "是", "", Refused, "waits for log"),
        ("graver", "done", None, "", Refused, "does not apply"),
        ("call", "done", "哈", "", BadInput, "no outcome of a call"),
        ("log", "undone", None, "", Refused, "nothing to undo"),
        ("log", "noted", None, "", BadInput, "needs its text"),
        ("weather", "fact", "好", "", NotFound, "no fact weather"),
        ("tonnes", "fact", "很多", "", BadInput, "a number (吨)"),
    ],
)
def test_what_may_not_be_done_is_refused_in_one_clear_sentence(
    step: str, action: str, value: object, reason: str, kind: type[DeskError], said: str
) -> None:
    with pytest.raises(kind) as caught:
        allowed(walked(), step, action, value, reason)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_step_already_done_is_not_done_twice() -> None:
    now = walked(event(1, "log", Action.DONE), event(2, "ask_product", Action.ANSWERED, "other"))
    with pytest.raises(Refused, match="already done"):
        allowed(now, "log", "done")
    with pytest.raises(Refused, match="already answered"):
        allowed(now, "ask_product", "answered", "1")
    assert refusal(now, "log", Action.DONE) is not None
    assert refusal(now, "ask_leak", Action.ANSWERED) is None


def test_the_walk_of_an_answer_typed_is_the_walk_of_its_value() -> None:
    permitted = allowed(walked(), "ask_product", "answered", "氯气")
    assert permitted.value == "chlorine"


# --- properties -------------------------------------------------------------------------------------------

_TRIES = st.tuples(
    st.sampled_from([*(step.id for step in BOOK.steps()), "leaking", "tonnes", "level"]),
    st.sampled_from([action.value for action in Action]),
    st.sampled_from([None, "是", "否", "12", "3", "氯气", "no_answer", 2]),
    st.sampled_from(["", "有理由"]),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(_TRIES, max_size=40))
def test_any_run_of_allowed_actions_keeps_its_shape(tries: list[tuple[str, str, object, str]]) -> None:
    events: list[RunEvent] = []
    now = walked()
    for minute, (step, action, value, reason) in enumerate(tries):
        try:
            permitted = allowed(now, step, action, value, reason)
        except DeskError:
            continue
        happened = RunEvent(
            permitted.step, permitted.action, permitted.value, permitted.reason, at(minute), "甲"
        )
        json.dumps(happened.value)
        events.append(happened)
        now = walked(*events)
        _holds(now)
    assert walked(*events) == now
    stored = [replace(past, action=Action(past.action.value)) for past in events]
    assert walk(BOOK, iter(stored), UNGRADED, START) == now


def _holds(now: Walk) -> None:
    by_state = states(now)
    settled = (StepState.DONE, StepState.SKIPPED, StepState.NOT_APPLICABLE)
    assert now.total == sum(state is not StepState.NOT_APPLICABLE for state in by_state.values())
    assert now.done == sum(state in (StepState.DONE, StepState.SKIPPED) for state in by_state.values())
    assert now.finished == (now.done == now.total)
    assert bool(now.next_step) == any(step.open for step in now.steps.values())
    for step in now.steps.values():
        assert (step.state is StepState.WAITING) == bool(step.waits_for)
        if step.state is StepState.SKIPPED:
            assert not step.step.must
            assert step.reason
        if step.state is StepState.READY:
            assert step.ready_at is not None
            assert all(by_state[need] in settled for need in step.step.needs)
        if step.due is not None and step.step.within is not None and step.ready_at is not None:
            assert step.due >= START + step.step.within
