"""F1: what has the focus is for, and every key that works here, with the reason where one is off."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.app import ComposeResult
from textual.containers import Vertical

from dutydesk.i18n import N_
from dutydesk.model.text import Text
from dutydesk.tui import words
from dutydesk.tui.actions import Action, key_name, matches
from dutydesk.tui.lines import Cell, Line, Role, lay_out
from dutydesk.tui.widgets.dialogs import Choose, Dialog
from dutydesk.tui.widgets.linelist import LineList
from dutydesk.tui.widgets.reading import Reader, Say


def action_line(action: Action, width: int, *, why_not: str = "") -> Line:
    """An action as a row: its name, what it does or why it is off, its keys."""
    role: Role = "muted" if why_not else "text"
    keys = " ".join(key_name(key) for key in action.keys[:1])
    return lay_out(
        [
            Cell(words.say(action.name), "muted" if why_not else "strong", width=18),
            Cell(why_not or words.say(action.tip), role, flex=1, drop=1),
            Cell(keys, "key", width=8, align="right"),
        ],
        width,
    )


class HelpPanel(Dialog[None]):
    """``about`` says what the focused thing is for; ``actions`` are those of the screen."""

    DEFAULT_CSS = """
    HelpPanel > Vertical { width: 76; }
    HelpPanel Reader { height: auto; max-height: 6; margin: 1 0 0 0; background: $panel; }
    HelpPanel LineList.keys { max-height: 16; }
    """

    def __init__(self, about: Text, actions: Sequence[Action], why_not: Callable[[Action], str]) -> None:
        super().__init__()
        self._about = about
        self._actions = [action for action in actions if action.keys]
        self._why_not = why_not

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Say(N_("Help"), classes="title")
            if self._about.zh:
                yield Reader(base="bar", id="about")
            yield LineList[Action](
                lambda action, width: action_line(action, width, why_not=self._why_not(action)),
                key=lambda action: action.id,
                base="bar",
                id="keys",
            )

    def on_mount(self) -> None:
        keys = self.query_one("#keys", LineList)
        keys.show(self._actions)
        self.fit(keys, besides=8 if self._about.zh else 4, most=16)
        keys.focus()
        self.relabel()

    def on_resize(self) -> None:
        self.fit(self.query_one("#keys", LineList), besides=8 if self._about.zh else 4, most=16)

    def relabel(self) -> None:
        """The language has changed."""
        super().relabel()
        for about in self.query("#about").results(Reader):
            about.styles.height = 3
            about.read(words.say(self._about), "text")

    def on_line_list_taken(self, event: LineList.Taken) -> None:
        self.dismiss(None)
        self.app.call_later(self.app.run_action, f"app.do({event.row.id!r})")


def palette_dialog(actions: Sequence[Action], why_not: Callable[[Action], str]) -> Choose[Action]:
    """All actions that apply here, found by Chinese, English or pinyin initials."""

    def find(query: str) -> list[Action]:
        ranked = [
            (rank, place, action)
            for place, action in enumerate(actions)
            if (rank := matches(action, query)) is not None
        ]
        return [action for _, _, action in sorted(ranked, key=lambda each: each[:2])]

    return Choose(
        N_("All actions: type a name or pinyin initials"),
        find(""),
        lambda action, width: action_line(action, width, why_not=why_not(action)),
        key=lambda action: action.id,
        find=find,
    )
