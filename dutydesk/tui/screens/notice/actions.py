"""What can be done on the notice screen, as plain data."""

from __future__ import annotations

from dutydesk.model.text import Text
from dutydesk.tui.actions import Action

_HERE = frozenset({"notice"})


def _a(id_: str, key: str, name: Text, tip: Text, pinyin: str, footer: int = 0) -> Action:
    return Action(id_, tuple(key.split()), name, tip, pinyin, _HERE, footer)


ACTIONS: tuple[Action, ...] = (
    _a("notice.new", "1", Text("新通知", "New"), Text("选对象，写内容", "Choose whom, write what"), "xtz", 1),
    _a(
        "notice.preview",
        "2",
        Text("预览", "Preview"),
        Text("逐人看实际发出的文字", "What each recipient gets, exactly as sent"),
        "yl",
        1,
    ),
    _a(
        "notice.approve",
        "3",
        Text("批准", "Approve"),
        Text("第二人批准实战通知", "A second person approves a live notice"),
        "pz",
        1,
    ),
    _a(
        "notice.release",
        "4",
        Text("发出", "Release"),
        Text("键入实战或演练后发出", "Goes out once LIVE or DRILL is typed"),
        "fc",
        1,
    ),
    _a(
        "notice.retry",
        "5",
        Text("重发", "Retry"),
        Text("没通知到的再发一次", "Send again to those it did not reach"),
        "cf",
        1,
    ),
    _a(
        "notice.confirm",
        "6",
        Text("叫应", "Confirm"),
        Text("选中的人已回话，记下是谁", "The chosen recipient answered: note who"),
        "jy",
        1,
    ),
    _a(
        "notice.correct",
        "7",
        Text("更正", "Correct"),
        Text("向可能已收到的每个人发更正", "Correct it towards everybody it may have reached"),
        "gz",
        0,
    ),
    _a(
        "notice.cancel",
        "8",
        Text("撤销", "Cancel"),
        Text("没发出的不再发", "What is not yet under way is not sent"),
        "cx",
        0,
    ),
    _a(
        "notice.stale",
        "9",
        Text("过时待定", "Stale"),
        Text("没按时发出的，由人决定发不发", "Not sent in time: a person decides"),
        "gsdd",
    ),
)
