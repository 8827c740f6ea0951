"""Choosing an event type by its number in the list, its code, a part of its name, or pinyin initials."""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache

from dutydesk.desk.desk import Desk
from dutydesk.model.reference import EventType

# GB 2312 orders its first 3,755 characters by their pinyin: where each initial begins.
_BEGINS = (
    0xB0A1, 0xB0C5, 0xB2C1, 0xB4EE, 0xB6EA, 0xB7A2, 0xB8C1, 0xB9FE, 0xBBF7, 0xBFA6, 0xC0AC, 0xC2E8,
    0xC4C3, 0xC5B6, 0xC5BE, 0xC6DA, 0xC8BB, 0xC8F6, 0xCBFA, 0xCDDA, 0xCEF4, 0xD1B9, 0xD4D1,
)  # fmt: skip
_LETTERS = "abcdefghjklmnopqrstwxyz"
_ENDS = 0xD7F9


@lru_cache(maxsize=256)
def initials(name: str) -> str:
    """The pinyin initials of ``name`` (``危险化学品``: ``wxhxp``); ASCII stands for itself."""
    letters = ""
    for character in name:
        try:
            code = int.from_bytes(character.encode("gb2312"), "big")
        except UnicodeEncodeError:
            continue
        if _BEGINS[0] <= code <= _ENDS:
            letters += _LETTERS[bisect_right(_BEGINS, code) - 1]
        elif character.isalnum():
            letters += character.lower()
    return letters


def all_types(desk: Desk) -> tuple[EventType, ...]:
    """Every type in the order of the list, number 1 first."""
    return tuple(desk.reference.event_types.values())


def find_types(desk: Desk, typed: str) -> tuple[EventType, ...]:
    """The types that ``typed`` may mean, the best first; all of them for nothing typed."""
    wanted = "".join(typed.lower().split())
    everything = all_types(desk)
    if not wanted:
        return everything
    if wanted.isdecimal():
        number = int(wanted) if len(wanted) < 4 else 0
        return everything[number - 1 : number] if number else ()
    ranked = [(rank, n) for n, kind in enumerate(everything) if (rank := _rank(wanted, kind)) is not None]
    return tuple(everything[n] for _, n in sorted(ranked))


def _rank(wanted: str, kind: EventType) -> int | None:
    letters = initials(kind.name.zh)
    if wanted in (kind.code, kind.name.zh, letters):
        return 0
    if letters.startswith(wanted) or kind.name.zh.startswith(wanted) or kind.code.startswith(wanted):
        return 1
    if wanted in kind.name.zh or wanted in kind.name.en.lower().replace(" ", ""):
        return 2
    return 3 if len(wanted) > 1 and wanted in kind.words else None
