"""Whether a narrative puts an earthquake's epicentre into the district or elsewhere. Where it says neither,
nobody knows: an earthquake felt here may have happened far away."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from dutydesk.model.reference import Town
from dutydesk.rules.magnitude import mentions
from dutydesk.rules.towns import spellings

HERE = "epicentre_here"
ELSEWHERE = "epicentre_elsewhere"
FAR = 50
"""Kilometres from the district that are out of it whatever they are measured from; it is some 40 long."""


@dataclass(frozen=True, slots=True)
class District:
    """How narratives name the district itself, and how they name its towns."""

    names: tuple[str, ...] = ()
    towns: tuple[str, ...] = ()


NOWHERE = District()
"""A district without names: of it nothing is said but that a place is another's."""


def district(names: Iterable[str], towns: Iterable[Town]) -> District:
    """The district by the words of its own files."""
    return District(tuple(names), tuple(spelling for town in towns for spelling in spellings(town)))


class _Kind(Enum):
    DISTRICT = "district"
    TOWN = "town"
    ELSEWHERE = "elsewhere"


_OUR = "我区|本区|我辖区|辖区内?|区内"
# Provinces, the municipality's other districts, the prefectures and countries about, and any county.
_OTHERS = (
    "北京|天津|河北|山西|内蒙古|辽宁|吉林|黑龙江|上海|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|广西|海南|四川|贵州|云南|西藏|"
    "陕西|甘肃|青海|宁夏|新疆|台湾|香港|澳门|万州|涪陵|渝中区|大渡口|江北区|沙坪坝|(?<!江)南岸区|北碚|綦江|大足|渝北|巴南|黔江|长寿区|"
    "江津|合川|永川|南川|璧山|铜梁|潼南|荣昌|开州|梁平|武隆|城口|丰都|垫江|忠县|云阳|奉节|巫山|巫溪|石柱|秀山|酉阳|彭水|万盛|泸州|泸县|宜宾|"
    "自贡|内江|资阳|遂宁|南充|广安|达州|成都|绵阳|德阳|乐山|眉山|雅安|甘孜|阿坝|凉山|攀枝花|广元|巴中|长宁|泸定|芦山|威远|荣县|隆昌|遵义|"
    "毕节|昭通|桐梓|习水|日本|缅甸|印度|尼泊尔|菲律宾|印度尼西亚|越南|老挝|泰国|土耳其|阿富汗|巴基斯坦|海域|外省|外地|市外|区外|"
    r"[\u4e00-\u9fff]{1,2}(?<![区各哪某全我本郊])县(?!城)|[\u4e00-\u9fff]{1,3}自治[州县旗]"
)
_DISTANCE = r"距(?:离)?[^，。；]{0,16}?\d+(?:\.\d+)?(?:余|多)?(?:公里|千米)(?:处|外|左右|的)*"
_VAGUE = re.compile(
    r"附近|周边|以[东南西北]|[东南西北]部?方向|交界|接壤|可能|疑似|不明|不清|不详|未知|待|哪|何处|是否|还是|或|距|不[在是]|不位于|并非"
)
_CENTRE = re.compile(
    r"震[中源](?:的|位置|地点|所在地|地)*(?:经[^，。；]{0,8})?(?:初步|正式|最终|现|已)*"
    r"(?:测定|判定|确定|核定|更正|修正|修订|订正)?(?:位于|在|为|是(?![否不])|地处|就|于|即|：)*(?P<place>[^，。；！？]{1,36})"
)
_CENTRE_NOT = r"震[中源](?:位置|地点)?(?:并)?(?:不|没有?|未|非)(?:是|在|位于)+(?:{own})"
_CENTRE_FAR = (
    r"震[中源](?:位置)?距(?:离)?(?:{own})[^，。；\d]{{0,10}}(?P<km>\d+)(?:\.\d+)?(?:余|多)?(?:公里|千米)"
)
_HAPPENED_AT = re.compile(r"(?:地震|震)[^，。；]{0,4}发生(?:地点)?(?:在|于|：)(?P<place>[^，。；！？]{1,30})")
_IT_QUAKED = re.compile(r"(?P<place>[^，。；！？]{2,40}?)发生了?(?:一次|有感|强烈|明显)*地震")
_LEAD = 60
"""How far before a magnitude its place may stand."""
_FELT = re.compile(
    r"震感|(?<!发生)(?<!一次)有感|感受|感到|感觉|影响|波及|接报|接到|收到|测到|监测|台网|通报|网上|(?:未|没有?|没得|无)(?:发生|出现)?$"
)
_REPORTS = re.compile(r"感|报|测|反映|称|接|收|影响|波及|群众|居民|市民|网|通|距")


def epicentre(plain: str, here: District) -> tuple[str, ...]:
    """:data:`HERE`, :data:`ELSEWHERE`, neither, or both where ``plain`` (normalised) speaks of two places.

    The last word on the epicentre by that name counts. Otherwise the place of which an earthquake with a
    magnitude is told: 九龙坡区发生4.2级地震. Where it was felt says nothing: 我区震感明显.
    """
    if "震" not in plain:
        return ()
    told = re.sub(r"（[^）]*）", "", plain)
    own = _own(here)
    by_name: list[tuple[int, str | None]] = [
        (found.start(), _place(found["place"], here)) for found in _CENTRE.finditer(told)
    ]
    by_name += [(found.start(), ELSEWHERE) for found in _pattern(_CENTRE_NOT, own).finditer(told)]
    by_name += [
        (found.start(), ELSEWHERE)
        for found in _pattern(_CENTRE_FAR, own).finditer(told)
        if int(found["km"]) >= FAR
    ]
    named = [verdict for _, verdict in sorted(by_name, key=lambda each: each[0]) if verdict]
    if named:
        return (named[-1],)
    magnitudes = mentions(told)
    if not magnitudes:
        return ()
    places = [
        re.split(r"[，。；！？]", told[max(0, each.start - _LEAD) : each.start])[-1] for each in magnitudes
    ]
    places += [found["place"] for pattern in (_HAPPENED_AT, _IT_QUAKED) for found in pattern.finditer(told)]
    verdicts = {_place(place, here) for place in places}
    return tuple(verdict for verdict in (HERE, ELSEWHERE) if verdict in verdicts)


def _place(words: str, here: District) -> str | None:
    """Where ``words`` end up, as places are written from the wide to the narrow; None where they name no
    place, or not surely."""
    words = re.sub(_DISTANCE, "", words)
    if _VAGUE.search(words):
        return None
    places = list(_places(here).finditer(words))
    if not places:
        return None
    last = places[-1]
    before = places[-2] if len(places) > 1 else None
    if _FELT.search(words[last.end() :]):
        return None
    kind = _Kind(last.lastgroup)
    if kind is _Kind.DISTRICT:
        return HERE
    if before is None:
        return HERE if kind is _Kind.TOWN else ELSEWHERE
    between = words[before.end() : last.start()]
    if kind is _Kind.TOWN:  # many a county has a town of the same name: 古蔺县二郎镇
        return ELSEWHERE if _Kind(before.lastgroup) is _Kind.ELSEWHERE and len(between) <= 4 else HERE
    if _Kind(before.lastgroup) is _Kind.ELSEWHERE or _REPORTS.search(between):
        return ELSEWHERE
    return None


@lru_cache(maxsize=8)
def _own(here: District) -> str:
    return "|".join([*map(re.escape, sorted((*here.names, *here.towns), key=len, reverse=True)), _OUR])


@lru_cache(maxsize=16)
def _pattern(form: str, own: str) -> re.Pattern[str]:
    return re.compile(form.format(own=own))


@lru_cache(maxsize=8)
def _places(here: District) -> re.Pattern[str]:
    def any_of(words: Iterable[str]) -> str:
        return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) or r"(?!)"

    return re.compile(
        rf"(?P<district>(?:{any_of(here.names)})(?:区|境内)*|{_OUR})"
        rf"|(?P<town>(?:{any_of(here.towns)})(?:镇|街道)?)"
        rf"|(?P<elsewhere>{_OTHERS})"
    )
