"""An officer types an answer; the desk takes it, or says what it expects."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dutydesk.model.enums import FactType
from dutydesk.model.errors import BadInput
from dutydesk.model.text import Text
from dutydesk.playbooks.answers import parse_answer
from dutydesk.playbooks.durations import parse_span, spell_span
from dutydesk.playbooks.playbook import FactDef, Option
from dutydesk.playbooks.wording import render, used_names

YES_NO = FactDef("leaking", FactType.BOOLEAN, Text("在漏吗"))
COUNT = FactDef("to_move", FactType.NUMBER, Text("人数"), Text("人", "people"))
PRODUCT = FactDef(
    "product",
    FactType.CHOICE,
    Text("品名"),
    options=(Option("chlorine", Text("氯气", "Chlorine gas")), Option("other", Text("其他", "other"))),
)
WHEN = FactDef("when", FactType.TIME, Text("何时"))
WORDS = FactDef("wind", FactType.TEXT, Text("风"))


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("是", True),
        ("Y", True),
        ("yes", True),
        ("有", True),
        (" 否 ", False),
        ("n", False),
        ("没有", False),
        (True, True),
    ],
)
def test_yes_and_no_in_both_languages(typed: object, value: bool) -> None:
    assert parse_answer(YES_NO, typed) is value


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("12", 12),
        ("１２", 12),
        ("1,200", 1200),
        ("3.5", 3.5),
        ("36人", 36),
        ("12 people", 12),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("两", 2),
        ("三百零五", 305),
        ("三百二", 320),
        ("三百二十", 320),
        ("两千人", 2000),
        ("一万二", 12_000),
        ("一万零五十", 10_050),
        ("二〇", 20),
        ("零", 0),
        ("-3", -3),
        (7, 7),
    ],
)
def test_numbers_as_they_are_typed_or_spoken(typed: object, value: float) -> None:
    assert parse_answer(COUNT, typed) == value


@pytest.mark.parametrize("typed", ["很多", "", None, "十百", "1e999", "nan", "3人5", "万", True, "1" * 40])
def test_what_is_no_number_is_refused_with_what_is_expected(typed: object) -> None:
    with pytest.raises(BadInput, match=r"a number \(人\)"):
        parse_answer(COUNT, typed)


@pytest.mark.parametrize("typed", ["chlorine", "CHLORINE", "氯气", "chlorine gas", "1", "１"])
def test_a_choice_by_id_label_or_number(typed: str) -> None:
    assert parse_answer(PRODUCT, typed) == "chlorine"


@pytest.mark.parametrize("typed", ["0", "3", "氯", "汽油", "[/紧急]"])
def test_a_choice_that_is_none_lists_the_options(typed: str) -> None:
    with pytest.raises(BadInput, match="1 chlorine 氯气, 2 other 其他"):
        parse_answer(PRODUCT, typed)


def test_a_moment_needs_its_zone() -> None:
    assert parse_answer(WHEN, "2026-11-23T02:40:00+08:00") == "2026-11-22T18:40:00.000000Z"
    with pytest.raises(BadInput, match="with its zone"):
        parse_answer(WHEN, "2026-11-23T02:40:00")


def test_a_text_keeps_the_marks_it_was_typed_with() -> None:
    assert (
        parse_answer(WORDS, " 东北风２级，下风向有两个村（约８０户） ")
        == "东北风２级，下风向有两个村（约８０户）"
    )


def test_a_text_is_taken_as_it_is() -> None:
    assert parse_answer(WORDS, " 东北风[/紧急] ") == "东北风[/紧急]"
    assert parse_answer(WORDS, "　约５吨，还在漏；") == "约５吨，还在漏；"


@given(st.integers(1, 366 * 86_400))
def test_a_span_is_read_back_as_it_was_spelt(seconds: int) -> None:
    assert parse_span(spell_span(timedelta(seconds=seconds))) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "text", ["", "10", "m", "10 m", "1m1h", "0s", "-5m", "400d", "99999999999999999999d", "５m"]
)
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="span"):
        parse_span(text)


def test_a_text_says_not_known_instead_of_leaving_out() -> None:
    text = Text(
        "{{ place }}死亡{{ figures.deaths }}人，失联{{ figures.missing }}人", "dead {{ figures.deaths }}"
    )
    assert render(text, {"place": "陶家", "figures.deaths": 2.0}, "zh") == "陶家死亡2人，失联待核实人"
    assert render(text, {}, "en") == "dead not yet verified"


@pytest.mark.parametrize(
    "text",
    [
        "{% for i in range(999999999) %}x{% endfor %}",
        "{% include 'x' %}",
        "{{ 1 / 0 }}",
        "{{ 'x' * 10000000000 }}",
        "{{ 2 ** 9999999999 }}",
        "{{ 'x'.center(9999999999) }}",
        "{{ '%9999999999d' % 1 }}",
        "{% for a in place %}{% for b in place %}{% endfor %}{% endfor %}",
        "{% set a = place %}" + "{% set a = a ~ a %}" * 40,
        "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
    ],
)
def test_a_text_cannot_reach_beyond_its_values(text: str) -> None:
    with pytest.raises(BadInput, match="cannot be filled in"):
        render(Text(text), {"place": "陶家"}, "zh")


@pytest.mark.parametrize("text", ["{{ ''.__class__.__mro__ }}", "{{ place.format.__globals__ }}"])
def test_the_inside_of_the_program_is_simply_not_known_to_a_text(text: str) -> None:
    assert render(Text(text), {"place": "陶家"}, "zh") == "待核实"


def test_the_names_a_text_uses_are_found() -> None:
    assert used_names(
        "{{ place }} {{ figures.deaths }} {% set x = 1 %}{{ x }}{% if near_miss %}!{% endif %}"
    ) == (
        "figures.deaths",
        "near_miss",
        "place",
    )
