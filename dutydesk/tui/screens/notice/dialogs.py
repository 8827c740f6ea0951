"""What the notice screen asks in a box of its own: the preview, and a second person's login at this desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from dutydesk.i18n import N_, _
from dutydesk.tui import words
from dutydesk.tui.lines import Cell, Line, Role, lay_out
from dutydesk.tui.text import plain_lines, wrap
from dutydesk.tui.widgets.dialogs import Dialog
from dutydesk.tui.widgets.fields import Field
from dutydesk.tui.widgets.linelist import LineList
from dutydesk.tui.widgets.reading import Reader, Say

if TYPE_CHECKING:
    from dutydesk.desk.views.notices import PreviewLine


class Preview(Dialog[bool]):
    """Every recipient, and under them the text that the chosen one gets, exactly as sent. True for Enter
    where ``ask`` (a sentence of the catalogue) says what Enter does."""

    DEFAULT_CSS = """
    Preview > Vertical { width: 100%; max-width: 100; height: 100%; max-height: 30; padding: 0 1; }
    Preview LineList { height: 1fr; max-height: 100%; margin: 0; }
    Preview Reader { height: 1fr; margin: 1 0 0 0; }
    Preview .world { width: 1fr; text-style: bold; }
    Preview.-drill .world { color: $drill; }
    """

    def __init__(self, title: str, lines: Sequence[PreviewLine], *, drill: bool, ask: str = "") -> None:
        super().__init__(classes="-drill" if drill else "")
        self._title = title
        self._lines = list(enumerate(lines))
        self._drill = drill
        self._ask = ask
        self.list: LineList[tuple[int, PreviewLine]] = LineList(
            _recipient, key=lambda row: row[0], empty=N_("Nobody would get it."), base="bar", lit=True
        )
        self.reader = Reader(base="plain")

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Say(self._title, classes="title")
            world = N_("DRILL  {count} recipients") if self._drill else N_("LIVE  {count} recipients")
            yield Say(world, count=len(self._lines), classes="world")
            yield self.list
            yield self.reader
            yield Say(self._ask or N_("Arrows go through the recipients; Esc goes back."), classes="quiet")

    def on_mount(self) -> None:
        self.list.show(self._lines)
        self.list.focus()
        self._read()

    def on_line_list_pointed(self) -> None:
        self._read()

    def on_line_list_taken(self) -> None:
        if self._ask:
            self.dismiss(True)

    def _read(self) -> None:
        row = self.list.chosen
        self.reader.read_all(_what_is_got(row[1]) if row else [])


def _what_is_got(line: PreviewLine) -> list[tuple[str, Role]]:
    """Why nothing, the title where there is one, and the text: each part where it goes out in several."""
    said: list[tuple[str, Role]] = []
    if line.trouble is not None:
        said.append((words.say(line.trouble), "late"))
    if line.title:
        said.append((line.title, "muted"))
    return [*said, *((part, "strong") for part in line.parts or (line.body,))]


def _recipient(row: tuple[int, PreviewLine], width: int) -> Line:
    line = row[1]
    return lay_out(
        [
            Cell(f" {line.contact}", "strong", width=12),
            Cell(line.org, "text", width=18, drop=2),
            Cell(line.channel or _("no address"), "text" if line.channel else "late", width=10),
            Cell(line.address, "muted" if line.trouble is None else "late", flex=1),
        ],
        width,
    )


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the second person typed."""

    login: str
    pin: str


class SecondPerson(Dialog[Credentials]):
    """The second person approves at this desk: their own login and PIN."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("down", "app.focus_next", show=False)]

    def __init__(self, said: str, refused: str = "", login: str = "") -> None:
        super().__init__()
        self._said = said
        self._refused = refused
        self._login = login

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Say(N_("A second person approves, with a PIN of their own"), classes="title")
            lines = wrap(plain_lines(self._said), 58)[:6]
            yield Static(Content("\n".join(lines)), classes="said", markup=False)
            yield Field(N_("Login"), value=self._login, id="login")
            yield Field(N_("PIN"), secret=True, id="pin")
            yield Say(N_("Enter approves; Esc goes back."), classes="quiet")

    def on_mount(self) -> None:
        login, pin = self.query_one("#login", Field), self.query_one("#pin", Field)
        if self._refused:
            pin.wrong(self._refused)
        (pin if self._login else login).focus_input()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        login, pin = self.query_one("#login", Field), self.query_one("#pin", Field)
        if event.input is login.input or not pin.input.value:
            pin.focus_input()
        elif login.value:
            self.dismiss(Credentials(login.value, pin.input.value))


class AskSure(Dialog[bool]):
    """Once more before something that others will see: ``said`` may come from outside, ``yes`` is a sentence
    of the catalogue."""

    def __init__(self, said: str, yes: str) -> None:
        super().__init__()
        self._said = said
        self._yes = yes
        self.list: LineList[bool] = LineList(
            self._answer, key=lambda row: row, digits="rows", base="bar", lit=True
        )

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Say(self._yes, classes="title")
            lines = wrap(plain_lines(self._said), 58)[:8]
            yield Static(Content("\n".join(lines)), classes="said", markup=False)
            yield self.list

    def on_mount(self) -> None:
        self.list.show([True, False])
        self.list.focus()

    def on_line_list_taken(self, event: LineList.Taken) -> None:
        self.dismiss(event.row or None)

    def _answer(self, row: bool, width: int) -> Line:
        number, word = ("1", _(self._yes)) if row else ("2", _("Go back"))
        return lay_out([Cell(f" {number}", "key", width=3), Cell(word, "strong", flex=1)], width)
