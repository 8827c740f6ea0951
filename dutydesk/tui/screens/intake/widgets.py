"""The intake's own widgets: the narrative, the head line, and the side in which figures are corrected in
place."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from dutydesk.i18n import N_, _
from dutydesk.model.enums import FigureKind
from dutydesk.model.text import Text
from dutydesk.tui import times, words
from dutydesk.tui.lines import Cell, Line, lay_out
from dutydesk.tui.screens.intake.rows import SideRow, draw
from dutydesk.tui.widgets.linelist import LineList
from dutydesk.tui.widgets.painting import Bar
from dutydesk.tui.widgets.textarea import DeskTextArea

LONGEST_FIGURE = 9


class Narrative(DeskTextArea):
    """What is being told."""

    ABOUT = Text(
        "先记来电人说的话，别的都可以不填。数字、类型、归属会从话里读出来。",
        "Write down what is said; everything else may be left out and is read out of it.",
    )

    def __init__(self) -> None:
        super().__init__(id="main")

    def on_mount(self) -> None:
        self.relabel()

    def relabel(self) -> None:
        """The language has changed."""
        self.placeholder = _("What is said: what happened, where, how many people ...")


class Head(Bar):
    """The received time, what the report is about, how many drafts wait; a drill turns it over."""

    def __init__(self, zone: tzinfo, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._zone = zone
        self.received: datetime | None = None
        self.drill = False
        self.incident = ""
        self.drafts = 0
        self.saving = False
        self.kept = False

    def ground(self) -> str:
        return "alarm_drill" if self.drill else "bar"

    def line(self, width: int) -> Line:
        received = times.clock(self.received, self._zone) if self.received is not None else ""
        about = _("follow-up to {incident}", incident=self.incident) if self.incident else _("new report")
        state = _("saving ...") if self.saving else _("draft kept") if self.kept else ""
        return lay_out(
            [
                Cell(f" {_('Received')}", "muted"),
                Cell(received, "strong"),
                Cell(about, "heading", flex=1),
                Cell(state, "muted", drop=2),
                Cell(_("{count} drafts wait", count=self.drafts) if self.drafts else "", "soon", drop=1),
                Cell(f"{words.drill(self.drill)[0]} ", words.drill(self.drill)[1]),
            ],
            width,
        )


class Side(LineList[SideRow]):
    """What was read out. On a figure, digits type its right number, ``?`` makes it unknown, ``-`` strikes it
    out and a second ``-`` takes the correction back; on a circumstance ``+`` states it, ``-`` strikes it out;
    Enter on an incident files the report there."""

    ABOUT = Text(
        "上下选一项数字：直接打数字改正，? 表示不明，减号删去，再按一次恢复。情形：加号认定，减号删去。"
        "选中疑似同一事件时回车归入。",
        "Choose a figure: digits correct it, ? is unknown, - strikes it out, again takes that back. On a"
        " circumstance + states it, - strikes it out. Enter on an incident files the report there.",
    )
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    class Corrected(Message):
        """The officer's word on a figure; ``None`` takes it back."""

        def __init__(self, kind: FigureKind, value: str | None) -> None:
            super().__init__()
            self.kind = kind
            self.value = value

    class Marked(Message):
        """The officer's word on a circumstance; ``None`` takes it back."""

        def __init__(self, name: str, value: str | None) -> None:
            super().__init__()
            self.name = name
            self.value = value

    class Left(Message):
        """Back to the narrative."""

    class Resized(Message):
        """The rows are to be wrapped anew."""

    def __init__(self, struck: Callable[[FigureKind], bool], marked: Callable[[str], str]) -> None:
        super().__init__(
            draw,
            key=lambda row: row.key,
            choosable=lambda row: row.choosable,
            empty=N_("What is told appears here as figures, grade, place and playbooks."),
            base="plain",
            id="side",
        )
        self._struck = struck
        self._marked = marked
        self._typing: tuple[FigureKind, str] | None = None

    def on_resize(self) -> None:  # Textual calls the list's own handler as well
        self.post_message(self.Resized())

    def action_leave(self) -> None:
        """Back to where the words are."""
        self.post_message(self.Left())

    def action_move(self, by: int) -> None:
        self._typing = None
        super().action_move(by)

    def on_blur(self) -> None:
        self._typing = None

    def on_key(self, event: events.Key) -> None:
        row = self.chosen
        if row is None:
            return
        if row.marker:
            value = self._mark(row.marker, event)
        else:
            value = self._corrected(row.figure, event) if row.figure is not None else None
        if value is not None:
            event.stop()
            event.prevent_default()

    def _mark(self, name: str, event: events.Key) -> str | None:
        character = unicodedata.normalize("NFKC", event.character or "")
        value = "-" if event.key == "delete" else character
        if value not in ("+", "-"):
            return None
        self.post_message(self.Marked(name, None if self._marked(name) == value else value))
        return value

    def _corrected(self, kind: FigureKind, event: events.Key) -> str | None:
        typed = self._typing[1] if self._typing is not None and self._typing[0] == kind else ""
        character = unicodedata.normalize("NFKC", event.character or "")
        if character.isdecimal() or (character == "." and typed and "." not in typed):
            value = (typed + character)[:LONGEST_FIGURE]
        elif event.key == "backspace" and typed:
            value = typed[:-1]
        elif character == "?":
            self._typing = None
            self.post_message(self.Corrected(kind, "?"))
            return "?"
        elif character == "-" or event.key == "delete":
            self._typing = None
            self.post_message(self.Corrected(kind, None if self._struck(kind) else "-"))
            return "-"
        else:
            return None
        self._typing = (kind, value)
        self.post_message(self.Corrected(kind, value or None))
        return value
