"""What a narrative may say about people: the values between reading a sentence and adding it up."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class What(Enum):
    """What happened to people. Some are not figures themselves and only change others."""

    DEATHS = "deaths"
    SERIOUS = "serious"
    LIGHT = "light"
    INJURED = "injured"
    MISSING = "missing"
    TRAPPED = "trapped"
    EXPOSED = "exposed"
    THREATENED = "threatened"
    EVACUATED = "evacuated"
    RESCUED = "rescued"
    CASUALTY = "casualty"


class How(Enum):
    NUMBER = "number"
    ZERO = "zero"
    UNKNOWN = "unknown"
    ALL = "all"
    """All of those just named."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. ``among``: of those just named (其中); ``more``: besides those named before (另有);
    ``still``: those that remain (仍有, 其余); ``total``: a sum or a correction, which replaces;
    ``after_care``: died after being taken to hospital; ``both``: said of casualties as a whole.
    ``place`` is the words before the number; ``where`` the part of the district or site that they are told
    of, where one is named; ``sentence`` counts from 0."""

    what: What
    how: How
    value: float = 0.0
    among: bool = False
    more: bool = False
    still: bool = False
    total: bool = False
    after_care: bool = False
    both: bool = False
    place: str = ""
    where: str = ""
    sentence: int = 0
