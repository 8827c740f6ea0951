"""The incident screen's words for closed vocabularies, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from dutydesk.model.enums import BroadcastState, StepKind
from dutydesk.model.text import Text

KINDS: Mapping[StepKind, Text] = {
    StepKind.DO: Text("办", "do"),
    StepKind.ASK: Text("问", "ask"),
    StepKind.CALL: Text("叫应", "call"),
    StepKind.NOTIFY: Text("通知", "notify"),
    StepKind.REPORT: Text("报告", "report"),
}
MEANS: Mapping[str, Text] = {
    "phone": Text("电话报告", "by phone"),
    "written": Text("书面报告", "in writing"),
}
NOTICES: Mapping[BroadcastState, Text] = {
    BroadcastState.DRAFT: Text("草稿", "draft"),
    BroadcastState.APPROVED: Text("已签发", "approved"),
    BroadcastState.RELEASED: Text("已发", "released"),
    BroadcastState.CANCELLED: Text("已撤", "cancelled"),
}
NOTE = Text("备注", "note")
NOTICE = Text("通知", "notice")
PUT_RIGHT = Text("情况变动", "changed")
REPORT = Text("来报", "report")
LEFT = Text("还有", "in")
LATE = Text("超", "late")
OTHERS = Text("他方", "other")
UNVERIFIED = Text("未核实", "unverified")
MUST = Text("必", "!")
CLOCK = Text("时限", "clock")
STEP = Text("步骤", "step")
NEW = Text("新增", "new")
SOONER = Text("提前", "sooner")
LATER = Text("推后", "later")
MOVED = Text("移动", "moved")
ENDED = Text("了结", "ended")
SAVING = Text("记录", "saving")
