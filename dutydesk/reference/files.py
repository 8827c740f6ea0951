"""Which file of ``db/reference`` holds which nouns, and how one file is read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from pydantic import create_model

from dutydesk import yamldoc
from dutydesk.i18n import Said
from dutydesk.model.deadlines import DeadlineRule, EscalationPolicy
from dutydesk.model.errors import Fault, FaultyFile
from dutydesk.model.grading import GradingTable, MarkerName, NearMissRule
from dutydesk.model.reference import (
    EventType,
    Group,
    NoticeTemplate,
    Organisation,
    RoutingRule,
    SampleContact,
    Town,
)
from dutydesk.reference.schema import Entry, Word, entry_model, noun_from, switchable


@dataclass(frozen=True, slots=True)
class Section:
    """One top-level list of a file. ``identity`` is the field that names an entry."""

    key: str
    noun: type[Any]
    identity: str = "id"


FILES: Final[dict[str, tuple[Section, ...]]] = {
    "event_types.yaml": (Section("event_types", EventType, "code"),),
    "grading.yaml": (
        Section("grading_tables", GradingTable),
        Section("near_miss_rules", NearMissRule),
        Section("markers", MarkerName),
    ),
    "groups.yaml": (Section("groups", Group, "code"),),
    "deadlines.yaml": (Section("deadline_rules", DeadlineRule),),
    "escalation.yaml": (Section("escalation_policies", EscalationPolicy),),
    "routing.yaml": (Section("routing_rules", RoutingRule),),
    "towns.yaml": (Section("towns", Town, "code"),),
    "organisations.yaml": (Section("organisations", Organisation, "code"),),
    "templates.yaml": (Section("templates", NoticeTemplate),),
    "contacts.sample.yaml": (Section("sample_contacts", SampleContact, "name"),),
}
NEAR_MISS_TYPES: Final = "near_miss_types"
DISTRICT_NAMES: Final = "district_names"
LISTS: Final = {"grading.yaml": NEAR_MISS_TYPES, "towns.yaml": DISTRICT_NAMES}
"""Beside the entries of a file: a plain list of words, replaced as a whole."""


@dataclass(frozen=True, slots=True)
class Item:
    """One entry with the place it comes from. ``value`` is None for a bare switch ``{id, enabled}``."""

    id: str
    value: Any
    enabled: bool
    document: yamldoc.Document
    path: yamldoc.Path

    def fault(self, *below: str | int, what: str) -> Fault:
        """A fault at this entry, or at something below it."""
        return self.document.fault((*self.path, *below), what)


def items_of(name: str, document: yamldoc.Document) -> dict[str, list[Item]]:
    """The entries of each section of the file ``name``, in order; a plain list of :data:`LISTS` comes along
    as one Item. Raises FaultyFile: wrong shape, or one id twice in a list."""
    content = yamldoc.validated(document, _file_model(name))
    found: dict[str, list[Item]] = {}
    faults: list[Fault] = []
    for section in FILES[name]:
        items: dict[str, Item] = {}
        for index, entry in enumerate(getattr(content, section.key)):
            item = _item(section, entry, document, (section.key, index))
            if item.id in items:
                first = document.line(items[item.id].path)
                faults.append(
                    item.fault(
                        section.identity,
                        what=Said('"{id}" is already in line {line}', id=item.id, line=first),
                    )
                )
            items.setdefault(item.id, item)
        found[section.key] = list(items.values())
    if plain := LISTS.get(name):
        words = getattr(content, plain)
        found[plain] = [] if words is None else [Item(plain, words, True, document, (plain,))]
    if faults:
        raise FaultyFile(tuple(faults))
    return found


def _item(section: Section, entry: Any, document: yamldoc.Document, path: yamldoc.Path) -> Item:
    identity = getattr(entry, section.identity)
    bare = type(entry) is not entry_model(section.noun)
    value = None if bare else noun_from(section.noun, entry)
    return Item(identity, value, entry.enabled, document, path)


@lru_cache(maxsize=16)
def _file_model(name: str) -> type[Entry]:
    fields: dict[str, Any] = {}
    for section in FILES[name]:
        item = switchable(entry_model(section.noun), section.identity)
        fields[section.key] = (tuple.__class_getitem__((item, ...)), ())
    if plain := LISTS.get(name):
        fields[plain] = (tuple[Word, ...] | None, None)
    made: type[Entry] = create_model(f"file {name}", __base__=Entry, **fields)
    return made
