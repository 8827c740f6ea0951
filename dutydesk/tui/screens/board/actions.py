"""What can be done on the board, as plain data."""

from __future__ import annotations

from dutydesk.model.text import Text
from dutydesk.tui.actions import Action

ACTIONS: tuple[Action, ...] = (
    Action(
        "board.hand",
        ("space",),
        Text("在办", "In hand"),
        Text(
            "所选时限有人在办，暂不往上叫；久无进展再叫",
            "The chosen clock is being seen to: escalation rests, and goes on if nothing comes of it",
        ),
        "zb",
        frozenset({"board"}),
    ),
    Action(
        "board.alone",
        ("insert",),
        Text("单独立案", "New incident"),
        Text("把所选来报立为新事件", "Open a new incident from the chosen report"),
        "ddla",
        frozenset({"board"}),
    ),
)
