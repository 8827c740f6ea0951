"""What a correcting report states: its words without those that it takes back (不是火灾，是泄漏)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final

from dutydesk.model.reference import Town
from dutydesk.rules.routing import find_town
from dutydesk.rules.towns import mentions

_CLAUSE = "[^，。；！？,;!?\\n]"
_END = "[，。；！？,;!?\\n]|$"
_HEAD: Final = re.compile(
    r"^\s*(?:情况|核实|信息|数据|紧急|现)?(?:更正|勘误|纠正|订正|补正|改正)"
    r"(?:一下|如下|说明|报告|信息|情况|前报|原报)*[一二三四五六七八九十\d]*[：:，,。、\s]+"
)
# 是不是 asks and 不是很 weakens; neither takes anything back.
_NOT = (
    rf"(?:(?<![是要])(?:并)?不是(?!很|太|特别)|并非|而非|不属于?|(?<!人)不在|没在){_CLAUSE}*?(?=而?是|{_END})"
)
_BEFORE = (
    r"(?:原报|原称|原说|(?:原来|原先|之前|先前|刚才|前面|上次|前一次|第一次|开始)[说报称讲]|前报|初报|首报|"
    r"误(?:报|记|认|以为|听|写|登|为)|错(?:报|记|写|登|说)|[说报记写听登看弄搞]成)"
    rf"{_CLAUSE}*?(?=应该?[为是在]|实[为系是]|实际|其实|更正为|改为|改成|现更正|{_END})"
)
_FROM = rf"(?:由|从|将|把){_CLAUSE}{{1,40}}?(?=更正[为成]|改[为成]|变更为|修正为|订正为)"
_TAKEN_BACK: Final = re.compile("|".join((_NOT, _BEFORE, _FROM)))


def stated_anew(text: str) -> str:
    """``text`` of a correction without its heading (更正：) and without what it takes back: what was reported
    before, and what it says is not so."""
    return _TAKEN_BACK.sub("", _HEAD.sub("", text, count=1))


_PLACE_SAID: Final = re.compile(
    r"地点|位置|地址|方位|位于|事发|事故地|现场|镇街|属地|辖区|发生[在于]|应该?[为是在]|实[为系]|实际|更正[为成]|改[为成]"
)
_LINK: Final = re.compile(r"(?:而|即|就|其实)?(?:在|为|是|系|于|位于|[：:\s])*")


def town_stated(text: str, towns: Iterable[Town], tells: Callable[[str], bool]) -> Town | None:
    """The town that a correction states, or ``None``.

    It has to speak of where it happened: begin with the place or call it one (地点是陶家镇), or say what has
    happened there (``tells``). A town that only comes up (群众在石坪桥避险) is no correction of the place.
    """
    anew = stated_anew(text)
    found = find_town(anew, towns, only_there=True)
    if found is None or tells(anew):
        return found
    for start, _end, town in mentions(anew, towns):
        clause = re.split(r"[，。；！？,;!?\n]", anew[:start])[-1]
        if town == found and (_LINK.fullmatch(clause) or _PLACE_SAID.search(clause)):
            return found
    return None
