"""From text to playbook: reads, includes, checks, builds. Pure: the texts are handed in."""

from __future__ import annotations

from dutydesk import yamldoc
from dutydesk.i18n import N_
from dutydesk.model.errors import FaultyFile
from dutydesk.playbooks.assemble import Fragments, Include, assemble
from dutydesk.playbooks.build import build
from dutydesk.playbooks.pinned import digest, pinned_source
from dutydesk.playbooks.playbook import Playbook
from dutydesk.playbooks.soundness import faults_of

__all__ = ["Include", "digest", "is_fragment", "parse", "parse_document", "pinned_source", "read_pinned"]


def parse(text: str, *, file: str, include: Include | None = None, check_conditions: bool = True) -> Playbook:
    """The playbook that ``text`` writes. ``file`` is named in faults; ``include`` gives fragments by path.

    ``check_conditions`` false leaves conditions and texts unread (those that ship are checked by the tests),
    which spares loading two libraries. Raises FaultyFile with every fault found.
    """
    return parse_document(yamldoc.read(text, file), include, {}, check_conditions=check_conditions)


def parse_document(
    document: yamldoc.Document, include: Include | None, fragments: Fragments, *, check_conditions: bool
) -> Playbook:
    """:func:`parse` for a text already read, with the fragments read so far (see ``assemble``)."""
    if is_fragment(document.value):
        raise FaultyFile((document.fault("fragment", N_("a fragment is no playbook: include it in one")),))
    draft = assemble(document, include, fragments)
    faults = draft.faults + list(faults_of(draft, check_conditions=check_conditions))
    if faults or draft.incomplete:
        raise FaultyFile(tuple(sorted(dict.fromkeys(faults), key=lambda fault: (fault.file, fault.line))))
    return build(draft)


def read_pinned(text: str, *, name: str) -> Playbook:
    """The playbook of a run's own copy (see ``pinned``). ``name`` is named in faults.

    It held together when the run was started, and that is not judged again: a rule of soundness, or a name
    of the incident, that came later must not stop a run half-way. Raises FaultyFile for a text that is not of
    the language at all.
    """
    draft = assemble(yamldoc.read(text, name), None)
    if draft.faults:
        raise FaultyFile(tuple(draft.faults))
    return build(draft)


def is_fragment(value: object) -> bool:
    """Whether a YAML value is a fragment's file rather than a playbook's."""
    return isinstance(value, dict) and "fragment" in value
