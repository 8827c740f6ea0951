"""One line of words at the foot of the screen: ``/备注 …``, ``/find …``, ``/remind 10m …``, or any action's
name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from dutydesk.i18n import N_
from dutydesk.model.text import Text
from dutydesk.tui import words
from dutydesk.tui.actions import Action, key_name, matches
from dutydesk.tui.lines import Cell, Line, lay_out
from dutydesk.tui.widgets.fields import DeskInput
from dutydesk.tui.widgets.linelist import LineList


@dataclass(frozen=True, slots=True)
class Command:
    """A command of the line. ``names`` are the words it answers to, the Chinese one first. ``run`` is given
    the rest of the line and may raise a DeskError; ``complete`` offers endings for it."""

    names: tuple[str, ...]
    usage: Text
    run: Callable[[str], Awaitable[None] | None]
    complete: Callable[[str], Sequence[str]] = lambda _rest: ()


@dataclass(frozen=True, slots=True)
class Offer:
    """A line of completion: what the input becomes, and what it says about it."""

    text: str
    about: str
    action: str = ""
    key: str = ""


def offers(line: str, commands: Sequence[Command], actions: Sequence[Action]) -> list[Offer]:
    """What could be meant by the line so far: a command's endings, else commands and actions that begin
    so."""
    word, blank, rest = line.lstrip().partition(" ")
    if blank:
        for command in commands:
            if word in command.names:
                return [
                    Offer(f"{word} {ending}", words.say(command.usage)) for ending in command.complete(rest)
                ]
    named = [
        Offer(f"{name} ", words.say(command.usage))
        for command in commands
        for name in [next((each for each in command.names if each.startswith(word)), "")]
        if name
    ]
    ranked = sorted(
        (
            (rank, place, each)
            for place, each in enumerate(actions)
            if (rank := matches(each, line)) is not None
        ),
        key=lambda each: each[:2],
    )
    return named + [
        Offer(words.say(each.name), words.say(each.tip), each.id, key_name(each.keys[0]) if each.keys else "")
        for _, _, each in ranked
    ]


class CommandLine(Vertical):
    """Hidden until it is opened. Tab completes, Enter runs, arrows pick, Esc closes."""

    DEFAULT_CSS = """
    CommandLine { display: none; height: auto; background: $panel; }
    CommandLine.-open { display: block; }
    CommandLine LineList { height: auto; max-height: 6; background: $panel; }
    CommandLine Horizontal { height: 1; }
    CommandLine .slash { width: 3; color: $accent; text-style: bold; padding: 0 1; }
    CommandLine Input { height: 1; border: none; padding: 0; background: $panel; color: $strong; }
    CommandLine Input:focus { border: none; }
    """

    class Ran(Message):
        """A line was entered: a command with its rest, or an action."""

        def __init__(self, command: Command | None, rest: str, action: str) -> None:
            super().__init__()
            self.command = command
            self.rest = rest
            self.action = action

    class Unknown(Message):
        """A line was entered that nothing answers to."""

        def __init__(self, line: str) -> None:
            super().__init__()
            self.line = line

    def __init__(
        self,
        commands: Callable[[], Sequence[Command]],
        actions: Callable[[], Sequence[Action]],
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name
    ) -> None:
        super().__init__(id=id)
        self._commands = commands
        self._actions = actions
        self._list: LineList[Offer] = LineList(
            self._draw, key=lambda offer: offer, empty=N_("Nothing fits."), base="bar", lit=True
        )
        self._list.can_focus = False
        self._input = DeskInput(compact=True, select_on_focus=False)
        self._before: Widget | None = None

    def compose(self) -> ComposeResult:
        yield self._list
        with Horizontal():
            yield Static("/", classes="slash", markup=False)
            yield self._input

    @property
    def is_open(self) -> bool:
        """Whether it is shown."""
        return self.has_class("-open")

    def open(self) -> None:
        """Shows the line, empty, with the cursor in it."""
        self._before = self.screen.focused
        self.add_class("-open")
        self._input.value = ""
        self._offer("")
        self._input.focus()

    def close(self) -> None:
        """Hides the line and gives the focus back."""
        self.remove_class("-open")
        before = self._before
        self.screen.set_focus(before if before in self.screen.focus_chain else None)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._offer(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        line = event.value.strip()
        word, _, rest = line.partition(" ")
        self.close()
        for command in self._commands():
            if word in command.names:
                self.post_message(self.Ran(command, rest.strip(), ""))
                return
        chosen = self._list.chosen
        if chosen is not None and chosen.action and line:
            self.post_message(self.Ran(None, "", chosen.action))
        elif line:
            self.post_message(self.Unknown(line))

    def on_key(self, event: events.Key) -> None:
        if event.key == "tab":
            event.stop()
            event.prevent_default()
            if (chosen := self._list.chosen) is not None:
                self._input.value = chosen.text
                self._input.cursor_position = len(chosen.text)
        elif event.key in ("up", "down"):
            event.stop()
            self._list.action_move(-1 if event.key == "up" else 1)

    def _offer(self, line: str) -> None:
        found = offers(line, self._commands(), self._actions())
        self._list.styles.height = min(6, max(1, len(found)))
        self._list.show(found)
        self._list.action_move(-len(found))

    @staticmethod
    def _draw(offer: Offer, width: int) -> Line:
        return lay_out(
            [
                Cell(f" {offer.text}", "strong", width=20),
                Cell(offer.about, "muted", flex=1),
                Cell(offer.key, "key", width=8, align="right"),
            ],
            width,
        )
