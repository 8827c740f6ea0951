"""When does a step apply, and what does the desk say of a condition that cannot be right?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dutydesk.model.enums import FactType
from dutydesk.playbooks import conditions
from dutydesk.playbooks.names import INCIDENT, Domain

DOMAINS = {
    **INCIDENT,
    "leaking": Domain(FactType.BOOLEAN),
    "tonnes": Domain(FactType.NUMBER),
    "wind": Domain(FactType.TEXT),
    "product": Domain(FactType.CHOICE, ("chlorine", "other")),
}


@pytest.mark.parametrize(
    "source",
    [
        "leaking",
        "!leaking",
        "product == 'chlorine' && tonnes >= 1.5",
        "graded && level <= 3",
        "routing != ''",
        "product in ['chlorine', 'other']",
        "has(figures.deaths) && figures.deaths > 0",
        "!has(figures.deaths)",
        "wind.contains('北')",
        "type == 'hazmat' || near_miss",
        "tonnes == -5",
        "leaking ? tonnes > 3 : level == 1",
    ],
)
def test_a_sound_condition_is_taken(source: str) -> None:
    conditions.check(source, DOMAINS)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("leaking &&", "syntax error at column"),
        ("lekaing", "'lekaing' is no fact"),
        ("figures.dead > 0", "figures.dead"),
        ("tonnes > 'many'", "do not fit together"),
        ("leaking == 'yes'", "leaking is true or false"),
        ("level == '3'", "level is a number"),
        ("product == 'clorine'", "'clorine' is no option of product: choose from chlorine, other"),
        ("'clorine' == product", "no option of product"),
        ("product in ['chlorine', 'clorine']", "no option of product"),
        ("tonnes", "neither true nor false"),
        ("tonnes > 5 && tonnes < 3", "can never be true"),
        ("false", "can never be true"),
        ("tonnes + 1 > 2", "not available"),
        ("[1].exists(x, x > tonnes)", "not"),
        ("size(wind) > 0", "'size' is not available"),
        ("!wind", "do not fit together"),
    ],
)
def test_a_faulty_condition_is_told_in_plain_words(source: str, said: str) -> None:
    with pytest.raises(conditions.BadCondition, match=".*".join(map(_literal, [said]))):
        conditions.check(source, DOMAINS)


def _literal(text: str) -> str:
    import re

    return re.escape(text)


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({}, None),
        ({"leaking": True}, None),
        ({"leaking": False}, False),
        ({"tonnes": 1}, False),
        ({"tonnes": 10}, None),
        ({"leaking": True, "tonnes": 10}, True),
    ],
)
def test_what_is_not_known_stays_open_unless_the_rest_decides(
    known: dict[str, object], expected: bool | None
) -> None:
    assert conditions.truth("leaking && tonnes >= 10", known) is expected


def test_an_unstated_figure_is_unknown_and_has_says_so() -> None:
    assert conditions.truth("figures.deaths > 0", {}) is None
    assert conditions.truth("has(figures.deaths) && figures.deaths > 0", {}) is False
    assert conditions.truth("figures.deaths > 0", {"figures.deaths": 1.0}) is True


@given(st.sampled_from([True, False, None]), st.sampled_from([True, False, None]))
def test_and_or_follow_three_valued_logic(left: bool | None, right: bool | None) -> None:
    known = {name: value for name, value in (("a", left), ("b", right)) if value is not None}
    conjunction = False if False in (left, right) else None if None in (left, right) else True
    disjunction = True if True in (left, right) else None if None in (left, right) else False
    assert conditions.truth("a && b", known) is conjunction
    assert conditions.truth("a || b", known) is disjunction


def test_names_are_found_without_the_cel_library() -> None:
    assert conditions.names("wind.contains('level') && figures.deaths > tonnes") == (
        "wind",
        "figures.deaths",
        "tonnes",
    )
