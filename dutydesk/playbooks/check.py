"""`playbook check`: everything wrong in a set of playbook files, told at once with file and line."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from dutydesk import yamldoc
from dutydesk.i18n import N_, Said
from dutydesk.model.errors import Fault, FaultyFile
from dutydesk.playbooks.assemble import assemble
from dutydesk.playbooks.catalogue import including
from dutydesk.playbooks.language import is_fragment
from dutydesk.playbooks.soundness import faults_of
from dutydesk.playbooks.syntax import FragmentNode

LONGEST_TITLE: Final = 20
"""Chinese characters of a step's title that can be read at a glance."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The district's own ids that playbooks refer to. None leaves that kind unchecked."""

    event_types: Collection[str] | None = None
    groups: Collection[str] | None = None
    organisations: Collection[str] | None = None
    templates: Collection[str] | None = None
    deadline_rules: Collection[str] | None = None


def check(texts: Mapping[str, str], vocabulary: Vocabulary | None = None) -> tuple[Fault, ...]:
    """Every fault in ``texts`` (path counted from the playbooks directory to YAML text), by file and line.

    A fragment is judged by itself and once more in each playbook that includes it. Beyond what ``parse``
    refuses, this tells ids that the district does not have, missing English and overlong titles.
    """
    vocabulary = vocabulary or Vocabulary()
    found: dict[Fault, None] = {}
    ids: dict[str, str] = {}
    for file, text in texts.items():
        for fault in _file(file, text, texts, vocabulary, ids):
            found[fault] = None
    return tuple(sorted(found, key=lambda fault: (fault.file, fault.line, fault.key)))


def _file(
    file: str, text: str, texts: Mapping[str, str], vocabulary: Vocabulary, ids: dict[str, str]
) -> Iterator[Fault]:
    try:
        document = yamldoc.read(text, file)
        if is_fragment(document.value):
            yamldoc.validated(document, FragmentNode)
        else:
            draft = assemble(document, including(texts))
            yield from draft.faults
            yield from faults_of(draft, check_conditions=True)
            other = ids.setdefault(draft.node.id, file)
            if other != file:
                yield document.fault(
                    "id",
                    Said("the playbook id {id!r} is already used in {other}", id=draft.node.id, other=other),
                )
    except FaultyFile as faulty:
        yield from faulty.faults
        return
    yield from _vocabulary(document, vocabulary)
    yield from _texts(document)


def _vocabulary(document: yamldoc.Document, vocabulary: Vocabulary) -> Iterator[Fault]:
    kinds = {
        "types": (Said("event type"), vocabulary.event_types),
        "groups": (Said("group"), vocabulary.groups),
        "group": (Said("group"), vocabulary.groups),
        "organisation": (Said("organisation"), vocabulary.organisations),
        "template": (Said("notice template"), vocabulary.templates),
        "meets": (Said("deadline rule"), vocabulary.deadline_rules),
    }
    for path, value in _entries(document.value, ()):
        key = path[-2] if path and isinstance(path[-1], int) and len(path) > 1 else path[-1] if path else ""
        what, known = kinds.get(str(key), (Said(""), None))
        if known is None or not isinstance(value, str):
            continue
        if value not in known:
            hint = yamldoc.did_you_mean(value, known)
            said = Said("there is no {kind} {name!r}{hint}", kind=what, name=value, hint=hint)
            yield document.fault(path, said)


def _texts(document: yamldoc.Document) -> Iterator[Fault]:
    for path, value in _entries(document.value, ()):
        if not isinstance(value, dict) or "zh" not in value:
            continue
        english = value.get("en")
        if not (isinstance(english, str) and english.strip()):
            yield document.fault(path, N_("the English is missing: write en beside zh"))
        if path[-1] == "title" and "steps" in path and len(str(value["zh"])) > LONGEST_TITLE:
            said = Said("a step's title has at most {most} characters", most=LONGEST_TITLE)
            yield document.fault((*path, "zh"), said)


def _entries(value: object, path: yamldoc.Path) -> Iterator[tuple[yamldoc.Path, object]]:
    """Every value with its path, the containers too."""
    yield path, value
    if isinstance(value, dict):
        for key, below in value.items():
            yield from _entries(below, (*path, key))
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from _entries(below, (*path, index))
