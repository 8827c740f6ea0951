"""How a shift starts and ends: who leads and who is on; and every open item before it is handed over."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input

from dutydesk.i18n import N_, _
from dutydesk.tui.lines import Line
from dutydesk.tui.widgets.dialogs import Dialog
from dutydesk.tui.widgets.fields import Field
from dutydesk.tui.widgets.linelist import LineList
from dutydesk.tui.widgets.reading import Say

if TYPE_CHECKING:
    from dutydesk.tui.screens.shift.screen import ItemRow

_BETWEEN = re.compile(r"[\s,，、;；]+")


class StartShift(Dialog[tuple[str, list[str]]]):
    """Answers with the leader and the officers on duty, parted by blanks or commas."""

    def __init__(self, officer: str) -> None:
        super().__init__()
        self._officer = officer

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Say(N_("A shift begins"), classes="title")
            yield Field(N_("Leader"), id="leader")
            yield Field(N_("On duty"), value=self._officer, hint=N_("names, parted by blanks"), id="officers")
            yield Say(N_("Enter goes on; Esc goes back."), classes="quiet")

    def on_mount(self) -> None:
        self.query_one("#leader", Field).focus_input()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        leader, officers = self.query_one("#leader", Field), self.query_one("#officers", Field)
        names = [name for name in _BETWEEN.split(officers.value) if name]
        if event.input is leader.input:
            officers.focus_input()
        elif not names:
            officers.wrong(_("Say who is on duty."))
        else:
            self.dismiss((leader.value, names))


class EndShift(Dialog[str]):
    """Every open item; the remarks can be written, and the shift ended, only after the last one was on the
    screen. Answers with the remarks, which may be empty."""

    DEFAULT_CSS = """
    EndShift > Vertical { width: 100%; max-width: 100; }
    EndShift LineList { max-height: 100%; margin: 0; }
    EndShift Field { display: none; margin: 1 0 0 0; }
    EndShift.-seen Field { display: block; }
    """

    def __init__(self, rows: Sequence[ItemRow], draw: Callable[[ItemRow, int], Line], remarks: str) -> None:
        super().__init__()
        self._rows = rows
        self._remarks = remarks
        self.list: LineList[ItemRow] = LineList(
            draw,
            key=lambda row: row.key,
            choosable=lambda row: not row.heading,
            empty=N_("Nothing is open."),
            base="bar",
            lit=True,
        )

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Say(N_("Handed over to the next shift"), classes="title")
            yield self.list
            yield Field(N_("Remarks"), value=self._remarks, id="remarks")
            yield Say("", classes="quiet")

    def on_mount(self) -> None:
        self.list.styles.height = min(max(1, len(self._rows)), max(4, self.app.size.height - 9))
        self.list.show(self._rows)
        self.list.focus()
        self.call_after_refresh(self._look)

    def on_line_list_pointed(self) -> None:
        self.call_after_refresh(self._look)

    def on_line_list_taken(self) -> None:
        """Enter: the next page, and after the last one the remarks."""
        if self.has_class("-seen"):
            self.query_one("#remarks", Field).focus_input()
        else:
            self.list.action_page(1)
            self.call_after_refresh(self._look)

    def on_input_submitted(self) -> None:
        self.dismiss(self.query_one("#remarks", Field).value)

    def _look(self) -> None:
        """Notes whether the last item has been on the screen."""
        shown = self.list.scroll_offset.y + self.list.size.height
        below = len(self._rows) - shown
        hint = self.query_one(".quiet", Say)
        if below > 0 and not self.has_class("-seen"):
            hint.say(N_("{count} more below: Enter or PgDn; Esc goes back."), count=below)
            return
        self.set_class(True, "-seen")
        if self._rows:
            hint.say(N_("All seen. Enter goes to the remarks, and once more ends the shift; Esc goes back."))
        else:
            hint.say(N_("Enter ends the shift; Esc goes back."))
            self.query_one("#remarks", Field).focus_input()
