"""Keys in the order in which they were pressed. Textual hands a key to whatever has the focus at that
moment, while what the key before it has started (a screen, a question, the rows of an incident) is still on
its way; then a word typed behind F2 is lost, and a digit lands on the wrong list. Here a key waits for it."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from textual import events
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input
from textual.worker import Worker

if TYPE_CHECKING:
    from dutydesk.tui.app import DutyDeskApp

Typed: TypeAlias = events.Key | events.Paste
PATIENCE: Final = 2.0
"""Seconds that a key waits for a write to be done: the database may be locked, and the officer must be able
to turn elsewhere meanwhile."""
LONGEST: Final = 10.0
"""Seconds that a key waits for anything else: a question that comes by way of imports and reads, rows that
were asked for, a PIN being checked."""
ROUNDS: Final = 3
"""So often a message goes the way of a key before what the key has set off is known to be through: the key
itself, what a widget says about it, and what a widget made of that."""
SETTLES: Final = 0.05
"""Seconds after a key in which it is left to itself; then the desk looks whether it is through, so that a key
pressed later need not wait for the answer."""
_LOOK_AGAIN: Final = 0.005
_LOST: Final = 0.25
"""Seconds after which a message counts as gone with the widget it was sent to."""
_EDITING: Final = frozenset({"backspace", "delete", "left", "right", "home", "end"})
_WRITING: Final = _EDITING | {"up", "down", "pageup", "pagedown", "enter"}


class Passed(Message):
    """Goes the way of a key, and arrives at the app behind it."""

    def __init__(self) -> None:
        super().__init__()
        self.arrived = asyncio.Event()


@dataclass(slots=True)
class _Doing:
    """An action that a key has started, behind ``turn`` F-keys; ``dialog`` is the question it asks just now,
    ``writes`` whether it has begun a write."""

    mode: str
    turn: int
    moved: float = field(default_factory=time.monotonic)
    dialog: Screen[Any] | None = None
    writes: bool = False


class TypeAhead:
    """Asked by the app about every key; told of every action and question. An F-key means the same wherever
    it is pressed, so it waits for nothing but the keys before it, and what is typed into a field does not
    wait for rows."""

    def __init__(self, app: DutyDeskApp) -> None:
        self._app = app
        self._waiting: deque[Typed] = deque()
        self._next: Typed | None = None
        self._taken = asyncio.Event()
        self._feeding = False
        self._refused = False
        self._written = False
        self._commanded = False
        self._settling = False
        self._keys = 0
        self._turn = 0
        self._doing: dict[Worker[Any], _Doing] = {}

    def holds(self, event: Typed) -> bool:
        """Whether the app is to leave ``event`` alone for now; it comes again when it is its turn."""
        if event is self._next:
            self._next = None
            self._taken.set()
            return False
        writes = self._writes(event)
        in_turn = not self._feeding and not self._commanded and (writes or not self._written)
        if in_turn and self._free(event, writes):
            self._note(event, writes)
            return False
        self._waiting.append(event)
        if not self._feeding:
            self._feeding = True
            self._app.run_worker(self._feed(), group="typeahead")
        return True

    def follow(self, worker: Worker[Any]) -> None:
        """An action begins."""
        self._doing = {each: what for each, what in self._doing.items() if not each.is_finished}
        self._doing[worker] = _Doing(self._app.current_mode, self._turn)

    def asks(self, worker: Worker[Any], dialog: Screen[Any]) -> None:
        """An action asks something."""
        if (doing := self._doing.get(worker)) is not None:
            doing.dialog = dialog

    def answered(self, worker: Worker[Any]) -> None:
        """An action goes on."""
        if (doing := self._doing.get(worker)) is not None:
            doing.dialog, doing.moved, doing.writes = None, time.monotonic(), False

    def writes(self, worker: Worker[Any]) -> None:
        """An action begins to write."""
        if (doing := self._doing.get(worker)) is not None:
            doing.moved, doing.writes = time.monotonic(), True

    def refused(self, worker: Worker[Any] | None = None) -> None:
        """Something was refused, an action or a key just now: commands typed behind it were meant for what
        now does not come and are let go, up to the next F-key. What goes into a field is a caller's words,
        and stays."""
        doing = self._doing.get(worker) if worker is not None else None
        if doing is None or doing.turn == self._turn:
            self._refused = bool(self._waiting)

    async def through(self) -> None:
        """Waits, for a moment at most, until every key so far has reached its widget."""
        give_up = time.monotonic() + PATIENCE
        while time.monotonic() < give_up:
            if await self._went(self._place()) and not self._feeding:
                return
            await asyncio.sleep(_LOOK_AGAIN)

    async def _feed(self) -> None:
        try:
            while self._waiting:
                if self._commanded or not self._writes(self._waiting[0]):
                    await self._rest()
                if self._refused:
                    self._refused = False
                    self._let_go()
                    continue
                event = self._next = self._waiting.popleft()
                self._note(event, self._writes(event))
                self._taken.clear()
                self._app.post_message(event)
                await self._taken.wait()
        finally:
            self._feeding = False

    def _let_go(self) -> None:
        while self._waiting and not (_absolute(self._waiting[0]) or self._writes(self._waiting[0])):
            self._waiting.popleft()

    async def _rest(self) -> None:
        """Waits until the first key that waits may go."""
        give_up = time.monotonic() + LONGEST
        rounds, before = 0, None
        while self._waiting and time.monotonic() < give_up:
            place = self._place()
            rounds = rounds + 1 if place == before else 1
            before = place
            if not await self._went(place) or place != self._place():
                before = None
            elif rounds >= ROUNDS:
                first = self._waiting[0]
                if self._free(first, self._writes(first)):
                    self._written = self._commanded = False
                    return
                await asyncio.sleep(_LOOK_AGAIN)

    def _place(self) -> Widget | None:
        """Where a key would go now."""
        stack = self._app.screen_stack
        return (stack[-1].focused or stack[-1]) if stack else None

    async def _went(self, place: Widget | None) -> bool:
        """Whether a message has gone the way of a key from ``place`` to the app."""
        message = Passed()
        if place is None or not place.post_message(message):
            await asyncio.sleep(_LOOK_AGAIN)
            return False
        try:
            async with asyncio.timeout(_LOST):
                await message.arrived.wait()
        except TimeoutError:
            return False
        return True

    def _free(self, event: Typed, writes: bool) -> bool:
        """Whether nothing is on its way that ``event`` may be about: an action to its next question, or rows
        that were asked for."""
        if _absolute(event) and not self._app.barred:
            return True
        return not any(self._on_the_way()) and (writes or not self._rows_awaited())

    def _rows_awaited(self) -> bool:
        """Whether the screen in front is still fetching what it was just asked for."""
        asked_at = self._app.front.asked_at if self._app.front is not None else None
        return asked_at is not None and time.monotonic() - asked_at < LONGEST

    def _on_the_way(self) -> Iterator[bool]:
        now = time.monotonic()
        for worker, doing in self._doing.items():
            asks = doing.dialog is not None and any(
                doing.dialog in stack for stack in self._app._screen_stacks.values()
            )
            if doing.dialog is not None and not asks:
                doing.dialog, doing.moved = None, now
            here = doing.mode == self._app.current_mode
            patience = PATIENCE if doing.writes and not self._app.barred else LONGEST
            yield here and not worker.is_finished and not asks and now - doing.moved < patience

    def _writes(self, event: Typed) -> bool:
        """Whether it only changes the text of the field that has the focus."""
        from textual.widgets import TextArea  # not on the way to the first paint

        place = self._place()
        if isinstance(event, events.Paste):
            return isinstance(place, (Input, TextArea))
        if isinstance(place, TextArea):
            return event.is_printable or event.key in _WRITING
        return isinstance(place, Input) and (event.is_printable or event.key in _EDITING)

    def _note(self, event: Typed, writes: bool) -> None:
        self._keys += 1
        if _absolute(event):
            self._turn += 1
        if writes:
            self._written = True
            return
        self._commanded = True
        if not self._settling:
            self._settling = True
            self._app.run_worker(self._settle(), group="typeahead")

    async def _settle(self) -> None:
        """Learns while no key is pressed that what the last ones set off is through."""
        give_up = time.monotonic() + LONGEST
        try:
            while self._commanded and time.monotonic() < give_up:
                await asyncio.sleep(SETTLES)
                keys, place = self._keys, self._place()
                through = [await self._went(place) and place == self._place() for _round in range(ROUNDS)]
                busy = self._feeding or self._rows_awaited() or any(self._on_the_way())
                if all(through) and not busy and keys == self._keys:
                    self._written = self._commanded = False
        finally:
            self._settling = False


def _absolute(event: Typed) -> bool:
    return isinstance(event, events.Key) and event.key[0] == "f" and event.key[1:].isdigit()
