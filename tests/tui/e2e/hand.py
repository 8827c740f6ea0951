"""An officer's hand at the real console in a pseudo-terminal, and eyes on the desk's database beside it."""

from __future__ import annotations

import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from dutydesk.tui import themes
from tests.tui.terminal import Terminal

ROOT = Path(__file__).resolve().parents[3]
DESK = (sys.executable, "-m", "dutydesk")
LONG = 60.0
"""Seconds that anything is waited for at the most, on a machine that is busy with other things."""
QUIET = 0.35
"""Seconds between two Enters of somebody who reads: a sheet takes a faster one for a held key."""


class Hand:
    """Types at ``terminal``; ``home`` is the desk behind it."""

    def __init__(self, terminal: Terminal, home: Path) -> None:
        self.terminal = terminal
        self.home = home

    def press(self, *keys: str) -> None:
        """Presses keys one behind the other without waiting for anything."""
        self.terminal.press(*keys)

    def type(self, text: str) -> None:
        """Types text without waiting for anything."""
        self.terminal.type(text)

    def sees(self, *wanted: str | Callable[[Terminal], bool]) -> None:
        """Waits until each is on the screen."""
        for each in wanted:
            self.terminal.wait_for(each, LONG)

    def sees_no_more(self, gone: str) -> None:
        """Waits until it is not on the screen."""
        self.terminal.wait_for(lambda screen: gone not in screen.text, LONG)

    def reads(self, hint: str) -> None:
        """Reads a sheet with this hint to its end, page by page."""
        self.sees(hint)
        deadline = time.monotonic() + LONG
        while hint in self.terminal.text:
            assert time.monotonic() < deadline, f"the sheet stays:\n{self.terminal.text}"
            time.sleep(QUIET)
            self.press("enter")
            pause = time.monotonic() + QUIET
            while hint in self.terminal.text and time.monotonic() < pause:
                time.sleep(0.02)

    def chooses(self, said: str) -> None:
        """Moves the choice of a list down to the row that says ``said``, a row at a time."""
        for _row in range(100):
            row = _chosen(self.terminal)
            if said in row:
                return
            self.press("down")
            self.sees(lambda screen, before=row: _chosen(screen) not in ("", before))  # type: ignore[misc]
        raise AssertionError(f"no row says {said}; the screen:\n{self.terminal.text}")

    def finds(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Waits until the database answers ``query`` with rows, and returns them."""
        deadline = time.monotonic() + LONG
        while not (rows := self.looks_up(query, *values)):
            assert time.monotonic() < deadline, f"not on record: {query}; the screen:\n{self.terminal.text}"
            time.sleep(0.05)
        return rows

    def looks_up(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What the database answers now."""
        with closing(sqlite3.connect(f"file:{self.home / 'dutydesk.db'}?mode=ro", uri=True)) as database:
            return database.execute(query, values).fetchall()


def _chosen(screen: Terminal) -> str:
    return next(iter(screen.on_ground(themes.DARK.chosen)), "")


@contextmanager
def at_the_console(
    home: Path, env: Mapping[str, str], *, width: int = 80, height: int = 24
) -> Iterator[Hand]:
    """The real program over ``home`` in a terminal of its own."""
    variables = {"DUTYDESK_HOME": str(home), **env}
    with Terminal(DESK, width=width, height=height, env=variables, cwd=ROOT) as terminal:
        yield Hand(terminal, home)
