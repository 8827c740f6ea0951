"""Money, burnt area and hours stuck out of a narrative: the figures that are not numbers of people."""

from __future__ import annotations

import re

from dutydesk.model.enums import FigureKind
from dutydesk.rules.numerals import NUMERAL, value_of

Found = tuple[int, FigureKind, float]
"""Where in the text, what, how much in the unit of the kind."""

MU_PER_HECTARE = 15.0
_M2_PER_HECTARE = 10_000.0
_HA_PER_KM2 = 100.0

_LOSS_WORDS = r"损失|财产|资产|经济"
_MONEY = re.compile(
    rf"(?P<n>{NUMERAL})(?P<some>余|多|来|几)?(?P<unit>[百千]?万|[百千]?亿)?(?P<more>余|多)?(?P<yuan>元|块钱|块|人民币)?"
)
_MONEY_CONTEXT = re.compile(rf"(?:{_LOSS_WORDS})[^，。；、]*$")
_MONEY_AFTER = re.compile(r"^(?:人民币)?的?(?:直接|间接|潜在)?(?:经济|财产)?损失")
_GUESS = re.compile(
    r"(?:估计|大概|大约|约|怕|有|可能|预计|初步|得|起码|要|经|现|后|最终|重新|评估|审计|复核|核算|核实|核定|认定|确认|更正|修正|调整|变更|应|实际|为)*"
)
_POTENTIAL = re.compile(
    r"潜在|可能(?:造成|导致|产生|引发)?的?[^，。；\d]{0,8}?损失|(?:威胁|危及)[^，。；]*(?:财产|资产)|(?:险情|隐患)[^，。；]*损失"
)
_REVISED = re.compile(
    rf"[由从](?:原来的?|最初的?|之前的?|此前的?)?{NUMERAL}(?:余|多)?(?:万|亿)?(?:元|亩|公顷)?(?=[^，。；\d]{{0,3}}(?:扩大|上升|增加|增|升|蔓延|发展|调整|修正|更正|降|减)[^，。；\d]{{0,2}}[至到为])"
)
_AREA = re.compile(rf"(?P<n>{NUMERAL})(?:余|多|来|几)?个?(?P<unit>平方公里|平方千米|平方米|平米|公顷|亩|㎡)")
_BURNT = re.compile(r"过火|烧|燃|火场|火势|着火|起火|火线|受害(?:森林|林地)|受灾林地|明火|扑灭")
_ONLY_ABOUT = re.compile(r"(?:怕|有|大概|约|可能|得|估计|到|了|差不多|起码|已经?|得有|大约|目测)*")
_FOREST_HARM = re.compile(r"受害(?:森林|林地)?(?:面积)?")
_STUCK = r"困|吊了|关在|关了|关到|卡|滞留|悬停|悬挂|悬在|吊在|埋|堵在"
_STOPPED = re.compile(r"停了|停起")
_HELD = re.compile(r"困在|被困|滞留")
_HOURS = re.compile(
    rf"(?:(?P<d>{NUMERAL})(?:天|昼夜)(?:(?P<dh>{NUMERAL})个?(?:小时|钟头))?)"
    rf"|(?P<half>半个?多?(?:小时|钟头|点钟))"
    rf"|(?P<odd>个把(?:多)?(?:小时|钟头))"
    rf"|(?P<h>{NUMERAL})(?:多|余|来)?个?(?P<and>半)?(?:多|余|把)?(?:小时|钟头)(?:零|又)?(?:(?P<hm>{NUMERAL})(?:多|余|来)?分钟?|(?P<hh>半))?"
    rf"|(?P<m>{NUMERAL})(?:多|余|来|几)?分钟"
    rf"|(?P<q>[一二两三1-3])刻钟"
)
_NOT_A_STAY = re.compile(
    r"^(?:前|之前|以前|内|以内|车程|路程|一[次班趟]|后(?![^，。；]{0,4}(?:获救|救|脱困|才|成功|脱险)))"
)
_ONLY_TIME = re.compile(
    r"^(?:已经?|都|到?现在|至今|目前|差不多|快要?|将近|接近|近|大约|约|大概|有|了|超过|超|时间|到现在|持续|里头|里面|长达|达|怕|起码|得|人)*$"
)
_STILL_IN = re.compile(r"^(?:了|以上|左右|，)*(?:还|都|仍|人还|人都|仍然)*(?:没|未|不能|出不)")


def measures(text: str) -> list[Found]:
    """Everything measured in ``text`` (normalised), in its order. Losses in 万元, area in hectares (亩 are a
    fifteenth of one), to two decimals; hours to two decimals."""
    return sorted((*_money(text), *_areas(text), *_stuck(text)), key=lambda found: found[0])


def _money(text: str) -> list[Found]:
    revised = _blanked(_REVISED, text)
    found: list[Found] = []
    for match in _MONEY.finditer(revised):
        if not (match["unit"] or match["yuan"]) and "万" not in match["n"] and "亿" not in match["n"]:
            continue
        if match["yuan"] is None and re.match(r"[人名户亩公平立吨只头株]", revised[match.end() :]):
            continue
        start = max(revised.rfind(mark, 0, match.start()) for mark in "。；")
        clause = max(start, revised.rfind("，", 0, match.start()), revised.rfind("、", 0, match.start()))
        before = revised[clause + 1 : match.start()]
        if _GUESS.fullmatch(before) and re.search(r"损失[^。；，]*，$", revised[start + 1 : clause + 1]):
            before = f"损失{before}"
        if not (_MONEY_CONTEXT.search(before) or _MONEY_AFTER.match(revised[match.end() :])):
            continue
        yuan = value_of(match["n"] + (match["unit"] or ""))  # 1亿2千多万: 2千 counts 万, and 1亿 does not
        around = before + revised[match.start() : match.end() + 10]
        kind = FigureKind.POTENTIAL_LOSS_WAN if _POTENTIAL.search(around) else FigureKind.LOSS_WAN
        found.append((match.start(), kind, round(yuan / 10_000, 6)))
    return found


def _areas(text: str) -> list[Found]:
    revised = _blanked(_REVISED, text)
    found: list[tuple[bool, Found]] = []
    for match in _AREA.finditer(revised):
        start = max(revised.rfind(mark, 0, match.start()) for mark in "。；") + 1
        end = min(
            (at for mark in "。；" if (at := revised.find(mark, match.end())) >= 0), default=len(revised)
        )
        clause = max(
            start, revised.rfind("，", 0, match.start()) + 1, revised.rfind("、", 0, match.start()) + 1
        )
        near = revised[clause : match.end() + 6]
        if not (
            _BURNT.search(near)
            or (
                _BURNT.search(revised[start:end])
                and ("面积" in near or _ONLY_ABOUT.fullmatch(revised[clause : match.start()]))
            )
        ):
            continue
        if re.search(
            r"(?:建筑|占地|经营|厂房|仓库)总?面积|(?<!过火)(?<!受害)(?<!燃烧)(?<!火场)总面积",
            revised[clause : match.start()],
        ):
            continue
        value = value_of(match["n"])
        unit = match["unit"]
        if unit == "亩":
            hectares = round(value / MU_PER_HECTARE, 2)
        elif unit == "公顷":
            hectares = round(value, 2)
        elif unit.startswith("平方公") or unit == "平方千米":
            hectares = round(value * _HA_PER_KM2, 2)
        else:
            hectares = round(value / _M2_PER_HECTARE, 4)
        among = "其中" in revised[clause : match.start()]
        harmed = bool(_FOREST_HARM.search(revised[clause : match.start()]))
        if among and not harmed:
            continue
        found.append((harmed, (match.start(), FigureKind.AREA_HA, hectares)))
    # The forest harmed, and not all that burnt, is what the statute grades (FFR art. 40).
    if any(harmed for harmed, _ in found):
        return [entry for harmed, entry in found if harmed]
    return [entry for _, entry in found]


def _stuck(text: str) -> list[Found]:
    found: list[Found] = []
    for match in _HOURS.finditer(text):
        start = max(text.rfind(mark, 0, match.start()) for mark in "。；！？") + 1
        clause = max(start, text.rfind("，", 0, match.start()) + 1)
        before, after = text[clause : match.start()], text[match.end() :]
        if _NOT_A_STAY.match(after.lstrip("左右多余")):
            continue
        here = re.search(_STUCK, before)
        earlier = re.search(_STUCK, text[start:clause]) or re.search(_STUCK, text[:clause])
        if not here and _STOPPED.search(before) and _HELD.search(text[start:].split("。")[0]):
            here = _STOPPED.search(before)
        if here or (earlier and (_ONLY_TIME.match(before) or _STILL_IN.match(after))):
            found.append((match.start(), FigureKind.STUCK_HOURS, round(_hours(match), 2)))
    return found


def _hours(match: re.Match[str]) -> float:
    if match["half"]:
        return 0.5
    if match["odd"]:
        return 1.0
    if match["q"]:
        return value_of(match["q"]) / 4
    if match["m"]:
        return value_of(match["m"]) / 60
    if match["d"]:
        return value_of(match["d"]) * 24 + (value_of(match["dh"]) if match["dh"] else 0)
    hours = value_of(match["h"]) + (0.5 if match["and"] or match["hh"] else 0)
    return hours + (value_of(match["hm"]) / 60 if match["hm"] else 0)


def _blanked(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda match: "＿" * len(match[0]), text)
