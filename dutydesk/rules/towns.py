"""Finding a town: by what an officer types, and in what a caller says."""

from __future__ import annotations

from collections.abc import Iterable

from dutydesk.model.reference import Town


def find(query: str, towns: Iterable[Town]) -> tuple[Town, ...]:
    """Towns that ``query`` names, best first: exact code or name, initials prefix (``yjp``), then part of a
    name or alias. An empty query gives them all."""
    wanted = query.strip().lower()
    ranked = [
        (rank, place, town) for place, town in enumerate(towns) if (rank := _rank(wanted, town)) is not None
    ]
    return tuple(town for _, _, town in sorted(ranked, key=lambda entry: entry[:2]))


def spellings(town: Town) -> tuple[str, ...]:
    """Every way a narrative may write ``town``: its name and aliases, as the file gives them. A bare name
    that is also an everyday word (石板, 九龙) is left out there on purpose."""
    return tuple(dict.fromkeys((town.name.zh, *town.aliases)))


def mentions(text: str, towns: Iterable[Town]) -> tuple[tuple[int, int, Town], ...]:
    """Where ``text`` names towns, as (start, end, town) from left to right; of overlapping ones the longest
    (石桥铺 is not 石桥). A spelling that begins a longer road or estate name still counts as the place."""
    found = [
        (start, start + len(spelling), town)
        for town in towns
        for spelling in spellings(town)
        for start in _starts(text, spelling)
    ]
    found.sort(key=lambda hit: (-(hit[1] - hit[0]), hit[0]))
    kept: list[tuple[int, int, Town]] = []
    for hit in found:
        if all(hit[1] <= other[0] or hit[0] >= other[1] for other in kept):
            kept.append(hit)
    return tuple(sorted(kept, key=lambda hit: hit[0]))


def _starts(text: str, spelling: str) -> list[int]:
    starts, at = [], text.find(spelling)
    while at >= 0:
        starts.append(at)
        at = text.find(spelling, at + 1)
    return starts


def _rank(wanted: str, town: Town) -> int | None:
    if wanted in (town.code.lower(), town.pinyin.lower()) or wanted in spellings(town):
        return 0
    if town.pinyin.lower().startswith(wanted):
        return 1
    if any(wanted in spelling for spelling in spellings(town)):
        return 2
    if wanted in town.name.en.lower():
        return 3
    return None
