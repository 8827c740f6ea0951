"""The locked console: who and what is hidden, the clocks and the alarms are not, and the PIN opens it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input

from dutydesk.i18n import N_, _
from dutydesk.model.errors import DeskError
from dutydesk.model.text import Text
from dutydesk.model.timers import Timer
from dutydesk.tui import times, words
from dutydesk.tui.lines import Cell, Line, lay_out
from dutydesk.tui.ports import BarFacts
from dutydesk.tui.screen import DeskScreen
from dutydesk.tui.widgets.countdowns import Countdowns
from dutydesk.tui.widgets.fields import Field
from dutydesk.tui.widgets.heading import Heading
from dutydesk.tui.widgets.reading import Say

if TYPE_CHECKING:
    from dutydesk.desk.views.board import Names
    from dutydesk.tui.gateway import Gateway


class LockScreen(DeskScreen):
    """Shows clocks by duty and incident number only."""

    SCREEN_ID = "lock"
    ABOUT = Text(
        "席位已锁定：姓名和内容藏起，时限和告警照常。输入本人 PIN 并回车即解锁。",
        "Locked: names and texts are hidden, clocks and alarms are not. Type your PIN and press Enter.",
    )
    AUTO_FOCUS = "#pin Input"
    DEFAULT_CSS = """
    LockScreen #clocks { height: 1fr; min-height: 2; }
    LockScreen #ask { height: auto; padding: 1 2; }
    LockScreen Field { width: 44; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._names: Names | None = None

    def body(self) -> ComposeResult:
        with Vertical(id="body"):
            with Vertical(id="ask"):
                yield Say(N_("Locked. Clocks and alarms go on."), classes="title")
                yield Field(N_("PIN"), secret=True, id="pin")
            yield Heading(N_("Clocks"))
            clocks = Countdowns[Timer](
                self._clock,
                key=lambda timer: timer.id,
                due=lambda timer: timer.due,
                now=self.desk_app.now,
                empty=N_("No clock is running."),
                id="clocks",
            )
            clocks.can_focus = False
            yield clocks

    async def load(self) -> None:
        board = await self.desk.board()
        self._names = await self.desk.names()
        self.query_one("#clocks", Countdowns).show(board.timers)

    async def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.desk_app.act(self._unlock(event.value))

    async def _unlock(self, pin: str) -> None:
        field = self.query_one("#pin", Field)
        if not pin:
            return
        field.value = ""
        try:
            await self.desk_app.write(cast("Gateway", self.desk).unlock(pin))
        except DeskError as error:
            field.wrong(_(error.msgid, **error.details))
            return
        field.wrong("")
        self.desk_app.admit()

    def tell_bar(self, facts: BarFacts) -> None:
        """Without the names."""
        super().tell_bar(
            BarFacts(
                facts.place,
                shift=_("locked"),
                drill=facts.drill,
                engine_seen=facts.engine_seen,
                engine_starting=facts.engine_starting,
                demo=facts.demo,
            )
        )

    def tell_news(self, text: str, role: str) -> None:
        """News may hold names: it is not shown here."""

    def back(self) -> bool:
        return True

    def _clock(self, timer: Timer, width: int, now: datetime, seconds: bool) -> Line:
        left, role = times.remaining(timer.due, now, seconds=seconds)
        name = self._names.duty(timer) if self._names else None
        return lay_out(
            [
                Cell(_("late") if timer.due < now else "", "late", width=5, align="right", gap=1),
                Cell(left, role, width=times.WIDTH, align="right"),
                Cell(f"{timer.incident:03}" if timer.incident else "", "muted", width=4),
                Cell(words.say(name) if name else _("a reminder"), "strong", flex=1),
            ],
            width,
        )
