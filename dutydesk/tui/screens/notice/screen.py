"""The notice screen (F5): what was sent to whom and what became of it, and the way to send something."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.worker import Worker

from dutydesk.i18n import N_, _
from dutydesk.model.enums import BroadcastState, DeliveryState
from dutydesk.model.errors import Refused
from dutydesk.model.notices import Broadcast, Delivery
from dutydesk.model.text import Text
from dutydesk.tui import words
from dutydesk.tui.lines import Cell, Line, Piece, lay_out
from dutydesk.tui.screen import DeskScreen, bindings
from dutydesk.tui.screens.notice import rows
from dutydesk.tui.screens.notice.actions import ACTIONS
from dutydesk.tui.screens.notice.rows import UNREACHED, NoticeLine
from dutydesk.tui.text import plain, wrap
from dutydesk.tui.widgets.heading import Heading
from dutydesk.tui.widgets.linelist import LineList
from dutydesk.tui.widgets.painting import Bar
from dutydesk.tui.widgets.reading import Reader

if TYPE_CHECKING:
    from dutydesk.tui.screens.notice.compose import Composition

PAGE = 100


class Facts(Bar):
    """The three facts of the notice in front, kept apart, with their figures."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._line: NoticeLine | None = None

    def tell(self, line: NoticeLine | None) -> None:
        """The notice they are about."""
        self._line = line
        self.redraw()

    def line(self, width: int) -> Line:  # noqa: ARG002 - every bar is handed its width
        if self._line is None:
            return ()
        state, role = rows.state_word(self._line.notice)
        who = self._line.notice.approved_by
        approved = _("approved by {login}", login=who) if who else ""
        drafted = _("drafted by {login}", login=self._line.notice.created_by)
        told = rows.facts(self._line)
        return (Piece(" "), *(told or (Piece(state, role), Piece(f"  {drafted}  {approved}", "muted"))))


class NoticeScreen(DeskScreen):
    """Shows ``desk_app.shown.broadcast``, or the newest notice."""

    SCREEN_ID = "notice"
    ABOUT = Text(
        "1 写新通知，先存草稿并逐人预览。实战要第二人批准（3），再键入“实战”发出（4）；演练键入“演练”即发。"
        "网关已收、已送达、已确认是三回事；结果不明的可能已到，重发会标“可能重复”。"
        "Tab 到收件人，Enter 办选中的一人。",
        "1 writes a notice: kept as a draft, previewed for everybody. A live one needs a second person (3) "
        "and the typed word LIVE (4). At the gateway, delivered and confirmed are three facts. Tab goes to "
        "the recipients; Enter deals with the chosen one.",
    )
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ACTIONS)]
    DEFAULT_CSS = """
    NoticeScreen #body { overflow-y: auto; }
    NoticeScreen #main { height: 7; }
    NoticeScreen #said { height: 4; padding: 0 1; background: $surface; }
    NoticeScreen #to { height: 1fr; min-height: 3; }
    NoticeScreen.-high #main { height: 12; }
    NoticeScreen.-high #said { height: 6; }
    """
    VERTICAL_BREAKPOINTS = [(0, "-low"), (34, "-high")]  # noqa: RUF012 - as Textual declares it

    def __init__(self) -> None:
        super().__init__()
        self._writing: Composition | None = None
        self._shown: int | None = None
        self._more = True

    def body(self) -> ComposeResult:
        app = self.desk_app
        with Vertical(id="body"):
            yield Heading(N_("Notices"), id="head")
            yield LineList[NoticeLine](
                lambda row, width: rows.notice_line(row, width, app.now(), self.desk.zone),
                key=lambda row: row.notice.id,
                empty=N_("No notice yet: 1 writes one."),
                id="main",
            )
            yield Heading(N_("What it says"), id="what")
            yield Reader(id="said")
            yield Heading(N_("Recipients"), id="whom")
            yield Facts(id="facts")
            yield LineList[Delivery](
                lambda row, width: rows.delivery_line(row, width, app.now(), self.desk.zone),
                key=lambda row: row.id,
                empty=N_("Nothing has gone out."),
                id="to",
            )

    # --- what is shown ------------------------------------------------------------------------------

    async def load(self) -> None:
        from dutydesk.desk.views.notices import notice_counts, recent_notices, stale_deliveries

        desk = self.desk.desk
        notices = await recent_notices(desk, limit=max(PAGE, len(self.notices.rows)))
        counts = await notice_counts(desk, [each.id for each in notices])
        stale = await stale_deliveries(desk)
        self._more = len(notices) >= PAGE
        self.notices.show([NoticeLine(each, counts.get(each.id, {})) for each in notices])
        wanted = self.desk_app.shown.broadcast
        if wanted is not None:
            self.notices.point(wanted)
            self.desk_app.shown.broadcast = None
        said = _("{count} stale: 9 lists them", count=len(stale)) if stale else ""
        self.query_one("#head", Heading).note(said, "soon")
        await self._show_chosen()

    async def _show_chosen(self) -> None:
        from dutydesk.desk.views.notices import notice_status

        line = self.notices.chosen
        if line is None:
            self.query_one("#said", Reader).read("")
            return
        found = await notice_status(self.desk.desk, line.notice.id)
        self._shown = line.notice.id
        line = NoticeLine(found.broadcast, found.counts)
        notice = line.notice
        self.query_one("#facts", Facts).tell(line)
        self.query_one("#said", Reader).read(notice.text, "drill" if notice.drill else "text")
        self.deliveries.show(
            sorted(found.deliveries, key=lambda each: (each.state not in UNREACHED, each.id))
        )
        about = [words.drill(notice.drill)[0]]
        about += [_("incident {id}", id=f"{notice.incident:03}")] if notice.incident else []
        about += [_("urgent")] if notice.urgent else []
        about += [_("confirmation asked")] if notice.confirm else []
        about += [_("corrects {id}", id=f"{notice.corrects:03}")] if notice.corrects else []
        self.query_one("#what", Heading).note("  ".join(about), words.drill(notice.drill)[1])
        self.query_one("#whom", Heading).note(_("notice {id}", id=f"{notice.id:03}"))

    @property
    def notices(self) -> LineList[NoticeLine]:
        """The list of notices."""
        return self.query_one("#main", LineList)

    @property
    def deliveries(self) -> LineList[Delivery]:
        """The deliveries of the notice in front."""
        return self.query_one("#to", LineList)

    @property
    def chosen(self) -> Broadcast:
        """The notice in front. Raises Refused when there is none."""
        if self.notices.chosen is None:
            raise Refused("No notice is chosen: write one first.")
        return self.notices.chosen.notice

    def on_line_list_pointed(self, event: LineList.Pointed) -> None:
        if event.lines is self.notices:
            showing: Worker[None] = self.run_worker(
                self.desk_app.guarded(self._show_chosen()), group="chosen", exclusive=True
            )
            self.desk_app.typeahead.follow(showing)  # a key behind it is about these recipients, not the last

    def on_line_list_taken(self, event: LineList.Taken) -> None:
        if event.lines is self.notices:
            self.deliveries.focus()
        else:
            self.desk_app.act(self._deal_with(event.row))

    async def on_line_list_end_near(self, event: LineList.EndNear) -> None:
        wanted = event.lines is self.notices and event.side == "after" and self._more
        if not (wanted and self.notices.rows):
            return
        from dutydesk.desk.views.notices import notice_counts, recent_notices

        self._more = False
        last = self.notices.rows[-1].notice.id
        older = await recent_notices(self.desk.desk, before=last, limit=PAGE)
        counts = await notice_counts(self.desk.desk, [each.id for each in older])
        self.notices.extend([NoticeLine(each, counts.get(each.id, {})) for each in older], "after")
        self._more = len(older) == PAGE

    def back(self) -> bool:
        if self.deliveries.has_focus:
            self.notices.focus()
            return True
        return False

    # --- what can be done ---------------------------------------------------------------------------

    async def action_notice_new(self) -> None:
        from dutydesk.tui.screens.notice.flow import compose_notice

        broadcast = await compose_notice(self)
        if broadcast is not None:
            self.desk_app.shown.broadcast = broadcast
            await self.load()
            self.notices.focus()

    async def action_notice_preview(self) -> None:
        await self._preview()

    async def action_notice_approve(self) -> None:
        from dutydesk.tui.screens.notice.flow import approve_here

        notice = self.chosen
        if notice.state != BroadcastState.DRAFT:
            raise Refused("Notice {id} waits for no approval.", id=notice.id)
        if await approve_here(self, notice):
            self.desk_app.news(_("Notice {id} is approved: 4 releases it.", id=f"{notice.id:03}"))
            await self.load()

    async def action_notice_release(self) -> None:
        from dutydesk.desk.notices.broadcasts import release
        from dutydesk.tui.widgets.dialogs import ConfirmWord

        notice = self.chosen
        if notice.state == BroadcastState.DRAFT and not notice.drill:
            raise Refused("Notice {id} is live: a second person approves it first (3).", id=notice.id)
        if notice.state not in (BroadcastState.DRAFT, BroadcastState.APPROVED):
            raise Refused("Notice {id} is out already, or was cancelled.", id=notice.id)
        title = N_("This is a DRILL notice") if notice.drill else N_("This notice goes out for REAL")
        said = "\n".join(wrap(plain(notice.text), 58)[:8])
        word = words.drill(notice.drill)[0]
        if await self.app.push_screen_wait(ConfirmWord(title, said, word, drill=notice.drill)):
            count = await self.desk_app.write(release(self.desk.desk, self.desk.actor, notice.id))
            self.desk_app.news(_("Released to {count} recipients; the engine sends.", count=count))
            await self.load()

    async def action_notice_retry(self) -> None:
        from dutydesk.desk.notices.deliveries import resend_unreached
        from dutydesk.tui.screens.notice.flow import sure

        notice = self.chosen
        line = self.notices.chosen
        count = line.at_least(*UNREACHED) if line is not None else 0
        doubt = line.at_least(DeliveryState.UNKNOWN) if line is not None else 0
        said = _(
            "{count} were not reached. {doubt} may have it already and get it marked as a possible double.",
            count=count,
            doubt=doubt,
        )
        if count == 0:
            raise Refused("Notice {id} has nobody left to send to again.", id=notice.id)
        if await sure(self, said, N_("Send again")):
            sent = await self.desk_app.write(resend_unreached(self.desk.desk, self.desk.actor, notice.id))
            self.desk_app.news(_("Queued again for {count} recipients.", count=sent))
            await self.load()

    async def action_notice_confirm(self) -> None:
        delivery = self.deliveries.chosen
        if delivery is None:
            raise Refused("No recipient is chosen: Tab goes to the recipients.")
        await self._confirm(delivery)

    async def action_notice_correct(self) -> None:
        from dutydesk.tui.screens.notice.flow import correct_notice

        correction = await correct_notice(self, self.chosen)
        if correction is not None:
            self.desk_app.shown.broadcast = correction
            await self.load()

    async def action_notice_cancel(self) -> None:
        from dutydesk.desk.notices.broadcasts import cancel
        from dutydesk.tui.screens.notice.flow import sure

        notice = self.chosen
        if notice.state == BroadcastState.CANCELLED:
            raise Refused("Notice {id} was cancelled already.", id=notice.id)
        if await sure(self, plain(notice.text), N_("Cancel this notice")):
            spared = await self.desk_app.write(cancel(self.desk.desk, self.desk.actor, notice.id))
            self.desk_app.news(_("Cancelled; {count} deliveries will not be sent.", count=spared))
            await self.load()

    async def action_notice_stale(self) -> None:
        from dutydesk.desk.views.notices import stale_deliveries
        from dutydesk.tui.widgets.dialogs import Choose

        stale = await stale_deliveries(self.desk.desk)
        if not stale:
            raise Refused("Nothing is stale: everything was sent in time.")

        def draw(row: Delivery, width: int) -> Line:
            number = Cell(f" {row.broadcast:03}", "muted", width=5)
            return lay_out(
                [number, Cell(row.contact, "strong", width=12), Cell(words.reason(row.reason), flex=1)], width
            )

        title = N_("Not sent in time; a person decides")
        row = await self.app.push_screen_wait(Choose(title, stale, draw, key=lambda each: each.id))
        if row is not None:
            self.notices.point(row.broadcast)
            await self._show_chosen()
            self.deliveries.point(row.id)
            self.deliveries.focus()
            await self._deal_with(row)

    async def _preview(self) -> None:
        from dutydesk.tui.screens.notice.flow import show_preview

        await show_preview(self, self.chosen)

    async def _deal_with(self, delivery: Delivery) -> None:
        """One recipient: confirm, send again, or see the text."""
        from dutydesk.desk.notices.deliveries import resend
        from dutydesk.tui.widgets.dialogs import Choose

        answers = {"confirm": N_("They answered: confirm"), "preview": N_("See the text")}
        if delivery.state in UNREACHED and delivery.channel:
            answers["resend"] = N_("Send again")
        title = N_("What about this recipient?")
        rows_ = [each for each in ("confirm", "resend", "preview") if each in answers]
        answer = await self.app.push_screen_wait(
            Choose(title, rows_, lambda row, _w: (Piece(f" {_(answers[row])}"),), key=lambda row: row)
        )
        if answer == "confirm":
            await self._confirm(delivery)
        elif answer == "resend":
            await self.desk_app.write(resend(self.desk.desk, self.desk.actor, [delivery.id]))
            self.desk_app.news(_("Queued again for {count} recipients.", count=1))
            await self.load()
        elif answer == "preview":
            await self._preview()

    async def _confirm(self, delivery: Delivery) -> None:
        from dutydesk.desk.notices.deliveries import confirm
        from dutydesk.tui.widgets.dialogs import AskText

        who = await self.app.push_screen_wait(
            AskText(N_("Who confirmed it?"), f"{delivery.contact} {delivery.org}", value=delivery.contact)
        )
        if who:
            await self.desk_app.write(confirm(self.desk.desk, self.desk.actor, str(delivery.id), by=who))
            self.desk_app.news(_("Confirmed by {who}.", who=plain(who)))
            await self.load()
