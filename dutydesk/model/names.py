"""The closed vocabularies in both languages: what a state is called, the same at every door."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from dutydesk.model.enums import (
    BroadcastState,
    DeliveryState,
    FigureKind,
    FigureOrigin,
    IncidentStatus,
    Level,
    Outcome,
    Permission,
    ReportSource,
    Role,
    RunStatus,
    StepKind,
    StepState,
    TimerState,
)
from dutydesk.model.markers import MarkerState
from dutydesk.model.text import Text

# The statutes' words, short enough for a column; db/reference/grading.yaml has them whole, by type.
LEVELS: Mapping[Level, Text] = {
    Level.PARTICULARLY_SERIOUS: Text("特别重大", "Part. serious"),
    Level.SERIOUS: Text("重大", "Serious"),
    Level.RELATIVELY_SERIOUS: Text("较大", "Rel. serious"),
    Level.ORDINARY: Text("一般", "Ordinary"),
}
UNGRADED = Text("未定级", "Ungraded")
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
    FigureKind.MAGNITUDE: Text("震级", "Magnitude"),
}
SOURCES: Mapping[ReportSource, Text] = {
    ReportSource.PHONE: Text("电话", "phone"),
    ReportSource.HOTLINE_12350: Text("12350", "12350"),
    ReportSource.POLICE_110: Text("110", "110"),
    ReportSource.FAX: Text("传真", "fax"),
    ReportSource.SYSTEM: Text("系统", "system"),
}
TIMERS: Mapping[TimerState, Text] = {
    TimerState.ARMED: Text("计时", "running"),
    TimerState.FIRED: Text("到时", "due"),
    TimerState.ACKNOWLEDGED: Text("已应", "acknowledged"),
    TimerState.MET: Text("已办", "met"),
    TimerState.MISSED: Text("逾期", "missed"),
    TimerState.CANCELLED: Text("取消", "cancelled"),
}
KINDS_OF_STEP: Mapping[StepKind, Text] = {
    StepKind.DO: Text("办理", "do"),
    StepKind.ASK: Text("询问", "ask"),
    StepKind.CALL: Text("叫应", "call"),
    StepKind.NOTIFY: Text("通知", "notify"),
    StepKind.REPORT: Text("报告", "report"),
}
STEPS: Mapping[StepState, Text] = {
    StepState.WAITING: Text("未到", "waiting"),
    StepState.READY: Text("待办", "ready"),
    StepState.UNDER_WAY: Text("在办", "under way"),
    StepState.DONE: Text("已办", "done"),
    StepState.SKIPPED: Text("跳过", "skipped"),
    StepState.NOT_APPLICABLE: Text("不适用", "n/a"),
}
DELIVERIES: Mapping[DeliveryState, Text] = {
    DeliveryState.QUEUED: Text("待发", "queued"),
    DeliveryState.SENDING: Text("发送中", "sending"),
    DeliveryState.ACCEPTED: Text("网关已收", "at gateway"),
    DeliveryState.DELIVERED: Text("已送达", "delivered"),
    DeliveryState.CONFIRMED: Text("已确认", "confirmed"),
    DeliveryState.RETRYING: Text("重试中", "retrying"),
    DeliveryState.REFUSED: Text("被拒", "refused"),
    DeliveryState.UNKNOWN: Text("结果不明", "unknown"),
    DeliveryState.FAILED: Text("失败", "failed"),
    DeliveryState.CANCELLED: Text("已撤销", "cancelled"),
    DeliveryState.STALE: Text("过时", "stale"),
}
MARKERS: Mapping[tuple[MarkerState, FigureOrigin], Text] = {
    (MarkerState.STATED, FigureOrigin.TEXT): Text("从内容读出", "read from the text"),
    (MarkerState.SUSPECTED, FigureOrigin.TEXT): Text("内容说可能", "perhaps, by the text"),
    (MarkerState.STRUCK, FigureOrigin.TEXT): Text("已删去", "struck out"),
    (MarkerState.STATED, FigureOrigin.OFFICER): Text("值班员认定", "stated by the officer"),
    (MarkerState.SUSPECTED, FigureOrigin.OFFICER): Text("值班员说可能", "perhaps, by the officer"),
    (MarkerState.STRUCK, FigureOrigin.OFFICER): Text("值班员删去", "struck out by the officer"),
}
"""What a marker is, and by whose word."""
DRILL = Text("演练", "DRILL")
LIVE = Text("实战", "LIVE")
INCIDENTS: Mapping[IncidentStatus, Text] = {
    IncidentStatus.OPEN: Text("处置中", "open"),
    IncidentStatus.CLOSED: Text("已结", "closed"),
}
RUNS: Mapping[RunStatus, Text] = {
    RunStatus.WALKING: Text("进行中", "walking"),
    RunStatus.FINISHED: Text("走完", "finished"),
    RunStatus.STOPPED: Text("已停", "stopped"),
}
BROADCASTS: Mapping[BroadcastState, Text] = {
    BroadcastState.DRAFT: Text("草稿", "draft"),
    BroadcastState.APPROVED: Text("已批准", "approved"),
    BroadcastState.RELEASED: Text("已发出", "released"),
    BroadcastState.CANCELLED: Text("已撤销", "cancelled"),
}
OUTCOMES: Mapping[Outcome, Text] = {
    Outcome.ACCEPTED: Text("网关已收", "accepted"),
    Outcome.REFUSED: Text("被拒", "refused"),
    Outcome.TRY_AGAIN: Text("网关暂未收", "not taken now"),
    Outcome.UNKNOWN: Text("结果不明", "unknown"),
}
ROLES: Mapping[Role, Text] = {
    Role.OPERATOR: Text("值班员", "operator"),
    Role.SHIFT_CHIEF: Text("值班长", "shift chief"),
    Role.DUTY_LEADER: Text("带班领导", "leader on duty"),
    Role.SUPERVISOR: Text("督查", "supervisor"),
    Role.ADMIN: Text("管理员", "admin"),
}

PERMISSIONS: Mapping[Permission, Text] = {
    Permission.READ: Text("查看", "read"),
    Permission.OPERATE: Text("值班操作", "operate"),
    Permission.APPROVE: Text("批准通知", "approve notices"),
    Permission.MANAGE_CONTACTS: Text("管理联系人", "manage contacts"),
    Permission.MANAGE_OFFICERS: Text("管理人员", "manage officers"),
}

_BY_TYPE: Mapping[type[Enum], Mapping[Enum, Text]] = {
    type(next(iter(table))): table  # type: ignore[misc]
    for table in (
        *(
            LEVELS,
            FIGURES,
            SOURCES,
            TIMERS,
            KINDS_OF_STEP,
            STEPS,
            DELIVERIES,
            INCIDENTS,
            RUNS,
            BROADCASTS,
            OUTCOMES,
        ),
        *(ROLES, PERMISSIONS),
    )
}


def name_of(value: Enum) -> Text:
    """What ``value`` is called. Raises KeyError for a vocabulary that has no names here."""
    return _BY_TYPE[type(value)][value]
