"""Times as typed at three in the morning."""

from __future__ import annotations

from datetime import datetime

import pytest

from dutydesk.model.errors import BadInput
from dutydesk.rules.times import parse_ahead, parse_short
from tests.rules.district import ZONE, local

NOW = local(3, 2, 40)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("0215", local(3, 2, 15)),
        ("215", local(3, 2, 15)),
        ("2:15", local(3, 2, 15)),
        ("2：15", local(3, 2, 15)),
        ("2点15分", local(3, 2, 15)),
        ("2点", local(3, 2)),
        (" 0215 ", local(3, 2, 15)),
        ("2350", local(2, 23, 50)),
        ("0244", local(3, 2, 44)),
        ("0246", local(2, 2, 46)),
        ("-20m", local(3, 2, 20)),
        ("-1h", local(3, 1, 40)),
        ("-1h30m", local(3, 1, 10)),
        ("昨2330", local(2, 23, 30)),
        ("昨天 23:30", local(2, 23, 30)),
        ("yesterday 2330", local(2, 23, 30)),
        ("前天0100", local(1, 1)),
        ("2026-03-03T01:00", local(3, 1)),
        ("2026-03-03 01:00", local(3, 1)),
        ("2026-03-02T18:00:00Z", local(3, 2)),
        ("2026-03-03T01:00:00+08:00", local(3, 1)),
    ],
)
def test_what_was_typed_is_understood(typed: str, meant: datetime) -> None:
    assert parse_short(typed, NOW, ZONE) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "soon",
        "2560",
        "0199",
        "今2350",
        "2026-03-03",
        "2026-03-04T01:00",
        "-",
        "-5",
        "12345",
        "-99999999h",
    ],
)
def test_what_is_no_time_or_not_yet_come_is_refused(typed: str) -> None:
    with pytest.raises(BadInput):
        parse_short(typed, NOW, ZONE)


@pytest.mark.parametrize(
    ("typed", "at", "note"),
    [
        ("10m 回叫报警人", local(3, 2, 50), "回叫报警人"),
        ("in 10 min call back", local(3, 2, 50), "call back"),
        ("10 minutes call", local(3, 2, 50), "call"),
        ("十分钟后回叫", local(3, 2, 50), "回叫"),
        ("10分 回叫", local(3, 2, 50), "回叫"),
        ("半小时后，问水位", local(3, 3, 10), "问水位"),
        ("1h30m 续报", local(3, 4, 10), "续报"),
        ("1小时30分钟后续报", local(3, 4, 10), "续报"),
        ("两个小时后 续报", local(3, 4, 40), "续报"),
        ("一个小时半 续报", local(3, 4, 10), "续报"),
        ("0630 交班前核对", local(3, 6, 30), "交班前核对"),
        ("6:30 交班", local(3, 6, 30), "交班"),
        ("0230 明早", local(4, 2, 30), "明早"),
        ("明0800 复盘", local(4, 8), "复盘"),
        ("明天8点 复盘", local(4, 8), "复盘"),
        ("at 0630 handover", local(3, 6, 30), "handover"),
        ("10m [/紧急]", local(3, 2, 50), "[/紧急]"),
    ],
)
def test_a_reminder_is_typed_as_said(typed: str, at: datetime, note: str) -> None:
    assert parse_ahead(typed, NOW, ZONE) == (at, note)


@pytest.mark.parametrize("typed", ["", "回叫", "soon call", "2575 x", "-10m x", "9999999999m x", "今0100 x"])
def test_what_is_no_time_to_come_is_refused_as_a_reminder(typed: str) -> None:
    with pytest.raises(BadInput):
        parse_ahead(typed, NOW, ZONE)
