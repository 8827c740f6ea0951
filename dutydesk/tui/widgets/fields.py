"""Form fields: a label that keeps its column, an input, and its own error underneath."""

from __future__ import annotations

from typing import Literal, Self

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.geometry import Region
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea
from textual.widgets.text_area import Edit, EditResult

from dutydesk.i18n import _
from dutydesk.model.visible import visible
from dutydesk.tui.text import plain
from dutydesk.tui.widgets.reading import Say


class DeskTextArea(TextArea):
    """An area for several lines in which a control or escape character is a picture of itself, whether it is
    pasted or comes with a text to go on with."""

    _held_back: bool | None = None
    """While a text is edited: whether the area has asked to be drawn."""

    def __init__(
        self,
        text: str = "",
        *,
        tab_behavior: Literal["focus", "indent"] = "focus",
        id: str | None = None,  # noqa: A002 - Textual's own name
    ) -> None:
        super().__init__(
            visible(text),
            id=id,
            tab_behavior=tab_behavior,
            compact=True,
            show_line_numbers=False,
            highlight_cursor_line=False,
        )
        self.match_cursor_bracket = False  # what is said on the telephone is no program

    def load_text(self, text: str) -> None:
        super().load_text(visible(text))

    def edit(self, edit: Edit) -> EditResult:
        """Draws the rows of the line that was changed and no others, where the rest stays as it stands: a
        key costs the same in a tall area as in a low one. Rows gained or lost change the area's virtual
        size, with which Textual draws all of it."""
        whole = not self.selection.is_empty or not self.text
        line = edit.top[0]
        self._held_back = False
        try:
            result = super().edit(edit)
        finally:
            held_back, self._held_back = self._held_back, None
        if not held_back:
            return result
        wrapped = self.wrapped_document
        if whole or not self.text or not line == edit.bottom[0] == result.end_location[0]:
            self.refresh()
        else:
            first = wrapped.location_to_offset((line, 0)).y
            last = wrapped.location_to_offset((line, len(self.document.get_line(line)))).y
            self.refresh_lines(first, last - first + 1)
        return result

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> Self:
        if self._held_back is not None and repaint and not (regions or layout or recompose):
            self._held_back = True
            return self
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def _on_paste(self, event: events.Paste) -> None:  # type: ignore[override] # Textual calls both, this first
        event.text = visible(event.text)


class DeskInput(Input):
    """An input in which a control or escape character is a picture of itself, whatever it comes from, and a
    pasted text of several lines stays whole on its one line."""

    def validate_value(self, value: str) -> str:
        """What may stand in it."""
        return value if self.password else plain(value)

    def _on_paste(self, event: events.Paste) -> None:
        event.text = plain(event.text)  # Textual calls the handler of Input next


def tell(error: Static, why: str, *, at: Widget) -> None:
    """Says in ``error`` what is wrong ``at`` a widget, as plain text, and marks it; an empty ``why`` takes
    both away. Costs nothing where that is said already: the form is told after every word that was read."""
    said = plain(why)
    if str(error.content) != said:
        at.set_class(bool(said), "-wrong")
        error.update(Content(said))


class Field(Vertical):
    """One line to fill in. ``label`` and ``hint`` are sentences of the catalogue (``N_``)."""

    DEFAULT_CSS = """
    Field { height: auto; }
    Field > Horizontal { height: 1; }
    Field .label { width: 14; color: $quiet; }
    Field Input { width: 1fr; height: 1; border: none; padding: 0 1; background: $panel; color: $ink; }
    Field Input:focus { background: $chosen; border: none; }
    Field > .error { display: none; color: $late; text-style: bold; padding: 0 0 0 14; height: auto; }
    Field.-wrong > .error { display: block; }
    """

    def __init__(
        self,
        label: str,
        *,
        value: str = "",
        hint: str = "",
        secret: bool = False,
        length: int = 0,
        id: str | None = None,  # noqa: A002 - Textual's own name
    ) -> None:
        """``secret`` hides what is typed; ``length`` limits it, 0 does not."""
        super().__init__(id=id)
        self._label = label
        self._hint = hint
        self.input = DeskInput(
            value=value, password=secret, max_length=length, compact=True, select_on_focus=False
        )

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Say(self._label, classes="label")
            yield self.input
        yield Static(classes="error", markup=False)

    def on_mount(self) -> None:
        self.relabel()

    def on_input_changed(self, event: Input.Changed) -> None:
        if event.value:  # what empties a refused field must not take the reason away with it
            self.wrong("")

    @property
    def value(self) -> str:
        """What was typed, without blanks around it."""
        return self.input.value.strip()

    @value.setter
    def value(self, value: str) -> None:
        self.input.value = value

    def wrong(self, why: str) -> None:
        """Shows ``why`` the value cannot be taken, as plain text; nothing takes the error away."""
        tell(self.query_one(".error", Static), why, at=self)

    def relabel(self) -> None:
        """The language has changed."""
        self.input.placeholder = _(self._hint) if self._hint else ""

    def focus_input(self) -> None:
        """Puts the cursor into the field."""
        self.input.focus()
