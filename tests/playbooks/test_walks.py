"""The shipped playbooks walked every way an officer might: each walk comes to its end, and each step back
leads to where it came from."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dutydesk.model.enums import FactType, FigureKind, IncidentStatus, Level, StepKind, StepState
from dutydesk.model.errors import Refused
from dutydesk.model.figures import Figure
from dutydesk.model.reports import Incident
from dutydesk.playbooks.language import pinned_source, read_pinned
from dutydesk.playbooks.names import INCIDENT, incident_facts
from dutydesk.playbooks.permission import allowed, refusal
from dutydesk.playbooks.playbook import FactDef, Playbook
from dutydesk.playbooks.walk import Action, RunEvent, StepWalk, Walk
from dutydesk.playbooks.walker import walk
from tests.playbooks.books import START, at, shipped

SHIPPED = shipped().playbooks
books = pytest.mark.parametrize("name", SHIPPED)
seeds = given(st.integers(0, 2**32))
WORKED = (StepState.DONE, StepState.SKIPPED, StepState.UNDER_WAY)


def incident(type_: str, chance: random.Random) -> dict[str, object]:
    """What is known of some incident at some moment."""
    level = chance.choice([None, *Level])
    figures = [
        Figure(kind, float(chance.choice([0, 0, 1, 12])))
        for kind in (FigureKind.DEATHS, FigureKind.TRAPPED, FigureKind.INJURED, FigureKind.AREA_HA)
        if chance.random() < 0.4
    ]
    about = Incident(
        id=1,
        type=type_,
        title="",
        place="",
        town="陶家",
        status=IncidentStatus.OPEN,
        drill=False,
        occurred_at=None,
        received_at=START,
        opened_at=START,
        opened_by="",
        confirmed_level=None,
        proposed_level=level,
        possible_level=level,
        near_miss=chance.random() < 0.3,
        routing=chance.choice(["", "hi-tech-zone"]),
    )
    return incident_facts(about, figures)


class Officer:
    """Walks one run by chance. ``events`` is all that happened, each a minute after the one before."""

    def __init__(self, book: Playbook, chance: random.Random) -> None:
        self.book = book
        self.chance = chance
        self.events: list[RunEvent] = []
        self.now = walk(book, [], {}, START)
        self.tell(incident(book.types[0], chance))

    def take(self, step: str, action: Action, value: object = None, reason: str = "") -> None:
        permitted = allowed(self.now, step, action, value, reason)
        json.dumps(permitted.value)
        self.happen(permitted.step, permitted.action, permitted.value, permitted.reason)

    def happen(self, step: str, action: Action, value: object, reason: str) -> None:
        self.events.append(RunEvent(step, action, value, reason, at(len(self.events)), "甲"))
        self.now = walk(self.book, self.events, {}, START)

    def tell(self, known: Mapping[str, object]) -> None:
        told = self.now.facts
        gone = [name for name in told if name in INCIDENT and name not in known]
        news = {**known, **dict.fromkeys(gone)}
        moment = at(len(self.events))
        self.events += [
            RunEvent(name, Action.FACT, value, "", moment)
            for name, value in news.items()
            if told.get(name) != value
        ]
        self.now = walk(self.book, self.events, {}, START)

    def work(self, step: StepWalk) -> None:
        """Answers, calls, reports or ticks off."""
        if step.step.kind is StepKind.ASK:
            fact = self.book.facts_by_id()[step.step.fact]
            self.take(step.step.id, Action.ANSWERED, self.chance.choice(answers(fact)))
        else:
            outcomes = ["reached", "refused", "no_answer"] if step.step.kind is StepKind.CALL else [None]
            self.take(step.step.id, Action.DONE, self.chance.choice(outcomes))

    def do_something(self) -> None:
        """Mostly what is next, now and then anything else that is allowed."""
        now, dice = self.now, self.chance.random()
        open_steps = [step for step in now.steps.values() if step.open]
        skippable = [step for step in open_steps if not step.step.must]
        worked = [step for step in now.steps.values() if step.state in WORKED]
        if dice < 0.08 and worked:
            self.take(self.chance.choice(worked).step.id, Action.UNDONE)
        elif dice < 0.16 and skippable:
            self.take(self.chance.choice(skippable).step.id, Action.SKIPPED, reason="没有")
        elif dice < 0.22:
            self.tell(incident(self.book.types[0], self.chance))
        elif dice < 0.45 and open_steps:
            self.work(self.chance.choice(open_steps))
        elif now.next_step:
            self.work(now.steps[now.next_step])

    def walk_on(self) -> Iterator[Walk]:
        """Some forty things done by chance, and then what is next until the end."""
        for _ in range(40):
            self.do_something()
            yield self.now
        while not (now := self.now).finished:
            assert now.next_step, [(step.step.id, step.waits_for) for step in now.steps.values()]
            self.work(now.steps[now.next_step])
            yield self.now


def answers(fact: FactDef) -> list[str]:
    if fact.options:
        return [option.id for option in fact.options]
    return {FactType.BOOLEAN: ["是", "否"], FactType.NUMBER: ["0", "三百零五"]}.get(fact.type, ["东北风"])


def standing(now: Walk) -> object:
    """Everything about a walk but what was noted and how it came about."""
    steps = {id_: replace(step, history=(), notes=()) for id_, step in now.steps.items()}
    return steps, dict(now.facts), now.next_step, now.done, now.total


@books
@settings(max_examples=5, deadline=None)
@seeds
def test_a_walk_has_a_next_step_until_it_is_done_and_every_must_was_done(name: str, seed: int) -> None:
    officer = Officer(SHIPPED[name], random.Random(seed))
    now = officer.now
    for now in officer.walk_on():
        assert bool(now.next_step) == any(step.open for step in now.steps.values())
        assert bool(now.next_step) != now.finished
        for step in now.steps.values():
            if step.due is not None:
                assert step.ready_at is not None
                assert step.due >= step.ready_at, f"{step.step.id} is due before it can be worked"
                assert step.state not in (StepState.WAITING, StepState.NOT_APPLICABLE)
            if step.step.must and step.open:
                with pytest.raises(Refused):
                    allowed(now, step.step.id, Action.SKIPPED, reason="没有")
    for step in now.steps.values():
        assert step.state in (StepState.DONE, StepState.SKIPPED, StepState.NOT_APPLICABLE)
        assert not (step.step.must and step.state is StepState.SKIPPED)
    assert now.done == now.total >= 20


@books
@settings(max_examples=5, deadline=None)
@seeds
def test_taking_a_step_back_leads_exactly_to_where_it_came_from(name: str, seed: int) -> None:
    officer = Officer(SHIPPED[name], random.Random(seed))
    before = officer.now
    for now in officer.walk_on():
        last = officer.events[-1]
        if last.action in (Action.DONE, Action.ANSWERED, Action.SKIPPED, Action.UNDER_WAY):
            back = RunEvent(last.step, Action.UNDONE, at=last.at + timedelta(hours=3))
            undone = walk(SHIPPED[name], [*officer.events, back], {}, START)
            assert standing(undone) == standing(before)
            assert undone.steps[last.step].history[-2:] == (last, back)
        before = now


@books
@settings(max_examples=4, deadline=None)
@seeds
def test_the_same_answers_lead_through_the_same_steps(name: str, seed: int) -> None:
    """Also when they are told at other times, in one go, and to the copy that a run keeps."""

    def order(of: Playbook, moment: Callable[[int], datetime]) -> list[str]:
        chance, events, steps = random.Random(seed), list[RunEvent](), list[str]()
        facts = incident(of.types[0], chance)
        given = {fact.id: chance.choice(answers(fact)) for fact in of.facts}
        while not (now := walk(of, iter(events), facts, START)).finished:
            step = now.steps[now.next_step].step
            steps.append(step.id)
            action = Action.ANSWERED if step.fact else Action.DONE
            permitted = allowed(now, step.id, action, given.get(step.fact))
            events.append(RunEvent(step.id, permitted.action, permitted.value, at=moment(len(events))))
        assert len(set(steps)) == len(steps)
        return steps

    book = SHIPPED[name]
    first = order(book, at)
    assert order(book, lambda place: START + timedelta(hours=5 * place)) == first
    assert order(read_pinned(pinned_source(book), name="pinned"), at) == first


@books
def test_at_the_start_the_caller_comes_first_and_nothing_waits_for_paper(name: str) -> None:
    book = SHIPPED[name]
    now = walk(book, [], {**incident(book.types[0], random.Random(1)), "routing": "hi-tech-zone"}, START)
    ready = [step.step.id for step in now.steps.values() if step.state is StepState.READY]
    assert ready[:2] == ["record_call", "advise_caller"]
    order = list(now.steps)
    for earlier, later in (
        ("advise_caller", "verify_second_source"),
        ("tell_high_tech_zone", "tell_shift_chief"),
        ("tell_duty_leader", "phone_report"),
        ("phone_report", "notify_townships"),
        ("evacuate" if "evacuate" in order else "rescue", "phone_report"),
        ("scene_contact", "written_first_report"),
        ("written_first_report", "publicity"),
    ):
        assert order.index(earlier) < order.index(later), (earlier, later)
    asked_of_the_caller = order[2 : order.index(next(i for i in order if now.steps[i].phase == "at_once"))]
    assert all(now.steps[id_].step.kind is StepKind.ASK for id_ in asked_of_the_caller)


def test_a_due_time_from_the_start_never_lies_before_the_step_can_be_worked() -> None:
    book = SHIPPED["hazmat"]
    told = incident("hazmat", random.Random(1))
    late = START + timedelta(hours=5)
    now = walk(book, [RunEvent("phone_report", Action.DONE, at=late)], told, START)
    assert now.steps["written_first_report"].ready_at == late
    assert now.steps["written_first_report"].due == late
    assert now.steps["phone_report"].due == START + timedelta(minutes=30)


def test_what_an_answer_made_not_apply_is_due_as_before_once_it_is_taken_back() -> None:
    book = SHIPPED["hazmat"]
    told = {**incident("hazmat", random.Random(1)), "near_miss": True}
    before = walk(book, [], told, START)
    events = [
        RunEvent("near_miss", Action.FACT, False, at=at(3)),
        RunEvent("ask_product", Action.ANSWERED, "chlorine", at=at(9)),
        RunEvent("ask_product", Action.UNDONE, at=at(12)),
    ]
    now = walk(book, events, told, START)
    assert before.steps["chlorine_rules"].state is now.steps["chlorine_rules"].state is StepState.WAITING
    assert refusal(now, "ask_product", Action.ANSWERED) is None
    assert [past.action for past in now.steps["ask_product"].history] == [Action.ANSWERED, Action.UNDONE]
