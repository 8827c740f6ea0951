"""The shift screen (F7): who is on since when, what is open, what happened since; a shift starts and ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Vertical

from dutydesk.desk.views.board import NO_NAMES
from dutydesk.i18n import N_, _
from dutydesk.model.errors import DeskError, Refused
from dutydesk.model.ledger import LedgerFilter
from dutydesk.model.text import Text
from dutydesk.model.views.ledger import LedgerLine
from dutydesk.model.views.shifts import OpenItem, OpenItems, Shift
from dutydesk.tui import deeds, times, words
from dutydesk.tui.lines import Cell, Line, Piece, Role, lay_out
from dutydesk.tui.screen import DeskScreen, bindings
from dutydesk.tui.screens.ledger.rows import deed_line
from dutydesk.tui.screens.shift.actions import ACTIONS
from dutydesk.tui.widgets.heading import Heading
from dutydesk.tui.widgets.linelist import LineList
from dutydesk.tui.widgets.painting import Bar

KINDS = {
    "report": Text("未立案来报", "Reports filed nowhere"),
    "timer": Text("在走的时限", "Running clocks"),
    "incident": Text("未结事件", "Open incidents"),
    "broadcast": Text("未发出的通知", "Notices not released"),
    "sending": Text("还在发的通知", "Notices still going out"),
    "delivery": Text("未通知到的人", "People not reached"),
}
"""The groups of open items, the most pressing first."""


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A line of the list: an open item; or the heading of a group with its number; or, with ``more``, the end
    of a group of which so many are not listed."""

    kind: str
    item: OpenItem | None = None
    count: int = 0
    more: int = 0

    @property
    def key(self) -> tuple[str, int]:
        return self.kind, self.item.id if self.item else -2 if self.more else -1

    @property
    def heading(self) -> bool:
        return self.item is None and not self.more


def grouped(found: OpenItems) -> list[ItemRow]:
    """The items under the headings of their kinds, and below each kind how many of it are not listed."""
    rows: list[ItemRow] = []
    for kind in KINDS:
        if count := found.count(kind):
            rows.append(ItemRow(kind, count=count))
            rows += [ItemRow(kind, item) for item in found.items if item.kind == kind]
            if more := found.more.get(kind):
                rows.append(ItemRow(kind, more=more))
    return rows


class OnDuty(Bar):
    """Who is on, since when, under whom."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._told: tuple[tuple[str, Role], ...] = ()

    def tell(self, told: tuple[tuple[str, Role], ...]) -> None:
        """The pieces of the line."""
        self._told = told
        self.redraw()

    def line(self, width: int) -> Line:  # noqa: ARG002 - every bar is handed its width
        return tuple(Piece(f" {text} ", role) for text, role in self._told)


class ShiftScreen(DeskScreen):
    """Enter on an open item goes to the screen where it is worked."""

    SCREEN_ID = "shift"
    ABOUT = Text(
        "上面是未结事项，Enter 到办它的地方；下面是接班以来的台账。"
        "1 接班，2 交班：先逐条看完未结事项，再写交接备注。",
        "Open items above: Enter goes to where one is worked. Below, the journal since the shift began. "
        "1 starts a shift; 2 ends it, after every open item was looked at.",
    )
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ACTIONS)]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012 - as Textual declares it
    DEFAULT_CSS = """
    ShiftScreen #split { height: 1fr; layout: vertical; }
    ShiftScreen.-wide #split { layout: horizontal; }
    ShiftScreen #open, ShiftScreen #since { height: 1fr; width: 1fr; }
    ShiftScreen #open { height: 3fr; }
    ShiftScreen #since { height: 2fr; }
    ShiftScreen.-wide #open, ShiftScreen.-wide #since { height: 1fr; }
    ShiftScreen.-wide #since { margin: 0 0 0 1; }
    ShiftScreen LineList { height: 1fr; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.shift: Shift | None = None
        self._names = NO_NAMES

    def body(self) -> ComposeResult:
        with Vertical(id="body"):
            yield Heading(N_("Shift"), id="head")
            yield OnDuty(id="who")
            with Container(id="split"):
                with Vertical(id="open"):
                    yield Heading(N_("Open items"), id="open-head")
                    yield LineList[ItemRow](
                        self.draw_item,
                        key=lambda row: row.key,
                        choosable=lambda row: not row.heading,
                        empty=N_("Nothing is open."),
                        id="main",
                    )
                with Vertical(id="since"):
                    yield Heading(N_("Since then"), id="since-head")
                    yield LineList[LedgerLine](
                        lambda row, width: deed_line(row, width, self.desk.zone, self._names),
                        key=lambda row: row.id,
                        empty=N_("Nothing yet."),
                        id="journal",
                    )

    async def load(self) -> None:
        from dutydesk.desk.shifts import current_shift, open_items
        from dutydesk.desk.views.ledger import ledger_page

        desk = self.desk.desk
        self._names = await self.desk.names()
        self.shift = await current_shift(desk)
        items = await open_items(desk)
        now, zone = self.desk_app.now(), self.desk.zone
        since = self.shift.started_at if self.shift else now - timedelta(hours=12)
        happened = await ledger_page(desk, only=LedgerFilter(kinds=("journal",), since=since))
        self.query_one("#main", LineList).show(grouped(items))
        self.query_one("#open-head", Heading).note(str(items.total), "soon" if items.total else "good")
        self.query_one("#journal", LineList).show(happened)
        who = self.query_one("#who", OnDuty)
        if self.shift is None:
            self.query_one("#head", Heading).note(_("no shift runs: 1 starts one"), "late")
            who.tell(((_("Nobody is on duty"), "late"),))
            self.query_one("#since-head", Heading).note(_("the last 12 hours"))
            return
        started = times.short(since, now, zone)
        self.query_one("#head", Heading).note(_("since {since}", since=started))
        self.query_one("#since-head", Heading).note(_("since {since}", since=started))
        leader = _("leader {leader}", leader=self.shift.leader or "-")
        officers = _("on duty {officers}", officers=" ".join(self.shift.officers))
        who.tell(((leader, "strong"), (officers, "text")))

    def draw_item(self, row: ItemRow, width: int) -> Line:
        """A heading with its number, an open item with its time, or how many are not listed."""
        if row.more:
            return lay_out(
                [Cell(f"  {_('and {count} more, older: F5 has them', count=row.more)}", "soon", flex=1)],
                width,
            )
        if row.item is None:
            return lay_out(
                [Cell(f" {words.say(KINDS[row.kind])}", "heading"), Cell(str(row.count), "muted", flex=1)],
                width,
            )
        now = self.desk_app.now()
        late = row.kind == "timer" and row.item.since <= now
        about = f"{row.item.incident:03}" if row.item.incident is not None else ""
        return lay_out(
            [
                Cell(_("late") if late else "", "late", width=6, align="right", gap=1),
                Cell(times.short(row.item.since, now, self.desk.zone), "muted", width=11, align="right"),
                Cell(about, "muted", width=4),
                Cell(deeds.clock(row.item.code, row.item.text, self._names), "strong", flex=1),
            ],
            width,
        )

    def on_line_list_taken(self, event: LineList.Taken) -> None:
        app = self.desk_app
        if isinstance(event.row, LedgerLine):
            app.go("ledger")
            return
        row: ItemRow = event.row
        item = row.item
        if item is None:
            app.go("notice")
        elif item.kind in ("broadcast", "sending", "delivery") or (
            item.incident is None and item.about is not None
        ):
            app.show_notice(item.about)
        elif item.kind == "report":
            app.show_report(item.id)
        elif item.incident is not None:
            app.show_incident(item.incident)
        else:
            app.go("board")

    async def action_shift_start(self) -> None:
        from dutydesk.desk.shifts import start_shift
        from dutydesk.tui.screens.shift.dialogs import StartShift

        if self.shift is not None:
            raise Refused("A shift runs already: 2 ends it first.")
        typed = await self.app.push_screen_wait(StartShift(self.desk.actor.name))
        if typed is not None:
            leader, officers = typed
            await self.desk_app.write(
                start_shift(self.desk.desk, self.desk.actor, leader=leader, officers=officers)
            )
            self.desk_app.news(_("The shift has begun."))
            await self.load()

    async def action_shift_end(self) -> None:
        from dutydesk.desk.shifts import end_shift, open_items
        from dutydesk.tui.screens.shift.dialogs import EndShift

        if self.shift is None:
            raise Refused("No shift runs: 1 starts one.")
        remarks = ""
        while True:
            items = await open_items(self.desk.desk)
            typed = await self.app.push_screen_wait(EndShift(grouped(items), self.draw_item, remarks))
            if typed is None:
                return
            remarks = typed
            try:
                ended = await self.desk_app.write(
                    end_shift(self.desk.desk, self.desk.actor, remarks=remarks, seen=items)
                )
            except DeskError as error:
                self.desk_app.refused(error)
                if not await _still_runs(self):
                    return
                continue
            self.desk_app.news(_("The shift has ended; {count} items go over.", count=ended.open_items.total))
            await self.load()
            return


async def _still_runs(screen: ShiftScreen) -> bool:
    """Whether the shift was not ended by somebody else meanwhile."""
    await screen.load()
    return screen.shift is not None
