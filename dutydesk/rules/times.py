"""Times as an officer types them at three in the morning: ``0215``, ``-20m``, ``昨2330``; ahead, for a
reminder: ``10m``, ``半小时后``, ``明0630``."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta, tzinfo

from dutydesk.model.errors import BadInput
from dutydesk.rules.numerals import NUMERAL, value_of

SLACK = timedelta(minutes=5)
"""How far ahead of the desk's clock a stated time may lie: wall clocks differ, the future does not happen."""

_DAYS_AGO = {"": None, "今": 0, "今天": 0, "today": 0, "昨": 1, "昨天": 1, "yesterday": 1, "前": 2, "前天": 2}
_CLOCK = re.compile(
    r"(?P<day>今天|昨天|前天|今|昨|前|today|yesterday)?\s*(?P<h>\d{1,2})(?:[:：点时](?P<m1>\d{2})?分?|(?P<m2>\d{2}))",
    re.IGNORECASE,
)
_AGO = re.compile(r"-\s*(?:(?P<h>\d+)\s*h)?\s*(?:(?P<m>\d+)\s*m(?:in)?)?", re.IGNORECASE)
_AHEAD = re.compile(
    rf"(?:in\s+)?(?:(?P<half>半个?小时)|(?:(?P<h>{NUMERAL})\s*(?:h(?:ours?)?|个?小时)(?P<and>半)?)?\s*"
    rf"(?:(?P<m>{NUMERAL})\s*(?:m(?:in(?:utes?|s)?)?|分钟?))?)(?:以?后)?(?=[\s,，、:：]|$|[^\x00-\x7f])",
    re.IGNORECASE,
)
_AHEAD_CLOCK = re.compile(
    r"(?:at\s+)?(?P<day>今天|明天|今|明|today|tomorrow)?\s*"
    r"(?P<h>\d{1,2})(?:[:：点时](?P<m1>\d{2})?分?|(?P<m2>\d{2}))(?=[\s,，、]|$|[^\x00-\x7f])",
    re.IGNORECASE,
)
_DAYS_AHEAD = {"今": 0, "今天": 0, "today": 0, "明": 1, "明天": 1, "tomorrow": 1}


def parse_ahead(text: str, now: datetime, tz: tzinfo) -> tuple[datetime, str]:
    """When ``text`` wants to be reminded, in UTC, and the words after that.

    Takes a while (``10m``, ``1h30m``, ``in 10 min``, ``十分钟后``, ``半小时``) or a time of day (``0630``,
    ``6:30``, ``明0630``); an hour that has passed today means tomorrow's. Raises BadInput.
    """
    typed = text.strip()
    if (match := _AHEAD.match(typed)) and (match["half"] or match["h"] or match["m"]):
        hours = 0.5 if match["half"] else value_of(match["h"] or "0") + (0.5 if match["and"] else 0)
        minutes = value_of(match["m"] or "0")
        if hours > 24 * 366 or minutes > 60 * 24 * 366:
            raise BadInput("A reminder lies between one second and a year ahead.")
        return (now + timedelta(hours=hours, minutes=minutes)).astimezone(UTC), _rest(typed, match.end())
    if match := _AHEAD_CLOCK.match(typed):
        hour, minute = int(match["h"]), int(match["m1"] or match["m2"] or 0)
        if hour > 23 or minute > 59:
            raise BadInput("{text} is no time of day; hours go to 23 and minutes to 59.", text=match[0])
        today, day = now.astimezone(tz).date(), _DAYS_AHEAD.get((match["day"] or "").lower())
        moment = datetime.combine(today + timedelta(days=day or 0), time(hour, minute), tz)
        if day is None and moment <= now:
            moment += timedelta(days=1)
        if moment <= now:
            raise BadInput("{text} has passed; a reminder is for what is to come.", text=match[0])
        return moment.astimezone(UTC), _rest(typed, match.end())
    raise BadInput("Say when, then what of: 10m, 1h30m or 0630, a blank, and the words.")


def _rest(typed: str, end: int) -> str:
    return typed[end:].lstrip(" \t\u3000,，、:：")


def parse_short(text: str, now: datetime, tz: tzinfo) -> datetime:
    """The moment ``text`` means, aware, in UTC.

    Takes ``0215``, ``2:15``, ``2点15``, with ``昨``/``yesterday`` before it; ``-20m``, ``-1h``, ``-1h20m``;
    and ISO 8601 (local to ``tz`` without an offset). An hour that has not come yet today means
    yesterday's. Raises BadInput for anything else, and for a time more than :data:`SLACK` ahead of ``now``.
    """
    typed = text.strip()
    moment = _ago(typed, now) or _clock(typed, now, tz) or _iso(typed, tz)
    if moment is None:
        raise BadInput(
            "{text} is not a time; type 0215, 2:15, -20m, -1h, 昨2330 or an ISO time.", text=typed or "''"
        )
    if moment > now + SLACK:
        raise BadInput("{text} has not come yet; a report tells of the past.", text=typed)
    return moment.astimezone(UTC)


def _ago(typed: str, now: datetime) -> datetime | None:
    match = _AGO.fullmatch(typed)
    if match is None or not (match["h"] or match["m"]):
        return None
    hours, minutes = int(match["h"] or 0), int(match["m"] or 0)
    if hours > 24 * 366 or minutes > 60 * 24 * 366:
        raise BadInput("{text} is more than a year ago; type the date in full.", text=typed)
    return now - timedelta(hours=hours, minutes=minutes)


def _clock(typed: str, now: datetime, tz: tzinfo) -> datetime | None:
    match = _CLOCK.fullmatch(typed)
    if match is None:
        return None
    hour, minute = int(match["h"]), int(match["m1"] or match["m2"] or 0)
    if hour > 23 or minute > 59:
        raise BadInput("{text} is no time of day; hours go to 23 and minutes to 59.", text=typed)
    local = now.astimezone(tz)
    days_ago = _DAYS_AGO[(match["day"] or "").lower()]
    moment = datetime.combine(local.date() - timedelta(days=days_ago or 0), time(hour, minute), tz)
    if days_ago is None and moment > now + SLACK:
        moment = datetime.combine(local.date() - timedelta(days=1), time(hour, minute), tz)
    return moment


def _iso(typed: str, tz: tzinfo) -> datetime | None:
    # fromisoformat also takes bare dates and compact forms: a report needs the hour written out.
    if not re.match(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}", typed):
        return None
    try:
        moment = datetime.fromisoformat(typed)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=tz)
