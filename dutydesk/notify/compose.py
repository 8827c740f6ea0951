"""The exact text a recipient is sent: drill marks, doubt mark, confirmation line, and its parts. Pure, so
that a preview and a send cannot differ."""

from __future__ import annotations

import re
from typing import Final

from dutydesk.model.errors import BadInput
from dutydesk.model.text import Language, Text
from dutydesk.model.visible import visible, visible_line

DRILL_PREFIX: Final = Text("【演练】", "[DRILL] ")
DRILL_END: Final = Text("【演练信息，非真实事件】", " [DRILL MESSAGE, NOT A REAL EVENT]")
DOUBTFUL_PREFIX: Final = Text("【可能重复】", "[POSSIBLY A DOUBLE] ")
NOTICE_TITLE: Final = Text("值班通知", "Duty notice")
CORRECTION_TITLE: Final = Text("更正通知", "Correction")
CORRECTION_PREFIX: Final = Text("【更正】", "[CORRECTION] ")
CONFIRM_LINE: Final = Text("收到请回复确认码 {code}", "Confirm receipt with the code {code}")

_DRILL_PREFIXES: Final = (DRILL_PREFIX.zh, DRILL_PREFIX.en)
_DRILL_ENDS: Final = (DRILL_END.zh, DRILL_END.en)
_LOOKS_LIKE_DRILL: Final = re.compile(
    r"\W*(?:演练|演习)+(?!\w)"  # with any bracket or none; 演练场 and 演习区 are places
    r"|\s*[^\w\s]+\s*(?:drill|exercise)(?:\s*[^\w\s]|\b.*[])）】])",
    re.IGNORECASE,
)


def compose(
    text: str, *, drill: bool, code: str = "", doubtful: bool = False, language: Language = "zh"
) -> str:
    """The whole body of one recipient's message.

    ``code`` is the recipient's confirmation code, empty where none is asked for. ``doubtful`` marks a
    possible double. A drill begins and ends with its mark; a live text has none.
    Raises BadInput when the text is empty, or is live and begins like a drill.
    """
    body = visible(text).strip()
    if not body:
        raise BadInput("The notice has no text: write one.")
    if not drill and _LOOKS_LIKE_DRILL.match(body):
        raise BadInput(
            "The text begins like a drill but the notice is live: change the text, or send it as a drill."
        )
    if code:
        body = f"{body}\n{CONFIRM_LINE.in_(language).format(code=code)}"
    if doubtful:
        body = DOUBTFUL_PREFIX.in_(language) + body
    return marked(body, drill=drill, language=language)


def message(
    *,
    text: str,
    drill: bool,
    doubtful: bool = False,
    correction: bool = False,
    code: str = "",
    language: Language = "zh",
) -> tuple[str, str]:
    """The title and the body of one recipient's message, as a preview shows them and a send carries them.

    ``correction`` marks the text as correcting an earlier notice. Raises BadInput as :func:`compose` does.
    """
    title = (CORRECTION_TITLE if correction else NOTICE_TITLE).in_(language)
    body = compose(text, drill=drill, code=code, doubtful=False, language=language)
    if correction:
        body = _after_drill_mark(CORRECTION_PREFIX.in_(language), body, drill=drill, language=language)
    if doubtful:
        body = _after_drill_mark(DOUBTFUL_PREFIX.in_(language), body, drill=drill, language=language)
    return marked_title(title, drill=drill, language=language), body


def _after_drill_mark(mark: str, body: str, *, drill: bool, language: Language) -> str:
    """``body`` with ``mark`` in front, where a drill's own mark stays first."""
    first = DRILL_PREFIX.in_(language) if drill else ""
    return first + mark + body.removeprefix(first)


def marked(body: str, *, drill: bool, language: Language = "zh") -> str:
    """``body`` with both drill marks where it is a drill and lacks them. A live body is left alone."""
    if not drill:
        return body
    if not body.startswith(_DRILL_PREFIXES):
        body = DRILL_PREFIX.in_(language) + body
    if not body.endswith(_DRILL_ENDS):
        body = body + DRILL_END.in_(language)
    return body


def marked_title(title: str, *, drill: bool, language: Language = "zh") -> str:
    """``title`` on one line, with the drill prefix where it is a drill. An empty title stays empty."""
    title = visible_line(title)
    if not drill or not title or title.startswith(_DRILL_PREFIXES):
        return title
    return DRILL_PREFIX.in_(language) + title


def parts(body: str, max_bytes: int | None, *, drill: bool) -> tuple[str, ...]:
    """``body`` in parts of at most ``max_bytes`` bytes of UTF-8, whole characters each, counted ``(1/3)``.

    One part, unchanged, when it fits or there is no limit. Every part of a drill carries both drill marks.
    Raises BadInput when the limit is too small for the marks and some text.
    """
    if max_bytes is None or len(body.encode()) <= max_bytes:
        return (body,)
    before, after = _marks_of(body) if drill else ("", "")
    text = body[len(before) : len(body) - len(after)] if after else body[len(before) :]
    for digits in range(1, 5):
        frame = len(before.encode()) + len(after.encode()) + len(f"({'9' * digits}/{'9' * digits})")
        chunks = _chunks(text, max_bytes - frame)
        if len(str(len(chunks))) <= digits:
            total = len(chunks)
            return tuple(
                f"{before}({number}/{total}){chunk}{after}" for number, chunk in enumerate(chunks, 1)
            )
    raise BadInput(
        "A text of {size} bytes cannot be sent in parts of {limit}.", size=len(body), limit=max_bytes
    )


def _marks_of(body: str) -> tuple[str, str]:
    before = next((mark for mark in _DRILL_PREFIXES if body.startswith(mark)), "")
    after = next((mark for mark in _DRILL_ENDS if body.endswith(mark)), "")
    return before, after


def _chunks(text: str, room: int) -> list[str]:
    """``text`` cut into pieces of at most ``room`` bytes, at a line end in the last third where there is
    one."""
    if room < 8:
        raise BadInput("The channel's max_bytes is too small: raise it by at least {bytes}.", bytes=8 - room)
    data = text.encode()
    pieces: list[str] = []
    start = 0
    while start < len(data):
        end = min(start + room, len(data))
        while end < len(data) and data[end] & 0xC0 == 0x80:
            end -= 1
        if end < len(data):
            line_end = data.rfind(b"\n", start + room * 2 // 3, end)
            if line_end > start:
                end = line_end + 1
        pieces.append(data[start:end].decode())
        start = end
    return pieces or [""]
