"""The ledger screen (F6): every report and journal entry, a million if need be, from keyset pages."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.widgets import Input
from textual.worker import Worker

from dutydesk.desk.views.board import NO_NAMES
from dutydesk.i18n import N_, _
from dutydesk.model.errors import BadInput
from dutydesk.model.ledger import EVERYTHING, KINDS, LedgerFilter, SearchPlace
from dutydesk.model.text import Text
from dutydesk.model.views.ledger import LedgerLine
from dutydesk.tui import words
from dutydesk.tui.lines import Line
from dutydesk.tui.screen import DeskScreen, bindings
from dutydesk.tui.screens.ledger import rows
from dutydesk.tui.screens.ledger.actions import ACTIONS
from dutydesk.tui.text import plain
from dutydesk.tui.widgets.fields import Field
from dutydesk.tui.widgets.heading import Heading
from dutydesk.tui.widgets.linelist import LineList
from dutydesk.tui.widgets.reading import Reader

PAUSE = 0.08
"""Seconds of quiet after a key before a search or an opening starts: typing never waits for it."""
KEPT = 2000
"""Lines held at the most; the others are fetched again when they are wanted."""
PAGE = 200


class LedgerScreen(DeskScreen):
    """The newest line first. ``desk_app.shown.report`` is opened when it is set."""

    SCREEN_ID = "ledger"
    ABOUT = Text(
        "新的在上。1 边输边查，2 只看接报或台账，3 实战或演练，4 一起事件，5 一天，0 看全部。"
        "Enter 打开一条，Esc 合上。6 从头核对台账的哈希链。",
        "The newest first. 1 searches as you type, 2 to 5 leave things out, 0 shows all. Enter opens a line, "
        "Esc closes it. 6 walks the journal's chain of hashes.",
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(ACTIONS),
        Binding("tab", "app.focus_next", show=False),
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012 - as Textual declares it
    DEFAULT_CSS = """
    LedgerScreen #query { display: none; }
    LedgerScreen.-finding #query { display: block; }
    LedgerScreen #split { height: 1fr; layout: vertical; }
    LedgerScreen.-wide #split { layout: horizontal; }
    LedgerScreen #main { height: 1fr; width: 1fr; }
    LedgerScreen #whole { display: none; background: $surface; padding: 0 1; }
    LedgerScreen.-open #whole { display: block; height: 60%; width: 1fr; }
    LedgerScreen.-open.-wide #whole { height: 1fr; width: 52; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.only: LedgerFilter = EVERYTHING
        self._place: SearchPlace | None = None
        self._older = self._newer = False
        self._fetching = False
        self._names = NO_NAMES

    def body(self) -> ComposeResult:
        with Vertical(id="body"):
            yield Heading(N_("Ledger"), id="head")
            yield Field(N_("Find"), hint=N_("words, any part of them"), id="query")
            with Container(id="split"):
                yield LineList[LedgerLine](self._draw, key=_key, empty=N_("Nothing is found."), id="main")
                yield Reader(id="whole")

    # --- pages --------------------------------------------------------------------------------------

    @property
    def lines(self) -> LineList[LedgerLine]:
        """The list of lines."""
        return self.query_one("#main", LineList)

    @property
    def query_text(self) -> str:
        """What is searched for, or nothing."""
        return self.query_one("#query", Field).value

    async def load(self) -> None:
        from dutydesk.desk.views.ledger import ledger_page, ledger_size

        desk = self.desk.desk
        self._names = await self.desk.names()
        if (wanted := self.desk_app.shown.report) is not None:
            self.desk_app.shown.report = None
            await self._open("report", wanted)
        if (sought := self.desk_app.shown.search) is not None:
            self.desk_app.shown.search = None
            self.set_class(True, "-finding")
            self.query_one("#query", Field).value = sought
            self.lines.show([])
            self.lines.focus()
        total = await ledger_size(desk)
        self._note(total)
        if self.query_text:
            if not self.lines.rows:
                await self._search()
            return
        held = self.lines.rows
        if len(held) <= PAGE:
            at_top = not held or self.lines.chosen == held[0]
            page = await ledger_page(desk, only=self.only)
            self._older, self._newer = len(page) >= PAGE, False
            self.lines.show(page)
            if at_top and page:
                self.lines.point(_key(page[0]))
        elif not self._newer:
            self.lines.extend(await ledger_page(desk, held[0], "before", only=self.only), "before", keep=KEPT)

    async def _again(self) -> None:
        """Another filter or search: from the newest."""
        self.lines.show([])
        await self.load()
        if self.lines.rows:
            self.lines.point(_key(self.lines.rows[0]))

    async def _search(self) -> None:
        from dutydesk.desk.views.ledger import ledger_find

        found, self._place = await ledger_find(self.desk.desk, self.query_text, only=self.only)
        self._newer, self._older = False, self._place is not None
        self.lines.show(found)
        if found:
            self.lines.point(_key(found[0]))

    async def on_line_list_end_near(self, event: LineList.EndNear) -> None:
        wanted = self._older if event.side == "after" else self._newer
        if event.lines is self.lines and wanted and self.lines.rows and not self._fetching:
            self._fetching = True
            self.run_worker(self.desk_app.guarded(self._fetch(event.side)), group="pages")

    async def _fetch(self, side: Literal["before", "after"]) -> None:
        from dutydesk.desk.views.ledger import ledger_find, ledger_page

        desk, held, query = self.desk.desk, self.lines.rows, self.query_text
        try:
            if query and side == "after":
                page, place = await ledger_find(desk, query, self._place, only=self.only)
                if query != self.query_text:
                    return
                self._place, self._older = place, place is not None
            else:
                end = held[-1] if side == "after" else held[0]
                page = await ledger_page(desk, end, side, only=self.only)
                if held is not self.lines.rows:
                    return
                if side == "after":
                    self._older = len(page) >= PAGE
                else:
                    self._newer = len(page) >= PAGE
            if len(held) + len(page) > KEPT and not query:
                if side == "after":
                    self._newer = True
                else:
                    self._older = True
            self.lines.extend(page, side, keep=10**9 if query else KEPT)
        finally:
            self._fetching = False

    def _note(self, total: int) -> None:
        only = self.only
        said = []
        if only.kinds != KINDS:
            said.append(_("reports only") if "report" in only.kinds else _("journal only"))
        if only.drill is not None:
            said.append(words.drill(only.drill)[0])
        if only.incident is not None:
            said.append(_("incident {id}", id=f"{only.incident:03}"))
        if only.since is not None:
            said.append(f"{only.since.astimezone(self.desk.zone):%Y-%m-%d}")
        said.append(_("{count} lines in all", count=f"{total:,}"))
        self.query_one("#head", Heading).note("  ".join(said), "muted" if only.everything else "soon")

    def _draw(self, line: LedgerLine, width: int) -> Line:
        return rows.ledger_line(line, width, self.desk.zone, self._names)

    # --- opening ------------------------------------------------------------------------------------

    def on_line_list_taken(self, event: LineList.Taken) -> None:
        if event.lines is self.lines:
            line: LedgerLine = event.row
            self._opening(line, 0)

    def on_line_list_pointed(self, event: LineList.Pointed) -> None:
        if event.lines is self.lines and self.has_class("-open"):
            self._opening(event.row, PAUSE)

    def _opening(self, line: LedgerLine, pause: float) -> None:
        async def work() -> None:
            await asyncio.sleep(pause)
            await self._open(line.kind, line.id)

        opening: Worker[None] = self.run_worker(self.desk_app.guarded(work()), group="open", exclusive=True)
        if not pause:
            self.desk_app.typeahead.follow(opening)

    async def _open(self, kind: str, number: int) -> None:
        from dutydesk.desk.views.ledger import whole_entry, whole_report

        zone = self.desk.zone
        if kind == "report":
            told = rows.report_paragraphs(await whole_report(self.desk.desk, number), zone)
        else:
            told = rows.entry_paragraphs(await whole_entry(self.desk.desk, number), zone)
        self.set_class(True, "-open")
        reader = self.query_one("#whole", Reader)
        reader.read_all(told)
        reader.scroll_home(animate=False)

    def back(self) -> bool:
        if self.has_class("-open"):
            self.set_class(False, "-open")
            self.lines.focus()
            return True
        if self.has_class("-finding"):
            self.query_one("#query", Field).value = ""
            self.set_class(False, "-finding")
            self.lines.focus()
            return True
        return False

    # --- what can be done ---------------------------------------------------------------------------

    def action_ledger_find(self) -> None:
        self.set_class(True, "-finding")
        self.query_one("#query", Field).focus_input()

    def on_input_changed(self, event: Input.Changed) -> None:
        if event.input is self.query_one("#query", Field).input:
            self.run_worker(self.desk_app.guarded(self._typed()), group="find", exclusive=True)

    async def _typed(self) -> None:
        await asyncio.sleep(PAUSE)
        if self.query_text:
            await self._search()
        else:
            await self._again()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if event.input is self.query_one("#query", Field).input:
            self.lines.focus()

    def key_down(self) -> None:
        if self.query_one("#query", Field).input.has_focus:
            self.lines.focus()

    async def _narrow(self, only: LedgerFilter) -> None:
        self.only = only
        await self._again()

    async def action_ledger_kind(self) -> None:
        turns = {KINDS: ("report",), ("report",): ("journal",), ("journal",): KINDS}
        await self._narrow(replace(self.only, kinds=turns[self.only.kinds]))

    async def action_ledger_world(self) -> None:
        turns = {None: False, False: True, True: None}
        await self._narrow(replace(self.only, drill=turns[self.only.drill]))

    async def action_ledger_incident(self) -> None:
        from dutydesk.tui.widgets.dialogs import AskText

        shown = self.desk_app.shown.incident
        typed = await self.app.push_screen_wait(
            AskText(N_("Which incident? Its number; 0 for all"), value=str(shown) if shown else "")
        )
        if typed is None:
            return
        if not (typed.isascii() and typed.isdigit()):
            raise BadInput("An incident is named by its number, such as 12.")
        await self._narrow(replace(self.only, incident=int(typed) or None))

    async def action_ledger_day(self) -> None:
        from dutydesk.tui.widgets.dialogs import AskText

        today = self.desk_app.now().astimezone(self.desk.zone)
        typed = await self.app.push_screen_wait(
            AskText(N_("Which day? 11-22, 2026-11-22, or -1 for yesterday"), value=f"{today:%m-%d}")
        )
        if typed is None:
            return
        start = day_of(typed, today)
        await self._narrow(replace(self.only, since=start, until=start + timedelta(days=1)))

    async def action_ledger_all(self) -> None:
        self.query_one("#query", Field).value = ""
        self.set_class(False, "-finding")
        await self._narrow(EVERYTHING)
        self.lines.focus()

    async def action_ledger_verify(self) -> None:
        from dutydesk.desk.views.ledger import verify_chain

        app = self.desk_app
        verdict = await verify_chain(
            self.desk.desk, lambda count: app.news(_("{count} entries are whole so far.", count=f"{count:,}"))
        )
        if verdict.ok:
            app.news(
                _(
                    "The chain is whole: {count} entries, head {head}.",
                    count=f"{verdict.entries:,}",
                    head=verdict.head[:12],
                )
            )
        else:
            app.news(
                _(
                    "The chain is broken at entry {id}: {what}.",
                    id=verdict.bad,
                    what=plain(words.say(verdict.what)),
                ),
                "late",
            )


def _key(line: LedgerLine) -> tuple[str, int]:
    return line.kind, line.id


def day_of(typed: str, today: datetime) -> datetime:
    """The start of the day that was typed, in the zone of ``today``. Raises BadInput."""
    start = today.replace(hour=0, minute=0, second=0, microsecond=0)
    if typed.startswith("-") and typed[1:].isdigit() and len(typed) < 6:
        return start - timedelta(days=int(typed[1:]))
    whole = typed if typed.count("-") == 2 else f"{today.year}-{typed}"
    try:
        day = datetime.strptime(whole, "%Y-%m-%d")  # noqa: DTZ007 - the zone is put on below
    except ValueError:
        raise BadInput("{day} is no day: write 11-22, 2026-11-22, or -1 for yesterday.", day=typed) from None
    found = day.replace(tzinfo=today.tzinfo)
    if typed.count("-") == 1 and found > start:
        found = found.replace(year=found.year - 1)  # a day that is still to come was meant last year
    return found
