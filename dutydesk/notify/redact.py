"""Keeps secrets, addresses and telephone numbers out of every line that is stored, shown or logged."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote, unquote

_LONGEST: Final = 200
_NUMBER: Final = re.compile(r"\+?\d[\d\- ]{5,}\d")
_URL: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*://\S+")
_EMAIL: Final = re.compile(r"[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+")
_UNSEEN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")
"""What must not be shown. Half of a surrogate pair, as a gateway makes of an emoji it cuts in two, can be
written to no database either: the result of every other delivery would wait behind it."""


def redacted(text: str, hidden: Iterable[str] = (), *, numbers: bool = True) -> str:
    """``text`` on one line of at most 200 characters, with URLs, e-mail addresses, long numbers and every
    string of ``hidden`` (in plain and percent-quoted form) replaced by ``***``. ``numbers`` false leaves the
    long numbers that are not hidden: a gateway's own number for a message is one."""
    if not text:
        return ""
    text = text[: _LONGEST * 20]
    forms = {
        form
        for word in hidden
        if len(word) >= 3
        for form in (word, quote(word, safe=""), quote(word), unquote(word))
    }
    for form in sorted(forms, key=len, reverse=True):
        text = text.replace(form, "***")
    text = _URL.sub("***", text)
    text = _EMAIL.sub("***", text)
    if numbers:
        text = _NUMBER.sub("***", text)
    text = " ".join(_UNSEEN.sub(" ", text).split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
