"""Names that a contact file uses and the desk does not know: kept as written, so that nothing is lost, and
told, so that a slip of the pen is not found out when a notice reaches nobody."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from dutydesk.desk.people.contacts import FIXED_COLUMNS, ContactEntry


@dataclass(frozen=True, slots=True)
class UnknownName:
    """A group or channel nobody knows, whom it stands beside, in the file's order, and the known name that is
    most like it, or nothing."""

    name: str
    people: tuple[str, ...]
    near: str = ""


def unknown_groups(entries: Sequence[ContactEntry], known: Collection[str]) -> tuple[UnknownName, ...]:
    """Groups of ``entries`` that are none of ``known``."""
    pairs = ((group, entry.name) for entry in entries for group in entry.groups)
    return _unknown(pairs, known, known)


def unknown_channels(entries: Sequence[ContactEntry], known: Collection[str]) -> tuple[UnknownName, ...]:
    """Channels of ``entries``' addresses that are none of ``known``. The misspelt name of a fixed column
    arrives here as a channel, so it is compared with those as well."""
    pairs = ((channel, entry.name) for entry in entries for channel, _address in entry.addresses)
    return _unknown(pairs, known, (*known, *FIXED_COLUMNS))


def _unknown(
    pairs: Iterable[tuple[str, str]], known: Collection[str], like: Collection[str]
) -> tuple[UnknownName, ...]:
    beside: dict[str, dict[str, None]] = {}
    for name, person in pairs:
        if name not in known:
            beside.setdefault(name, {})[person] = None
    return tuple(
        UnknownName(name, tuple(people), next(iter(difflib.get_close_matches(name, like, n=1)), ""))
        for name, people in beside.items()
    )
