"""Text as overlapping pairs of characters, so that any part of a Chinese sentence is found, two characters
or one, without a dictionary.

Each pair becomes one token of ASCII letters and digits (``6c2fx6c14x`` for 氯气), which a tokenizer keeps
whole and in which nothing of a query language can hide. Tokens that follow each other are a substring.
"""

from __future__ import annotations

from itertools import pairwise

FIELD_BREAK = "\x1f"
"""Stands between the fields of one row, so that no match reaches from one field into the next."""

_FOLD = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


def fold(text: str) -> str:
    """Letters A-Z made small, as LIKE compares them; everything else as it is."""
    return text.translate(_FOLD)


def document(*fields: str) -> str:
    """The tokens of a row to be indexed, separated by spaces. The last character stands alone as well."""
    return " ".join(_pairs(fold(FIELD_BREAK.join(fields)) + FIELD_BREAK))


def query(text: str) -> list[str]:
    """The tokens whose sequence means that ``text`` occurs. For a single character it is one token that is
    the *beginning* of every pair it starts. Empty for an empty query."""
    folded = fold(text.replace(FIELD_BREAK, " "))
    if len(folded) < 2:
        return [_code(character) for character in folded]
    return _pairs(folded)


def _pairs(text: str) -> list[str]:
    codes = [_code(character) for character in text]
    return [first + second for first, second in pairwise(codes)]


def _code(character: str) -> str:
    return f"{ord(character):x}x"
