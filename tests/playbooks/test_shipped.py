"""The playbooks that ship: sound, bilingual, sourced, and fit for the district they are for."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from dutydesk.model.enums import StepKind
from dutydesk.model.errors import FaultyFile, NotFound
from dutydesk.model.text import Text
from dutydesk.playbooks.catalogue import catalogue
from dutydesk.playbooks.check import Vocabulary, check
from dutydesk.playbooks.playbook import Playbook
from dutydesk.playbooks.schema import json_schema
from dutydesk.playbooks.walk import Action
from dutydesk.playbooks.walker import walk
from dutydesk.reference import load
from tests.playbooks.books import SMALL, START, event, shipped, shipped_texts

CATALOGUE = shipped()


def vocabulary() -> Vocabulary:
    reference = load()
    return Vocabulary(
        event_types=reference.event_types.keys(),
        groups=reference.groups.keys(),
        organisations=reference.organisations.keys(),
        templates=reference.templates.keys(),
        deadline_rules=reference.deadline_rules.keys(),
    )


def test_they_have_no_fault_against_the_districts_own_data() -> None:
    assert check(shipped_texts(), vocabulary()) == ()


def test_there_are_three_and_each_fits_its_kind_of_event() -> None:
    assert list(CATALOGUE.playbooks) == ["flood", "forest_fire", "hazmat"]
    for type_, expected in (("hazmat", "hazmat"), ("flood", "flood"), ("forest_fire", "forest_fire")):
        assert [book.id for book in CATALOGUE.fitting({"type": type_})] == [expected]
    assert CATALOGUE.fitting({"type": "road"}) == ()
    with pytest.raises(NotFound, match="no playbook road"):
        CATALOGUE.get("road")


@pytest.mark.parametrize("book", CATALOGUE.playbooks.values(), ids=lambda book: book.id)
def test_every_playbook_carries_the_common_spine_and_reports_upward(book: Playbook) -> None:
    ids = [step.id for step in book.steps()]
    for expected in (
        "record_call",
        "tell_duty_leader",
        "phone_report",
        "written_first_report",
        "final_report",
    ):
        assert expected in ids
    met = {rule for step in book.steps() for rule in step.meets}
    assert met >= {"LOCAL_PHONE_30M", "LOCAL_WRITTEN_60M", "WSA_EMB_PHONE_1H", "WSA_EMB_2H", "CQ_GOV_1H"}
    assert {step.kind for step in book.steps()} == set(StepKind)


def cautions(book: Playbook) -> str:
    return "".join(_zh(text for step in book.steps() for text in step.cautions))


def _zh(texts: Iterable[Text]) -> Iterable[str]:
    return (text.zh for text in texts)


def test_the_prohibitions_are_said_before_the_step_is_ticked() -> None:
    assert "严禁对着泄漏的液氯" in cautions(CATALOGUE.get("hazmat"))
    for who in ("未成年人", "孕妇", "残疾人", "60周岁以上"):
        assert who in cautions(CATALOGUE.get("forest_fire"))
    assert "未断电不得下水" in cautions(CATALOGUE.get("flood"))


def test_no_playbook_states_an_isolation_distance() -> None:
    import re

    for file, text in shipped_texts().items():
        assert not re.search(r"\d+\s*(米|公里|km|metres)", text), file


def test_chlorine_brings_its_rules_and_a_tanker_the_traffic_police() -> None:
    book = CATALOGUE.get("hazmat")
    facts = {"type": "hazmat", "routing": "hi-tech-zone", "graded": False, "near_miss": True}
    now = walk(
        book,
        [
            event(1, "ask_product", Action.ANSWERED, "chlorine"),
            event(2, "ask_container", Action.ANSWERED, "road_tanker"),
        ],
        facts,
        START,
    )
    for step in ("chlorine_rules", "notify_transport", "tell_high_tech_zone", "district_government"):
        assert now.steps[step].open, step
    assert now.steps["water_reactive_rules"].settled


def test_any_forest_fire_is_reported_to_the_city_within_minutes() -> None:
    step = CATALOGUE.get("forest_fire").step("municipal_hq")
    assert step is not None
    assert step.meets == ("CQ_FOREST_NOW",)
    assert step.must
    assert step.verified


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("types: [hazmat]", "types: [hazmta]", "small.yaml:4: there is no event type 'hazmta'; did you mean"),
        ("group: fire", "group: fyre", "there is no group 'fyre'"),
        ("{zh: 堵漏, en: stop it}", "{zh: 堵漏}", "the English is missing"),
        ("{zh: 堵漏, en: stop it}", f"{{zh: {'堵' * 21}, en: stop it}}", "at most 20 characters"),
        ("when: tonnes >= 10", "when: tonnes >= 10 && tonnes < 5", "can never be true"),
        ("id: close,", "id: close, colour: red,", "unknown key"),
    ],
)
def test_check_tells_file_line_and_what(old: str, new: str, said: str) -> None:
    assert old in SMALL
    found = check({"small.yaml": SMALL.replace(old, new, 1)}, vocabulary())
    assert [said in str(fault) for fault in found] == [True], [str(fault) for fault in found]


def test_check_reads_on_after_a_broken_file() -> None:
    found = check({"a.yaml": "id: [", "b.yaml": SMALL.replace("needs: [log]", "needs: [lgo]")})
    assert [fault.file for fault in found] == ["a.yaml", "b.yaml"]


def test_two_playbooks_of_one_name_are_told() -> None:
    found = check({"a.yaml": SMALL, "b.yaml": SMALL})
    assert [str(fault) for fault in found] == [
        "b.yaml:1: the playbook id 'small' is already used in a.yaml (id)"
    ]
    with pytest.raises(FaultyFile, match=r"already used in a\.yaml"):
        catalogue({"a.yaml": SMALL, "b.yaml": SMALL})


def test_the_schema_describes_every_kind_of_step() -> None:
    schema = json_schema()
    assert schema["$schema"].endswith("2020-12/schema")
    for name in ("DoNode", "AskNode", "CallNode", "NotifyNode", "ReportNode", "SlotNode", "IncludeNode"):
        assert schema["$defs"][name]["additionalProperties"] is False
    assert schema["$defs"]["DoNode"]["properties"]["from"]["default"] == "ready"
