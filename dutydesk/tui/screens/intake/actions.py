"""What can be done on the intake screen, as plain data."""

from __future__ import annotations

from dutydesk.model.text import Text
from dutydesk.tui.actions import Action

_HERE = frozenset({"intake"})

ACTIONS: tuple[Action, ...] = (
    Action(
        "intake.save",
        ("ctrl+s",),
        Text("存报", "Save"),
        Text("存入台账并立案计时", "Put the report on record and start its clocks"),
        "cb",
        _HERE,
        1,
    ),
    Action(
        "intake.reading",
        ("ctrl+g",),
        Text("改数字", "Figures"),
        Text(
            "到读出的数字和情形：打数字改，? 不明，减号删去，加号认定情形，回车归入所选事件",
            "To what was read out: digits correct, ? is unknown, - strikes out, + states a circumstance",
        ),
        "gsz",
        _HERE,
        2,
    ),
    Action(
        "intake.drill",
        ("ctrl+t",),
        Text("演练/实战", "Drill/live"),
        Text("把这份接报换成演练或实战", "Makes this report a drill, or live"),
        "ylsz",
        _HERE,
        4,
    ),
    Action(
        "intake.drafts",
        ("ctrl+o",),
        Text("草稿", "Drafts"),
        Text("接着写未存的草稿", "Take up a draft that was not saved"),
        "cg",
        _HERE,
        3,
    ),
    Action(
        "intake.discard",
        ("ctrl+n",),
        Text("弃稿", "Discard"),
        Text("丢开这份草稿，先问一声", "Put this draft away, after asking"),
        "qg",
        _HERE,
    ),
)
