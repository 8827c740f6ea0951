"""The magnitude of an earthquake out of a narrative: 里氏4.2级, M4.2, 震级为四点二级."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dutydesk.model.figures import GREATEST_MAGNITUDE
from dutydesk.rules.numerals import value_of

_DECIMAL = r"(?:\d\.\d{1,2}|[\d一二三四五六七八九]点[\d零〇一二三四五六七八九])"
_NUMBER = rf"(?:{_DECIMAL}|\d|[一二三四五六七八九]{{1,2}})"
_ALONE = r"(?<![\d.一二三四五六七八九十点第])"
_UNDER = r"(?:级|(?=[，。；）！？的（、]|$|左右|地震))"
# Whole numbers with 级 are grades of many things (四级响应, 8级大风); a decimal beside an earthquake is none.
_NOT_A_GRADE = r"(?!(?:地震|灾害|灾情)*(?:应急|响应|预案|预警|大风|阵风|风力|风(?!险)|烈度))"
_MENTION = re.compile(
    rf"(?:[里芮]氏|里克特)(?:震级|地震|规模|为|约|是|达|：)*{_ALONE}(?P<a>{_NUMBER}){_UNDER}"
    rf"|(?<![A-Za-z0-9])[Mm][SsLlWwBb]?[=：]?(?P<b>\d(?:\.\d{{1,2}})?)(?![\d.A-Za-z]){_UNDER}?"
    rf"|震级[^，。；\d]{{0,14}}?{_ALONE}(?P<c>{_NUMBER})(?:级{_NOT_A_GRADE}|(?<=[\d零〇一二三四五六七八九])(?=[，。；）！？（]|$))"
    rf"|{_ALONE}(?P<d>{_DECIMAL})级{_NOT_A_GRADE.replace('地震|灾害|灾情', '灾情')}"
    rf"|{_ALONE}(?P<e>{_NUMBER})级(?:左右|上下|的|强|浅源|有感|破坏性|天然|构造|强烈)*(?:地震|余震|强震){_NOT_A_GRADE}"
    rf"|地震(?:，|：)?(?:大约|大概|约|有|为|强度|测定|初步|正式|是|达|好像|说是)*{_ALONE}(?P<f>{_NUMBER})级(?=[，。；）！？]|$|左右|上下)"
    rf"|(?:测定|测得|速报|修订|修正|更正|订正|核定)(?:震级|结果|为|是|成|：|约)*{_ALONE}(?P<g>{_NUMBER})级{_NOT_A_GRADE}"
)
_QUAKE = re.compile(r"震|里氏|earthquake", re.IGNORECASE)
_NOT_THAT = re.compile(r"^级?(?:(?:及|或)?以[上下]|(?:左右|的|强)*余震)")
_LOW_END = re.compile(rf"(?P<low>{_NUMBER})级?[至到~～—-]$")
_UNTRUE = re.compile(
    r"(?:未|没有?|没得|无|并非|不是|排除)(?:再次?|发生|出现|监测到?|记录到?|测到|有|是|过|里氏|达到?|任何|新的)*+$"
    r"|(?:如果?|若|假如|一旦|可能|预计|预测|预报|不排除|网传|谣传|谣言|传言|造谣)[^，。；]{0,14}$"
    r"|(?:将|将要|要|会)(?:再次?|又)?(?:发生|有|来)(?:一次|个)?$"
    r"|(?:抗|抵御|抵抗|承受|经受|设防)[^，。；]{0,8}$|烈度[^，。；]{0,4}$"
    r"|余震[^，。；\d]{0,8}$"
    r"|(?:曾|历史上?|上一?次|当年|汶川|(?:19|20)\d\d年(?!\d{1,2}月))[^，。；]*$"
)
"""Denied, supposed, rumoured, built to withstand, an intensity, an aftershock, one of former days."""
_BEFORE_THAT = re.compile(
    r"(?:原(?:先|来)?(?:测定|报|定|为|震级)?|此前|先前|之前|早前|误报|误为|由|从)[^，。；]{0,10}$"
)
_FOR_GOOD = re.compile(r"(?:正式|修订|修正|更正|订正|核定|最终|应为|实为|改为|纠正)")
_ANOTHER = re.compile(
    r"(?:又|再次?|再度|接着|随后|随即|此后|第[二三四]次|另外?)[^，。；]{0,14}(?:发生|出现|来了)[^，。；]{0,6}$"
)
_WITH_IT = re.compile(r"^[、和及与]$")
_NOT_KNOWN = (
    r"(?:大小|多少|情况|具体|目前|暂时?|尚|还|仍|都|，)*"
    r"(?:不明|不详|不清楚|不知道|不晓得|未知|未定|未测定|没测定|没出来|待定|待核实|待核|待查|待测定|待确认|正在测定|正在核实)"
)
_UNKNOWN = re.compile(
    rf"震级{_NOT_KNOWN}|(?:几|多少|好多)级(?:地震)?{_NOT_KNOWN}"
    r"|(?:不知道|不晓得|不清楚)(?:是|有|到底|究竟|地震)*(?:几|多少|好多)级|震级是?(?:几|多少|好多)级?(?:不|未)"
)
_LEAD = 40


@dataclass(frozen=True, slots=True)
class Mention:
    """A magnitude that a narrative gives, and from where to where."""

    start: int
    end: int
    value: float


def mentions(plain: str) -> list[Mention]:
    """Every magnitude that ``plain`` (normalised) states of an earthquake that happened, in its order.

    Left out: what is denied, feared or rumoured, aftershocks, earthquakes of former days, intensities, the
    levels of responses, and 4级以上, which states no number.
    """
    if not _QUAKE.search(plain):
        return []
    found: list[Mention] = []
    for match in _MENTION.finditer(plain):
        group = next(name for name, numeral in match.groupdict().items() if numeral)
        start = match.start(group)
        lead = plain[max(0, match.start() - _LEAD) : start]
        low = _LOW_END.search(lead)
        if low is not None:
            lead = lead[: low.start()]
        after = plain[match.end(group) :][:8]
        if _NOT_THAT.match(after) or _UNTRUE.search(re.split(r"[，。；]", lead)[-1]):
            continue
        value = _value(low["low"] if low is not None else match[group])
        if 0 < value < GREATEST_MAGNITUDE:
            found.append(Mention(match.start(), match.end(), value))
    return found


def magnitude(plain: str) -> tuple[bool, float | None]:
    """Whether ``plain`` (normalised) says anything of a magnitude, and which; ``None`` is stated not to be
    known.

    A later one corrects an earlier one, but only another formal determination corrects a formal one
    (正式测定); of several earthquakes (又发生) the strongest counts.
    """
    strongest = best = None
    rank, end = 0, 0
    for each in mentions(plain):
        lead = plain[max(end, each.start - _LEAD) : each.start]
        clause = re.split(r"[。；]", lead)[-1]
        end = each.end
        if best is not None and _WITH_IT.match(lead):
            best = max(best, each.value)
            continue
        if best is not None and _ANOTHER.search(clause) and not _FOR_GOOD.search(clause):
            strongest, best, rank = max(strongest or 0.0, best), None, 0
        heard = 0 if _BEFORE_THAT.search(re.split("，", clause)[-1]) else 2 if _FOR_GOOD.search(clause) else 1
        if best is None or heard >= rank:
            best, rank = each.value, heard
    if best is not None:
        return True, max(strongest or 0.0, best)
    return bool(_UNKNOWN.search(plain)) and bool(_QUAKE.search(plain)), None


def _value(numeral: str) -> float:
    """``4.2`` and ``四点二``, read from their digits so that a threshold is met exactly."""
    whole, point, tenth = numeral.partition("点")
    return float(f"{value_of(whole):.0f}.{value_of(tenth):.0f}") if point else value_of(numeral)
