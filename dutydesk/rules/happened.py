"""Whether a narrative says of a deed that it happened, that it did not, or that it may have."""

from __future__ import annotations

import re
from enum import IntEnum


class Said(IntEnum):
    """What one mention comes to, the later the more."""

    NOTHING = 0
    SUSPECTED = 1
    STATED = 2


# A denial reaches only through words like these and through what it denies in one list with the deed. What
# else stands between is what it denies instead: 无人机发现火势威胁加油站, 没有伤亡但危及水厂, 未关阀造成污染.
_REACHES_THROUGH = (
    "发现|发生|出现|造成|导致|引发|引起|形成|产生|存在|构成|涉及|波及|影响到?|检测到|监测到|检出|测到|闻到|看到|看见|见到?|听说|"
    "接到|收到|接报|有|让|使|被|再次?|继续|直接|进一步|明显|任何|其他|新的|大量|大面积|可能|会|迹象|证据|显示|表明|"
    "火势|火情|明火|山火|大火|火灾|周边|附近|现场|的"
)
_DENIED_WITH = (
    r"(?:人员|群众)?(?:伤亡|死伤|死亡|受伤|被困|失联|(?:财产)?损失|起火|爆炸|泄[漏露]|渗漏|污染|倒塌|坍塌|破损|变形)"
    r"(?:和|以?及|或者?|与|、)"
)
_REACH = rf"(?:{_REACHES_THROUGH}|{_DENIED_WITH})*+$"
_DENIED = re.compile(
    rf"(?:未|没有?|没得|无|(?<!是)不是?|并?非|防止|避免|防范|谨防|预防|以防|严防|杜绝|(?<![不未能法])排除(?:了)?){_REACH}"
)
_DOUBTED = re.compile(
    r"(?:不排除|(?:未|不能|无法)排除|(?<!不)(?<!没有)(?<!无)可能|怀疑|恐怕|是否|是不是|有没有|有没得|有无|会不会)"
    + _REACH
)
_FALSE_ALARM = re.compile(r"[^，。；]{0,6}?(?:误报|虚惊|谣言|谣传|不实)")
_ONLY_A_RISK = re.compile(r"(?:的|事故)*(?:风险|危险|隐患|可能|征兆|苗头|报警[器仪装])")
_BEFORE = 40
"""How far before a deed a denial may stand: not all of a long text is looked through for each."""


def said(plain: str, subject: int, start: int, end: int) -> Said:
    """What ``plain`` (normalised) says of the deed from ``start`` to ``end`` whose subject begins at
    ``subject``. A denial or a doubt may stand before either: 无氯气泄漏, 氯气未泄漏."""
    after = plain[end : end + 12]
    before = [plain[max(0, at - _BEFORE) : at] for at in (subject, start)]
    if any(_DOUBTED.search(words) for words in before):
        return Said.SUSPECTED
    if _FALSE_ALARM.match(after) or any(_DENIED.search(words) for words in before):
        return Said.NOTHING
    return Said.SUSPECTED if start < end and _ONLY_A_RISK.match(after) else Said.STATED
