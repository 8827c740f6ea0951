"""The incident screen (F4): one incident's walk, clocks, figures, notices and timeline, worked by keys."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Coroutine
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen

from dutydesk.desk.views.duties import OtherDuty
from dutydesk.i18n import N_, _
from dutydesk.model.errors import DeskError, Refused
from dutydesk.model.reports import Incident
from dutydesk.model.text import Text
from dutydesk.model.timers import Timer
from dutydesk.model.views.timeline import TimelineLine
from dutydesk.tui.lines import Line
from dutydesk.tui.screen import DeskScreen, bindings
from dutydesk.tui.screens.incident import command, detail, rows, steps, walk
from dutydesk.tui.screens.incident.actions import ACTIONS
from dutydesk.tui.screens.incident.heads import PANES, IncidentHead, PaneLine, counts_of
from dutydesk.tui.screens.incident.rows import FigureRow, NoticeRow
from dutydesk.tui.screens.incident.walk import WalkRow
from dutydesk.tui.widgets.countdowns import Countdowns
from dutydesk.tui.widgets.footer import KeyFooter
from dutydesk.tui.widgets.heading import Heading
from dutydesk.tui.widgets.linelist import LineList
from dutydesk.tui.widgets.reading import Reader

if TYPE_CHECKING:
    from dutydesk.desk.views.work import Work

T = TypeVar("T")
_LISTS = {
    "walk": "#main",
    "clocks": "#clocks",
    "figures": "#figures",
    "notices": "#notices",
    "timeline": "#timeline",
    "others": "#others",
}


class IncidentScreen(DeskScreen):
    """Shows ``desk_app.shown.incident``; without one, the incidents to choose from."""

    SCREEN_ID = "incident"
    ABOUT = Text(
        "Enter 办选中的一步。1 至 5 换栏：流程、时限、数字、通知、经过。带 > 的是下一步，“必”是不能跳过的，"
        "“还有”“超”是离限时多久。未核实的依据会标明。0 换一起事件。",
        "Enter works the chosen step. 1 to 5 change panes: walk, clocks, figures, notices, timeline. "
        "A > marks the next step, an ! one that cannot be skipped. 0 chooses another incident.",
    )
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ACTIONS)]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012 - as Textual declares it
    VERTICAL_BREAKPOINTS = [(0, "-low"), (18, "-high")]  # noqa: RUF012 - as Textual declares it
    DEFAULT_CSS = """
    IncidentScreen #panes { height: 1fr; }
    IncidentScreen #left, IncidentScreen #right { height: 1fr; width: 1fr; }
    IncidentScreen.-wide #left { width: 13fr; }
    IncidentScreen.-wide #right { width: 11fr; margin: 0 0 0 1; }
    IncidentScreen #left > *, IncidentScreen #right > LineList { height: 1fr; display: none; }
    IncidentScreen #left > .-front { display: block; }
    IncidentScreen.-narrow #right > .-front { display: block; }
    IncidentScreen.-narrow #left.-behind, IncidentScreen.-narrow #right.-behind { display: none; }
    IncidentScreen.-narrow #right > Heading { display: none; }
    IncidentScreen.-wide #right > LineList { display: block; }
    IncidentScreen.-wide #right > #figures { height: 9; }
    IncidentScreen.-whole #right, IncidentScreen.-choosing #right { display: none; }
    IncidentScreen.-choosing #detail, IncidentScreen.-choosing #tabs { display: none; }
    IncidentScreen #detail { height: 4; padding: 0 1; }
    IncidentScreen.-wide #detail { height: 6; }
    IncidentScreen.-low #detail { display: none; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.work: Work | None = None
        self._pane = "walk"
        self._shown: tuple[int, int | None] | None = None
        self._go_to: tuple[str, ...] | None = None
        self._saving: tuple[str, ...] | None = None

    def body(self) -> ComposeResult:
        zone, now = self.desk.zone, self.desk_app.now
        yield IncidentHead(0, zone, id="title")
        yield IncidentHead(1, zone, id="grade")
        yield PaneLine(id="tabs")
        with Horizontal(id="panes"):
            with Vertical(id="left"):
                yield Countdowns[WalkRow](
                    self._walk_line,
                    key=lambda row: row.key,
                    due=lambda row: row.due,
                    now=now,
                    choosable=lambda row: row.choosable,
                    ground=lambda row: "bar" if row.kind == "run" else "plain",
                    empty=N_("No playbook is being walked."),
                    id="main",
                )
                yield LineList[NoticeRow](
                    rows.notice_line,
                    key=lambda row: row.key,
                    empty=N_("No notice about this incident yet."),
                    id="notices",
                )
                yield LineList[TimelineLine](
                    self._timeline_line, key=lambda line: (line.kind, line.id), id="timeline"
                )
                yield LineList[Incident](
                    lambda row, width: rows.incident_line(row, width, now(), zone),
                    key=lambda row: row.id,
                    empty=N_("No incident is open. F2 takes a report."),
                    id="others",
                )
            with Vertical(id="right"):
                yield Heading(N_("Clocks"), id="clocks-head")
                yield Countdowns[Timer | OtherDuty](
                    self._clock_line,
                    key=rows.clock_key,
                    due=rows.clock_due,
                    now=now,
                    empty=N_("No clock is running."),
                    id="clocks",
                )
                yield Heading(N_("Figures"), id="figures-head")
                yield LineList[FigureRow](
                    lambda row, width: rows.figure_line(row, width, now(), zone),
                    key=lambda row: row.kind,
                    empty=N_("No figures were stated."),
                    id="figures",
                )
        yield Reader(base="plain", id="detail")

    # --- what the working modules call ----------------------------------------------------------------

    def must_work(self) -> Work:
        """The incident in front. Raises Refused when none is."""
        if self.work is None:
            raise Refused("No incident is open here: choose one first.")
        return self.work

    async def ask(self, dialog: ModalScreen[T | None]) -> T | None:
        """Puts a dialog in front and returns its answer."""
        return await self.desk_app.push_screen_wait(dialog)

    async def commit(self, command: Coroutine[Any, Any, T], row: WalkRow | None = None) -> T:
        """Runs a command of the desk and shows what came of it, a refusal as well. ``row``, the step it is
        about, says at once that it is being saved."""
        shown = self.query_one("#main", Countdowns)
        self._saving = row.key if row is not None else None
        shown.redraw_row(self._saving)
        try:
            return await self.desk_app.write(command)
        except DeskError as error:
            if row is not None and row.step is not None and error.details.get("step") == row.step.step.id:
                error.details["step"] = row.title  # as the officer knows it
            raise
        finally:
            self._saving = None
            shown.redraw()
            self.reload()

    def go_to_step(self, run: int, step: str) -> None:
        """Puts the choice on a step as soon as it is loaded."""
        self._go_to = (str(run), step)

    # --- loading and showing --------------------------------------------------------------------------

    async def load(self) -> None:
        await asyncio.to_thread(importlib.import_module, "dutydesk.desk.views.work")
        from dutydesk.desk.views import work as work_view

        shown = self.desk_app.shown
        if shown.incident is None or self._pane == "others":
            found = await work_view.choosable(self.desk.desk)
            self.query_one("#others", LineList).show(found)
            if shown.incident is None:
                self.work = None
                self._front("others")
        if shown.incident is not None:
            self.work = await work_view.work(self.desk.desk, shown.incident)
            if self._shown != (shown.incident, shown.run):
                self._shown = (shown.incident, shown.run)
                self._go_to = self._next_of(self.work, shown.run)
                self._front("walk")
        self._show()

    @staticmethod
    def _next_of(work: Work, run: int | None) -> tuple[str, ...] | None:
        wanted = [each for each in work.runs if run is None or each.run == run]
        return (str(wanted[-1].run), wanted[-1].walk.next_step) if wanted else None

    def _show(self) -> None:
        work, now = self.work, self.desk_app.now()
        self.query_one("#title", IncidentHead).tell(work if self._pane != "others" else None, now)
        self.query_one("#grade", IncidentHead).tell(work if self._pane != "others" else None, now)
        if work is None:
            self.query_one("#keys", KeyFooter).redraw()
            return
        self.query_one("#tabs", PaneLine).tell(self._pane, counts_of(work, now))
        steps_shown = self.query_one("#main", Countdowns)
        steps_shown.show(walk.walk_rows(work))
        if self._go_to is not None:
            steps_shown.point(self._go_to)
            self._go_to = None
        self.query_one("#clocks", Countdowns).show(rows.clock_rows(work))
        self.query_one("#figures", LineList).show(rows.figure_rows(work.figures))
        self.query_one("#notices", LineList).show(rows.notice_rows(work.notices))
        self.query_one("#timeline", LineList).show(work.timeline)
        self._detail()

    def _front(self, pane: str) -> None:
        """Brings a pane to the front and gives it the keys."""
        self._pane = pane
        self.set_class(pane == "others", "-choosing")
        self.set_class(pane in ("notices", "timeline"), "-whole")
        right = pane in ("clocks", "figures")
        self.query_one("#left").set_class(right, "-behind")
        self.query_one("#right").set_class(not right, "-behind")
        for name, selector in _LISTS.items():
            wide_left = name == "walk" and right
            self.query_one(selector).set_class(name == pane or wide_left, "-front")
        self.query_one(_LISTS[pane]).focus()
        if self.work is not None:
            self.query_one("#tabs", PaneLine).tell(pane, counts_of(self.work, self.desk_app.now()))
            self._detail()

    def _detail(self) -> None:
        self.query_one("#keys", KeyFooter).redraw()
        if self.work is not None and self._pane != "others":
            chosen = self.query_one(_LISTS[self._pane], LineList).chosen
            self.query_one("#detail", Reader).read_all(detail.detail(self, self.work, chosen))

    def relabel(self) -> None:
        super().relabel()
        self._show()

    def tick(self) -> None:
        super().tick()
        if self.work is not None and self._pane != "others":
            counts = counts_of(self.work, self.desk_app.now())
            self.query_one("#tabs", PaneLine).tell(self._pane, counts)

    def back(self) -> bool:
        if self._pane == "others" and self.work is not None:
            self._front("walk")
            self._show()
            return True
        if self._pane not in ("walk", "others"):
            self._front("walk")
            return True
        return False

    def _walk_line(self, row: WalkRow, width: int, now: datetime, ticks: bool) -> Line:
        saving = row.key == self._saving
        return walk.walk_line(row, width, now, ticks, self.desk.zone, saving=saving)

    def _clock_line(self, row: Timer | OtherDuty, width: int, now: datetime, ticks: bool) -> Line:
        if isinstance(row, Timer):
            return rows.clock_line(self.must_work(), row, width, now, ticks)
        return rows.duty_line(row, width)

    def _timeline_line(self, line: TimelineLine, width: int) -> Line:
        now, zone = self.desk_app.now(), self.desk.zone
        return rows.timeline_line(self.must_work(), line, width, now, zone)

    # --- keys -----------------------------------------------------------------------------------------

    def on_line_list_taken(self, event: LineList.Taken) -> None:
        event.stop()
        self.desk_app.do("incident.work")

    def on_line_list_pointed(self, _event: LineList.Pointed) -> None:
        self._detail()

    async def action_incident_work(self) -> None:
        chosen = self.query_one(_LISTS[self._pane], LineList).chosen
        if isinstance(chosen, Incident):
            self._shown = None
            self._front("walk")
            self.desk_app.show_incident(chosen.id)
        elif isinstance(chosen, WalkRow):
            if chosen.key == self._saving:
                return  # Enter once more while the first is being written
            await steps.work_step(self, chosen)
        elif isinstance(chosen, Timer):
            await command.work_clock(self, chosen)
        elif isinstance(chosen, OtherDuty):
            await command.read_duty(self, chosen)
        elif isinstance(chosen, NoticeRow):
            self.desk_app.show_notice(chosen.notice.id)
        elif isinstance(chosen, TimelineLine) and chosen.kind == "report":
            self.desk_app.show_report(chosen.id)
        elif isinstance(chosen, TimelineLine) and chosen.kind == "notice":
            self.desk_app.show_notice(chosen.id)

    async def action_incident_skip(self) -> None:
        if (row := self._chosen_step()) is not None:
            await steps.skip(self, row)

    async def action_incident_note(self) -> None:
        await command.note(self, self._chosen_step())

    async def action_incident_grade(self) -> None:
        await command.grade(self)

    async def action_incident_close(self) -> None:
        await command.close_or_reopen(self)

    def action_incident_followup(self) -> None:
        self.desk_app.show_intake(self.must_work().incident.id)

    def action_incident_others(self) -> None:
        self._front("others")
        self.reload()

    def action_incident_walk(self) -> None:
        self._front("walk")

    def action_incident_clocks(self) -> None:
        self._front("clocks")

    def action_incident_figures(self) -> None:
        self._front("figures")

    def action_incident_notices(self) -> None:
        self._front("notices")

    def action_incident_timeline(self) -> None:
        self._front("timeline")

    def action_incident_left(self) -> None:
        self._turn(-1)

    def action_incident_right(self) -> None:
        self._turn(1)

    def _turn(self, by: int) -> None:
        panes = list(PANES)
        if self._pane in panes:
            self._front(panes[(panes.index(self._pane) + by) % len(panes)])

    def _chosen_step(self) -> WalkRow | None:
        chosen = self.query_one("#main", LineList).chosen
        return chosen if self._pane == "walk" and isinstance(chosen, WalkRow) else None

    # --- why a key is off -----------------------------------------------------------------------------

    def _none_open(self) -> str:
        return _("Choose an incident first.") if self.work is None or self._pane == "others" else ""

    def why_not_incident_skip(self) -> str:
        if self._none_open():
            return self._none_open()
        row = self._chosen_step()
        if row is None or row.step is None:
            return _("Choose a step first.")
        return _("This step must be done.") if row.step.step.must else ""

    why_not_incident_note = _none_open
    why_not_incident_grade = _none_open
    why_not_incident_close = _none_open
    why_not_incident_followup = _none_open
    why_not_incident_walk = _none_open
    why_not_incident_clocks = _none_open
    why_not_incident_figures = _none_open
    why_not_incident_notices = _none_open
    why_not_incident_timeline = _none_open
