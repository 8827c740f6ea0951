from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dutydesk.model.errors import BadInput
from dutydesk.notify.templates import MAX_CHARACTERS, render


def test_facts_are_filled_in_and_nothing_is_escaped() -> None:
    text = render("{{ town }}发生{{ type }}，{% if deaths %}{{ deaths }}人死亡{% else %}无伤亡{% endif %}", {
        "town": "陶家<镇>", "type": "泄漏&火", "deaths": 2,
    })  # fmt: skip
    assert text == "陶家<镇>发生泄漏&火，2人死亡"


def test_a_missing_fact_is_named() -> None:
    with pytest.raises(BadInput, match="town") as raised:
        render("{{ town }}失火", {})
    assert raised.value.details["name"] == "town"
    with pytest.raises(BadInput, match="level"):
        render("{{ incident.level }}", {"incident": {}})


def test_a_fault_in_a_template_has_its_line() -> None:
    with pytest.raises(BadInput) as raised:
        render("一\n{% if x %}", {"x": 1})
    assert raised.value.details["line"] == 2


@given(st.text(max_size=80))
def test_text_from_outside_is_never_a_template(text: str) -> None:
    assert render("<{{ fact }}>", {"fact": text}) == f"<{text}>"
    assert render("<{{ fact }}>", {"fact": "{{ 7*7 }}{% raw %}" + text}) == "<{{ 7*7 }}{% raw %}" + text + ">"


@pytest.mark.parametrize(
    "template",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ x.append(1) }}",
        "{{ 'a' * 1000000000 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ 'a'.ljust(1000000000) }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ '{:1000000000}'.format(1) }}",
        "{{ 'a' | center(1000000000) }}",
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{% for a in x %}{% for b in x %}{% endfor %}{% endfor %}",
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{% set a = 'aaaaaaaa' %}" + "{% set a = a ~ a %}" * 40 + "{{ a }}",
        "{% with a = 'aa' %}{% with b = a ~ a %}{{ b }}{% endwith %}{% endwith %}",
        "{{ 'a' | replace('a', 'a' * 9000) }}",
        "{{ body | replace('水', body) | replace('水', body) }}",
        "{{ body | join(body) }}",
        "{{ body.replace('水', body) }}",
        "{{ [1] | tojson(indent=1000000000) }}",
        "{{ 1 | batch(1000000000) }}",
        "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
        "{{ " + " ~ ".join(["body"] * 3000) + " }}",
        "{{ body " + "| urlencode " * 30 + "}}",
        "{{ 1 / 0 }}",
        "{{ x | nosuch }}",
        "{% include 'etc/passwd' %}",
        "{{ cycler }}",
        "a" * (MAX_CHARACTERS + 1),
    ],
)
def test_a_template_that_reaches_out_or_swells_is_refused(template: str) -> None:
    with pytest.raises(BadInput):
        render(template, {"x": [1], "body": "水" * 3000})


def test_what_a_gateway_needs_is_there() -> None:
    facts = {"title": "", "body": "陶家镇：请转移。", "delivery": 7, "address": " 139 "}
    template = (
        "{{ title if title else body[:3] }}|{{ address | trim }}|{{ body | replace('。', '') | tojson }}"
        "|{{ ['a', delivery] | join('-') }}|{{ 'a b' | urlencode }}|{{ delivery * 2 }}"
    )
    assert render(template, facts) == '陶家镇|139|"陶家镇：请转移"|a-7|a%20b|14'
    with pytest.raises(BadInput, match="bodi"):
        render("{{ bodi | tojson }}", facts)
