"""Cuts a sentence into the words and numbers that mean something; the rest of it is left out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dutydesk.rules import patterns as p
from dutydesk.rules.numerals import value_of
from dutydesk.rules.said import What

_KINDS: tuple[tuple[What, str], ...] = (
    (What.MISSING, p.MISSING),
    (What.SERIOUS, p.SERIOUS),
    (What.LIGHT, p.LIGHT),
    (What.CASUALTY, p.CASUALTY),
    (What.THREATENED, p.THREATENED),
    (What.RESCUED, p.RESCUED),
    (What.DEATHS, p.DEATHS),
    (What.TRAPPED, p.TRAPPED),
    (What.EVACUATED, p.EVACUATED),
    (What.EXPOSED, p.EXPOSED),
    (What.INJURED, p.INJURED),
)
_WORD = "|".join(f"(?P<{kind.value}>{words})" for kind, words in _KINDS)
_VICTIM_OF = (
    rf"(?P<taken>(?:{p.RESCUED}|{p.EVACUATED}))(?:了|出)?(?:受|被)困(?:的)?"
    "(?:人员|群众|居民|村民|乘客|工人|者|员工|游客)"
)
# Those rescued are named as 被困人员 without being trapped any more: 2名被困人员获救.
_WERE_TRAPPED = (
    "(?P<saved>(?:被|受)困(?:人员|群众|居民|乘客|工人|者)"
    rf"(?=(?!全部|均|都)[^，。；\d全均都]{{0,6}}(?:{p.RESCUED})))"
)
_TOKEN = re.compile(
    rf"{_VICTIM_OF}|{_WERE_TRAPPED}|(?P<mark_among>{p.AMONG})|(?P<mark_including>{p.INCLUDING})|(?P<mark_rest>{p.REMAINDER})"
    rf"|{p.PERSONS}|{p.BARE}|{_WORD}|(?P<mark_all>{p.ALL})"
    rf"|(?P<stop>[，、：（）])"
)
_MARKS = ("among", "including", "rest", "all")
ANY_STATE = f"(?:{'|'.join(words for _, words in _KINDS)})"
"""Any word for what happened to people."""


@dataclass(slots=True)
class Word:
    """A token of a sentence. ``what`` None is a number of people; ``used`` once a number took it."""

    start: int
    end: int
    what: What | None = None
    mark: str = ""
    value: float = 0.0
    used: bool = False


def words_of(text: str) -> list[Word]:
    """The words and numbers of ``text`` that mean something, from left to right."""
    words: list[Word] = []
    for match in _TOKEN.finditer(text):
        groups = match.groupdict()
        numeral = groups["persons"] or groups["before"] or groups["after"] or groups["pair"]
        if numeral:
            words.append(Word(match.start(), match.end(), value=value_of(numeral)))
        elif match["stop"]:
            words.append(Word(match.start(), match.end(), mark=match["stop"]))
        elif mark := next((name for name in _MARKS if groups[f"mark_{name}"]), ""):
            words.append(Word(match.start(), match.end(), mark=mark))
        else:
            words.append(Word(match.start(), match.end(), what=kind_of(match)))
    return words


def kinds_in(text: str) -> tuple[What, ...]:
    """All that ``text`` names, in the order of :class:`What`."""
    found = {kind for token in _TOKEN.finditer(text) if (kind := kind_of(token)) is not None}
    return tuple(kind for kind in What if kind in found)


def kind_of(match: re.Match[str]) -> What | None:
    groups = match.groupdict()
    if groups.get("saved"):
        return What.RESCUED
    if groups.get("taken"):
        return What.RESCUED if re.match(p.RESCUED, groups["taken"]) else What.EVACUATED
    return next((kind for kind, _ in _KINDS if groups.get(kind.value)), None)
