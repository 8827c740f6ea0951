"""The composer: whom, what, and how, on one sheet; arrows, digits, space and Enter, letters only in the
text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message

from dutydesk.i18n import N_, _
from dutydesk.tui import words
from dutydesk.tui.lines import Cell, Line, lay_out
from dutydesk.tui.text import plain
from dutydesk.tui.widgets.dialogs import Dialog
from dutydesk.tui.widgets.heading import Heading
from dutydesk.tui.widgets.linelist import LineList
from dutydesk.tui.widgets.reading import Say
from dutydesk.tui.widgets.textarea import DeskTextArea

if TYPE_CHECKING:
    from dutydesk.desk.people.groups import GroupRow
    from dutydesk.model.reports import Incident

OPTIONS = ("template", "confirm", "urgent", "world", "correction", "done")


@dataclass(slots=True)
class Composition:
    """A notice as far as it is written; kept while the officer looks elsewhere."""

    groups: set[str] = field(default_factory=set)
    text: str = ""
    template: str = ""
    confirm: bool = True
    urgent: bool = False
    drill: bool = False
    correction: str = ""
    incident: Incident | None = None


class Marks(LineList["GroupRow"]):
    """Groups to be marked: a digit or Space marks, Enter goes on."""

    class Marked(Message):
        """``row`` was marked or unmarked."""

        def __init__(self, row: GroupRow) -> None:
            super().__init__()
            self.row = row

    def on_key(self, event: events.Key) -> None:
        if event.key in "123456789" and (index := int(event.key) - 1) < len(self.rows):
            self.point(self.rows[index].code)
        elif event.key != "space":
            return
        event.stop()
        if self.chosen is not None:
            self.post_message(self.Marked(self.chosen))


class Composer(Dialog[str]):
    """Answers with what is wanted next: ``template``, ``correction`` or ``done``; ``None`` for Esc. All that
    was entered is in ``writing`` at any time."""

    DEFAULT_CSS = """
    Composer { align: center top; }
    Composer > Vertical {
        width: 100%; max-width: 100; height: 100%; padding: 0; background: $background; overflow-y: auto;
    }
    Composer #groups { height: 1fr; min-height: 2; max-height: 100%; margin: 0; }
    Composer TextArea { height: 6; border: none; padding: 0 1; background: $panel; }
    Composer TextArea:focus { border: none; }
    Composer #options { height: 6; max-height: 6; margin: 0; }
    Composer .world { width: 1fr; height: 1; background: $panel; text-style: bold; padding: 0 1; }
    Composer.-drill .world { background: $drill; color: $background; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "app.focus_next", show=False),
        Binding("shift+tab", "app.focus_previous", show=False),
    ]

    def __init__(self, writing: Composition, groups: Sequence[GroupRow], at: str = "groups") -> None:
        super().__init__(classes="-drill" if writing.drill else "")
        self.writing = writing
        self._groups = groups
        self._at = at
        self.groups = Marks(
            self._group, key=lambda row: row.code, empty=N_("There is no group."), id="groups"
        )
        self.area = DeskTextArea(writing.text, id="text")
        self.options: LineList[str] = LineList(self._option, key=lambda row: row, digits="rows", id="options")

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Say("", classes="world")
            yield Heading(N_("To whom: digits, or Space; Enter goes on"), id="whom")
            yield self.groups
            yield Heading(N_("Text: Tab goes on"), id="what")
            yield self.area
            yield Heading(N_("How: digits, or Enter; Tab goes on"), id="how")
            yield self.options

    def on_mount(self) -> None:
        self.groups.show(self._groups)
        self.options.show(OPTIONS)
        self._say()
        {"groups": self.groups, "text": self.area, "options": self.options}[self._at].focus()
        if self._at == "options":
            self.options.point("done")

    def relabel(self) -> None:
        super().relabel()
        self._say()

    def on_line_list_taken(self, event: LineList.Taken) -> None:
        if event.lines is self.options:
            self._take(event.row)
        else:
            self.area.focus()

    def on_marks_marked(self, event: Marks.Marked) -> None:
        self.writing.groups ^= {event.row.code}
        self.groups.redraw()
        self._say()

    def on_text_area_changed(self) -> None:
        self.writing.text = self.area.text

    def _take(self, option: str) -> None:
        about = self.writing
        match option:
            case "confirm":
                about.confirm = not about.confirm
            case "urgent":
                about.urgent = not about.urgent
            case "world":
                if about.incident is None:
                    about.drill = not about.drill
                else:
                    self.app.bell()
            case _:
                self.dismiss(option)
        self.set_class(about.drill, "-drill")
        self.options.redraw()
        self._say()

    def _say(self) -> None:
        about = self.writing
        what = f"{about.incident.id:03} {about.incident.title}" if about.incident else _("about no incident")
        world, _role = words.drill(about.drill)
        self.query_one(".world", Say).say(N_("New notice  {world}  {what}"), world=world, what=what)
        members = sum(row.members for row in self._groups if row.code in about.groups)
        self.query_one("#whom", Heading).note(
            _("{groups} groups, {members} people", groups=len(about.groups), members=members)
        )

    def _group(self, row: GroupRow, width: int) -> Line:
        chosen = row.code in self.writing.groups
        place = self._groups.index(row) + 1
        return lay_out(
            [
                Cell(str(place) if place <= 9 else "", "key", width=2, align="right", gap=1),
                Cell("[x]" if chosen else "[ ]", "good" if chosen else "muted", width=3),
                Cell(words.say(row.name), "strong" if chosen else "text", flex=1),
                Cell(_("{count} people", count=row.members), "text" if row.members else "late", 12, "right"),
            ],
            width,
        )

    def _option(self, option: str, width: int) -> Line:
        about = self.writing

        def yes(on: bool) -> str:
            return _("yes") if on else _("no")

        names = {
            "template": (_("Take a template"), about.template, "text"),
            "confirm": (_("Ask for a confirmation"), yes(about.confirm), "strong"),
            "urgent": (_("Urgent"), yes(about.urgent), "soon" if about.urgent else "strong"),
            "world": (_("Drill or live"), *words.drill(about.drill)),
            "correction": (
                _("Correction kept ready"),
                plain(about.correction) or _("none"),
                "text",
            ),
            "done": (_("Keep the draft and see what everybody gets"), "", "key"),
        }
        name, value, role = names[option]
        return lay_out(
            [
                Cell(str(OPTIONS.index(option) + 1), "key", width=2, align="right", gap=1),
                Cell(name, "key" if option == "done" else "text", width=0 if option == "done" else 26),
                Cell(value, role, flex=1),
            ],
            width,
        )
