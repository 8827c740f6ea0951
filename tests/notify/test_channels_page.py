"""``docs/channels.md`` is what an officer configures by: its example loads and it knows every key."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dutydesk.notify import http_spec, spec
from dutydesk.notify.channels import load
from dutydesk.notify.http_spec import HttpSpec
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
