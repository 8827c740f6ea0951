"""What a narrative states that grades an event without a number: a crane overturned, a boiler exploded."""

from __future__ import annotations

import re

from dutydesk.rules.numerals import NUMERAL, normalised, value_of
from dutydesk.rules.woodland import woodland

_WORDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        (
            "crane_overturned",
            r"(?:塔吊|起重机|吊车|龙门吊|门座?机|塔机|起重机械)[^，。；]{0,6}(?:整体)?(?:倾覆|倾翻|倒塌|倾倒|侧翻|翻倒)",
        ),
        (
            "crane_member_broken",
            r"(?:塔吊|起重机|吊车|塔机|龙门吊)[^，。；]{0,8}(?:起重臂|吊臂|大臂|主梁|标准节)[^，。；]{0,4}(?:折断|断裂|断了)",
        ),
        ("hoist_dropped", r"起升机构[^，。；]{0,4}坠落"),
        ("boiler_explosion", r"锅炉[^，。；]{0,6}(?:爆炸|炸了)"),
        (
            "vessel_explosion",
            r"(?:压力容器|储气罐|蒸压釜|反应釜|高压釜|气瓶|钢瓶)[^，。；]{0,6}(?:爆炸|炸了)",
        ),
        ("pipeline_explosion", r"(?:压力管道|蒸汽管道?)[^，。；]{0,6}(?:爆炸|炸了)"),
        (
            "toxic_release",
            r"(?:液氯|氯气|液氨|氨气|光气|硫化氢|有毒(?:气体|介质)?|一氧化碳)[^。；]{0,8}(?:泄漏|泄露|漏)",
        ),
        ("ropeway", r"索道|缆车"),
        ("ride", r"过山车|摩天轮|跳楼机|大摆锤|海盗船|游乐(?:设施|项目|设备)|旋转木马"),
        ("serious_pollution", r"(?:造成|导致|引发)[^，。；]{0,6}严重(?:的)?(?:环境|水体|河流|大气)?污染"),
        (
            "key_site_threatened",
            r"(?:威胁|危及|逼近|殃及|蔓延至|蔓延到)[^，。；]{0,10}"
            r"(?:加油站|加气站|油库|气库|油气站|危化品(?:库|仓库)|水厂|自来水厂|电站|变电站|水库|火车站|车站|码头|港口|学校|医院|商场)",
        ),
    )
)
# A denial reaches only through words like these and through what it denies in one list with the marker. What
# else stands between is what it denies instead: 无人机发现火势威胁加油站, 没有伤亡但危及水厂, 未关阀造成污染.
_REACHES_THROUGH = (
    "发现|发生|出现|造成|导致|引发|引起|形成|产生|存在|构成|涉及|波及|影响到?|检测到|监测到|检出|测到|闻到|看到|看见|见到?|听说|"
    "接到|收到|接报|有|让|使|被|再次?|继续|直接|进一步|明显|任何|其他|新的|大量|大面积|可能|会|迹象|证据|显示|表明|"
    "火势|火情|明火|山火|大火|火灾|周边|附近|现场|的"
)
_DENIED_WITH = (
    r"(?:人员|群众)?(?:伤亡|死伤|死亡|受伤|被困|失联|(?:财产)?损失|起火|爆炸|泄[漏露]|污染|倒塌|坍塌)"
    r"(?:和|以?及|或者?|与|、)"
)
_DENIED = re.compile(rf"(?:未|没有?|没得|无)(?:{_REACHES_THROUGH}|{_DENIED_WITH})*+$")
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


def markers(text: str) -> tuple[str, ...]:
    """The markers of the grading tables that ``text`` states, in the order of this module; what is denied
    (未危及加油站) is left out. Sources: SER arts 61-64, RAIL arts 10-11, O21 art. 26, FFR art. 40."""
    plain = normalised(text)
    found = [
        name
        for name, pattern in _WORDS
        if any(not _DENIED.search(plain[: match.start()]) for match in pattern.finditer(plain))
    ]
    return (
        *found,
        *_boilers(plain, found),
        *_aloft(plain, found),
        *_cuts(plain),
        *_derailed(plain),
        *woodland(plain),
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
