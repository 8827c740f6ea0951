"""A tiny desk of fixed rows, for the widgets' tests and for looking at the console by hand:
``python -m tests.tui.demo``."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dutydesk.desk.views.board import NO_NAMES, Names
from dutydesk.model.clock import Clock, SystemClock
from dutydesk.model.enums import Level, TimerKind, TimerState
from dutydesk.model.errors import NotAllowed, StoreError
from dutydesk.model.officers import Actor
from dutydesk.model.timers import Timer
from dutydesk.model.views.board import Board, BoardIncident, BoardReport
from dutydesk.tui.ports import BarFacts

if TYPE_CHECKING:
    from dutydesk.desk.desk import Desk
    from dutydesk.tui.app import DutyDeskApp

ZONE = timezone(timedelta(hours=8))
HOSTILE = "[/紧急] \x1b[31m红\x1b[0m [link=x]陶家镇“液氯槽车”侧翻泄漏，下风向疏散 312 人！"


@dataclass
class DemoDesk:
    """Rows made around the clock's present."""

    clock: Clock = field(default_factory=SystemClock)
    zone: tzinfo = ZONE
    timers: int = 3
    facts: BarFacts = field(default_factory=BarFacts)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    started: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.started = self.clock.now()

    @property
    def desk(self) -> Desk:
        raise StoreError("The demo of the widgets has no database.")

    @property
    def actor(self) -> Actor:
        raise NotAllowed("Nobody is signed in.")

    async def board(self) -> Board:
        start = self.started
        timers = tuple(
            Timer(
                id=n + 1,
                kind=TimerKind.DEADLINE,
                rule=("电话报告市应急局", "书面首报", "通知未确认 4/13")[n % 3],
                subject="incident:1",
                anchor="occurred",
                anchor_at=start,
                due=start + timedelta(minutes=12 * n - 3, seconds=31),
                state=TimerState.ARMED,
                level=0,
                source="渝条例28",
                verified=n % 2 == 0,
                drill=False,
                note=("001 液氯槽车泄漏", "002 下穿道积水", HOSTILE)[n % 3],
            )
            for n in range(self.timers)
        )
        incidents = (
            BoardIncident(
                1,
                Level.RELATIVELY_SERIOUS,
                True,
                "液氯槽车侧翻泄漏",
                "hazmat",
                "陶家",
                False,
                6,
                19,
                "通知海事",
                12,
                13,
                1,
                start,
            ),
            BoardIncident(
                2,
                Level.ORDINARY,
                False,
                "下穿道积水",
                "flood",
                "谢家湾",
                True,
                3,
                11,
                "封闭道路",
                9,
                13,
                0,
                start,
            ),
        )
        reports = (
            BoardReport(7, start, "12119", "玉清寺后山冒烟，未见明火", "中梁山", None, False),
            BoardReport(8, start, "phone", HOSTILE, "陶家", 1, False),
        )
        return Board(timers, incidents, reports, None, 1, 0)

    async def names(self) -> Names:
        return NO_NAMES

    async def bar(self) -> BarFacts:
        return self.facts

    async def wait_change(self, timeout: float) -> bool:  # noqa: ASYNC109
        try:
            await asyncio.wait_for(self.changed.wait(), timeout)
        except TimeoutError:
            return False
        self.changed.clear()
        return True


def desk(clock: Clock | None = None, *, timers: int = 3) -> DemoDesk:
    """A desk with a shift on it."""
    clock = clock or SystemClock()
    facts = BarFacts("九龙坡应急值班", "值班 乙 丙", "带班 甲", engine_seen=clock.now() + timedelta(days=1))
    return DemoDesk(clock, timers=timers, facts=facts)


def make(a_desk: DemoDesk | None = None, **options: Any) -> DutyDeskApp:
    """The console over the demo desk, with a board and five empty rooms."""
    from dutydesk.tui.app import DutyDeskApp
    from tests.tui.demo_screens import screens

    return DutyDeskApp(a_desk or desk(), screens(), **options)


def main() -> int:
    """Opens it in this terminal."""
    from dutydesk.model.errors import DeskError
    from dutydesk.tui.terminal import prepare

    try:
        prepare()
    except DeskError as error:
        sys.stderr.write(f"dutydesk: {error}\n")
        return 2
    options: dict[str, Any] = {}
    for word in sys.argv[1:]:
        name, _, value = word.partition("=")
        options[name] = value
    timers = int(options.pop("timers", 3))
    if "crash_dir" in options:
        options["crash_dir"] = Path(options["crash_dir"])
    app = make(desk(timers=timers), **options)
    app.run()
    return app.return_code or 0


if __name__ == "__main__":
    sys.exit(main())
