"""Each mismatch between a file and its model is told in one plain line, on the line where it stands."""

from __future__ import annotations

from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, field_validator

from dutydesk.model.enums import FigureKind
from dutydesk.model.errors import FaultyFile
from dutydesk.yamldoc import check, read, validated


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Name(Strict):
    zh: str
    en: str = ""


class Do(Strict):
    kind: Literal["do"]
    limit: int


class Ask(Strict):
    kind: Literal["ask"]
    question: Name


class Rule(Strict):
    id: str
    name: Name
    indicator: FigureKind | None = None
    low: float = Field(default=0, ge=0)
    verified: bool = False
    steps: tuple[Annotated[Do | Ask, Field(discriminator="kind")], ...] = ()
    level_names: dict[int, Name] = {}

    @field_validator("id")
    @classmethod
    def lower(cls, value: str) -> str:
        if value != value.lower():
            raise ValueError("an id is written in small letters")
        return value


class File(Strict):
    rules: list[Rule]


def faults_of(text: str) -> list[str]:
    with pytest.raises(FaultyFile) as caught:
        validated(read(text, "f.yaml"), File)
    return [str(fault) for fault in caught.value.faults]


def test_a_good_file_becomes_its_model() -> None:
    text = "rules:\n- {id: a, name: {zh: 名}, indicator: deaths, low: 3, level_names: {4: {zh: 小型}}}\n"
    found = validated(read(text, "f.yaml"), File)
    assert found.rules[0].indicator is FigureKind.DEATHS
    assert found.rules[0].level_names[4].zh == "小型"


def test_every_fault_is_on_its_line() -> None:
    text = """rules:
  - id: a
    nmae: {zh: 名}
    indicator: death
    low: -1
  - id: B
    name:
      zh: 5
      fr: nom
    verified: perhaps
    steps:
      - kind: do
        limt: 3
      - kind: aks
    level_names:
      4: {zh: 1}
"""
    assert faults_of(text) == [
        "f.yaml:2: missing (rules.0.name)",
        'f.yaml:3: unknown key; did you mean "name"? (rules.0.nmae)',
        "f.yaml:4: \"death\" is not one of 'deaths', 'serious', 'injured', 'missing', 'trapped', 'exposed', "
        "'evacuated', 'threatened', 'area_ha', 'loss_wan', "
        "'potential_loss_wan', 'stuck_hours' or 'magnitude' (rules.0.indicator)",
        "f.yaml:5: must be greater than or equal to 0 (rules.0.low)",
        "f.yaml:6: an id is written in small letters (rules.1.id)",
        "f.yaml:8: must be text: put it in quotes if it is (rules.1.name.zh)",
        "f.yaml:9: unknown key (rules.1.name.fr)",
        "f.yaml:10: must be true or false (rules.1.verified)",
        "f.yaml:12: missing (rules.1.steps.0.limit)",
        'f.yaml:13: unknown key; did you mean "limit"? (rules.1.steps.0.limt)',
        "f.yaml:14: \"aks\" is not one of 'do', 'ask' (rules.1.steps.1)",
        "f.yaml:16: must be text: put it in quotes if it is (rules.1.level_names.4.zh)",
    ]


def test_the_whole_file_may_be_of_the_wrong_shape() -> None:
    assert faults_of("- a\n") == ["f.yaml:1: must be a mapping (key: value)"]
    assert faults_of("\n") == ["f.yaml:1: the file is empty"]
    assert faults_of("rules: 5\n") == ["f.yaml:1: must be a list (rules)"]
    assert faults_of("rulez: []\n") == [
        "f.yaml:1: missing (rules)",
        'f.yaml:1: unknown key; did you mean "rules"? (rulez)',
    ]


def test_faults_can_be_had_without_raising() -> None:
    outcome = check(read("rules: []\n", "f.yaml"), File)
    assert isinstance(outcome, File)
    faults = check(read("rules: {}\n", "f.yaml"), File)
    assert isinstance(faults, tuple)
    assert faults[0].key == "rules"
