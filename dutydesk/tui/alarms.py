"""The alarm ladder: a line, then a banner that must be acknowledged, then the bell, then the window title."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from enum import IntEnum


class Rung(IntEnum):
    """How far an alarm has climbed; each rung includes those before it."""

    LINE = 1
    BANNER = 2
    BELL = 3
    TITLE = 4


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that must not go unnoticed. ``key`` is what it is about: raising it again replaces it.

    ``text`` is in the language it was raised in; text from outside is allowed in it.
    """

    key: Hashable
    rung: Rung
    text: str
    drill: bool = False


class Ladder:
    """The alarms that stand, gravest first. No clock, no screen: the app asks what to do."""

    def __init__(self) -> None:
        self._standing: dict[Hashable, Alarm] = {}
        self._acknowledged: dict[Hashable, Rung] = {}

    def raise_(self, alarm: Alarm) -> bool:
        """Takes an alarm in. False when it, on this rung or a higher one, was acknowledged or stands
        already."""
        if self._acknowledged.get(alarm.key, 0) >= alarm.rung:
            return False
        standing = self._standing.get(alarm.key)
        self._standing[alarm.key] = alarm
        return standing is None or standing.rung < alarm.rung

    def settle(self, key: Hashable) -> None:
        """What the alarm was about is over: it goes, and may be raised anew some other time."""
        self._standing.pop(key, None)
        self._acknowledged.pop(key, None)

    def acknowledge(self) -> Alarm | None:
        """Takes the gravest alarm down and returns it; it comes back only on a higher rung."""
        top = self.top
        if top is not None:
            del self._standing[top.key]
            self._acknowledged[top.key] = top.rung
        return top

    @property
    def top(self) -> Alarm | None:
        """The gravest alarm that stands; among equals the oldest."""
        return max(self._standing.values(), key=lambda alarm: alarm.rung, default=None)

    def __len__(self) -> int:
        return len(self._standing)
