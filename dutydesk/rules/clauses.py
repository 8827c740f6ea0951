"""Where the clauses of a sentence begin and end, and which place each is told of."""

from __future__ import annotations

import re

from dutydesk.rules.numerals import NUMERAL
from dutydesk.rules.words import ANY_STATE

_STOPS = "，、（）"
_PLACE = re.compile(
    r"(?:截至[^，]{0,12}|地震|造成|导致|致使?|其中)*([\u4e00-\u9fff]{1,7}?(?:县|区|镇|乡|村|社区|处|[甲乙丙丁]地))"
    rf"(?=(?:已|共|有|现|新增|确认)*(?:{ANY_STATE}|{NUMERAL}))"
)


def clause_start(sentence: str, at: int) -> int:
    """Where the clause around ``at`` begins."""
    return max(sentence.rfind(mark, 0, at) for mark in _STOPS) + 1


def clause_around(sentence: str, at: int) -> str:
    """The clause around ``at``, without its stops."""
    end = min((stop for mark in _STOPS if (stop := sentence.find(mark, at)) >= 0), default=len(sentence))
    return sentence[clause_start(sentence, at) : end]


def place_told(sentence: str, at: int) -> str:
    """The part of the district or site that the words at ``at`` are told of, by the last clause that
    names one (甲县死亡9人，受伤61人); empty where none does, or the whole is meant (全区)."""
    for clause in reversed(re.split(r"[，（）]", sentence[:at])):
        if told := _PLACE.match(clause):
            return "" if told[1].startswith("全") else told[1]
    return ""
