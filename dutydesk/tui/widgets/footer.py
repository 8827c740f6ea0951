"""The line at the bottom: the keys that matter here. What is off is shown muted, not hidden."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import events

from dutydesk.tui import words
from dutydesk.tui.actions import Action, key_name
from dutydesk.tui.lines import Line, Piece
from dutydesk.tui.text import width_of
from dutydesk.tui.widgets.painting import Bar


class KeyFooter(Bar):
    """``off`` tells why an action is off, or nothing; ``do`` carries one out (for a click)."""

    def __init__(
        self,
        actions: Sequence[Action],
        *,
        off: Callable[[Action], str],
        do: Callable[[str], None],
        id: str | None = None,  # noqa: A002 - Textual's own name
    ) -> None:
        super().__init__(id=id)
        self._actions = tuple(actions)
        self._off = off
        self._do = do
        self._places: list[tuple[int, int, str]] = []

    def line(self, width: int) -> Line:
        pieces: list[Piece] = []
        self._places = []
        used = 0
        for action in self._actions:
            key, name = key_name(action.keys[0]) if action.keys else "", words.say(action.name)
            wide = 1 + width_of(key) + 1 + width_of(name) + 1
            if used + wide > width:
                break
            off = bool(self._off(action))
            pieces += [
                Piece(f" {key} ", "muted" if off else "key"),
                Piece(f"{name} ", "muted" if off else "text"),
            ]
            self._places.append((used, used + wide, action.id))
            used += wide
        return tuple(pieces)

    def on_click(self, event: events.Click) -> None:
        for start, end, action_id in self._places:
            if start <= event.x < end:
                self._do(action_id)
