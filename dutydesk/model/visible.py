"""Text from outside, made harmless once, where it comes in: nothing of it is lost, nothing of it acts."""

from __future__ import annotations

import unicodedata

_PICTURES = {code: chr(0x2400 + code) for code in range(0x20)} | {0x7F: "\u2421"}
_KEPT = {ord("\n"), ord("\t")}
LONGEST_QUOTE = 60


def _safe(char: str) -> str:
    code = ord(char)
    if code in _PICTURES:
        return _PICTURES[code]
    if 0xD800 <= code <= 0xDFFF:  # an argument that was not UTF-8
        return "\ufffd"
    # C1 controls and invisible format characters (bidi overrides, zero width) could act on a terminal
    # or hide text; emoji joiners mean nothing in a duty log.
    if unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp"):
        return f"<U+{code:04X}>"
    return char


def visible(text: str) -> str:
    """``text`` with every control character shown as its picture (``␛[31m``); line breaks and tabs stay."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    if unified.isprintable():  # no control, format or separating character, no surrogate
        return unified
    return "".join(char if ord(char) in _KEPT else _safe(char) for char in unified)


def visible_line(text: str) -> str:
    """Like :func:`visible`, on one line: runs of white space become one blank, the ends are trimmed."""
    return " ".join(visible(text).split())


def quoted(text: str) -> str:
    """``'text'`` for a refusal that names what was given: on one line, and no longer than a glance."""
    line = visible_line(text)
    return f"'{line}'" if len(line) <= LONGEST_QUOTE else f"'{line[: LONGEST_QUOTE - 1]}…'"
