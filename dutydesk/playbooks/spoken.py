"""A run's own facts as its texts say them: a choice by its label, yes and no in words, a moment by the clock
on the wall. Conditions and ``{% if %}`` see the value, a reader the words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dutydesk.model.enums import FactType
from dutydesk.model.instants import from_stored
from dutydesk.model.text import Language, Text
from dutydesk.playbooks.playbook import FactDef, Playbook

YES: Final = Text("是", "yes")
NO: Final = Text("否", "no")


@dataclass(frozen=True, slots=True, eq=False)
class Spoken:
    """A fact's value that prints as ``words``."""

    value: object
    words: str

    def __str__(self) -> str:
        return self.words

    def __bool__(self) -> bool:
        return bool(self.value)

    def __eq__(self, other: object) -> bool:
        return self.value == (other.value if isinstance(other, Spoken) else other)

    def __hash__(self) -> int:
        return hash(self.value)


def spoken(
    playbook: Playbook, facts: Mapping[str, object], language: Language, moment: Callable[[datetime], str]
) -> dict[str, object]:
    """``facts`` (see ``names.Facts``) with those of ``playbook`` in words; the incident's own stay as they
    are. ``moment`` spells a time."""
    own = playbook.facts_by_id()
    return {
        name: _said(own[name], value, language, moment) if name in own else value
        for name, value in facts.items()
    }


def _said(fact: FactDef, value: object, language: Language, moment: Callable[[datetime], str]) -> object:
    match fact.type:
        case FactType.CHOICE:
            labels = {option.id: option.label.in_(language) for option in fact.options}
            return Spoken(value, labels.get(str(value), str(value)))
        case FactType.BOOLEAN:
            return Spoken(value, (YES if value else NO).in_(language))
        case FactType.TIME if isinstance(value, str):
            return Spoken(value, moment(from_stored(value)))
        case FactType.TEXT if isinstance(value, str):
            return Spoken(value, value.rstrip("。. "))  # the text that uses it brings its own full stop
        case _:
            return value
