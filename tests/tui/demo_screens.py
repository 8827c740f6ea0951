"""The screens of the demo desk: what a screen looks like on the console's foundation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import Screen
from textual.widgets import TextArea

from dutydesk.i18n import N_
from dutydesk.model.text import Text
from dutydesk.model.timers import Timer
from dutydesk.model.views.board import BoardIncident, BoardReport
from dutydesk.tui import times, words
from dutydesk.tui.lines import Cell, Line, lay_out
from dutydesk.tui.screen import DeskScreen
from dutydesk.tui.widgets.countdowns import Countdowns
from dutydesk.tui.widgets.fields import Field
from dutydesk.tui.widgets.heading import Heading
from dutydesk.tui.widgets.linelist import LineList
from dutydesk.tui.widgets.reading import Reader
from tests.tui.demo import HOSTILE


def timer_line(timer: Timer, width: int, now: datetime, seconds: bool) -> Line:
    left, role = times.remaining(timer.due, now, seconds=seconds)
    late = words.say(Text("超", "late")) if timer.due < now else ""
    return lay_out(
        [
            Cell(late, "late", width=4, align="right", gap=1),
            Cell(left, role, width=times.WIDTH, align="right"),
            Cell(timer.rule, "strong", width=18),
            Cell(
                "" if timer.verified else words.say(Text("未核实", "unverified")), "doubt", width=10, drop=2
            ),
            Cell(timer.source, "muted", width=10, drop=1),
            Cell(timer.note, "text", flex=1),
        ],
        width,
    )


def incident_line(incident: BoardIncident, width: int) -> Line:
    grade, role = words.level(incident.level, confirmed=incident.level_confirmed)
    return lay_out(
        [
            Cell(grade, role, width=words.LEVEL_WIDTH + 3, align="right"),
            Cell(words.say(words.DRILL) if incident.drill else "", "drill", width=5),
            Cell(f"{incident.id:03}", "muted", width=3),
            Cell(incident.title, "strong", flex=2),
            Cell(incident.town, width=8, drop=2),
            Cell(f"{incident.steps_done}/{incident.steps_total}", width=5, align="right", drop=1),
            Cell(incident.next_step, "text", flex=1),
        ],
        width,
    )


class DemoBoard(DeskScreen):
    SCREEN_ID = "board"
    ABOUT = Text("先看要逾期的，再看未结的，最后看新来的。", "What is about to be late comes first.")
    CSS = """
    #main { height: 1fr; min-height: 3; } #incidents { height: 5; } #reports { height: 4; }
    """

    def body(self) -> ComposeResult:
        with Vertical(id="body"):
            yield Heading(N_("Clocks"))
            yield Countdowns[Timer](
                timer_line,
                key=lambda t: t.id,
                due=lambda t: t.due,
                now=self.desk_app.now,
                empty=N_("No clock is running."),
                digits="lines",
                id="main",
            )
            yield Heading(N_("Incidents"))
            yield LineList[BoardIncident](
                incident_line, key=lambda i: i.id, empty=N_("No incident is open."), id="incidents"
            )
            yield Heading(N_("Came in"))
            yield LineList[BoardReport](self._report, key=lambda r: r.id, id="reports")

    async def load(self) -> None:
        board = await self.desk.board()
        self.query_one("#main", Countdowns).show(board.timers)
        self.query_one("#incidents", LineList).show(board.incidents)
        self.query_one("#reports", LineList).show(board.reports)

    def _report(self, report: BoardReport, width: int) -> Line:
        return lay_out(
            [
                Cell(
                    times.short(report.received_at, self.desk_app.now(), self.desk.zone),
                    "muted",
                    width=13,
                    align="right",
                ),
                Cell(report.source, width=6),
                Cell(report.text, flex=1),
            ],
            width,
        )


class DemoIntake(DeskScreen):
    SCREEN_ID = "intake"
    AUTO_FOCUS = "TextArea"
    CSS = "TextArea { height: 6; border: none; } #reader { height: 1fr; }"

    def body(self) -> ComposeResult:
        with Vertical(id="body"):
            yield TextArea(id="main", compact=True, show_line_numbers=False)
            yield Field(N_("Caller"), id="caller")
            yield Field(N_("Phone"), hint=N_("number to call back"), id="phone")
            yield Reader(id="reader")

    async def load(self) -> None:
        self.query_one("#reader", Reader).read(HOSTILE * 5)


class DemoRoom(DeskScreen):
    def body(self) -> ComposeResult:
        with Vertical(id="body"):
            yield LineList[int](
                lambda n, w: lay_out([Cell(f"{n:>7} {HOSTILE}", flex=1)], w), key=lambda n: n, id="main"
            )

    async def load(self) -> None:
        lines = self.query_one("#main", LineList)
        if not lines.rows:
            lines.show(range(10_000))


def screens() -> Mapping[str, Callable[[], Screen[Any]]]:
    """The factories."""

    def room(screen_id: str) -> Callable[[], Screen[Any]]:
        return type(f"Demo{screen_id.title()}", (DemoRoom,), {"SCREEN_ID": screen_id})

    rooms: dict[str, Callable[[], Screen[Any]]] = {
        each: room(each) for each in ("incident", "notice", "ledger", "shift")
    }
    return {"board": DemoBoard, "intake": DemoIntake, **rooms}
