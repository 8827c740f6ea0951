"""What an incident is called at first: the first words of the narrative that say what happened."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final

from dutydesk.rules.corrections import stated_anew

LONGEST: Final = 24
"""Characters. A longer one is cut without a mark, as in a column only the screen knows how to mark it."""

_END = re.compile(r"[，。；！？,;!?\n]+")
_SERIES = re.compile(r"^(?:续报|初报|首报|快报|终报|核报|演练)[一二三四五六七八九十\d]*[：:]\s*")
_WHEN = re.compile(
    r"^(?:(?:\d{4}年)?\d{1,2}月\d{1,2}[日号]|\d{1,2}[日号](?=\D))?\s*"
    r"(?:今天|今日|昨天|昨日|昨晚|今早|今晨|刚才|刚刚)?\s*(?:凌晨|清晨|早上|上午|中午|下午|傍晚|晚上|晚|夜里|夜间)?\s*"
    r"(?:\d{1,2}(?:[:：]\d{2}|[时点](?:\d{1,2}分)?(?:半|整)?))?\s*(?:许|左右|前后)?\s*"
)
_GREETING = re.compile(
    r"(?:喂|您好|你好|领导好|同志|请问|值班室吗?|应急局吗?|救命啊?|hello|hi)*", re.IGNORECASE
)


def title_of(text: str) -> str:
    """A first title for an incident: the first clause that says more than a greeting, a time, or which report
    of a series it is. An exercise keeps its word in front."""
    drill = "演练：" if text.strip().startswith(("演练：", "演练:")) else ""
    clauses = [clause.strip() for clause in _END.split(_SERIES.sub("", text.strip())) if clause.strip()]
    telling = (_WHEN.sub("", clause, count=1).strip() for clause in clauses)
    found = next((clause for clause in telling if not _GREETING.fullmatch(clause)), None)
    return (drill + (found or (clauses[0] if clauses else "")))[:LONGEST]


_IS = re.compile(
    r"^(?:(?:经(?:现场)?核实|核实|其实|实际上?|应该?|而|更正|改|确认|现)?(?:为|是|系|成)|实为|实系|经(?:现场)?核实)[：:]?\s*"
)


def title_of_correction(text: str, tells: Callable[[str], bool]) -> str:
    """The title that a correction gives: the first clause of what it states that ``tells`` what has happened;
    empty where it does not say, as one of a number or a place alone."""
    anew = stated_anew(text)
    if not tells(anew):
        return ""
    clauses = [_IS.sub("", _WHEN.sub("", clause.strip(), count=1), count=1) for clause in _END.split(anew)]
    found = next((clause for clause in clauses if tells(clause)), None)
    return title_of(found if found is not None else anew)


def moved(title: str, where: Iterable[tuple[str, str]]) -> str:
    """``title`` with places put right: each of ``where`` is what it said and what it is."""
    for was, now in where:
        if was and now and now not in title:
            title = title.replace(was, now)
    return title[:LONGEST]
