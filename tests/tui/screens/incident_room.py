"""A console over a real desk on SQLite, with a call on record, for the tests of the incident screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from textual.app import ComposeResult
from textual.screen import Screen

from dutydesk.desk.desk import Desk
from dutydesk.desk.views.board import NO_NAMES, Names
from dutydesk.model.clock import Clock
from dutydesk.model.officers import Actor
from dutydesk.model.views.board import Board
from dutydesk.tui.app import DutyDeskApp
from dutydesk.tui.ports import BarFacts
from dutydesk.tui.screen import DeskScreen
from dutydesk.tui.screens.incident.screen import IncidentScreen
from dutydesk.tui.widgets.linelist import LineList

ZONE = ZoneInfo("Asia/Shanghai")


@dataclass
class Port:
    """What the screens are handed: a desk that is open, and who is signed in."""

    desk: Desk
    actor: Actor
    clock: Clock
    zone: tzinfo = field(default=ZONE)

    async def board(self) -> Board:
        return Board((), (), (), None, 0, 0)

    async def names(self) -> Names:
        return NO_NAMES

    async def bar(self) -> BarFacts:
        return BarFacts("九龙坡应急值班", engine_seen=self.clock.now() + timedelta(days=1))

    async def wait_change(self, timeout: float) -> bool:  # noqa: ASYNC109
        return await self.desk.reader.wait_change(timeout)


class Empty(DeskScreen):
    """A room next door."""

    SCREEN_ID = "notice"

    def body(self) -> ComposeResult:
        yield LineList[int](lambda _n, _w: (), key=lambda n: n, id="main")


def console(port: Port, **options: Any) -> DutyDeskApp:
    """The console, opening on the incident screen."""
    rooms: dict[str, Callable[[], Screen[Any]]] = {
        each: type(f"Empty{each.title()}", (Empty,), {"SCREEN_ID": each})
        for each in ("board", "intake", "notice", "ledger", "shift")
    }
    return DutyDeskApp(port, {**rooms, "incident": IncidentScreen}, start="incident", **options)


def shown(app: DutyDeskApp) -> str:
    """The text on the screen, line by line."""
    strips = app.screen._compositor.render_strips(app.size)
    return "\n".join("".join(segment.text for segment in strip) for strip in strips[: app.size.height])
