"""The words for the desk's closed vocabularies, in both languages; what a colour says is always said here
too."""

from __future__ import annotations

from collections.abc import Mapping

from dutydesk.i18n import _, language
from dutydesk.model.enums import FigureKind, Level
from dutydesk.model.names import (
    BROADCASTS,
    DELIVERIES,
    DRILL,
    LEVELS,
    LIVE,
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

FIGURES: Mapping[FigureKind, Text] = {
    FigureKind.DEATHS: Text("死亡", "Dead"),
    FigureKind.SERIOUS: Text("重伤", "Seriously hurt"),
    FigureKind.INJURED: Text("受伤", "Injured"),
    FigureKind.MISSING: Text("失联", "Missing"),
    FigureKind.TRAPPED: Text("被困", "Trapped"),
    FigureKind.EXPOSED: Text("涉险", "Exposed"),
    FigureKind.EVACUATED: Text("疏散转移", "Evacuated"),
    FigureKind.THREATENED: Text("受威胁", "Threatened"),
    FigureKind.AREA_HA: Text("过火公顷", "Burnt, ha"),
    FigureKind.LOSS_WAN: Text("损失万元", "Loss, 10k yuan"),
    FigureKind.POTENTIAL_LOSS_WAN: Text("潜在损失万元", "Potential loss"),
    FigureKind.STUCK_HOURS: Text("被困小时", "Hours stuck"),
}
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

LEVEL_WIDTH = 10
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
