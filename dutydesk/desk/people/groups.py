"""The audiences there are: the district's named ones, and any that contacts were put into."""

from __future__ import annotations

from dataclasses import dataclass

from dutydesk.desk.desk import Desk
from dutydesk.model.text import Text
from dutydesk.store.views import contacts


@dataclass(frozen=True, slots=True)
class GroupRow:
    code: str
    name: Text
    members: int


async def group_rows(desk: Desk) -> tuple[GroupRow, ...]:
    """Every group with the number of its members; the district's own first."""
    counted = await contacts.groups(desk.reader)
    known = desk.reference.groups
    return (
        *(GroupRow(code, group.name, counted.get(code, 0)) for code, group in known.items()),
        *(GroupRow(code, Text(code), size) for code, size in sorted(counted.items()) if code not in known),
    )
