"""``playbook check``: the files on disk against the language and the district's own vocabulary."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from dutydesk.desk.runs.playbook_files import text_in, texts_in, yaml_files
from dutydesk.model.errors import BadInput, ConfigError, DeskError, Fault
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


@dataclass(frozen=True, slots=True)
class Checked:
    """``faults`` of what could be read, in the order of the files; ``unreadable``: why the rest could not."""

    faults: tuple[Fault, ...]
    unreadable: tuple[DeskError, ...]

    @property
    def sound(self) -> bool:
        """Whether everything was read and nothing is wrong with it."""
        return not self.faults and not self.unreadable


def check_paths(reference: Reference, paths: Iterable[Path]) -> Checked:
    """Every fault of the files named, or below the directories named, in the order of the files. A path that
    is not there, or a file that cannot be read, hides nothing of the others.

    Fragments that ship with the desk may be included from anywhere.
    """
    shipped = texts_in(data_dir("playbooks"))
    faults: list[Fault] = []
    unreadable: list[DeskError] = []
    for path in paths:
        try:
            base, files = _files(path)
        except DeskError as error:
            unreadable.append(error)
            continue
        texts: dict[str, str] = {}
        for file in files:
            try:
                texts[file.relative_to(base).as_posix()] = text_in(file)
            except ConfigError as error:
                unreadable.append(error)
        prefix = "" if base == Path() else f"{base}/"
        faults.extend(
            Fault(f"{prefix}{fault.file}", fault.line, fault.key, fault.what)
            for fault in check(shipped | texts, vocabulary(reference))
            if fault.file in texts
        )
    return Checked(tuple(faults), tuple(unreadable))


def _files(path: Path) -> tuple[Path, list[Path]]:
    """The files meant by ``path``, and the directory that their names count from. Raises BadInput."""
    try:
        is_dir, is_there = path.is_dir(), path.exists()
        files = yaml_files(path) if is_dir else [path]
    except OSError as error:
        raise BadInput("{file} cannot be read: {why}.", file=quoted(str(path)), why=reason(error)) from error
    if not is_there:
        raise BadInput("There is no file or directory {path}.", path=quoted(str(path)))
    if not files:
        raise BadInput("There is no .yaml file below {path}.", path=quoted(str(path)))
    return (path if is_dir else path.parent), files
