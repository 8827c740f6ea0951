"""What can be done on the shift screen, as plain data."""

from __future__ import annotations

from dutydesk.model.text import Text
from dutydesk.tui.actions import Action

_HERE = frozenset({"shift"})


def _a(id_: str, key: str, name: Text, tip: Text, pinyin: str, footer: int = 0) -> Action:
    return Action(id_, tuple(key.split()), name, tip, pinyin, _HERE, footer)


ACTIONS: tuple[Action, ...] = (
    _a("shift.start", "1", Text("接班", "Start"), Text("写明带班和值班人", "Who leads, who is on"), "jb", 1),
    _a(
        "shift.end",
        "2",
        Text("交班", "End"),
        Text("先看完未结事项，再交班", "After every open item was seen"),
        "jb",
        1,
    ),
)
