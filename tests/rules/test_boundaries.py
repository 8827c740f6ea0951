"""Every threshold of every table in the district's files, just below, at and just above: 以上 includes the
number, 以下 does not (O493 art. 3; FFR art. 40). The files are iterated over: a row added is a row tested."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from dutydesk.model.deadlines import DeadlineRule
from dutydesk.model.enums import EventClass, FigureKind, Level
from dutydesk.model.grading import GradingRule, GradingTable, NearMissRule
from dutydesk.rules import deadlines, grading
from dutydesk.rules.deadlines import Situation
from dutydesk.rules.markers import markers
from tests.rules.district import ZONE, district, here, local, stated

DATA = district()
MARKED = [(table, rule) for table in DATA.grading_tables for rule in table.rules if rule.marker]
COUNTED = [rule for rule in DATA.near_miss_rules if rule.indicators]
RULES = list(DATA.deadline_rules.values())
COUNTS = {FigureKind.DEATHS, FigureKind.SERIOUS, FigureKind.EVACUATED, FigureKind.THREATENED}


def steps() -> Iterator[tuple[str, GradingTable, GradingRule, float]]:
    """Each threshold that people are counted against, and the whole numbers around it."""
    for table in DATA.grading_tables:
        for rule in table.rules:
            if rule.indicator in COUNTS:
                for value in {max(rule.low - 1, 0), rule.low, rule.low + 1}:
                    yield f"{rule.id}={value:.0f}", table, rule, value


def level_of(table: GradingTable, rule: GradingRule, value: float) -> Level | None:
    assert rule.indicator is not None
    said = (rule.marker,) if rule.marker else ()
    figures = stated(**{rule.indicator.value: value})
    return grading.propose(table.types[0], figures, tables=[table], markers=said).proposed.level


@pytest.mark.parametrize(("table", "rule", "value"), [s[1:] for s in steps()], ids=[s[0] for s in steps()])
def test_a_whole_number_has_the_level_of_the_row_it_falls_in(
    table: GradingTable, rule: GradingRule, value: float
) -> None:
    of_kind = [r for r in table.rules if (r.indicator, r.marker) == (rule.indicator, rule.marker)]
    falls_in = [r.level for r in of_kind if r.low <= value and (r.high is None or value < r.high)]
    assert len(falls_in) <= 1
    assert level_of(table, rule, value) == (falls_in[0] if falls_in else None)


@pytest.mark.parametrize(("table", "rule"), MARKED, ids=[rule.id for _, rule in MARKED])
def test_a_circumstance_grades_only_when_it_is_stated_and_nothing_rules_it_out(
    table: GradingTable, rule: GradingRule
) -> None:
    figures = stated(**{rule.indicator.value: rule.low}) if rule.indicator else ()

    def rows(said: tuple[str, ...]) -> set[str]:
        found = grading.propose(table.types[0], figures, tables=[table], markers=said).proposed
        return {basis.rule for basis in found.basis}

    assert rule.id in rows((rule.marker,))
    assert rule.id not in rows(())
    for other in rule.unless:
        assert rule.id not in rows((rule.marker, other))


@pytest.mark.parametrize("rule", COUNTED, ids=[rule.id for rule in COUNTED])
@pytest.mark.parametrize("event_type", DATA.near_miss_types)
def test_a_near_miss_begins_at_its_number(rule: NearMissRule, event_type: str) -> None:
    def near(kind: FigureKind, value: float) -> bool:
        return grading.propose(
            event_type,
            stated(**{kind.value: value}),
            tables=DATA.grading_tables,
            near_miss_rules=[rule],
            near_miss_types=DATA.near_miss_types,
        ).near_miss

    for kind in rule.indicators:
        assert not near(kind, rule.low - 1)
        assert not near(kind, math.nextafter(rule.low, 0))
        assert near(kind, rule.low)
        assert near(kind, rule.low + 1)


def holding(rule: DeadlineRule, level: Level | None) -> Situation:
    """A situation in which everything that ``rule`` asks for holds, but for the level."""
    trigger = rule.trigger
    types = trigger.types or tuple(
        code
        for code, event in DATA.event_types.items()
        if code not in trigger.except_types and (not trigger.classes or event.event_class in trigger.classes)
    )
    return Situation(
        type=types[0],
        event_class=DATA.event_types[types[0]].event_class,
        received_at=local(3, 2, 40),
        occurred_at=local(3, 2, 20),
        level=level,
        possible_level=level,
        figures=stated(deaths=1),
        figures_changed=True,
        grade_raised=True,
        routed=trigger.routed,
        unconfirmed_proposal=True,
        unfiled=trigger.unfiled,
        notice=True,
    )


@pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])
def test_a_deadline_begins_at_its_level_and_ends_at_the_other(rule: DeadlineRule) -> None:
    trigger = rule.trigger
    for level in (None, *Level):
        grave_enough = trigger.level is None or (level is not None and level <= trigger.level)
        too_grave = (
            trigger.no_graver_than is not None and level is not None and level < trigger.no_graver_than
        )
        assert deadlines.applies(trigger, holding(rule, level)) is (grave_enough and not too_grave), level


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.trigger.within], ids=lambda rule: rule.id)
def test_a_window_closes_just_after_its_last_moment(rule: DeadlineRule) -> None:
    assert rule.trigger.within is not None
    event = holding(rule, Level.ORDINARY)
    assert event.occurred_at is not None
    for more, inside in ((-1, True), (0, True), (1, False)):
        now = event.occurred_at + rule.trigger.within + timedelta(seconds=more)
        assert deadlines.applies(rule.trigger, replace(event, now=now)) is inside


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.limit is not None], ids=lambda rule: rule.id)
def test_a_limit_counts_from_its_anchor_to_the_minute(rule: DeadlineRule) -> None:
    assert rule.limit is not None
    event = replace(holding(rule, Level.ORDINARY), told_at=local(3, 3), graded_at=local(3, 4))
    start = deadlines.anchor_at(rule.anchor, event)
    assert start is not None
    assert deadlines.due_at(rule, start, ZONE) == start + (rule.limit or rule.grace)


def test_each_type_outside_a_rules_list_is_left_alone() -> None:
    for rule in RULES:
        for code, event in DATA.event_types.items():
            situation = replace(holding(rule, Level.ORDINARY), type=code, event_class=event.event_class)
            listed = (
                (not rule.trigger.types or code in rule.trigger.types)
                and code not in rule.trigger.except_types
                and (not rule.trigger.classes or event.event_class in rule.trigger.classes)
            )
            if not listed:
                assert not deadlines.applies(rule.trigger, situation), (rule.id, code)


def test_follow_ups_have_one_rhythm_at_each_grade() -> None:
    series = {rule.series for rule in RULES if rule.series}
    for name in series:
        rules = [rule for rule in RULES if rule.series == name]
        for level in Level:
            event = Situation("hazmat", EventClass.ACCIDENT, received_at=local(3, 2), level=level)
            assert len([r for r in rules if deadlines.applies(r.trigger, event)]) == 1, (name, level)


EXAMPLES = (
    "塔吊整体倾覆。塔吊起重臂折断。起升机构坠落。锅炉爆炸。压力容器爆炸。压力管道爆炸。氯气泄漏。索道停了。过山车停了。",
    "造成河流严重污染。火势威胁加油站。中梁山山林起火。",
    "客运列车脱轨18节",
    "货运列车脱轨60节",
    "铁路繁忙干线中断6小时",
    "铁路中断10小时",
    "地铁停运48小时",
    "客运列车脱轨5节，中断行车48小时",
    "货运列车脱轨8辆，中断行车48小时",
    "600兆瓦锅炉爆炸",
    "600兆瓦锅炉故障停炉240小时",
    "缆车上困住100人",
    "震中位于九龙坡区",
    "震中位于四川泸县",
)
BY_HAND = {"ten_hospitalised"}


def test_every_circumstance_of_the_tables_is_read_from_a_narrative_or_stated_by_hand() -> None:
    known = {rule.marker for _, rule in MARKED} | {
        rule.marker for rule in DATA.near_miss_rules if rule.marker
    }
    known |= {name for table in DATA.grading_tables for rule in table.rules for name in rule.unless}
    read = {marker for text in EXAMPLES for marker in markers(text, here())}
    assert known == read | BY_HAND


@pytest.mark.parametrize(
    ("sentence", "name", "thresholds"),
    [
        ("客运列车脱轨{}节", "passenger_derailed_{}", (2, 18)),
        ("货运列车脱轨{}节", "freight_derailed_{}", (6, 60)),
        ("铁路繁忙干线中断{}小时", "trunk_line_cut_{}h", (6,)),
        ("铁路支线中断{}小时", "line_cut_{}h", (10,)),
        ("轨道2号线停运{}小时", "metro_cut_{}h", (2, 6, 24, 48)),
    ],
)
def test_cars_and_hours_of_a_line_begin_at_their_number(
    sentence: str, name: str, thresholds: tuple[int, ...]
) -> None:
    for least in thresholds:
        for count in (least - 1, least, least + 1):
            assert (name.format(least) in markers(sentence.format(count))) is (count >= least), count
