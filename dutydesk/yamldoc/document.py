"""A YAML file as plain values beside the places they were written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from dutydesk.model.errors import Fault

Path = tuple[str | int, ...]
"""Where a value sits: mapping keys and list indexes from the top, such as ``("rules", 0, "low")``."""


class Mark(NamedTuple):
    """A place in the text; both count from 1."""

    line: int
    column: int


def spelled(path: Path) -> str:
    """``rules.0.low``, as a fault shows it."""
    return ".".join(str(part) for part in path)


@dataclass(frozen=True, slots=True)
class Document:
    """``value`` is made of dict, list, str, int, float, bool and None alone, and is not to be changed.

    ``marks`` has the place of every mapping key and list item, ``value_marks`` that of every value. Both
    have the empty path for the whole document.
    """

    file: str
    value: Any
    marks: Mapping[Path, Mark] = field(repr=False)
    value_marks: Mapping[Path, Mark] = field(repr=False)

    def mark(self, path: Sequence[str | int] | str = ()) -> Mark:
        """The place of ``path``, or of its nearest ancestor that is in the text."""
        return _nearest(self.marks, as_path(path))

    def line(self, path: Sequence[str | int] | str = ()) -> int:
        """The line of ``path``, counted from 1."""
        return self.mark(path).line

    def value_line(self, path: Sequence[str | int] | str = ()) -> int:
        """The line where the value of ``path`` begins, which may be below its key's."""
        return _nearest(self.value_marks, as_path(path)).line

    def fault(self, path: Sequence[str | int] | str, what: str) -> Fault:
        """A fault at ``path``, which need not exist: the line is then that of what should hold it."""
        parts = as_path(path)
        return Fault(self.file, self.line(parts), spelled(parts), what)

    def get(self, path: Sequence[str | int] | str) -> Any:
        """The value at ``path``. Raises KeyError where there is none."""
        found = self.value
        for part in as_path(path):
            found = below(found, part)
        return found


def below(value: Any, part: str | int) -> Any:
    """The item or entry ``part`` of ``value``. Raises KeyError where there is none."""
    if isinstance(value, dict):
        return value[part]
    if isinstance(value, list) and isinstance(part, int) and 0 <= part < len(value):
        return value[part]
    raise KeyError(part)


def as_path(path: Sequence[str | int] | str) -> Path:
    """A path from its parts or from its dotted spelling (in which digits are list indexes)."""
    if isinstance(path, str):
        return tuple(int(part) if part.isdecimal() else part for part in path.split(".") if part)
    return tuple(path)


def _nearest(marks: Mapping[Path, Mark], path: Path) -> Mark:
    for length in range(len(path), 0, -1):
        if (mark := marks.get(path[:length])) is not None:
            return mark
    return marks.get((), Mark(1, 1))
