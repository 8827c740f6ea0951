"""The intake (接报): a call is written down as it is told; the side shows what the desk makes of it, and one
key puts it on record. Nothing that is typed is ever lost."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, TextArea
from textual.worker import Worker

from dutydesk.i18n import _, language, use
from dutydesk.model.enums import FigureKind
from dutydesk.model.errors import DeskError
from dutydesk.model.text import Text
from dutydesk.tui.screen import DeskScreen, bindings
from dutydesk.tui.screens.incident.sheets import Paragraph
from dutydesk.tui.screens.intake import choices
from dutydesk.tui.screens.intake.actions import ACTIONS
from dutydesk.tui.screens.intake.drafts import Drafts, Standing
from dutydesk.tui.screens.intake.form import IntakeForm
from dutydesk.tui.screens.intake.put_right import put_right_said
from dutydesk.tui.screens.intake.reading import Reading
from dutydesk.tui.screens.intake.rows import REMOVED, side_rows
from dutydesk.tui.screens.intake.saving import go_on, made_of, put_on_record
from dutydesk.tui.screens.intake.sheet import Sheet, draft_fields, sheet_from
from dutydesk.tui.screens.intake.widgets import Head, Side
from dutydesk.tui.widgets.linelist import LineList

if TYPE_CHECKING:
    from dutydesk.desk.intake.reports import LoggedReport
    from dutydesk.desk.intake.typed_report import TypedReport, Understood

KEEP_EVERY: Final = 1.0
"""Seconds between two looks at whether the draft is to be kept."""
SAME_CALL: Final = timedelta(seconds=15)
"""A second F2 so soon after the first is about the same ring of the telephone."""
MODULES: Final = (
    "dutydesk.desk.intake.typed_report",
    "dutydesk.desk.intake.duplicates",
    "dutydesk.desk.intake.reports",
)


class IntakeScreen(DeskScreen):
    """F2 with a report half written parks that as a draft and opens a fresh form."""

    SCREEN_ID = "intake"
    ABOUT = Text(
        "收到时刻就是按 F2 的时刻。先写内容，Tab 到其余各栏，都可以不填。Ctrl+S 存报。"
        "写的东西每秒自动存成草稿，Esc 离开也在。再按 F2 另开一份接第二个电话，Ctrl+O 找回草稿。",
        "The received time is the moment F2 was pressed. Write what is said first; Tab goes to the rest, all"
        " of it optional. Ctrl+S saves. A draft is kept every second; another F2 takes a second call, Ctrl+O"
        " finds drafts.",
    )
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ACTIONS)]
    DEFAULT_CSS = """
    IntakeScreen #panes { height: 1fr; layout: vertical; overflow-y: auto; }
    IntakeScreen #side { height: 1fr; min-height: 2; }
    IntakeScreen.-wide #panes { layout: horizontal; }
    IntakeScreen.-wide #form { width: 13fr; height: 1fr; }
    IntakeScreen.-wide #main { height: 1fr; }
    IntakeScreen.-wide #fields { margin: 1 0; }
    IntakeScreen.-wide #side { width: 10fr; height: 1fr; margin: 0 0 0 1; }
    """

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012 - as Textual declares it

    def __init__(self) -> None:
        super().__init__()
        self._sheet: Sheet | None = None
        self._called_at: datetime | None = None
        self._reading = Reading(self, self._typed, self._read)
        self._drafts = Drafts(self, self._standing, self._tell_head)

    def body(self) -> ComposeResult:
        with Vertical(id="body"):
            yield Head(self.desk.zone, id="head")
            with Container(id="panes"):
                yield IntakeForm(id="form")
                yield Side(
                    lambda kind: self.sheet.corrections.get(kind) == REMOVED,
                    lambda name: self.sheet.marks.get(name, ""),
                )

    @property
    def form(self) -> IntakeForm:
        """What is typed into."""
        return self.query_one(IntakeForm)

    @property
    def sheet(self) -> Sheet:
        """The report being taken."""
        if self._sheet is None:
            self._sheet = Sheet(self.desk_app.now(), self.desk.actor.login)
        return self._sheet

    @property
    def understood(self) -> Understood | None:
        """What was last read out of it."""
        return self.sheet.understood

    # --- coming and going -----------------------------------------------------------------------------

    def on_mount(self) -> None:
        self.set_interval(KEEP_EVERY, self._keep_soon)
        self.run_worker(self._warm(), group="warm")

    async def _warm(self) -> None:
        def work() -> None:
            for module in MODULES:
                importlib.import_module(module)
            _ = self.desk.desk.reference, self.desk.desk.playbooks

        await asyncio.to_thread(work)

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        shown = self.desk_app.shown
        called, shown.call_at = shown.call_at, None
        follows, shown.follows = shown.follows, None
        now = self.desk_app.now()
        if self._sheet is not None and self._sheet.officer != self.desk.actor.login:
            self._fresh(called or now)  # somebody else sits here now; the draft stays with who wrote it
        if follows is not None:
            self._drafts.park()
            self._fresh(called or now, follows=follows)
        elif self._empty():
            if called is not None or self._sheet is None:
                self._fresh(called or now)
        elif called is not None:
            self._called_at = called
            self.desk_app.news(_("This report is not saved yet. F2 again takes another call."), "soon")
        self._tell_head()

    def on_screen_suspend(self) -> None:
        self._keep_soon()

    async def keep(self) -> None:
        await self._drafts.keep()

    async def load(self) -> None:
        self.query_one(Head).drafts = len(await self._drafts.others(self.sheet))
        self._tell_head()
        self._read_again()

    def action_go_intake(self) -> None:
        """F2 with the intake already in front: another call."""
        for dialog in reversed(self.desk_app.screen_stack[1:]):
            if isinstance(dialog, ModalScreen):
                dialog.dismiss(None)
        now = self.desk_app.now()
        called, self._called_at = self._called_at, None
        if self._empty():
            self._fresh(now)
            return
        self._drafts.park()
        self._fresh(called if called is not None and now - called < SAME_CALL else now)
        self.desk_app.news(_("The first call is kept as a draft; Ctrl+O brings it back."), "good")
        self.reload()

    def back(self) -> bool:
        self._keep_soon()
        return False

    def relabel(self) -> None:
        super().relabel()
        self._show()

    # --- the form as values ---------------------------------------------------------------------------

    def _empty(self) -> bool:
        return not self.form.told(follows=self._sheet.follows if self._sheet is not None else None)

    def _typed(self) -> tuple[Sheet, TypedReport]:
        from dutydesk.desk.intake.typed_report import TypedReport

        sheet = self.sheet
        return sheet, TypedReport(
            text=self.form.text,
            **self.form.values(),
            figures=tuple(sheet.corrections.items()),
            markers=tuple(sheet.marks.items()),
            drill=sheet.drill,
            received_at=sheet.received,
            draft=sheet.draft,
        )

    def _standing(self) -> Standing | None:
        if self._sheet is None or self._empty():
            return None
        return self._sheet, draft_fields(self._sheet, self.form.text, self.form.values())

    def _fresh(self, received: datetime, *, follows: int | None = None) -> None:
        """An empty form; ``follows`` is the incident it is about from the start."""
        self._fill(
            Sheet(received, self.desk.actor.login, follows=follows),
            "",
            {"incident": str(follows) if follows else ""},
        )
        if follows is not None:
            looking: Worker[None] = self.run_worker(self.desk_app.guarded(self._same_world(follows)))
            self.desk_app.typeahead.follow(looking)

    def _fill(self, sheet: Sheet, text: str, values: Mapping[str, Any]) -> None:
        self._sheet = sheet
        self.form.fill(text, values)
        self._show()
        if text or values.get("incident"):
            self._read_again()

    async def _same_world(self, incident: int) -> None:
        """A follow-up to a drill is a drill."""
        from dutydesk.desk.intake.duplicates import incident_of

        found = await incident_of(self.desk.desk, incident)
        if self.sheet.follows == incident:
            self.sheet.drill = found.drill
            self._tell_head()

    # --- drafts ---------------------------------------------------------------------------------------

    def _keep_soon(self) -> None:
        if self._sheet is not None:
            self._drafts.keep_soon(self._sheet)

    async def action_intake_drafts(self) -> None:
        chosen = await self._drafts.choose(self.sheet)
        if chosen is None:
            return
        self._drafts.park()
        kept = chosen.fields
        sheet = sheet_from(chosen.id, self.desk.actor.login, kept, chosen.started_at)
        self._fill(sheet, str(kept.get("text") or ""), kept)
        self.reload()

    async def action_intake_discard(self) -> None:
        if await self._drafts.discard(lambda: self._fresh(self.desk_app.now())):
            self.desk_app.news(_("Put away; it is kept on record."), "good")
            self.reload()

    # --- reading while typing -------------------------------------------------------------------------

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        event.stop()
        self.sheet.wordless = False
        self._touched()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._touched()

    def _touched(self) -> None:
        """Something was typed."""
        self.sheet.version += 1
        self._reading.soon()

    def _read_again(self) -> None:
        """Nothing was typed, but what it is read against may have changed."""
        self.sheet.read = -1
        self._reading.soon()

    def _read(self, sheet: Sheet) -> None:
        if sheet is self._sheet:
            self._show()

    # --- showing --------------------------------------------------------------------------------------

    def _show(self) -> None:
        self._show_side()
        self._show_faults(but=self.focused)
        self._tell_head()

    def _show_side(self) -> None:
        side, sheet = self.query_one(Side), self.sheet
        side.show(
            side_rows(
                sheet.understood,
                sheet.corrections,
                sheet.marks,
                sheet.duplicates,
                now=self.desk_app.now(),
                zone=self.desk.zone,
                width=side.size.width,
            )
        )

    def _show_faults(self, but: object = None) -> str:
        """Says at each field what is wrong with it; the name of the first one at fault."""
        faults = self.understood.faults if self.understood is not None else {}
        said = {name: use(language()).error(fault) for name, fault in faults.items()}
        if self.sheet.wordless:
            said["text"] = _("A report needs a text: what was said.")
        return self.form.show_faults(said, but=but)

    def _tell_head(self) -> None:
        head, sheet = self.query_one(Head), self.sheet
        head.received, head.drill, head.saving = sheet.received, sheet.drill, sheet.saving
        head.incident = f"{sheet.incident:03}" if sheet.incident else ""
        head.kept = sheet.kept == sheet.version and not self._empty()
        head.redraw()

    def on_descendant_blur(self, _event: events.DescendantBlur) -> None:
        self._show_faults(but=self.focused)

    # --- correcting and choosing ----------------------------------------------------------------------

    def on_side_resized(self) -> None:
        self._show_side()

    def on_side_corrected(self, event: Side.Corrected) -> None:
        if event.value is None:
            self.sheet.corrections.pop(event.kind, None)
        else:
            self.sheet.corrections[event.kind] = event.value
        self._touched()
        self._show()

    def on_side_marked(self, event: Side.Marked) -> None:
        if event.value is None:
            self.sheet.marks.pop(event.name, None)
        else:
            self.sheet.marks[event.name] = event.value
        self._touched()
        self._show()

    def on_side_left(self) -> None:
        self.form.focus_on("text")

    def on_line_list_taken(self, event: LineList.Taken) -> None:
        event.stop()
        if event.row.incident is not None:
            self.form.put("incident", str(event.row.incident))
            self.form.focus_on("text")
        elif event.row.adds:
            self.desk_app.act(self._add())

    async def _add(self) -> None:
        understood, sheet = self.understood, self.sheet
        if understood is None or understood.reading is None:
            return
        figures = {figure.kind for figure in understood.reading.figures} | sheet.corrections.keys()
        marked = {marker.name for marker in understood.reading.markers} | sheet.marks.keys()
        chosen = await self.desk_app.push_screen_wait(
            choices.additions(
                [kind for kind in FigureKind if kind not in figures],
                [name for name in understood.markers if name not in marked],
                understood.markers,
            )
        )
        if chosen is None:
            return
        if isinstance(chosen, FigureKind):
            sheet.corrections[chosen] = "?"
        else:
            sheet.marks[chosen] = "+"
        self._touched()
        self._show()
        self.query_one(Side).point(f"{'figure' if isinstance(chosen, FigureKind) else 'marker'}:{chosen}")

    def action_intake_reading(self) -> None:
        self.query_one(Side).focus()

    def action_intake_drill(self) -> None:
        self.sheet.drill = not self.sheet.drill
        self._touched()
        self._tell_head()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        name = self.form.name_of(event.input)
        if name in choices.PICKED and not event.value.strip():
            self.desk_app.act(self._pick(name))
        else:
            self.focus_next()

    async def _pick(self, name: str) -> None:
        if value := await choices.pick(self, name):
            self.form.put(name, value)
            self.focus_next()

    # --- saving ---------------------------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        """A word typed while the report is being saved has no place to go to, and must not go unnoticed."""
        if self.sheet.saving and event.is_printable and self.focused is None:
            event.stop()
            self.app.bell()
            self.desk_app.news(_("This is being saved and takes nothing in: F2 takes another call."), "late")

    async def action_intake_save(self) -> None:
        sheet, typed = self._typed()
        if sheet.saving:
            return
        if not typed.text.strip():
            sheet.wordless = True
            self._show_faults()
            self.form.focus_on("text")
            return
        fields = draft_fields(sheet, typed.text, self.form.values())
        self._set_saving(sheet, True)
        try:
            understood = await self._reading.understand(sheet, typed)
            logged = await put_on_record(self, understood, self._drafts.lock)
        except DeskError:
            if sheet is not self._sheet:  # another call came in meanwhile: this one waits as a draft
                await self._drafts.write(sheet, fields)
            raise
        finally:
            self._set_saving(sheet, False)
            if sheet is self._sheet:
                self.form.focus_on(self._show_faults())
        self._saved(sheet, logged)

    def _put_right(self, logged: LoggedReport) -> list[Paragraph]:
        if not logged.unsettles:
            return []
        from dutydesk.desk.views.board import names

        return put_right_said(names(self.desk.desk), logged, self.desk_app.now(), self.desk.zone)

    def _set_saving(self, sheet: Sheet, saving: bool) -> None:
        sheet.saving = saving
        self.form.disabled = self.sheet.saving
        self._tell_head()

    def _saved(self, sheet: Sheet, logged: LoggedReport) -> None:
        """Says what was made of it, and goes on to the incident unless another call came in meanwhile."""
        if sheet is self._sheet:
            self._fresh(self.desk_app.now())
            if self.desk_app.front is self:
                go_on(self.desk_app, logged, self._put_right(logged))
                return
        self.desk_app.news(made_of(logged), "good")
