"""Every boundary of every table: 以上 includes the number, 以下 does not."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dutydesk.model.enums import FigureKind, Level
from dutydesk.model.grading import GradingRule, GradingTable
from dutydesk.rules import grading
from tests.rules.district import district, propose, propose_of, stated

TABLES = district().grading_tables
NUMERIC = [(table, rule) for table in TABLES for rule in table.rules if rule.indicator is not None]
KINDS = tuple(FigureKind)
TYPES = tuple(district().event_types)


def level_of(table: GradingTable, rule: GradingRule, value: float) -> Level | None:
    assert rule.indicator is not None
    markers = (rule.marker,) if rule.marker else ()
    figures = stated(**{rule.indicator.value: value})
    return grading.propose(table.types[0], figures, tables=[table], markers=markers).proposed.level


@pytest.mark.parametrize(("table", "rule"), NUMERIC, ids=[rule.id for _, rule in NUMERIC])
def test_the_low_end_belongs_to_the_level_and_the_high_end_does_not(
    table: GradingTable, rule: GradingRule
) -> None:
    assert level_of(table, rule, rule.low) == rule.level
    if rule.low > 0:
        below = level_of(table, rule, math.nextafter(rule.low, 0))
        assert below is None or below > rule.level
    if rule.high is not None:
        assert level_of(table, rule, math.nextafter(rule.high, 0)) == rule.level
        at_high = level_of(table, rule, rule.high)
        assert at_high is not None
        assert at_high < rule.level
    else:
        assert level_of(table, rule, rule.low * 1000 + 1) == rule.level


@given(
    event_type=st.sampled_from(TYPES),
    values=st.dictionaries(st.sampled_from(KINDS), st.integers(0, 200_000).map(float), max_size=6),
    kind=st.sampled_from([FigureKind.DEATHS, FigureKind.SERIOUS, FigureKind.MISSING, FigureKind.LOSS_WAN]),
    more=st.integers(0, 200),
)
def test_a_higher_figure_never_lowers_the_level(
    event_type: str, values: dict[FigureKind, float], kind: FigureKind, more: int
) -> None:
    worse = {**values, kind: values.get(kind, 0) + more}
    before = propose_of(event_type, {k.value: v for k, v in values.items()})
    after = propose_of(event_type, {k.value: v for k, v in worse.items()})
    for was, now in ((before.proposed, after.proposed), (before.possible, after.possible)):
        if was.level is not None:
            assert now.level is not None
            assert now.level <= was.level
    assert after.near_miss >= before.near_miss


@given(st.sampled_from(TYPES), st.dictionaries(st.sampled_from(KINDS), st.integers(0, 5000).map(float)))
def test_the_possible_grade_is_never_milder_than_the_proposed(
    event_type: str, values: dict[FigureKind, float]
) -> None:
    proposal = propose_of(event_type, {k.value: v for k, v in values.items()})
    if proposal.proposed.level is not None:
        assert proposal.possible.level is not None
        assert proposal.possible.level <= proposal.proposed.level


def test_the_missing_do_not_count_as_dead_but_might_be() -> None:
    proposal = propose("industrial", deaths=2, missing=1)
    assert proposal.proposed.level is Level.ORDINARY
    assert proposal.possible.level is Level.RELATIVELY_SERIOUS


def test_only_the_missing_stated_grades_nothing_yet() -> None:
    proposal = propose("construction", missing=3)
    assert proposal.proposed.level is None
    assert proposal.proposed.name.zh == ""
    assert proposal.possible.level is Level.RELATIVELY_SERIOUS
    assert proposal.near_miss


def test_an_earthquake_counts_the_missing_among_the_dead() -> None:
    proposal = propose("earthquake", deaths=40, missing=10)
    assert proposal.proposed.level is Level.SERIOUS
    assert proposal.proposed.basis[0].verified is False


def test_a_stated_zero_grades_and_an_unknown_does_not() -> None:
    assert propose("fire", deaths=0, injured=0).proposed.level is Level.ORDINARY
    assert propose("town_gas", deaths=None, injured=None).proposed.level is None
    assert propose("town_gas").proposed.level is None


def test_the_highest_of_several_indicators_wins_and_only_it_is_the_basis() -> None:
    proposal = propose("hazmat", deaths=1, serious=12, loss_wan=200)
    assert proposal.proposed.level is Level.RELATIVELY_SERIOUS
    assert [basis.rule for basis in proposal.proposed.basis] == ["work_safety.serious.3"]
    assert "第三条" in proposal.proposed.basis[0].source


def test_a_geological_hazard_has_two_scales_and_its_own_names() -> None:
    assert propose("geohazard", loss_wan=100).proposed.level is Level.RELATIVELY_SERIOUS
    assert propose("geohazard", threatened=112, potential_loss_wan=600).proposed.name.zh == "中型"
    assert propose("geohazard", threatened=1000).proposed.name.zh == "特大型"
    assert propose("geohazard", potential_loss_wan=5000).proposed.name.zh == "大型"
    assert propose("geohazard", deaths=0).proposed.name.zh == "小型"


@pytest.mark.parametrize(
    ("hectares", "level"), [(0.99, 4), (1, 3), (99.99, 3), (100, 2), (999.9, 2), (1000, 1)]
)
def test_a_forest_fire_goes_by_hectares(hectares: float, level: int) -> None:
    assert propose("forest_fire", area_ha=hectares).proposed.level == level


@pytest.mark.parametrize("event_type", ["public_health", "social_safety", "flood", "weather", "drought"])
def test_what_no_statute_grades_by_numbers_is_not_graded(event_type: str) -> None:
    proposal = propose(event_type, deaths=50, missing=5, evacuated=9999)
    assert proposal.proposed.level is None
    assert proposal.possible.level is None
    assert not proposal.near_miss


@pytest.mark.parametrize(
    ("values", "met"),
    [
        ({"exposed": 9}, False),
        ({"exposed": 10}, True),
        ({"trapped": 2}, False),
        ({"trapped": 3}, True),
        ({"trapped": 2, "missing": 1}, True),
        ({"trapped": 1, "missing": 1}, False),
        ({"evacuated": 499}, False),
        ({"evacuated": 500}, True),
        ({"trapped": None}, False),
    ],
)
def test_a_serious_near_miss_needs_no_dead(values: dict[str, float | None], met: bool) -> None:
    proposal = propose_of("hazmat", values)
    assert proposal.near_miss is met
    assert bool(proposal.near_miss_basis) is met


def test_a_near_miss_is_for_accidents_of_work_safety_only() -> None:
    assert not propose("forest_fire", evacuated=900, trapped=5).near_miss
    assert not propose("special_equipment", trapped=7).near_miss
    assert propose("hazmat", markers=("serious_pollution",)).near_miss
    assert propose("fire", markers=("ten_hospitalised",)).near_miss_basis[0].verified is False


@pytest.mark.parametrize(
    ("markers", "values", "level"),
    [
        ((), {"stuck_hours": 1.9}, None),
        ((), {"stuck_hours": 2}, 4),
        ((), {"stuck_hours": 30}, 4),
        (("ropeway",), {"stuck_hours": 3.4}, None),
        (("ropeway",), {"stuck_hours": 3.5}, 4),
        (("ropeway",), {"stuck_hours": 12}, 3),
        (("ride",), {"stuck_hours": 1}, 4),
        (("crane_overturned",), {}, 3),
        (("crane_overturned",), {"deaths": 10}, 2),
        (("boiler_explosion",), {"deaths": 0}, 3),
        ((), {"evacuated": 600}, None),
        (("toxic_release",), {"evacuated": 600}, 4),
        (("toxic_release",), {"evacuated": 150000}, 1),
        ((), {"loss_wan": 0.9}, None),
        ((), {"loss_wan": 1}, 4),
    ],
)
def test_special_equipment_has_thresholds_of_its_own(
    markers: tuple[str, ...], values: dict[str, float], level: int | None
) -> None:
    assert propose_of("special_equipment", dict(values), markers).proposed.level == level


def test_what_was_not_verified_says_so() -> None:
    assert all(basis.verified for basis in propose("hazmat", deaths=3).proposed.basis)
    assert not any(basis.verified for basis in propose("road", deaths=3).proposed.basis)
