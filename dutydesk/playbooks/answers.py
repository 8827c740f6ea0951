"""An officer's answer as typed, made into a value of the fact's type. Values are what JSON can carry."""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import datetime
from typing import Final

from dutydesk.model.enums import FactType
from dutydesk.model.errors import BadInput
from dutydesk.model.instants import to_stored
from dutydesk.playbooks.playbook import FactDef

Value = str | float | int | bool

_YES: Final = frozenset({"y", "yes", "true", "是", "有", "对", "是的", "有的"})
_NO: Final = frozenset({"n", "no", "false", "否", "无", "没有", "不", "不是", "没"})
_DIGITS: Final = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
    "俩": 2,
}
_UNITS: Final = {"十": 10, "百": 100, "千": 1_000}
_LONGEST_TEXT: Final = 4_000


def parse_answer(fact: FactDef, raw: object) -> Value:
    """The value that ``raw`` gives ``fact``: text, number, true or false, an option's id, or a moment as
    ISO 8601 in UTC. Choices are taken by id, by label in either language, or by number counted from 1.

    Raises BadInput, saying what is expected.
    """
    typed = raw
    if isinstance(raw, str):
        # A text keeps the words and marks it was typed in; what is read into a value is read in any width.
        raw = raw.strip() if fact.type is FactType.TEXT else unicodedata.normalize("NFKC", raw).strip()
    if raw is None or raw == "":
        raise BadInput("{fact} needs an answer: {expected}.", fact=fact.id, expected=expected(fact))
    match fact.type:
        case FactType.BOOLEAN:
            value: Value | None = _boolean(raw)
        case FactType.NUMBER:
            value = _number(raw, fact)
        case FactType.CHOICE:
            value = _choice(raw, fact)
        case FactType.TIME:
            value = _time(raw)
        case FactType.TEXT:
            # It is read out and written up, so its punctuation stays as typed.
            value = typed.strip() if isinstance(typed, str) and len(typed) <= _LONGEST_TEXT else None
    if value is None:
        raise BadInput(
            "{value} is no answer for {fact}: {expected}.",
            value=str(raw)[:60],
            fact=fact.id,
            expected=expected(fact),
        )
    return value


def expected(fact: FactDef) -> str:
    """What an answer to ``fact`` looks like, in English for the message catalogue's sentences."""
    match fact.type:
        case FactType.BOOLEAN:
            return "是/否 (yes/no)"
        case FactType.NUMBER:
            return f"a number ({fact.unit.zh})" if fact.unit.zh else "a number"
        case FactType.CHOICE:
            return ", ".join(
                f"{number} {option.id} {option.label.zh}"
                for number, option in enumerate(fact.options, start=1)
            )
        case FactType.TIME:
            return "a moment with its zone, like 2026-11-23T02:40:00+08:00"
        case FactType.TEXT:
            return f"a text of at most {_LONGEST_TEXT} characters"


def _boolean(raw: object) -> bool | None:
    if isinstance(raw, bool):
        return raw
    word = str(raw).casefold()
    return True if word in _YES else False if word in _NO else None


def _number(raw: object, fact: FactDef) -> float | int | None:
    if isinstance(raw, bool):
        return None
    if isinstance(raw, int):
        return raw
    if isinstance(raw, float):
        return raw if math.isfinite(raw) else None
    text = str(raw).replace(",", "").replace(" ", "")
    for unit in filter(None, (fact.unit.zh, fact.unit.en)):
        text = text.removesuffix(unicodedata.normalize("NFKC", unit).replace(" ", ""))
    if re.fullmatch(r"[+-]?\d{1,15}", text, re.ASCII):
        return int(text)
    if re.fullmatch(r"[+-]?\d{1,15}\.\d{1,9}", text, re.ASCII):
        return float(text)
    return _chinese_number(text)


def _chinese_number(text: str) -> int | None:
    """Whole numbers below 100,000,000 in everyday Chinese: 十二, 三百零五, 两千, 一万二."""
    head, wan, tail = text.partition("万")
    if wan:
        high, low = _below_wan(head), _below_wan(tail) if tail else 0
        if high is None or low is None:
            return None
        return high * 10_000 + (low * 1_000 if len(tail) == 1 and tail in _DIGITS else low)
    return _below_wan(text)


def _below_wan(text: str) -> int | None:
    if not text or any(char not in _DIGITS and char not in _UNITS for char in text):
        return None
    if all(char in _DIGITS for char in text):
        return _DIGITS[text] if len(text) == 1 else int("".join(str(_DIGITS[char]) for char in text))
    total, digit, last_unit = 0, None, 10_000
    for char in text:
        if char in _DIGITS:
            digit = _DIGITS[char]
            continue
        unit = _UNITS[char]
        if unit >= last_unit or (digit is None and char != "十"):
            return None
        total += (1 if digit is None else digit) * unit
        digit, last_unit = None, unit
    if digit is None:
        return total
    # 三百二 is 320, 三百零二 is 302
    return total + (digit * last_unit // 10 if last_unit >= 100 and text[-2] in _UNITS else digit)


def _choice(raw: object, fact: FactDef) -> str | None:
    word = str(raw).casefold()
    for option in fact.options:
        labels = (option.id, option.label.zh, option.label.en)
        if any(word == unicodedata.normalize("NFKC", label).casefold() for label in labels if label):
            return option.id
    if re.fullmatch(r"\d{1,3}", word, re.ASCII) and 1 <= int(word) <= len(fact.options):
        return fact.options[int(word) - 1].id
    return None


def _time(raw: object) -> str | None:
    try:
        moment = raw if isinstance(raw, datetime) else datetime.fromisoformat(str(raw))
    except ValueError:
        return None
    return None if moment.tzinfo is None else to_stored(moment)
