"""Desks to be pictured: real SQLite files filled by the desk's own use cases under a clock that stands still,
so that every picture of them is the same each time it is taken."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Literal

from sqlmodel import col, select

from dutydesk.demo import sample
from dutydesk.desk.desk import Desk
from dutydesk.desk.incidents import incidents
from dutydesk.desk.intake.reports import ReportForm, log_report
from dutydesk.desk.notices import broadcasts, deliveries
from dutydesk.desk.officers import officers, sessions
from dutydesk.desk.opening import open_desk, prepare
from dutydesk.desk.people.contacts import ContactEntry, import_contacts
from dutydesk.home import session_file
from dutydesk.home.paths import Home
from dutydesk.home.private import write_private
from dutydesk.home.settings import Settings
from dutydesk.model.clock import ManualClock
from dutydesk.model.enums import DeliveryState, ReportSource
from dutydesk.model.officers import Actor
from dutydesk.store.tables import DeliveryRow, LeaseRow
from dutydesk.store.views import officers as officer_views

Fill = Literal["empty", "typical", "full"]
FILLS: Final[tuple[Fill, ...]] = ("empty", "typical", "full")
NOW: Final = datetime(2026, 11, 22, 18, 40, 12, tzinfo=UTC)
"""02:40:12 at night in the district."""
HOSTILE: Final = "[/紧急] \x1b[31m红\x1b[0m [link=x]"
LONG: Final = (
    "西部国际涉外物流加工区海龙大道与含金路交汇处一在建厂房外脚手架局部坍塌，现场两名工人被压，"
    "项目经理称可能还有一人失联，消防、120 已到场，正用生命探测仪搜寻，请求协调吊车两台。"
)
_CHANNELS: Final = "sms:\n  http:\n    url: http://127.0.0.1:9/sms\n    accepted: {status: 200}\n"
_FATES: Final = (
    DeliveryState.DELIVERED,
    DeliveryState.ACCEPTED,
    DeliveryState.DELIVERED,
    DeliveryState.FAILED,
    DeliveryState.UNKNOWN,
)
DRILL: Final = 4
"""The incident of the sample shift that is a drill."""
_CONFIRMED: Final = 2
"""Every second recipient whose telephone got it has confirmed."""


def settings_of(home: Home) -> Settings:
    """No engine is started, and the console does not lock itself."""
    return Settings(database_url=home.database_url, engine_autostart=False, idle_lock_minutes=0)


async def build(directory: Path, fill: Fill) -> Home:
    """A home with a desk in it, filled as told, and an officer's session. Nothing is open afterwards."""
    home = Home.at(directory)
    settings = settings_of(home)
    await asyncio.to_thread(prepare, home, settings)
    write_private(home.channels_file, _CHANNELS)
    desk = await open_desk(home, settings, clock=ManualClock(NOW))
    try:
        if fill == "empty":
            await officers.first_officer(desk, sample.LOGIN, sample.NAME, sample.PIN, console="desk-1")
            token = (await sessions.sign_in(desk, sample.LOGIN, sample.PIN, console="desk-1")).token
        else:
            laid = await sample.lay_down(desk)
            token = laid.token
            await _answer(desk, laid)
            if fill == "full":
                await _crowd(desk, laid.other)
        await _beat(desk)
        session_file.write(home, token)
    finally:
        await desk.close()
    return home


async def _beat(desk: Desk) -> None:
    """An engine has just been heard of."""
    async with (await desk.store()).transaction(await _officer(desk), journaled=False) as tx:
        await tx.insert(
            [
                LeaseRow(
                    name="engine",
                    holder="pictured",
                    host="desk",
                    pid=1,
                    acquired_at=NOW,
                    heartbeat_at=NOW,
                    expires_at=NOW + timedelta(days=1),
                )
            ]
        )


async def _officer(desk: Desk) -> Actor:
    found = await officer_views.officer(desk.reader, sample.LOGIN)
    return Actor(found.id, found.login, found.name, found.roles, "desk-1")


async def _answer(desk: Desk, laid: sample.Sample) -> None:
    """What an engine and the people told would have done by now; the codes, which are drawn by lot, are
    made the same in every picture."""
    async with (await desk.store()).transaction(laid.other, journaled=False) as tx:
        rows = await tx.all(select(DeliveryRow).order_by(col(DeliveryRow.id)))
        for number, row in enumerate(rows):
            row.state = _FATES[number % len(_FATES)]
            row.code = f"K{number:05}"
            row.next_at = None
            row.attempts = 1
            row.reason = "号码不在服务区" if row.state == DeliveryState.FAILED else ""
            tx.session.add(row)
    reached = [row for row in rows if row.state == DeliveryState.DELIVERED]
    for row in reached[::_CONFIRMED]:
        await deliveries.confirm(desk, laid.other, str(row.id), by=row.contact)


async def _crowd(desk: Desk, actor: Actor) -> None:
    """Many rows, long words, and words that look like commands to a terminal."""
    people = [
        ContactEntry(
            name=f"{HOSTILE}王{number}",
            org=f"{HOSTILE}九龙坡区西部国际涉外物流加工区应急管理站第{number}组",
            duty="值班",
            groups=("duty_leader",),
            addresses=(("sms", f"000000010{number:02}"),),
        )
        for number in range(30)
    ]
    await import_contacts(desk, actor, people)
    for number in range(40):
        await log_report(
            desk,
            actor,
            ReportForm(
                text=f"{HOSTILE}{number} {LONG}",
                source=tuple(ReportSource)[number % len(ReportSource)],
                caller=HOSTILE,
                place=f"{HOSTILE}{LONG}",
                received_at=NOW - timedelta(minutes=200 - number),
                opens_incident=number % 2 == 0,
            ),
        )
    for number in range(20):
        await incidents.note(desk, actor, 1, f"{HOSTILE}{number} {LONG}")
    form = broadcasts.NoticeForm(
        groups=("duty_leader",),
        text=f"{HOSTILE}{LONG}",
        drill=True,
        confirm=True,
        incident=DRILL,
        channels=("sms",),
    )
    await broadcasts.draft(desk, actor, form)
