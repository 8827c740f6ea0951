"""What can be done on the incident screen, as plain data."""

from __future__ import annotations

from dutydesk.model.text import Text
from dutydesk.tui.actions import Action

_HERE = frozenset({"incident"})


def _a(
    id_: str, key: str, name: Text, tip: Text, pinyin: str, footer: int = 0, *, undo: bool = False
) -> Action:
    return Action(id_, tuple(key.split()), name, tip, pinyin, _HERE, footer, undo)


ACTIONS: tuple[Action, ...] = (
    _a(
        "incident.work",
        "enter",
        Text("办理", "Work"),
        Text("办选中的一步：办、问、叫应、通知、报告", "Work the chosen step by its kind"),
        "bl",
        1,
        undo=True,
    ),
    _a(
        "incident.skip",
        "6",
        Text("跳过", "Skip"),
        Text("跳过选中的一步，要写理由", "Skip the chosen step for a reason"),
        "tg",
        1,
        undo=True,
    ),
    _a("incident.note", "7", Text("备注", "Note"), Text("给这一步或事件记一句", "Keep a note"), "bz", 1),
    _a(
        "incident.grade",
        "8",
        Text("定级", "Grade"),
        Text("人工确认等级，先看依据", "Confirm the grade, with its basis in view"),
        "dj",
        1,
    ),
    _a(
        "incident.followup",
        "9",
        Text("续报", "Follow-up"),
        Text("为这起事件登记续报", "Take a follow-up report on this incident"),
        "xb",
        1,
    ),
    _a(
        "incident.others",
        "0",
        Text("换事件", "Others"),
        Text("选另一起事件", "Choose another incident"),
        "hsj",
        1,
    ),
    _a(
        "incident.close",
        "delete",
        Text("结束或重开", "Close or reopen"),
        Text(
            "先列出未了事项，再结束；已结束的可重开", "Lists what is open, then closes; reopens a closed one"
        ),
        "jshck",
    ),
    _a("incident.walk", "1", Text("流程", "Walk"), Text("处置流程各步", "The playbook's steps"), "lc"),
    _a("incident.clocks", "2", Text("时限", "Clocks"), Text("计时中的时限", "The clocks that run"), "sx"),
    _a(
        "incident.figures",
        "3",
        Text("数字", "Figures"),
        Text("伤亡损失，各来源并列", "Casualties and losses, sources side by side"),
        "sz",
    ),
    _a(
        "incident.notices",
        "4",
        Text("通知", "Notices"),
        Text("通知和各人回执", "Notices and who has them"),
        "tz",
    ),
    _a(
        "incident.timeline",
        "5",
        Text("经过", "Timeline"),
        Text("按时间排的全部经过", "All that happened"),
        "jg",
    ),
    _a("incident.left", "left", Text("上一栏", "Pane before"), Text("换到上一栏", "The pane before"), "syl"),
    _a("incident.right", "right", Text("下一栏", "Next pane"), Text("换到下一栏", "The next pane"), "xyl"),
)
