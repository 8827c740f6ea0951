"""What the bytes of a keyboard mean, whatever the terminal at the other end sends."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import Final

from textual import events
from textual._xterm_parser import XTermParser
from textual.message import Message

PASTE_BEGINS: Final = "\x1b[200~"
PASTE_ENDS: Final = "\x1b[201~"
PASTE_STALLS: Final = 2.0
"""Seconds of silence after which a paste counts as over though its end never came."""


class Keyboard:
    """Differs from Textual's parser, which it uses, in three things. Bytes that are not UTF-8 become ``?``
    marks. A sequence that the parser fails on is dropped, and no key behind it. What is pasted stays in one
    piece whatever is in it: the parser takes the characters of a pasted escape sequence for keys, so that a
    text from outside could press Enter."""

    def __init__(self, *, debug: bool = False) -> None:
        self._debug = debug
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._parser = XTermParser(debug)
        self._last = ""
        self._pasted: list[str] | None = None
        self._silent_since = 0.0
        self.garbled = False
        """Whether anything that was not UTF-8 has come."""

    def feed(self, data: bytes, now: float) -> Iterator[Message]:
        """What ``data`` means, come at ``now`` (monotonic seconds)."""
        text = self._decoder.decode(data)
        if "\ufffd" in text:
            self.garbled = True
            text = text.replace("\ufffd", "?")
        self._silent_since = now
        for character in text:
            self._last = (self._last + character)[-len(PASTE_ENDS) :]
            if self._pasted is None:
                yield from self._parsed(character)
                if self._last == PASTE_BEGINS:
                    self._pasted = []
                continue
            self._pasted.append(character)
            if self._last == PASTE_ENDS:
                del self._pasted[-len(PASTE_ENDS) :]
                yield from self._paste()

    def tick(self, now: float) -> Iterator[Message]:
        """What silence means: a lone Esc, or a paste that stays without its end."""
        if self._pasted is None:
            yield from self._parsed("")
        elif now - self._silent_since > PASTE_STALLS:
            yield from self._paste()

    def at_rest(self, now: float) -> bool:
        """Whether nothing that came can still be waiting for more: a lone Esc, or a paste without its end."""
        return self._pasted is None and now - self._silent_since > PASTE_STALLS

    def _paste(self) -> Iterator[Message]:
        text = "".join(self._pasted or ()).replace("\x00", "")
        self._pasted = None
        for _ in self._parsed(PASTE_ENDS):
            pass  # for the parser the paste was empty
        if text:
            yield events.Paste(text)

    def _parsed(self, text: str) -> Iterator[Message]:
        try:
            yield from self._parser.feed(text) if text else self._parser.tick()
        except (ValueError, OverflowError, IndexError):  # a code point out of range, from a confused terminal
            self._parser = XTermParser(self._debug)
