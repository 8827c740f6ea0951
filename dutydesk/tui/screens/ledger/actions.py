"""What can be done on the ledger screen, as plain data."""

from __future__ import annotations

from dutydesk.model.text import Text
from dutydesk.tui.actions import Action

_HERE = frozenset({"ledger"})


def _a(id_: str, key: str, name: Text, tip: Text, pinyin: str, footer: int = 0) -> Action:
    return Action(id_, tuple(key.split()), name, tip, pinyin, _HERE, footer)


ACTIONS: tuple[Action, ...] = (
    _a("ledger.find", "1", Text("查找", "Find"), Text("边输边查", "Search as you type"), "cz", 1),
    _a(
        "ledger.kind",
        "2",
        Text("类别", "Kind"),
        Text("全部、只看接报、只看台账", "All, reports only, journal only"),
        "lb",
        1,
    ),
    _a(
        "ledger.world",
        "3",
        Text("演练", "Drill"),
        Text("全部、只看实战、只看演练", "All, live only, drills only"),
        "yl",
        1,
    ),
    _a("ledger.incident", "4", Text("事件", "Incident"), Text("只看一起事件", "One incident only"), "sj", 1),
    _a("ledger.day", "5", Text("日期", "Day"), Text("只看一天", "One day only"), "rq", 1),
    _a(
        "ledger.verify",
        "6",
        Text("验链", "Verify"),
        Text("从头核对台账的哈希链", "Walk the journal's chain of hashes"),
        "yl",
        0,
    ),
    _a(
        "ledger.all",
        "0",
        Text("看全部", "Show all"),
        Text("去掉查找和筛选", "No search, no filter"),
        "kqb",
        0,
    ),
)
