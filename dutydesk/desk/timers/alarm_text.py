"""The words of an escalation: what is due, of which incident, how late, and why it is told only now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from dutydesk.model.text import Language, Text
from dutydesk.model.visible import visible_line

MOST_LINES: Final = 12
LONGEST_SUBJECT: Final = 80

_HEAD: Final = Text("【{level}】时限提醒，请立即处理：", "[{level}] due now, act at once:")
_LINE: Final = Text(
    "时限{id} {subject}{incident}，应于{due}前完成，{how}。",
    "Timer {id} {subject}{incident}, due {due}, {how}.",
)
_INCIDENT: Final = Text("（事件{id:03d}）", " (incident {id:03d})")
_LEFT: Final = Text("还剩{span}", "{span} left")
_NOW: Final = Text("时间已到", "due now")
_LATE: Final = Text("已超时{span}", "{span} overdue")
_EXPIRED: Final = Text(
    "（{by}曾确认在办，其后无进展，确认已失效）", " (acknowledged by {by}, no progress since)"
)
_TOLD_LATE: Final = Text("（本提醒迟发{span}）", " (this alarm comes {span} late)")
_MORE: Final = Text("另有{n}项，见时限清单。", "{n} more, see the list of timers.")
_HOURS: Final = Text("{h}小时", "{h} h ")
_MINUTES: Final = Text("{m}分", "{m} min ")
_SECONDS: Final = Text("{s}秒", "{s} s")


@dataclass(frozen=True, slots=True)
class Alarm:
    """One timer somebody is told of. ``late`` is how long after its level's time that happens;
    ``expired_by`` whose acknowledgement ran out, else empty."""

    timer: int
    subject: str
    incident: int | None
    due: datetime
    late: timedelta
    expired_by: str = ""


def span_text(span: timedelta, language: Language = "zh") -> str:
    """``2小时5分``, ``8分12秒``: the two largest units."""
    seconds = max(int(span.total_seconds()), 0)
    hours, minutes, rest = seconds // 3600, seconds % 3600 // 60, seconds % 60
    said = _HOURS.in_(language).format(h=hours) if hours else ""
    said += _MINUTES.in_(language).format(m=minutes) if minutes else ""
    if not hours and (rest or not minutes):
        said += _SECONDS.in_(language).format(s=rest)
    return said.strip()


def alarm_text(
    alarms: Sequence[Alarm],
    *,
    level: Text,
    now: datetime,
    zone: ZoneInfo,
    says_late_from: timedelta,
    language: Language = "zh",
) -> str:
    """The message that tells the level named ``level`` of ``alarms``, the first MOST_LINES one by one."""
    lines = [_HEAD.in_(language).format(level=level.in_(language))]
    for alarm in alarms[:MOST_LINES]:
        line = _LINE.in_(language).format(
            id=alarm.timer,
            subject=visible_line(alarm.subject)[:LONGEST_SUBJECT],
            incident="" if alarm.incident is None else _INCIDENT.in_(language).format(id=alarm.incident),
            due=alarm.due.astimezone(zone).strftime("%m-%d %H:%M:%S"),
            how=_how(alarm.due, now, language),
        )
        if alarm.expired_by:
            line += _EXPIRED.in_(language).format(by=alarm.expired_by)
        if alarm.late >= says_late_from:
            line += _TOLD_LATE.in_(language).format(span=span_text(alarm.late, language))
        lines.append(line)
    if len(alarms) > MOST_LINES:
        lines.append(_MORE.in_(language).format(n=len(alarms) - MOST_LINES))
    return "\n".join(lines)


def _how(due: datetime, now: datetime, language: Language) -> str:
    if now < due:
        return _LEFT.in_(language).format(span=span_text(due - now, language))
    if now - due < timedelta(seconds=1):
        return _NOW.in_(language)
    return _LATE.in_(language).format(span=span_text(now - due, language))
