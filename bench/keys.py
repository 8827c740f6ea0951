"""From a key to the paint it causes, in a pseudo-terminal of 120 by 40: a step of a walk ticked and a page of
a ledger of a million lines, beside the same keys in a bare Line-API widget of a million rows; a Chinese
character typed in the intake form beside one typed in a bare Input.

A key counts until the last byte of the first burst that it sets off, a typed character until it is there. The
first burst of a ticked step says that it is being recorded; until it is on record, durably, and painted as
done is a line of its own, for information. Keys are sent in the middle of a second, between two ticks of the
clocks, so that a tick's paint is not taken for the key's; ours and theirs take turns.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from bench._bare import SHOWN
from bench._home import dutydesk
from bench._pty import Pty, between_ticks
from bench._shift import NAMED, STEPS, TITLE, environment_without_desk, million, shift
from bench.table import Row, at_most, ms, percentile, skipped

KEYS = 40
P50_BAR = 2.0
P95_BAR = 4.0
PAUSE = 0.15
"""Seconds between two keys, in which what follows the paint (a reading of the narrative) comes to an end."""
DONE = "已办"
"""How a step that is done is marked."""
_F2, _F4, _F6, _ENTER, _DOWN = "\x1bOQ", "\x1bOS", "\x1b[17~", "\r", "\x1b[6~"

Press = Callable[[int], float]
"""Sends the nth key and returns the seconds to its paint."""


def run() -> list[Row]:
    """p50 and p95 of each, over the bare widget's."""
    from dutydesk.tui.screens import factories

    there = factories()
    rows: list[Row] = []
    for name, screen, measure in (
        ("a step ticked", "incident", _step),
        ("a ledger page, 1,000,000 lines", "ledger", _ledger),
        ("a character typed in intake", "intake", _intake),
    ):
        if screen in there:
            try:
                rows += measure(name)
            except RuntimeError as error:
                rows.append(skipped(f"key to paint: {name}", _bar(), str(error)))
        else:
            rows.append(skipped(f"key to paint: {name}", _bar(), f"there is no {screen} screen yet"))
    return rows


def _step(name: str) -> list[Row]:
    with tempfile.TemporaryDirectory() as directory, ExitStack() as stack:
        env = stack.enter_context(shift(Path(directory), incidents=1))
        ours = stack.enter_context(Pty(dutydesk(), env))
        theirs = _bare("lines", stack)
        ours.until(NAMED)
        ours.read_for(3.0)
        ours.send(_F4)
        ours.read_for(1.5)
        ours.send(_ENTER)
        ours.until(TITLE.format(number=1))
        ours.read_for(1.5)
        done: list[float] = []
        rows = _compared(name, _ticked(ours, done), _burst(theirs, _ENTER), min(KEYS, STEPS - 2))
        middle, worst = statistics.median(done), percentile(done, 0.95)
        rows.append(
            Row(
                "key to record and paint: a step ticked, p50",
                ms(middle),
                "—",
                "—",
                "none",
                None,
                f"committed durably and painted as done; p95 {ms(worst)}",
            )
        )
        return rows


def _ledger(name: str) -> list[Row]:
    with tempfile.TemporaryDirectory() as directory, ExitStack() as stack:
        env = million(Path(directory))
        ours = stack.enter_context(Pty(dutydesk(), {**env, "DUTYDESK_ENGINE_AUTOSTART": "false"}))
        theirs = _bare("lines", stack)
        ours.read_for(4.0)
        ours.send(_F6)
        ours.read_for(2.0)
        return _compared(name, _burst(ours, _DOWN), _burst(theirs, _DOWN), KEYS)


def _intake(name: str) -> list[Row]:
    with tempfile.TemporaryDirectory() as directory, ExitStack() as stack:
        env = stack.enter_context(shift(Path(directory), incidents=1))
        ours = stack.enter_context(Pty(dutydesk(), env))
        theirs = _bare("input", stack)
        ours.until(NAMED)
        ours.read_for(3.0)
        ours.send(_F2)
        ours.read_for(2.0)
        return _compared(name, _typed(ours), _typed(theirs), KEYS)


def _bare(what: str, stack: ExitStack) -> Pty:
    home = stack.enter_context(tempfile.TemporaryDirectory())
    terminal = Pty([sys.executable, "-m", "bench._bare", what], environment_without_desk(Path(home)))
    stack.enter_context(terminal)
    terminal.until(SHOWN)
    terminal.read_for(1.0)
    return terminal


def _burst(terminal: Pty, key: str) -> Press:
    def press(_number: int) -> float:
        terminal.read_for(PAUSE)
        terminal.read_for(between_ticks())
        at = terminal.send(key)
        return terminal.burst()[1] - at

    return press


def _ticked(terminal: Pty, done: list[float]) -> Press:
    """Ticks the step in front; ``done`` takes the seconds until it is painted as done."""

    def press(_number: int) -> float:
        terminal.read_for(PAUSE)
        terminal.read_for(between_ticks())
        at = terminal.send(_ENTER)
        painted = terminal.burst(gap=0.008)[1] - at
        done.append(terminal.until(DONE) - at)
        return painted

    return press


def _typed(terminal: Pty) -> Press:
    def press(number: int) -> float:
        character = chr(0x4E00 + number * 97)  # one that is not there yet
        terminal.read_for(PAUSE)
        terminal.read_for(between_ticks())
        at = terminal.send(character)
        return terminal.until(character) - at

    return press


def _compared(name: str, ours: Press, theirs: Press, number: int) -> list[Row]:
    mine: list[float] = []
    bare: list[float] = []
    for key in range(number):
        mine.append(ours(key))
        bare.append(theirs(key))
    middle, least = statistics.median(mine), statistics.median(bare)
    worst, bad = percentile(mine, 0.95), percentile(bare, 0.95)
    note = f"{number} keys, in turns"
    return [
        at_most(
            f"key to paint: {name}, p50", (middle, ms(middle)), (least, f"{ms(least)} (bare)"), P50_BAR, note
        ),
        at_most(f"key to paint: {name}, p95", (worst, ms(worst)), (bad, f"{ms(bad)} (bare)"), P95_BAR, note),
    ]


def _bar() -> str:
    return f"p50 ≤ {P50_BAR:g}, p95 ≤ {P95_BAR:g}"
