"""Sheets that lie over the incident screen: something to read, and then Enter, a digit or a line of text."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable, Sequence
from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from dutydesk.i18n import N_, _
from dutydesk.tui.lines import Line, Role
from dutydesk.tui.text import plain, plain_lines, wrap
from dutydesk.tui.widgets.dialogs import Dialog
from dutydesk.tui.widgets.fields import DeskInput
from dutydesk.tui.widgets.linelist import LineList
from dutydesk.tui.widgets.reading import Reader, Say

Result = TypeVar("Result")
Row = TypeVar("Row")
Paragraph = tuple[str, Role]


class Sheet(Dialog[Result]):
    """``title`` and ``paragraphs`` are plain text, already in the officer's language; ``hint`` is a sentence
    of the catalogue. PgUp and PgDn scroll the text while the focus is elsewhere."""

    DEFAULT_CSS = """
    Sheet > Vertical { width: 76; }
    Sheet.-wide > Vertical { width: 92%; max-width: 110; }
    Sheet Reader { height: auto; margin: 1 0; background: $panel; max-height: 100%; }
    Sheet LineList.pick { margin: 0 0 1 0; }
    Sheet .-alone { margin: 0 0 1 0; }
    Sheet Input { margin: 0 0 1 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pageup", "turn(-1)", show=False, priority=True),
        Binding("pagedown", "turn(1)", show=False, priority=True),
    ]
    HINT: ClassVar[str] = N_("Enter goes on; Esc goes back.")
    BESIDES = 6
    """Lines of the screen that the sheet needs besides its text."""

    def __init__(
        self, title: str, paragraphs: Sequence[Paragraph], *, hint: str = "", wide: bool = False
    ) -> None:
        super().__init__(classes="-wide" if wide else "")
        self._title = title
        self._paragraphs = list(paragraphs)
        self._hint = hint or self.HINT
        self._title_classes = "title" if self._paragraphs else "title -alone"
        self.reader = Reader(base="bar")

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(Content(plain(self._title)), classes=self._title_classes, markup=False)
            if self._paragraphs:
                yield self.reader
            yield from self.below()
            yield Say(self._hint, classes="quiet")

    def below(self) -> ComposeResult:
        """What is asked for, under the text."""
        yield from ()

    def on_mount(self) -> None:
        if self._paragraphs:
            self._fit()
            self.reader.read_all(self._paragraphs)

    def on_resize(self) -> None:
        self._fit()

    def action_turn(self, pages: int) -> None:
        """Turns the text's pages."""
        self.reader.action_move(pages * max(1, self.reader.size.height - 1))

    @property
    def read_to_the_end(self) -> bool:
        """Whether the last line of the text has been on the screen."""
        return not self._paragraphs or (
            self.reader.scroll_offset.y + self.reader.size.height >= len(self.reader.rows)
        )

    @property
    def inner(self) -> int:
        """Cells of a line of the sheet."""
        wide = min(110, self.app.size.width * 92 // 100) if self.has_class("-wide") else 76
        return max(8, min(wide, self.app.size.width) - 6)

    @property
    def wrapped(self) -> int:
        """Lines that title and hint take beyond one each: the hint is what tells how to go on, so the text
        gives way to it."""
        return sum(len(wrap(text, self.inner)) - 1 for text in (plain(self._title), _(self._hint)))

    def _fit(self) -> None:
        lines = sum(len(wrap(plain_lines(text), self.inner)) for text, _role in self._paragraphs)
        room = self.app.size.height - self.BESIDES - self.wrapped
        self.reader.styles.height = max(1, min(lines, room))


QUIET = 0.3
"""Seconds without an Enter before one counts: a key held down or bouncing has read nothing."""


class ReadSheet(Sheet[bool]):
    """A text that must be read: Enter turns its pages, and at its end takes it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "go_on", show=False, priority=True)]

    def on_mount(self) -> None:
        super().on_mount()
        self._last_enter = asyncio.get_running_loop().time()
        self.reader.focus()

    def action_go_on(self) -> None:
        """The next page, or the end of it."""
        now = asyncio.get_running_loop().time()
        quiet, self._last_enter = now - self._last_enter, now
        if quiet < QUIET:
            return
        if self.read_to_the_end:
            self.dismiss(True)
        else:
            self.action_turn(1)


class PickSheet(Sheet[Row]):
    """A text, and one of several answers by digit, or by arrows and Enter."""

    HINT = N_("A digit, or arrows and Enter; Esc goes back.")

    def __init__(
        self,
        title: str,
        paragraphs: Sequence[Paragraph],
        rows: Sequence[Row],
        draw: Callable[[Row, int], Line],
        *,
        key: Callable[[Row], Hashable],
        at: Hashable | None = None,
        wide: bool = False,
    ) -> None:
        super().__init__(title, paragraphs, wide=wide)
        self._rows = list(rows)
        self._at = at
        self.list: LineList[Row] = LineList(draw, key=key, digits="rows", base="bar", lit=True)
        self.list.add_class("pick")
        self.BESIDES = 7 + len(self._rows)

    def below(self) -> ComposeResult:
        yield self.list

    def on_mount(self) -> None:
        super().on_mount()
        self.list.show(self._rows)
        self._fit()
        if self._at is not None:
            self.list.point(self._at)
        self.list.focus()

    def _fit(self) -> None:
        super()._fit()
        self.fit(self.list, besides=(8 if self._paragraphs else 6) + self.wrapped, most=9)

    def on_line_list_taken(self, event: LineList.Taken) -> None:
        self.dismiss(event.row)


class WriteSheet(Sheet[str]):
    """A text, and a line to type. ``optional`` takes an empty one too."""

    HINT = N_("Enter takes it; Esc goes back.")
    BESIDES = 8

    def __init__(
        self,
        title: str,
        paragraphs: Sequence[Paragraph] = (),
        *,
        value: str = "",
        placeholder: str = "",
        optional: bool = False,
    ) -> None:
        super().__init__(title, paragraphs)
        self._optional = optional
        self.input = DeskInput(value=value, placeholder=placeholder, compact=True, select_on_focus=False)

    def below(self) -> ComposeResult:
        yield self.input

    def on_mount(self) -> None:
        super().on_mount()
        self.input.focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        answer = event.value.strip()
        if answer or self._optional:
            self.dismiss(answer)
