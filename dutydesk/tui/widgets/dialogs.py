"""Questions that stand before everything else: a typed word, a choice from a list. Esc always means no."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from dutydesk.i18n import N_
from dutydesk.tui.compositor import DeskCompositor
from dutydesk.tui.lines import Line
from dutydesk.tui.text import plain, plain_lines, wrap
from dutydesk.tui.widgets.fields import DeskInput
from dutydesk.tui.widgets.linelist import LineList
from dutydesk.tui.widgets.painting import relabel
from dutydesk.tui.widgets.reading import Say

Result = TypeVar("Result")
Row = TypeVar("Row")


class Dialog(ModalScreen[Result | None], Generic[Result]):
    """A box in the middle. Its answer is ``None`` when the officer backs out."""

    DEFAULT_CSS = """
    Dialog { align: center middle; background: $background 60%; }
    Dialog:ansi { background: ansi_default; }
    Dialog > Vertical {
        width: 64; max-width: 100%; height: auto; max-height: 100%; padding: 1 2; background: $panel;
    }
    Dialog.-drill > Vertical { background: $panel; border-left: blank $drill; }
    Dialog .title { text-style: bold; color: $accent; width: 1fr; }
    Dialog .said { color: $ink; margin: 1 0; width: 1fr; height: auto; }
    Dialog .quiet { color: $quiet; width: 1fr; }
    Dialog Input { height: 1; border: none; padding: 0 1; background: $chosen; color: $strong; }
    Dialog Input:focus { border: none; }
    Dialog LineList { height: auto; max-height: 14; margin: 1 0 0 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "back_out", show=False)]

    def __init__(self, *, classes: str = "") -> None:
        super().__init__(classes=classes)
        self._compositor = DeskCompositor()

    def on_resize(self) -> None:
        """What has the focus stays in sight in however small a window."""
        if self.focused is not None:
            self.call_after_refresh(self.focused.scroll_visible, animate=False)

    def fit(self, lines: LineList[Any], *, besides: int, most: int) -> None:
        """Gives a list its rows, ``most`` at the most and no more than the window has lines for ``besides``
        the rest of the dialog: what does not fit is scrolled to, not cut off."""
        lines.styles.height = max(2, min(most, len(lines.rows), self.app.size.height - besides))

    def action_back_out(self) -> None:
        """No answer."""
        self.dismiss(None)

    def relabel(self) -> None:
        """The language has changed."""
        relabel(self)


class ConfirmWord(Dialog[bool]):
    """Asks to type a word before something that cannot be taken back, or that goes out for real.

    True once the word is typed exactly; ``title`` and ``hint`` are sentences of the catalogue, ``said`` is
    plain text that may come from outside.
    """

    def __init__(self, title: str, said: str, word: str, *, drill: bool = False) -> None:
        super().__init__(classes="-drill" if drill else "")
        self._title = title
        self._said = said
        self._word = word

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Say(self._title, classes="title")
            yield Static(Content("\n".join(wrap(plain_lines(self._said), 58))), classes="said", markup=False)
            yield Say(N_("Type {word} and press Enter; Esc goes back."), word=self._word, classes="quiet")
            yield DeskInput(compact=True, select_on_focus=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if event.value.strip() == self._word:
            self.dismiss(True)
        else:
            event.input.value = ""
            self.app.bell()


class AskText(Dialog[str]):
    """Asks for one line, such as a reason that is kept. Never answers an empty line."""

    def __init__(self, title: str, said: str = "", *, value: str = "") -> None:
        super().__init__()
        self._title = title
        self._said = said
        self._value = value

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Say(self._title, classes="title")
            if self._said:
                yield Static(
                    Content("\n".join(wrap(plain_lines(self._said), 58))), classes="said", markup=False
                )
            yield DeskInput(value=self._value, compact=True, select_on_focus=False)
            yield Say(N_("Enter takes it; Esc goes back."), classes="quiet")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if answer := event.value.strip():
            self.dismiss(answer)


class Choose(Dialog[Row]):
    """Asks for one of several rows: arrows and Enter, digits, or typing a part of it where ``find`` is given.

    ``find`` orders and filters the rows for what was typed.
    """

    def __init__(
        self,
        title: str,
        rows: Sequence[Row],
        draw: Callable[[Row, int], Line],
        *,
        key: Callable[[Row], Hashable],
        find: Callable[[str], Sequence[Row]] | None = None,
        choosable: Callable[[Row], bool] | None = None,
    ) -> None:
        super().__init__()
        self._title = title
        self._rows = rows
        self._find = find
        self.list: LineList[Row] = LineList(
            draw,
            key=key,
            choosable=choosable,
            digits="rows" if find is None else "",
            empty=N_("Nothing fits."),
            base="bar",
            lit=True,
        )

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Say(self._title, classes="title")
            if self._find is not None:
                yield DeskInput(compact=True, select_on_focus=False)
            yield self.list

    def on_mount(self) -> None:
        self._show(self._rows)
        if self._find is None:
            self.list.focus()

    def on_resize(self) -> None:
        self._fit()

    def on_input_changed(self, event: Input.Changed) -> None:
        if self._find is not None:
            self._show(self._find(plain(event.value)))

    def on_input_submitted(self) -> None:
        self.list.action_take()

    def on_line_list_taken(self, event: LineList.Taken) -> None:
        self.dismiss(event.row)

    def key_down(self) -> None:
        self.list.action_move(1)

    def key_up(self) -> None:
        self.list.action_move(-1)

    def _fit(self) -> None:
        self.fit(self.list, besides=4 + (self._find is not None), most=14)

    def _show(self, rows: Sequence[Row]) -> None:
        self.list.show(rows)
        self._fit()
        if rows:
            self.list.point(self.list._key(rows[0]))
