"""The form of the intake: the narrative with the fields below it, as one widget that knows no desk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from dutydesk.i18n import N_
from dutydesk.tui.screens.intake.widgets import Narrative
from dutydesk.tui.widgets.fields import Field, tell

PAIRS: Final = (
    ("type", "town"),
    ("place", "occurred"),
    ("caller", "phone"),
    ("source", "incident"),
    ("corrects",),
)
"""The fields, two to a line, in the order in which Tab goes through them."""
LABELS: Final[Mapping[str, tuple[str, str]]] = {
    "type": (N_("Type"), N_("from text; Enter lists")),
    "town": (N_("Town"), N_("yjp, name; Enter lists")),
    "place": (N_("Place"), ""),
    "occurred": (N_("Occurred"), N_("-20m, yesterday2330")),
    "caller": (N_("Caller"), ""),
    "phone": (N_("Phone"), ""),
    "source": (N_("Source"), N_("phone; Enter lists")),
    "incident": (N_("Incident"), N_("number; new if empty")),
    "corrects": (N_("Corrects"), N_("number of a report")),
}
"""Label and hint of each; at 120 columns a hint has 23 cells."""
NAMES: Final = tuple(LABELS)
LONGEST: Final = 200


class Fields(Vertical):
    """The fields, two to a line."""

    DEFAULT_CSS = """
    Fields { height: auto; }
    Fields > Horizontal { height: auto; }
    Fields Field { width: 1fr; margin: 0 1 0 0; }
    Fields .beside { width: 1fr; margin: 0 1 0 0; }
    Fields Field .label { width: 10; padding: 0 0 0 1; }
    Fields Field > .error { padding: 0 0 0 10; }
    """

    def compose(self) -> ComposeResult:
        for pair in PAIRS:
            with Horizontal():
                for name in pair:
                    label, hint = LABELS[name]
                    yield Field(label, hint=hint, length=LONGEST, id=name)
                if len(pair) == 1:
                    yield Static(classes="beside")

    def each(self) -> Iterator[tuple[str, Field]]:
        """Every field with its name."""
        for name in NAMES:
            yield name, self.query_one(f"#{name}", Field)

    def values(self) -> dict[str, str]:
        """What stands in them."""
        return {name: each.value for name, each in self.each()}

    def fill(self, values: Mapping[str, Any]) -> None:
        """Puts values in, and empties what has none."""
        for name, each in self.each():
            each.value = str(values.get(name) or "")
            each.wrong("")


class IntakeForm(Vertical):
    """The narrative has the id ``main``."""

    DEFAULT_CSS = """
    IntakeForm { height: auto; }
    IntakeForm #main { height: 5; border: none; padding: 0 1; background: $surface; color: $ink; }
    IntakeForm #text-error { display: none; color: $late; text-style: bold; padding: 0 1; height: auto; }
    IntakeForm #text-error.-wrong { display: block; }
    """

    def compose(self) -> ComposeResult:
        yield Narrative()
        yield Static(id="text-error", markup=False)
        yield Fields(id="fields")

    @property
    def narrative(self) -> Narrative:
        """Where what is said is written down."""
        return self.query_one(Narrative)

    @property
    def text(self) -> str:
        """What was said."""
        return self.narrative.text

    def values(self) -> dict[str, str]:
        """What stands in the fields, by their names."""
        return self.query_one(Fields).values()

    def told(self, *, follows: int | None) -> bool:
        """Whether anything was typed; the number of the incident it ``follows`` was not."""
        known = {"incident": str(follows or "")}
        return bool(self.text.strip()) or any(
            value and value != known.get(name) for name, value in self.values().items()
        )

    def fill(self, text: str, values: Mapping[str, Any]) -> None:
        """Another report in place of the one that stands there; the cursor goes behind its last word."""
        self.disabled = False
        self.narrative.load_text(text)
        self.narrative.move_cursor(self.narrative.document.end)
        self.query_one(Fields).fill(values)
        self._fault_text("")
        self.narrative.focus()

    def put(self, name: str, value: str) -> None:
        """Fills one field."""
        self.query_one(f"#{name}", Field).value = value

    def name_of(self, field: Input) -> str:
        """The name of the field this input is in, or nothing."""
        return next((name for name, each in self.query_one(Fields).each() if each.input is field), "")

    def show_faults(self, said: Mapping[str, str], *, but: object = None) -> str:
        """Says at each field what is wrong with it, but not at the input ``but``, in the middle of typing
        it. Gives the name of the first one at fault."""
        self._fault_text(said.get("text", ""))
        for name, field in self.query_one(Fields).each():
            if field.input is not but:
                field.wrong(said.get(name, ""))
        return next((name for name in ("text", *NAMES) if name in said), "")

    def focus_on(self, name: str) -> None:
        """Puts the cursor into a field, or into the narrative when it is none."""
        if name in NAMES:
            self.query_one(f"#{name}", Field).focus_input()
        else:
            self.narrative.focus()

    def _fault_text(self, why: str) -> None:
        error = self.query_one("#text-error", Static)
        tell(error, why, at=error)
