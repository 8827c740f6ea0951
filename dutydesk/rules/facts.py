"""What an incident is, where and since when: out of all the reports about it, with what corrections put
right.

One pure function over the reports, whichever order they are handed over in. A report is never altered: a
correction stands beside it and speaks for the whole line of reports that it corrects.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from dutydesk.model.reference import EventType, Town
from dutydesk.rules import titles
from dutydesk.rules.towns import spellings

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Telling:
    """What one report states; an empty text and ``None`` are "not stated".

    ``title`` is what it says has happened, in a few words. ``taken_in_at`` is when it came under the
    incident; ``None`` for one that waits unfiled and of which only a correction did. Numbers of reports
    rise in the order of logging.
    """

    report: int
    received_at: datetime
    taken_in_at: datetime | None
    corrects: int | None = None
    type: str = ""
    title: str = ""
    place: str = ""
    town: str = ""
    routing: str = ""
    occurred_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What the reports come to. ``routing`` is that of ``town``."""

    type: str
    title: str
    place: str
    town: str
    routing: str
    occurred_at: datetime | None
    received_at: datetime


Line = Sequence[Telling]
"""A report and, in the order of their numbers, the corrections of it and of one another."""


def facts(tellings: Iterable[Telling], *, types: Mapping[str, EventType], towns: Iterable[Town]) -> Facts:
    """What ``tellings`` come to.

    A fact is what the first report to state it says, as it was last corrected. Another report that said the
    same, or took it for granted, and is corrected, puts it right as well; one that merely says something
    else does not. It occurred when the earliest of them says, each as it was last corrected, and the desk
    was told of it by the earliest of all. Raises ValueError for no telling at all.
    """
    told = tuple(tellings)
    lines = _lines(told)
    if not lines:
        raise ValueError("an incident is about one report at least")
    type_, place, town = (_settled(lines, read) for read in (_type, _place, _town))
    occurred = (_last(line, lambda telling: telling.occurred_at) for line in lines)
    return Facts(
        type=type_,
        title=_title(lines, _State(type_, place, town), types=types, towns=tuple(towns)),
        place=place,
        town=town,
        routing=next((telling.routing for telling in told if telling.town == town), ""),
        occurred_at=min((moment for moment in occurred if moment is not None), default=None),
        received_at=min(telling.received_at for telling in told),
    )


def _lines(told: Sequence[Telling]) -> list[Line]:
    """The tellings by the report that they go back to, in the order in which those came under the
    incident."""
    by_number = {telling.report: telling for telling in told}
    lines: dict[int, list[Telling]] = {}
    for telling in sorted(told, key=lambda each: each.report):
        first = telling
        while first.corrects is not None and first.corrects in by_number:
            first = by_number[first.corrects]
        lines.setdefault(first.report, []).append(telling)
    return sorted(lines.values(), key=_place_of)


def _place_of(line: Line) -> tuple[bool, float, int]:
    taken_in = [telling.taken_in_at for telling in line if telling.taken_in_at is not None]
    return not taken_in, min(taken_in).timestamp() if taken_in else 0.0, line[0].report


def _type(telling: Telling) -> str:
    return telling.type


def _place(telling: Telling) -> str:
    return telling.place


def _town(telling: Telling) -> str:
    return telling.town


def _last(line: Line, read: Callable[[Telling], T]) -> T | None:
    return next((said for telling in reversed(line) if (said := read(telling))), None)


def _settled(lines: Sequence[Line], read: Callable[[Telling], str]) -> str:
    base = next((said for line in lines for telling in line if (said := read(telling))), "")
    for line in lines:
        granted = read(line[0]) or base
        stands = _last(line[1:], read) or granted
        if granted == base != stands:
            return stands
    return base


# --- the title ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _State:
    """What and where, as a line of reports had it at some moment."""

    type: str
    place: str
    town: str

    def after(self, telling: Telling) -> _State:
        return _State(telling.type or self.type, telling.place or self.place, telling.town or self.town)


def _title(
    lines: Sequence[Line], now: _State, *, types: Mapping[str, EventType], towns: Sequence[Town]
) -> str:
    """The title of the report that told what and where as it stands now. Failing that, of the last one that
    told of this kind of event, with the place put right; failing that, what the type is called, and
    where."""
    opening = lines[0][0]
    first = _State("", "", "").after(opening)
    titled = [(first, opening.title)] if opening.title else []
    for line in lines:
        state = first if line is lines[0] else first.after(line[0])
        for telling in line[1:]:
            before, state = state, state.after(telling)
            # One that tells the same again in passing (火势已控制，死亡1人) is no better a title.
            if telling.title and state != before:
                titled.append((state, telling.title))
    same = [title for state, title in titled if state == now]
    if same:
        return same[-1]
    of_type = [(state, title) for state, title in titled if state.type == now.type]
    if of_type:
        state, title = of_type[-1]
        return titles.moved(title, [*_renamed(state.town, now.town, towns), (state.place, now.place)])
    known = types.get(now.type)
    if known is None:
        return opening.title
    return f"{now.place or now.town}{known.name.zh}"[: titles.LONGEST]


def _renamed(was: str, now: str, towns: Sequence[Town]) -> list[tuple[str, str]]:
    """Every way in which the town ``was`` may be written, with ``now`` written in the same way."""
    by_name = {town.name.zh: town for town in towns}
    if was == now or was not in by_name or now not in by_name:
        return []
    in_full = next((each for each in spellings(by_name[now]) if each.endswith(_KINDS)), now)
    longest_first = sorted(spellings(by_name[was]), key=len, reverse=True)
    return [(each, in_full if each.endswith(_KINDS) else now) for each in longest_first]


_KINDS = ("镇", "街道")
