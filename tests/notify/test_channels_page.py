"""``docs/channels.md`` is what an officer configures by: its example loads and it knows every key."""

from __future__ import annotations

import re
from pathlib import Path
from types import NoneType
from typing import get_args

import pytest

from dutydesk import templating
from dutydesk.notify import http_spec, spec
from dutydesk.notify.channels import load
from dutydesk.notify.http_spec import HttpSpec, probe
from dutydesk.notify.spec import LYING_SCHEMAS, ChannelSpec

PAGE = (Path(__file__).parents[2] / "docs" / "channels.md").read_text(encoding="utf-8")


def test_the_example_of_the_page_loads() -> None:
    found = re.search(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    assert list(load(found[1], "channels.yaml")) == ["短信", "邮件", "企业微信群", "演练箱"]


@pytest.mark.parametrize("key", [*ChannelSpec.model_fields, *HttpSpec.model_fields])
def test_every_key_is_explained_on_the_page_and_in_the_code(key: str) -> None:
    assert f"`{key}`" in PAGE
    assert f"``{key}``" in (spec.__doc__ or "") + (http_spec.HttpSpec.__doc__ or "")


def _rows(heading: str) -> dict[str, str]:
    """The rows of the table under ``heading``, by the names in their first column."""
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`[^|]+) \|(.*)\|$", section, re.MULTILINE)
    return {name: rest for names, rest in rows for name in re.findall(r"`(\w+)`", names)}


def test_the_page_knows_no_key_that_the_code_does_not() -> None:
    ways = _rows("Ways to send: exactly one a channel")
    assert set(ways) == set(ChannelSpec.CARRIERS)
    assert set(_rows("Options of every channel")) == set(ChannelSpec.model_fields) - set(ChannelSpec.CARRIERS)
    assert set(_rows("The HTTP adapter")) == set(HttpSpec.model_fields)
    for name in set(ChannelSpec.CARRIERS) - {"url", "http"}:
        preset = next(
            each for each in get_args(ChannelSpec.model_fields[name].annotation) if each is not NoneType
        )
        assert set(re.findall(r"`(\w+)`", ways[name])) == set(preset.model_fields)


def test_the_page_states_the_limits_of_each_number() -> None:
    for key, row in _rows("Options of every channel").items():
        limits = {
            type(limit).__name__: getattr(limit, type(limit).__name__.lower())
            for limit in ChannelSpec.model_fields[key].metadata
            if type(limit).__name__ in ("Ge", "Le")
        }
        if len(limits) == 2:
            assert f"{limits['Ge']} to {limits['Le']}" in row
        elif limits:
            assert limits == {"Le": 3600}
            assert "an hour at most" in row


def test_the_page_has_the_facts_and_the_filters_of_templates() -> None:
    told = re.search(r"sandbox over (.*?)\. Text.*?or macros: (.*?)\. A JSON", PAGE, re.DOTALL)
    assert told is not None
    assert set(re.findall(r"`(\w+)`", told[1])) == set(probe("x"))
    short_for_another = {"d", "count"}
    assert set(re.findall(r"`(\w+)`", told[2])) == set(templating.NAMES) - short_for_another


@pytest.mark.parametrize("schema", sorted(LYING_SCHEMAS))
def test_every_service_that_is_not_believed_is_named(schema: str) -> None:
    assert f"`{schema}`" in PAGE or f"`{schema.removesuffix('s')}(s)`" in PAGE


def test_the_defaults_of_the_page_are_those_of_the_code() -> None:
    spec = load('a: {url: "json://h/{address}"}\nb: {http: {url: "http://h/{address}"}}', "channels.yaml")
    policy = spec["a"].retry_policy
    stated = dict(re.findall(r"^\| `(\w+)` \| `?([^|`]+?)`? \|", PAGE, re.MULTILINE))
    assert stated["concurrency"] == f"{spec['a'].lane}; HTTP {spec['b'].lane}"
    assert stated["slow_lane"] == str(spec["a"].slow_lane)
    assert stated["timeout"] == f"{spec['a'].timeout:g}s"
    assert stated["attempts"] == str(policy.attempts)
    assert stated["resend_unknown"] == str(policy.resend_unknown).lower()
    assert stated["purpose"] == spec["a"].purpose
    assert stated["title"] == spec["a"].title
    assert f"| `{policy.base:g}s`, `{policy.cap / 60:g}m` |" in PAGE
