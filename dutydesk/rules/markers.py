"""What a narrative states that grades an event without a number: a crane overturned, a boiler exploded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dutydesk.model.markers import Marker, MarkerState
from dutydesk.rules.epicentre import NOWHERE, District, epicentre
from dutydesk.rules.happened import Said, said
from dutydesk.rules.numerals import NUMERAL, normalised, value_of
from dutydesk.rules.woodland import woodland


@dataclass(frozen=True, slots=True)
class _Circumstance:
    """What is named and, within ``reach`` characters after it, what happened to it. What has no ``deed`` is
    stated by being named. The deed may stand beyond any sign that is not in ``ends``."""

    name: str
    subject: re.Pattern[str]
    deed: re.Pattern[str] | None = None
    reach: int = 0
    ends: str = "，。；"

    def deeds(self, plain: str, after: int) -> Iterator[tuple[int, int]]:
        """Where the deeds begin and end that may belong to a subject which ends at ``after``."""
        if self.deed is None:
            yield after, after
            return
        room = plain[after : after + self.reach + LONGEST_DEED]
        ended = next((at for at, sign in enumerate(room) if sign in self.ends), len(room))
        for found in self.deed.finditer(room[:ended]):
            if found.start() <= self.reach:
                yield after + found.start(), after + found.end()


def _named(name: str, subject: str, deed: str = "", reach: int = 0, ends: str = "，。；") -> _Circumstance:
    return _Circumstance(name, re.compile(subject), re.compile(deed) if deed else None, reach, ends)


LONGEST_DEED = 10
_CIRCUMSTANCES = (
    _named(
        "crane_overturned",
        "塔吊|起重机|吊车|龙门吊|门座?机|塔机|起重机械",
        "(?:整体)?(?:倾覆|倾翻|倒塌|倾倒|侧翻|翻倒)",
        6,
    ),
    _named(
        "crane_member_broken",
        r"(?:塔吊|起重机|吊车|塔机|龙门吊)[^，。；]{0,8}(?:起重臂|吊臂|大臂|主梁|标准节)",
        "折断|断裂|断了",
        4,
    ),
    _named("hoist_dropped", "起升机构", "坠落", 4),
    _named("boiler_explosion", "锅炉", "爆炸|炸了", 6),
    _named("vessel_explosion", "压力容器|储气罐|蒸压釜|反应釜|高压釜|气瓶|钢瓶", "爆炸|炸了", 6),
    _named("pipeline_explosion", "压力管道|蒸汽管道?", "爆炸|炸了", 6),
    _named(
        "toxic_release",
        "液氯|氯气|液氨|氨气|光气|硫化氢|有毒(?:气体|介质)?|一氧化碳",
        "泄漏|泄露|漏",
        8,
        "。；",
    ),
    _named("ropeway", "索道|缆车"),
    _named("ride", "过山车|摩天轮|跳楼机|大摆锤|海盗船|游乐(?:设施|项目|设备)|旋转木马"),
    _named("serious_pollution", "造成|导致|引发", "严重(?:的)?(?:环境|水体|河流|大气)?污染", 6),
    _named(
        "key_site_threatened",
        "威胁|危及|逼近|殃及|蔓延至|蔓延到",
        "加油站|加气站|油库|气库|油气站|危化品(?:库|仓库)|水厂|自来水厂|电站|变电站|水库|火车站|车站|码头|港口|学校|医院|商场",
        10,
    ),
)
_CUT = re.compile(
    rf"(?:停运|中断|停止运营|中断行车|中断运营|停开|停摆)[^，。；\d一二两三四五六七八九十]{{0,6}}(?P<h>{NUMERAL})(?:多|余)?个?(?:小时|钟头)"
    rf"|(?P<g>{NUMERAL})(?:多|余)?个?(?:小时|钟头)[^，。；]{{0,4}}(?:停运|中断)"
)
_BIG_BOILER = re.compile(
    rf"(?P<mw>{NUMERAL})(?:兆瓦|MW)[^，。；]{{0,8}}锅炉|锅炉[^，。；]{{0,8}}?(?P<wm>{NUMERAL})(?:兆瓦|MW)",
    re.IGNORECASE,
)
_STOPPED = re.compile(
    rf"(?:停炉|停运|中断运行|停止运行)[^，。；]{{0,6}}?(?P<h>{NUMERAL})(?:多|余)?个?(?:小时|钟头)"
)
_ALOFT = re.compile(
    rf"(?:滞留|被困|困住|困在|困)[^，。；]{{0,8}}?(?P<n>{NUMERAL})(?:多|余)?(?:名|个|位)?(?:人|游客|乘客)"
    rf"|(?P<m>{NUMERAL})(?:多|余)?(?:名|个|位)?(?:人|游客|乘客)[^，。；]{{0,10}}(?:滞留|被困|困)"
)
_RAIL = re.compile(r"铁路|火车|列车|动车|高铁")
_METRO = re.compile(r"轨道|地铁|轻轨")
_DERAILED = re.compile(
    rf"(?P<n>{NUMERAL})(?:节|辆)[^，。；]{{0,6}}脱轨|脱轨(?:车辆|车厢)?(?P<m>{NUMERAL})(?:节|辆)"
)


def markers(text: str, here: District = NOWHERE) -> tuple[str, ...]:
    """The markers of the grading tables that ``text`` states, in the order of this module; what is denied
    (未危及加油站, 液氯未泄漏) is left out, and so is what may or may not have happened (不排除泄漏), which
    :func:`suspected` has. ``here`` is the district by whose names an epicentre is placed.
    Sources: SER arts 61-64, RAIL arts 10-11, O21 art. 26, FFR art. 40."""
    plain = normalised(text)
    found = [each.name for each in _CIRCUMSTANCES if _said_of(each, plain) is Said.STATED]
    return (
        *found,
        *_boilers(plain, found),
        *_aloft(plain, found),
        *_cuts(plain),
        *_derailed(plain),
        *woodland(plain),
        *epicentre(plain, here),
    )


def suspected(text: str) -> tuple[str, ...]:
    """The markers that ``text`` holds possible and does not state: 不排除液氯泄漏, 是否泄漏不清楚."""
    plain = normalised(text)
    return tuple(each.name for each in _CIRCUMSTANCES if _said_of(each, plain) is Said.SUSPECTED)


def read(text: str, here: District = NOWHERE) -> tuple[Marker, ...]:
    """All the markers of ``text``, those stated first."""
    return (
        *(Marker(name) for name in markers(text, here)),
        *(Marker(name, MarkerState.SUSPECTED) for name in suspected(text)),
    )


def _said_of(circumstance: _Circumstance, plain: str) -> Said:
    """The most that any mention comes to. A leak that ended has happened, and so a later denial
    (堵漏后检测无泄漏) takes nothing back: an officer strikes out what was never true."""
    return max(
        (
            said(plain, subject.start(), start, end)
            for subject in circumstance.subject.finditer(plain)
            for start, end in circumstance.deeds(plain, subject.end())
        ),
        default=Said.NOTHING,
    )


def _boilers(plain: str, found: list[str]) -> list[str]:
    power = _BIG_BOILER.search(plain)
    if power is None or value_of(power["mw"] or power["wm"]) < 600:
        return []
    stopped = _STOPPED.search(plain)
    long = stopped is not None and value_of(stopped["h"]) >= 240
    burst = "boiler_explosion" in found or re.search(r"锅炉[^。；]{0,14}(?:爆炸|炸了)", plain)
    return [*(["boiler_600mw_explosion"] if burst else []), *(["boiler_600mw_stopped_240h"] if long else [])]


def _aloft(plain: str, found: list[str]) -> list[str]:
    if not {"ropeway", "ride"} & {*found}:
        return []
    people = (value_of(each["n"] or each["m"]) for each in _ALOFT.finditer(plain))
    return ["aloft_100"] if any(count >= 100 for count in people) else []


def _hours_cut(plain: str) -> float | None:
    match = _CUT.search(plain)
    return None if match is None else value_of(match["h"] or match["g"])


def _cuts(plain: str) -> list[str]:
    hours = _hours_cut(plain)
    if hours is None:
        return []
    if _METRO.search(plain):
        return [f"metro_cut_{least}h" for least in (48, 24, 6, 2) if hours >= least]
    if not _RAIL.search(plain):
        return []
    busy = ["trunk_line_cut_6h"] if "干线" in plain and hours >= 6 else []
    return [*busy, *(["line_cut_10h"] if hours >= 10 else [])]


def _derailed(plain: str) -> list[str]:
    match = _DERAILED.search(plain)
    if match is None:
        return []
    cars = value_of(match["n"] or match["m"])
    kind, steps = ("freight", (60, 6)) if re.search(r"货运|货物列车|货车", plain) else ("passenger", (18, 2))
    found = [f"{kind}_derailed_{least}" for least in steps if cars >= least]
    cut = _hours_cut(plain)
    if found and cut is not None and cut >= (24 if "干线" in plain else 48):
        found.append(f"{kind}_derailed_{steps[-1]}_line_cut")
    return found
