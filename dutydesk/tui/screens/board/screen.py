"""The board (态势): what is about to be late, what is open, what came in and belongs to nothing yet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Final, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical

from dutydesk.i18n import N_, _
from dutydesk.model.errors import DeskError
from dutydesk.model.text import Text
from dutydesk.model.timers import Timer
from dutydesk.model.views.board import Board, BoardIncident, BoardReport
from dutydesk.tui import words
from dutydesk.tui.lines import Line, Piece
from dutydesk.tui.screen import DeskScreen, bindings
from dutydesk.tui.screens.board import actions
from dutydesk.tui.screens.board.rows import Sense, incident_row, report_row, timer_row
from dutydesk.tui.screens.board.soonest import Soonest
from dutydesk.tui.widgets.countdowns import Countdowns
from dutydesk.tui.widgets.heading import Heading
from dutydesk.tui.widgets.linelist import LineList

if TYPE_CHECKING:
    pass


@dataclass(frozen=True, slots=True)
class Place:
    """Where a report may be filed: an open incident, or ``None`` for a new one of ``type`` (its own if
    empty)."""

    incident: BoardIncident | None
    type: str = ""
    name: Text | None = None


SOON: Final = 0.1
"""Seconds after which what the first frame did without is fetched."""


def _not_listed(count: int) -> str:
    """That there is more than the list has room for."""
    return _("{count} more, not listed", count=count) if count else ""


def words_of(place: Place) -> str:
    """Both names of an event type, to be searched."""
    return f"{place.name.zh} {place.name.en}" if place.name is not None else ""


class BoardScreen(DeskScreen):
    """Enter opens what the choice is on; an unfiled report is filed first."""

    SCREEN_ID = "board"
    ABOUT = Text(
        "先看要逾期的，再看未结的，最后看新来的。回车打开；未立案的来报回车即归入事件。左右键换栏，空格表示时限在办。",
        "What is about to be late comes first, then what is open, then what came in. Enter opens a row, or"
        " files a report that belongs to nothing yet. Left and Right change the pane; Space says that a clock"
        " is in hand.",
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "app.focus_previous", show=False),
        Binding("right", "app.focus_next", show=False),
        *bindings(actions.ACTIONS),
    ]
    DEFAULT_CSS = """
    BoardScreen #panes { layout: vertical; height: 1fr; overflow-y: auto; }
    BoardScreen #clocks { height: 5fr; min-height: 3; }
    BoardScreen #others { height: 9fr; min-height: 6; }
    BoardScreen #incidents { height: 5fr; min-height: 1; }
    BoardScreen #reports { height: 4fr; min-height: 1; }
    BoardScreen.-wide #panes { layout: horizontal; }
    BoardScreen.-wide #clocks { width: 10fr; height: 1fr; }
    BoardScreen.-wide #others { width: 13fr; height: 1fr; margin: 0 0 0 2; }
    BoardScreen.-tall #soonest { height: 7; }
    BoardScreen #main { height: 1fr; }
    """

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012 - as Textual declares it
    VERTICAL_BREAKPOINTS = [(0, "-low"), (32, "-tall")]  # noqa: RUF012 - as Textual declares it

    def __init__(self, first: Board | None = None) -> None:
        """``first`` is what it shows in the first frame, as read before there was a screen."""
        super().__init__()
        self._first = first
        self._sense = Sense()
        self._named = False

    def body(self) -> ComposeResult:
        app = self.desk_app
        with Vertical(id="body"):
            yield Soonest(app.now, self._what, self._about, id="soonest")
            with Container(id="panes"):
                with Vertical(id="clocks"):
                    yield Heading(N_("Clocks"), id="clocks-head")
                    yield Countdowns[Timer](
                        lambda timer, width, now, seconds: timer_row(timer, width, now, seconds, self._sense),
                        key=lambda timer: timer.id,
                        due=lambda timer: timer.due,
                        now=app.now,
                        empty=N_("No clock is running."),
                        digits="lines",
                        id="main",
                    )
                with Vertical(id="others"):
                    yield Heading(N_("Open incidents"), id="incidents-head")
                    yield LineList[BoardIncident](
                        lambda incident, width: incident_row(incident, width, self._sense),
                        key=lambda incident: incident.id,
                        empty=N_("No incident is open. F2 takes a call."),
                        digits="lines",
                        id="incidents",
                    )
                    yield Heading(N_("Came in"), id="reports-head")
                    yield LineList[BoardReport](
                        lambda report, width: report_row(report, width, app.now(), app.desk.zone),
                        key=lambda report: report.id,
                        empty=N_("Nothing has come in yet."),
                        digits="lines",
                        id="reports",
                    )

    async def load(self) -> None:
        if self._first is not None:
            self._show(self._first)
            self._first = None
            self.set_timer(SOON, self.reload)  # something may have been committed since it was read
            return
        self._show(await self.desk.board())
        if not self._named:
            self.set_timer(SOON, self._fetch_names)

    def _show(self, board: Board) -> None:
        self._sense = replace(self._sense, incidents={each.id: each for each in board.incidents})
        now = self.desk_app.now()
        late = sum(1 for timer in board.timers if timer.due <= now)
        self.query_one("#soonest", Soonest).show(next(iter(board.timers), None))
        said = (_("{count} late", count=late) if late else "", _not_listed(board.more_timers))
        self.query_one("#clocks-head", Heading).note(
            "  ".join(filter(None, said)), "late" if late else "soon" if board.more_timers else "muted"
        )
        self.query_one("#main", Countdowns).show(board.timers)
        trouble = _("{count} notices not reached", count=board.unreached) if board.unreached else ""
        if board.stale:
            trouble = f"{trouble}  {_('{count} stale', count=board.stale)}".strip()
        number = str(len(board.incidents)) if board.incidents else ""
        said = (trouble or number, _not_listed(board.more_incidents))
        self.query_one("#incidents-head", Heading).note(
            "  ".join(filter(None, said)), "late" if trouble else "soon" if board.more_incidents else "muted"
        )
        self.query_one("#incidents", LineList).show(board.incidents)
        self.query_one("#reports-head", Heading).note(
            _("{count} not filed", count=board.unfiled) if board.unfiled else "",
            "soon" if board.unfiled else "muted",
        )
        self.query_one("#reports", LineList).show(board.reports)

    def _fetch_names(self) -> None:
        self.run_worker(self._load_names(), group="names", exclusive=True)

    async def _load_names(self) -> None:
        if self._named:
            return
        try:
            found = await self.desk.names()
        except DeskError as error:
            self.desk_app.refused(error)
            return
        self._named = True
        self._sense = replace(self._sense, names=found)
        self._redraw()

    def _redraw(self) -> None:
        for lines in self.query(LineList):
            lines.redraw()
        self.query_one("#soonest", Soonest).tick()

    def tick(self) -> None:
        super().tick()
        self.query_one("#soonest", Soonest).tick()

    def _what(self, timer: Timer) -> str:
        return self._sense.what(timer)

    def _about(self, timer: Timer) -> str:
        return self._sense.about(timer)

    # --- doing ------------------------------------------------------------------------------------

    def on_line_list_taken(self, event: LineList.Taken) -> None:
        event.stop()
        row = event.row
        if isinstance(row, Timer):
            if row.incident is not None:
                self.desk_app.show_incident(row.incident, row.run)
            elif row.report is not None:
                self.desk_app.show_report(row.report)
            else:
                self.desk_app.news(_("This clock belongs to no incident."), "soon")
        elif isinstance(row, BoardIncident):
            self.desk_app.show_incident(row.id)
        elif isinstance(row, BoardReport):
            if row.incident is not None:
                self.desk_app.show_incident(row.incident)
            else:
                self.desk_app.act(self._file(row))

    async def _file(self, report: BoardReport, *, alone: bool = False) -> None:
        from dutydesk.tui.widgets.dialogs import Choose

        same = [each for each in self._sense.incidents.values() if each.drill == report.drill]
        places = [Place(None, name=Text("立为新事件", "A new incident")), *(Place(each) for each in same)]
        chosen = (
            places[0]
            if alone
            else await self.app.push_screen_wait(
                Choose(
                    N_("What is this report about?"),
                    places,
                    self._draw_place,
                    key=lambda place: (place.incident.id if place.incident else 0, place.type),
                )
            )
        )
        if chosen is None:
            return
        kind = ""
        if chosen.incident is None and not await self._has_type(report):
            picked = await self._ask_type()
            if picked is None:
                return
            kind = picked
        from dutydesk.desk.intake.filing import file_report

        target = chosen.incident.id if chosen.incident is not None else None
        done = await self.desk_app.write(
            file_report(self.desk.desk, self.desk.actor, report.id, target, event_type=kind)
        )
        self.desk_app.news(_("Report {report} is filed.", report=report.id))
        if done.incident is not None and target is None:
            self.desk_app.show_incident(done.incident)

    async def _has_type(self, report: BoardReport) -> bool:
        from dutydesk.desk.views.board import type_of_report

        return bool(await type_of_report(self.desk.desk, report.id))

    async def _ask_type(self) -> str | None:
        from dutydesk.tui.widgets.dialogs import Choose

        kinds = [Place(None, code, name) for code, name in self._sense.names.types.items()]
        picked = await self.app.push_screen_wait(
            Choose(
                N_("Which kind of event?"),
                kinds,
                self._draw_place,
                key=lambda place: place.type,
                find=lambda typed: [
                    each for each in kinds if typed.lower() in f"{words_of(each)} {each.type}".lower()
                ],
            )
        )
        return None if picked is None else picked.type

    @staticmethod
    def _draw_place(place: Place, width: int) -> Line:
        if place.incident is not None:
            return incident_row(place.incident, width, Sense())
        return (Piece(f" {words.say(place.name or Text(''))}", "strong"),)

    async def action_board_hand(self) -> None:
        from dutydesk.desk.timers.timers import acknowledge

        timer = cast("Timer | None", self.query_one("#main", Countdowns).chosen)
        if timer is not None:
            await self.desk_app.write(acknowledge(self.desk.desk, self.desk.actor, timer.id))
            self.desk_app.news(_("In hand: {what}", what=self._sense.what(timer)))

    def why_not_board_hand(self) -> str:
        clocks = self.query_one("#main", Countdowns)
        return "" if clocks.chosen is not None and clocks.has_focus else _("Choose a clock first.")

    async def action_board_alone(self) -> None:
        report = cast("BoardReport | None", self.query_one("#reports", LineList).chosen)
        if report is not None:
            await self._file(report, alone=True)

    def why_not_board_alone(self) -> str:
        reports = self.query_one("#reports", LineList)
        row = cast("BoardReport | None", reports.chosen)
        if row is None or not reports.has_focus or row.incident is not None:
            return _("Choose a report that is not filed first.")
        return ""
