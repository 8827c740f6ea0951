"""Numbers as a narrative writes them: Arabic and Chinese numerals, mixed ones (1.2亿), and the words around a
number that make it about so many (余, 多, 约, 近)."""

from __future__ import annotations

import re

_DIGITS = {
    **{char: value for value, char in enumerate("0123456789")},
    **{char: value for value, char in enumerate("零一二三四五六七八九")},
    **{char: value for value, char in enumerate("〇壹贰叁肆伍陆柒捌玖")},
    "两": 2,
    "俩": 2,
    "仨": 3,
    "廿": 20,
    "卅": 30,
}
_SMALL_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_BIG_UNITS = {"万": 10_000, "亿": 100_000_000}

_CHINESE = "零〇一二三四五六七八九两俩仨廿卅壹贰叁肆伍陆柒捌玖十百千拾佰仟"
_DIGIT = "一二三四五六七八九两1-9"
# What goes on after a unit: 1万2千, 1亿零5百万, 1万2000. Without a unit of its own it has to fill the places
# that the unit before it leaves open, or be the one digit of 1万2元; else it is another number: 5万3人受伤.
_GOES_ON = (
    rf"(?:(?<=[十百千万亿])[零〇]?(?:\d+(?:\.\d+)?|[{_DIGIT}])[十百千万亿]+"
    rf"|(?:(?<=[十百千万亿])[零〇]|(?<=[十百千万亿][零〇]))(?:\d+|[{_DIGIT}])[十百千万亿]*"
    rf"|(?:(?<=十)[{_DIGIT}]|(?<=百)\d\d|(?<=千)\d{{3}}|(?<=万)\d{{4}}|(?<=亿)\d{{8}})(?![\d.年])"
    rf"|(?<=[百千万亿])[{_DIGIT}](?=元|块|亩|公顷|的|左右|以[上下]|[，。；、）]|$))"
)
NUMERAL = rf"(?:(?:\d+(?:\.\d+)?[十百千万亿]*|[{_CHINESE}][{_CHINESE}万亿]*)(?:{_GOES_ON})*)"
"""A numeral as a regular expression, to be used on :func:`normalised` text."""

MORE = "(?:余|多|来|几|好几)?"
"""What may follow a numeral to say "and some more"; the stated number is what counts."""

_WIDE = str.maketrans("０１２３４５６７８９．％：（）；", "0123456789.%：（）；")

_ENDLESS = re.compile(rf"[\d.{_CHINESE}万亿]{{28,}}")
"""Longer than any number is written: such a run counts nothing, and patterns would dwell on it."""

_SPREAD = re.compile(
    rf"(?<![由从升增降加少高\d.])({NUMERAL})(?:万|亿)?[至到~～—-]{NUMERAL}(?=[万亿]?[余多]?(?:人|名|元|亩|公顷))"
)
"""3至5人, 300万至500万元: the lower number is what is certain."""


def normalised(text: str) -> str:
    """``text`` with full-width digits made plain, thousands commas dropped and spaces taken out (between two
    numbers a comma takes a space's place), so that one set of patterns reads it."""
    plain = _ENDLESS.sub("＿", text.translate(_WIDE)).replace("(", "（").replace(")", "）").replace(";", "；")
    plain = re.sub(
        r"(?<![\d.])(\d{1,3}(?:[,，]\d{3})+)(?=[余多]?(?:[万亿]|[人名元位亩个公户]))", _joined, plain
    )
    plain = plain.replace(",", "，").replace("?", "？").replace("!", "！")
    plain = _SPREAD.sub(r"\1", plain)
    plain = re.sub(r"(?<=\d)\.(?!\d)", "。", plain)
    plain = re.sub(r"(?<=\d)[ \t\u3000\u00a0]+(?=\d)", "，", plain)
    plain = re.sub(r"[ \t\u3000\u00a0]+", "", plain)
    return re.sub(r"\n+", "。", plain)


def _joined(match: re.Match[str]) -> str:
    return match[0].replace(",", "").replace("，", "")


def value_of(numeral: str) -> float:
    """The number that ``numeral`` states: ``12``, ``9477.815``, ``1.2亿``, ``十二``, ``一百二``, ``1万2千``.

    Of a spread (``五六十``, ``两三``) the lower number, which is what is certain. Raises ValueError for
    what is no numeral.
    """
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([十百千万亿]*)", numeral)
    if match:
        value = float(match[1])
        for unit in match[2]:
            value *= _SMALL_UNITS.get(unit) or _BIG_UNITS[unit]
        return value
    if not re.fullmatch(rf"(?:\d+(?:\.\d+)?|[{_CHINESE}万亿])+", numeral):
        raise ValueError(f"{numeral!r} is no numeral")
    if len(numeral) > 2 and all(c in _DIGITS for c in numeral):
        return float("".join(str(_DIGITS[c]) for c in numeral))
    return float(_chinese(numeral))


def _chinese(numeral: str) -> float:
    for unit in ("亿", "万"):
        if unit in numeral:
            high, _, low = numeral.rpartition(unit)
            rest = _abbreviated(low, _BIG_UNITS[unit])
            return (_chinese(high) if high else 1) * _BIG_UNITS[unit] + rest
    return _below_ten_thousand(numeral)


def _abbreviated(low: str, unit: int) -> float:
    """The rest after ``unit``: the bare digit of 一万二 is two thousand, the 二千 of 一亿二千 counts 万."""
    if len(low) == 1 and low in _DIGITS and 0 < _DIGITS[low] < 10:
        return _DIGITS[low] * unit / 10
    if unit == _BIG_UNITS["亿"] and low.endswith(("千", "仟")):
        return _chinese(low) * _BIG_UNITS["万"]
    return _chinese(low) if low else 0


def _below_ten_thousand(numeral: str) -> float:
    total = 0.0
    digit: float | None = None
    last_unit = 0
    zero_seen = False
    for char in re.findall(r"\d+(?:\.\d+)?|.", numeral):
        if char in _SMALL_UNITS:
            unit = _SMALL_UNITS[char]
            total += (1 if digit is None else digit) * unit
            digit, last_unit, zero_seen = None, unit, False
        elif char[0].isascii():
            digit, zero_seen = float(char), zero_seen or len(char) > 1
        elif _DIGITS[char] >= 20:
            total, last_unit = total + _DIGITS[char], 10
        elif _DIGITS[char] == 0:
            zero_seen = True
        elif digit is None:
            digit = _DIGITS[char]
        # Otherwise the second digit of a spread, 五六(十): the lower one counts.
    if digit is not None:
        total += digit * last_unit / 10 if last_unit >= 100 and not zero_seen else digit
    return total
