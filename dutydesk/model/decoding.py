"""Bytes from outside as text: UTF-8, or GBK where they are plainly that; a byte that is neither is shown, not
dropped. A fax gateway or an old terminal must not cost the report."""

from __future__ import annotations

import os

_ESCAPED = range(0xDC80, 0xDD00)
"""How ``surrogateescape`` carries the bytes it could not read."""


def text_of(content: bytes) -> str:
    """``content`` as text. Never raises; no byte is lost: what cannot be read stands as ``\\xff``."""
    as_utf8 = content.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")
    unread = _unread(as_utf8)
    if not unread:
        return as_utf8
    # Chinese in GBK reads as UTF-8 only here and there; UTF-8 with a damaged byte reads nearly everywhere.
    read = sum(not char.isascii() for char in as_utf8) - unread
    if read < unread:
        as_gbk = content.decode("gb18030", "surrogateescape")
        if _unread(as_gbk) < unread:
            return _shown(as_gbk)
    return _shown(as_utf8)


def argument(given: str) -> str:
    """A command's argument as text, whatever bytes it was typed in."""
    return text_of(os.fsencode(given)) if _unread(given) else given


def _unread(text: str) -> int:
    return 0 if text.isascii() else sum(ord(char) in _ESCAPED for char in text)


def _shown(text: str) -> str:
    return "".join(f"\\x{ord(char) - 0xDC00:02x}" if ord(char) in _ESCAPED else char for char in text)
