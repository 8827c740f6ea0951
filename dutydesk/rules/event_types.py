"""Which kind of event a narrative suggests: a guess for the officer to correct, from the district's words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from dutydesk.model.reference import EventType

_REACH = 20
"""How many characters the two words of ``A+B`` may stand apart within one sentence."""


def infer_type(text: str, event_types: Iterable[EventType]) -> str | None:
    """The code of the type whose most specific word is in ``text``, or ``None``.

    ``A+B`` needs both words near each other. The longest match is the most specific; among equals a pair
    comes before a single word, and then the type listed first.
    """
    best: tuple[int, bool] | None = None
    code: str | None = None
    for event_type in event_types:
        for word in event_type.words:
            rank = (len(word.replace("+", "")), "+" in word)
            if (best is None or rank > best) and _pattern(word).search(text):
                best, code = rank, event_type.code
    return code


def fits(text: str, event_type: EventType) -> bool:
    """Whether ``text`` has a word of ``event_type``."""
    return any(_pattern(word).search(text) for word in event_type.words)


@lru_cache(maxsize=2048)
def _pattern(word: str) -> re.Pattern[str]:
    first, plus, second = word.partition("+")
    if not plus:
        return re.compile(re.escape(first))
    a, b, gap = re.escape(first), re.escape(second), rf"[^。！？\n]{{0,{_REACH}}}?"
    return re.compile(rf"{a}{gap}{b}|{b}{gap}{a}")
