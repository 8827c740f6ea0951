"""Whether a narrative states that woodland is alight: a forest fire by that alone (FFR art. 40)."""

from __future__ import annotations

import re

_WOOD = r"(?:山林|林地|林区|林木|林子|树林|松林|竹林|灌木林|山头林|森林(?!公园|消防|防火|防灭火|覆盖|警察))"
# Between the wood and the fire only what keeps them together: in 林区宿舍起火 the wood is not what burns.
_KEPT_TOGETHER = r"(?:里头?|内|中|上|发生|突发|突然|出现|有|多处|一处|大面积|正在|还在|仍在|在|又|也|已经?)*+"
_BURNS = r"(?:起火|着火|失火|着了火|燃烧|燃起来|烧起来|燃了|烧了|火灾|火情|明火|过火)"
_ALIGHT = re.compile(
    rf"山火(?!预警|风险|隐患|危险|等级|防控|应急|演练|巡)"
    rf"|{_WOOD}{_KEPT_TOGETHER}{_BURNS}(?!预警|风险|隐患|危险|等级|防控|应急|演练)"
    rf"|(?:引燃|点燃|烧到|烧着|烧进|蔓延至|蔓延到)(?:了|附近|周边|旁边|后面|一片|大片|的)*+{_WOOD}"
)
_NOT_STATED = re.compile(
    r"(?:未|没有?|没得|无|排除|是否|是不是|有没有|有无|可能|恐|怕|会|易|防止|避免|防范|谨防|预防|以免|防)"
    r"(?:再次?|发现|发生|出现|造成|导致|引发|引起|波及|涉及|蔓延至|蔓延到|烧到|引燃|看到|看见|见到?|是|有|为|任何|明显|周边|附近|的)*+$"
)
_REACH = 24
"""How far before the fire a denial may stand: not all of a long text is looked through for each fire."""
_FALSE_ALARM = re.compile(r"^[^，。；]{0,6}?(?:误报|虚惊|谣言|谣传|不实|排除|看错)")
_NO_WOOD = re.compile(rf"(?<!是)(?:不是|并非|不属于?|(?<!并)非)(?:什么|啥子|真的|发生|是)?(?:山火|{_WOOD})")


def woodland(plain: str) -> list[str]:
    """The marker ``woodland_alight`` where ``plain`` (normalised) states it; what it then finds to be no
    woodland (不是林地) takes back all that was said before."""
    taken_back = max((match.end() for match in _NO_WOOD.finditer(plain)), default=0)
    stated = any(
        match.start() >= taken_back
        and not _NOT_STATED.search(plain[max(0, match.start() - _REACH) : match.start()])
        and not _FALSE_ALARM.match(plain[match.end() :])
        for match in _ALIGHT.finditer(plain)
    )
    return ["woodland_alight"] if stated else []
