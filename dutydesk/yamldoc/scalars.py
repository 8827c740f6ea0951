"""What an unquoted word of YAML means here. The words that YAML 1.1 turns into something the writer did
not mean (``no``, ``0215``, ``12:30``) are refused with the way to write them; dates stay text."""

from __future__ import annotations

import re

from dutydesk.i18n import Said

Scalar = str | int | float | bool | None

_WORDS: dict[str, Scalar] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_SWITCH_WORDS = {"yes": "true", "on": "true", "no": "false", "off": "false"}
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"[-+]?(?:[0-9]{1,30}\.[0-9]{0,30}|\.[0-9]{1,30})(?:[eE][-+]?[0-9]{1,3})?")
_CLOCK_TIME = re.compile(r"[-+]?[0-9]+(?::[0-9]{1,2})+(?:\.[0-9]*)?")
_NUMBER_IN_DISGUISE = re.compile(
    r"[-+]?(?:0[0-9_]+|0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|[0-9][0-9_]*_[0-9_]*(?:\.[0-9_]*)?|[0-9]{19,})"
)
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF|nan|NaN|NAN)")


class Ambiguous(ValueError):
    """An unquoted word that different readers of YAML take differently; the text says what to write."""


def resolve(word: str) -> Scalar:
    """The value of an unquoted word. Raises :class:`Ambiguous`."""
    if word in _WORDS:
        return _WORDS[word]
    first = word[0]
    if not (first.isascii() and (first.isdigit() or first in "-+.yYnNoO")):
        return word
    if _INTEGER.fullmatch(word):
        return int(word)
    if _FLOAT.fullmatch(word):
        return float(word)
    _refuse_ambiguous(word)
    return word


def _refuse_ambiguous(word: str) -> None:
    if (meant := _SWITCH_WORDS.get(word.lower())) is not None:
        raise Ambiguous(
            Said(
                '"{word}" without quotes may be read as {meant}: write {meant}, or quote the word',
                word=word,
                meant=meant,
            )
        )
    if _CLOCK_TIME.fullmatch(word):
        raise Ambiguous(
            Said(
                '{word} without quotes may be read as a number of seconds: write "{word}" for a time',
                word=word,
            )
        )
    if _NUMBER_IN_DISGUISE.fullmatch(word):
        raise Ambiguous(
            Said(
                '{word} may be read as another number: write "{word}" for text, or a plain decimal number',
                word=word,
            )
        )
    if _NOT_FINITE.fullmatch(word):
        raise Ambiguous(Said("{word} is not a number that can be used here", word=word))
