"""All the playbooks a desk has, and which of them fit an incident."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from dutydesk import yamldoc
from dutydesk.i18n import Said
from dutydesk.model.errors import Fault, FaultyFile, NotFound
from dutydesk.playbooks import conditions
from dutydesk.playbooks.assemble import Fragments
from dutydesk.playbooks.language import is_fragment, parse_document
from dutydesk.playbooks.names import Facts
from dutydesk.playbooks.playbook import Playbook


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Playbooks by id, in the order of their ids."""

    playbooks: Mapping[str, Playbook]

    def get(self, id_: str) -> Playbook:
        """The playbook called ``id_``. Raises NotFound."""
        try:
            return self.playbooks[id_]
        except KeyError:
            raise NotFound(
                "There is no playbook {id}; `dutydesk playbook list` shows them.", id=id_
            ) from None

    def fitting(self, facts: Facts) -> tuple[Playbook, ...]:
        """The playbooks for an incident of which ``facts`` are known (see ``names.incident_facts``).

        One whose condition cannot be told yet is among them: better offered than missed.
        """
        return tuple(playbook for playbook in self.playbooks.values() if fits(playbook, facts))


def fits(playbook: Playbook, facts: Facts) -> bool:
    """Whether ``playbook`` is for an incident of which ``facts`` are known."""
    if facts.get("type") not in playbook.types:
        return False
    return not playbook.when or conditions.truth(playbook.when, facts) is not False


def including(texts: Mapping[str, str]) -> Callable[[str], str]:
    """An ``include`` that takes fragments from ``texts`` by path."""

    def include(path: str) -> str:
        return texts[path]

    return include


def catalogue(texts: Mapping[str, str], *, check_conditions: bool = True) -> Catalogue:
    """The playbooks in ``texts`` (path counted from the playbooks directory, with ``/``, to YAML text).

    Fragments among them are there to be included. Raises FaultyFile with the faults of all files together.
    """
    found: dict[str, tuple[str, Playbook]] = {}
    faults: list[Fault] = []
    fragments: Fragments = {}
    for file, text in sorted(texts.items()):
        try:
            document = yamldoc.read(text, file)
            if is_fragment(document.value):
                continue
            playbook = parse_document(
                document, including(texts), fragments, check_conditions=check_conditions
            )
        except FaultyFile as faulty:
            faults += faulty.faults
            continue
        if playbook.id in found:
            other = found[playbook.id][0]
            faults.append(
                document.fault(
                    "id",
                    Said("the playbook id {id!r} is already used in {other}", id=playbook.id, other=other),
                )
            )
            continue
        found[playbook.id] = (file, playbook)
    if faults:
        raise FaultyFile(tuple(dict.fromkeys(faults)))
    return Catalogue(MappingProxyType({id_: found[id_][1] for id_ in sorted(found)}))
