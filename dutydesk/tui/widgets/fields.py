"""Form fields: a label that keeps its column, an input, and its own error underneath."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from dutydesk.i18n import _
from dutydesk.tui.text import plain
from dutydesk.tui.widgets.reading import Say


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
