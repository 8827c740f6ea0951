"""What a sentence denies (无人员伤亡: a stated zero) and what it says is not known (伤亡不明)."""

from __future__ import annotations

import re

from dutydesk.rules import patterns as p
from dutydesk.rules.said import How, Statement, What
from dutydesk.rules.wording import BLANK
from dutydesk.rules.words import ANY_STATE, Word, kinds_in

Found = list[tuple[int, Statement]]
"""Statements with where they stand in the sentence."""

_STATE = rf"{ANY_STATE}(?:者|人员|的|人)*+"
_LIST = rf"{_STATE}(?:(?:[和及或、/]|以及|与|或者|也?[没无]|，?[无没]有?(?:人员|人)?){_STATE})*"
_PEOPLE = (
    "(?:人员|人|群众|乘客|旅客|员工|工人|居民|驾乘人员|司乘人员|学生|师生|村民|游客|"
    "一人|一个人|任何人|施工人员|作业人员)?"
)
_NO = (
    "(?:没有|没得|没|无|未|(?<![十百千万亿])零(?![一二三四五六七八九])|暂未|尚未|尚无|并无|"
    "不存在|无一|没人|没得人)"
)
_ZERO = re.compile(
    rf"(?<!有)(?<!有还是){_NO}(?:再)?(?:发现|造成|接到|收到|接报|出现|发生|导致|听说|看到|见|有|引发)*(?P<other>其他|其它|新增|新的|进一步的?)?"
    rf"(?:任何)?{_PEOPLE}(?:的)?(?P<list>{_LIST})"
)
_HURT_NOBODY = re.compile(
    r"(?<![伤死压埋困])(?:没有?|没得|未|没)(?:人)?(?:伤到|伤着|砸到|伤及|烧到|压到|撞到)(?:人员|人)|人(?:员|些)?(?:都|均|全)?(?:没事|没得事|没有事|没得啥子?事|莫得事|好好的)|"
    r"(?:人员|群众)(?:均|都|全部)?(?:平安|安全(?=[，。；]|$))|(?:莫得|没得)人(?:受伤|伤(?!亡)|遭)"
)
_DONT_KNOW = (
    r"(?:情况|人数|数字|数量|数|具体|到底|究竟|目前|暂时|暂|尚|还|仍|均|都|也|现在|的|有?好多人?|有?多少人?|，)*+"
    r"(?:不明(?!显)|不详|不清楚|不清(?!醒)|未知|不确定|无法确定|不晓得|不知道|搞不清楚?|说不清楚?|不太清楚|没搞清楚|没弄清楚|没统计|未统计|待核实|待核|待查|待定|"
    r"待确认|待统计|待进一步|未核实|未掌握|(?:正在?|正由|有待|需|尚需|还在|在)(?:进一步)?(?:核实|统计|核查|排查|调查|了解|核对|清点|确认|查))"
)
_ASKED = r"(?:有无|有没有|有没得|是否有?|是不是有?|会不会有)"
_UNKNOWN = re.compile(rf"(?P<list>{_LIST}){_DONT_KNOW}")
_UNKNOWN_AHEAD = re.compile(
    rf"(?:不清楚|不知道|不晓得|不确定|无法确定|无法确认|尚未掌握|未掌握|没搞清楚|正在核实|正在统计|待核实|尚不明确|未明确)[^，。；\d]{{0,10}}?(?P<list>{_LIST})"
)
_WHETHER = re.compile(
    rf"(?P<list>[伤死困埋压])[没不](?:有)?(?P=list)(?:到|着|了|得有)?(?:人)?[^，。；\d]{{0,4}}?{_DONT_KNOW}"
)
_WHETHER_INSIDE = re.compile(
    r"(?:(?:里头|里面|屋头|屋里|楼上|楼里|车里|车上|下面|底下|井下)(?:还)?(?:有没有|有没得|是否有|有无|有不有)(?:得有)?(?:其他)?人(?:员)?|"
    r"(?:有没有|有没得|是否)(?:人)?(?:都|全部)?(?:跑|逃|走|撤)(?:出来|出去|脱))"
    rf"[^，。；\d]{{0,4}}?{_DONT_KNOW}"
)
_ASKED_WHETHER = re.compile(r"[伤死困埋压][没不](?:有)?[伤死困埋压](?:到|着|了|得有)?(?:人)?")
_COUNT_UNKNOWN = re.compile(rf"(?:具体)?(?:人数|数量|多少人?|好多人?|几个人?){_DONT_KNOW}")
_COUNTED = re.compile(rf"{p.PERSONS}[^，、]{{0,6}}$")
_ASK_ONLY = re.compile(rf"{_ASKED}{_PEOPLE}(?:的)?(?P<list>{_LIST})")


def denials(sentence: str) -> tuple[str, Found]:
    """``sentence`` with its denials and open questions blanked, and what they state."""
    found: Found = []
    sentence = _whether(sentence, found)
    sentence = _taken_out(_UNKNOWN_AHEAD, How.UNKNOWN, sentence, found)
    sentence = _taken_out(_UNKNOWN, How.UNKNOWN, sentence, found)
    sentence = _taken_out(_ASK_ONLY, None, sentence, found)
    sentence = _nobody(sentence, found)
    return _taken_out(_ZERO, How.ZERO, sentence, found), found


def counts_unknown(sentence: str, words: list[Word]) -> Found:
    """有人被困，人数不详: the word before the clause is what is not known."""
    found: Found = []
    for match in _COUNT_UNKNOWN.finditer(sentence):
        before = [word for word in words if word.end <= match.start() and word.what and not word.used]
        if before and before[-1].what:
            found += [(match.start(), Statement(what, How.UNKNOWN)) for what in _meant(before[-1].what)]
    return found


def _taken_out(pattern: re.Pattern[str], how: How | None, sentence: str, found: Found) -> str:
    for match in reversed(list(pattern.finditer(sentence))):
        if how is How.UNKNOWN and _COUNTED.search(sentence[: match.start("list")]):
            continue  # "2人下落不明": the number knows
        if how is How.ZERO and kinds_in(match["list"]) == (What.RESCUED,):
            continue  # 没跑出来: trapped still
        if how is not None and not match.groupdict().get("other"):
            for kind in kinds_in(match["list"]):
                found += [
                    (match.start(), Statement(what, how, both=kind is What.CASUALTY)) for what in _meant(kind)
                ]
        sentence = _blanked(sentence, match)
    return sentence


def _whether(sentence: str, found: Found) -> str:
    """伤没伤到人不清楚, 里面有没有人不晓得: a question that nobody answered, and no denial."""
    for match in reversed(list(_WHETHER.finditer(sentence))):
        found += [(match.start(), Statement(what, How.UNKNOWN)) for what in kinds_in(match["list"])]
        sentence = _blanked(sentence, match)
    for match in reversed(list(_WHETHER_INSIDE.finditer(sentence))):
        found.append((match.start(), Statement(What.TRAPPED, How.UNKNOWN)))
        sentence = _blanked(sentence, match)
    for match in reversed(list(_ASKED_WHETHER.finditer(sentence))):
        sentence = _blanked(sentence, match)
    return sentence


def _nobody(sentence: str, found: Found) -> str:
    """没伤到人: nobody hurt. 人没得事: nobody hurt and nobody dead."""
    for match in reversed(list(_HURT_NOBODY.finditer(sentence))):
        whole = bool(re.search(r"事|平安|安全|好好", match[0]))
        for what in (What.DEATHS, What.INJURED) if whole else (What.INJURED,):
            found.append((match.start(), Statement(what, How.ZERO, both=whole)))
        sentence = _blanked(sentence, match)
    return sentence


def _meant(kind: What) -> tuple[What, ...]:
    return (What.DEATHS, What.INJURED) if kind is What.CASUALTY else (kind,)


def _blanked(sentence: str, match: re.Match[str]) -> str:
    return f"{sentence[: match.start()]}{BLANK * len(match[0])}{sentence[match.end() :]}"
