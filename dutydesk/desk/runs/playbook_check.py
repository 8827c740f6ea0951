"""``playbook check``: the files on disk against the language and the district's own vocabulary."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from dutydesk.desk.runs.playbook_files import text_in, texts_in
from dutydesk.model.errors import BadInput, Fault
from dutydesk.model.os_reasons import reason
from dutydesk.model.reference import Reference
from dutydesk.model.visible import quoted
from dutydesk.playbooks.check import Vocabulary, check
from dutydesk.resources import data_dir


def vocabulary(reference: Reference) -> Vocabulary:
    """The words a playbook may use for the district's things."""
    return Vocabulary(
        event_types=frozenset(reference.event_types),
        groups=frozenset(reference.groups),
        templates=frozenset(reference.templates),
        deadline_rules=frozenset(reference.deadline_rules),
        organisations=frozenset(reference.organisations),
    )


def check_paths(reference: Reference, paths: Iterable[Path]) -> tuple[Fault, ...]:
    """Every fault of the files named, or below the directories named, in the order of the files.

    Fragments that ship with the desk may be included from anywhere. Raises BadInput for a path that is not
    there, ConfigError for a file that cannot be read.
    """
    shipped = texts_in(data_dir("playbooks"))
    faults: list[Fault] = []
    for path in paths:
        texts, prefix = _texts(path)
        found = check(shipped | texts, vocabulary(reference))
        faults.extend(
            Fault(f"{prefix}{fault.file}", fault.line, fault.key, fault.what)
            for fault in found
            if fault.file in texts
        )
    return tuple(faults)


def _texts(path: Path) -> tuple[dict[str, str], str]:
    """The texts at ``path`` by name, and what their names are prefixed with. Raises BadInput, ConfigError."""
    try:
        is_dir, is_there = path.is_dir(), path.exists()
    except OSError as error:
        raise BadInput("{file} cannot be read: {why}.", file=quoted(str(path)), why=reason(error)) from error
    if is_dir:
        return texts_in(path), f"{path}/"
    if not is_there:
        raise BadInput("There is no file or directory {path}.", path=quoted(str(path)))
    return {path.name: text_in(path)}, f"{path.parent}/" if path.parent.name else ""
