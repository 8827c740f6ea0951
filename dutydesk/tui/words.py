"""The words for the desk's closed vocabularies, in both languages; what a colour says is always said here
too."""

from __future__ import annotations

from collections.abc import Mapping

from dutydesk.i18n import _, language
from dutydesk.model.enums import Level
from dutydesk.model.names import (
    BROADCASTS,
    DELIVERIES,
    DRILL,
    FIGURES,
    LEVELS,
    LIVE,
    MARKERS,
    RUNS,
    SOURCES,
    STEPS,
    TIMERS,
    UNGRADED,
)
from dutydesk.model.text import Text
from dutydesk.tui.lines import Role

__all__ = [
    "BROADCASTS",
    "DELIVERIES",
    "DEMO",
    "DRILL",
    "FIGURES",
    "FIGURE_WIDTH",
    "LEVELS",
    "LEVEL_WIDTH",
    "LIVE",
    "MARKERS",
    "NO",
    "OUTCOMES",
    "RUNS",
    "SOURCES",
    "STEPS",
    "TIMERS",
    "TRUTHS",
    "UNGRADED",
    "YES",
    "drill",
    "level",
    "reason",
    "say",
]

FIGURE_WIDTH = 14
"""Cells of the widest of these."""

OUTCOMES: Mapping[str, Text] = {
    "reached": Text("接通，已告知", "Reached and told"),
    "no_answer": Text("无人接听", "No answer"),
    "busy": Text("占线", "Busy"),
    "refused": Text("接通，对方拒绝", "Reached, refused"),
    "wrong_number": Text("错号空号", "Wrong number"),
    "left_message": Text("已留言", "Left a message"),
}
"""What came of a call, the most likely first: the digits on the call sheet."""
YES = Text("是", "Yes")
NO = Text("否", "No")
TRUTHS: Mapping[str, Text] = {str(True): YES, str(False): NO}
"""A yes-or-no answer as it is kept."""

LEVEL_WIDTH = 13
"""Cells of the widest level's name."""


def say(text: Text) -> str:
    """A bilingual name in the language in use."""
    return text.in_(language())


def reason(stated: str) -> str:
    """Why something stands as it does: the desk's own sentences in the language in use, an officer's or a
    gateway's words as they came."""
    return _(stated)


def level(grade: Level | None, *, confirmed: bool = True) -> tuple[str, Role]:
    """A grade's word and role. One that nobody confirmed yet carries a question mark."""
    if grade is None:
        return say(UNGRADED), "muted"
    return say(LEVELS[grade]) + ("" if confirmed else "?"), f"level{int(grade)}"


DEMO = Text("演示", "DEMO")


def drill(is_drill: bool) -> tuple[str, Role]:
    """The word for drill or live, and its role."""
    return (say(DRILL), "drill") if is_drill else (say(LIVE), "live")
