"""The data that ship with the desk say what the fact sheet says, and nothing unverified passes for law."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from dutydesk import yamldoc
from dutydesk.model.enums import Anchor, TimerKind
from dutydesk.model.reference import Reference
from dutydesk.model.text import Text
from dutydesk.reference import load
from dutydesk.reference.checks import UNVERIFIED_WORDS, template_faults
from dutydesk.reference.files import items_of
from dutydesk.resources import data_dir


@pytest.fixture(scope="module")
def reference() -> Reference:
    return load()


def texts_in(value: object) -> Iterator[Text]:
    if isinstance(value, Text):
        yield value
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from texts_in(getattr(value, field.name))
    elif isinstance(value, tuple | list):
        for item in value:
            yield from texts_in(item)
    elif hasattr(value, "values"):
        yield from texts_in(list(value.values()))


def test_the_thirteen_places_and_the_six_of_the_high_tech_zone(reference: Reference) -> None:
    ours = {town.name.zh: town.pinyin for town in reference.towns.values() if not town.run_by}
    assert ours == {
        "杨家坪": "yjp", "黄桷坪": "hjp", "谢家湾": "xjw", "石坪桥": "spq", "石桥铺": "sqp", "中梁山": "zls",
        "渝州路": "yzl", "二郎": "el", "九龙街道": "jl", "华岩": "hy", "陶家": "tj", "西彭": "xp",
        "铜罐驿": "tgy",
    }  # fmt: skip
    theirs = {town.name.zh: town.pinyin for town in reference.towns.values() if town.run_by == "hi-tech-zone"}
    assert theirs == {"含谷": "hg", "金凤": "jf", "白市驿": "bsy", "走马": "zm", "石板镇": "sb", "巴福": "bf"}
    kinds = [town.kind for town in reference.towns.values() if not town.run_by]
    assert (kinds.count("subdistrict"), kinds.count("town")) == (9, 4)
    assert reference.routing_rules["hi-tech-zone"].verified


def test_everything_shown_is_in_both_languages(reference: Reference) -> None:
    texts = list(texts_in(reference))
    assert len(texts) > 200
    assert [text.zh for text in texts if not text.zh or not text.en] == []


def test_deadlines_carry_their_spans_times_and_sources(reference: Reference) -> None:
    rules = reference.deadline_rules
    assert rules["WSA_EMB_2H"].limit == timedelta(hours=2)
    assert rules["WSA_EMB_2H"].anchor is Anchor.TOLD
    assert rules["LOCAL_PHONE_30M"].limit == timedelta(minutes=30)
    assert not rules["LOCAL_PHONE_30M"].verified
    assert rules["ND_DAILY"].at_times == (time(9),)
    assert rules["ND_DAILY"].kind is TimerKind.CADENCE
    assert not rules["ND_FINAL"].enabled
    assert all(rule.source for rule in rules.values())


def test_no_source_that_calls_itself_unverified_is_marked_as_law(reference: Reference) -> None:
    sourced: list[Any] = [
        *reference.deadline_rules.values(),
        *reference.near_miss_rules,
        *reference.routing_rules.values(),
        *(rule for table in reference.grading_tables for rule in table.rules),
    ]
    for rule in sourced:
        assert not (rule.verified and any(word in rule.source for word in UNVERIFIED_WORDS)), rule.id


def test_the_audiences_that_escalation_and_playbooks_need_exist(reference: Reference) -> None:
    needed = {"duty_room", "duty_operators", "shift_chief", "duty_leader", "bureau_leaders", "townships"}
    needed |= {"fire", "police", "traffic_police", "health", "ecology", "transport", "maritime", "publicity"}
    needed |= {"sector_department", "municipal_duty", "district_government"}
    assert needed <= set(reference.groups)
    assert reference.escalation_policies


def test_sample_people_can_be_told_from_real_ones_and_cannot_be_reached(reference: Reference) -> None:
    assert len(reference.sample_contacts) >= 20
    for person in reference.sample_contacts:
        assert person.name.startswith("示例·")
        assert person.org.startswith("示例")
        addresses = dict(person.addresses)
        assert addresses["mail"].endswith("@example.invalid")
        assert addresses.get("sms", "000").startswith("000")
    covered = {group for person in reference.sample_contacts for group in person.groups}
    told = {
        code for policy in reference.escalation_policies for level in policy.levels for code in level.groups
    }
    assert told <= covered


def test_every_notice_template_reads_well_with_few_facts_and_with_all(reference: Reference) -> None:
    path = data_dir("db/reference") / "templates.yaml"
    items = items_of("templates.yaml", yamldoc.read_file(path))["templates"]
    assert list(template_faults(items)) == []
    environment = SandboxedEnvironment(undefined=StrictUndefined)
    known = {"title": "液氯槽车侧翻泄漏", "now": "02:45", "town_name": "陶家"}
    blank = dict.fromkeys(
        ("level_name", "callback", "direction", "shelter", "until", "measures", "issuer"), ""
    )
    for template in reference.templates.values():
        text = environment.from_string(template.body).render({**known, **blank})
        assert "{" not in text
        assert "演练" not in text, "the mark of a drill is the desk's to write"


def test_loading_is_quick_enough_for_a_command() -> None:
    load()
    started = datetime.now().astimezone()
    load()
    assert (datetime.now().astimezone() - started).total_seconds() < 0.5


def test_each_load_is_its_own(tmp_path: Path) -> None:
    (tmp_path / "groups.yaml").write_text("groups: [{code: extra, name: {zh: 另}}]\n", encoding="utf-8")
    assert "extra" in load(tmp_path).groups
    assert "extra" not in load().groups
