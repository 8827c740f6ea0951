"""A narrative made ready for reading: numbers that count no people are blanked, single persons and couples
become numbers, and what was corrected within the sentence leaves only the correction."""

from __future__ import annotations

import re

from dutydesk.rules import patterns as p
from dutydesk.rules.numerals import NUMERAL, normalised, value_of

BLANK = "＿"

_MIDDLE = re.compile(rf"(?<=[者员人众客工生])中，?(?=有?{NUMERAL})")
_REVISED_FROM = re.compile(
    rf"(?:由|从)(?:原来的?|之前的?|此前的?|最初的?|首报的?|初报的?)?{NUMERAL}(?:余|多)?[人名个位]*[^，。；、\d]{{0,4}}?"
    rf"(?=(?:上升|增加|增|升|攀升|上调|扩大|调整|变更?|修正|更正|减少|降|下降|改|降低|核减|增长)[^，。；\d]{{0,2}}(?:[至到为成]))"
)
_NOT_BUT = re.compile(
    rf"(?:不是|并非|非){NUMERAL}[人名个位]*(?P<what>[^，。；、\d]{{0,4}}?)[，、]?"
    rf"(?:而|应该?|确定|其实|实际上?|准确)?是(?={NUMERAL})"
)
_WRONG = re.compile(
    rf"(?:原报|误报|错报|此前(?:误)?报[称告]?|之前(?:说|报)|先前(?:说|报)|刚才说|前面说|首报|初报)(?:告|称|的|为|是|说|有)*"
    rf"(?P<n>{NUMERAL})(?P<u>[人名个位]*)(?=[^。；]{{0,16}}?(?:更正|应为|实为|修正|改为|有误|不对|应该是|实际))"
)
_COUNTED_ALREADY = re.compile(
    r"[\d一二两三四五六七八九十俩][人名个位][^，。；、：（）\d]{0,8}$|[人名个位][^，。；：\d]{0,8}（[^）]*$"
)
_FAMILY_OF = re.compile(rf"一(?:大)?家(?:人)?(?=(?:老小)?{NUMERAL}[口人个])")
_SOME_ONE = re.compile(
    r"(?<=[有了到住起])(?=个(?:人|司机|工人|师傅|老|娃|小孩|学生|女|男|驾驶|民工|村民|保安|环卫|群众|游客|乘客))"
)
_PASSING = re.compile(r"（含[^）]*）")
_MANY = re.compile(r"(?:好几|若干|几)(?:十|百|千|万)?[人名个位]")
_TENS = re.compile(r"([十百千万])几(?=[人名个位口])")
_OVER = re.compile(r"(?:上|近|成|过)(?=[百千万][人名余多])")
_VAGUE = re.compile(r"(?:数|几|好几|成百上|多)[十百千万]+(?:余|多)?[人名个位]")


def prepared(text: str) -> str:
    """``text`` normalised and with everything blanked that is no statement about people."""
    out = normalised(text)
    out = _TENS.sub(r"\1", out)
    out = _PASSING.sub("", out)
    out = p.NOISE.sub(_blank, out)
    out = _VAGUE.sub(_blank, out)
    out = _MANY.sub(_blank, out)
    out = _OVER.sub("", out)
    out = _FAMILY_OF.sub("", out)
    out = p.BY_SEX.sub(_summed, out)
    out = _SOME_ONE.sub("1", out)
    out = p.FAMILY.sub("2人", out)
    out = _WRONG.sub(_blank, out)
    out = _REVISED_FROM.sub(_blank, out)
    out = _NOT_BUT.sub(r"\g<what>更正为", out)
    out = p.BOTH_DRIVERS.sub("2人", out)
    out = p.SINGLE_ROLE.sub("1人", out)
    out = p.SINGLE_ONE.sub("1人", out)
    out = p.SINGLE_NAMED.sub(_named, out)
    out = _MIDDLE.sub("，其中", out)
    return p.NEUTRAL.sub(_blank, out)


def _blank(match: re.Match[str]) -> str:
    return BLANK * len(match[0])


def _named(match: re.Match[str]) -> str:
    """One person, unless the words before have counted them already: 1名工人张某某死亡."""
    return match[0] if _COUNTED_ALREADY.search(match.string[: match.start()]) else "1人"


def _summed(match: re.Match[str]) -> str:
    return f"{value_of(match['a']) + value_of(match['b']):.0f}人"
