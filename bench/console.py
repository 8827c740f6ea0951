"""The console from outside, in a pseudo-terminal of 120 by 40, over a desk in the middle of a shift: twelve
open incidents, some sixty clocks, a walk under way and an engine running.

- Start: from the start of the process until a row of the board is on the terminal; beside the first frame of
  a bare Textual app, and beside the first screen of posting, in rounds that take turns.
- Ticking: what one second of running clocks sends to the terminal, and the CPU it takes, once settled.
- Another console's change: from the return of the command that logged a report there until the report's words
  are on this terminal, at random moments.
- Memory: what the console keeps resident after all that, beside the bare app.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from bench._bare import SHOWN
from bench._home import dutydesk
from bench._posting import FIRST_SCREEN, posting
from bench._pty import Pty
from bench._shift import INCIDENTS, NAMED, environment_without_desk, log, opened, shift
from bench.table import Row, at_most, for_information, ms, percentile, skipped

STARTS = 7
SETTLING = 4.0
WATCHED = 20.0
"""Seconds of ticking."""
CHANGES = 120
BARE_BAR = 1.6
POSTING_BAR = 0.5
BYTES_BAR = 1024
CPU_BAR = 0.01
CHANGE_BAR = 0.060
_BARE = [sys.executable, "-m", "bench._bare", "frame"]


def run() -> list[Row]:
    """Start, ticking, another's change, memory."""
    with tempfile.TemporaryDirectory() as directory, tempfile.TemporaryDirectory() as elsewhere:
        beside = environment_without_desk(Path(elsewhere))
        with shift(Path(directory)) as env:
            return [*_starts(env, beside), *_running(env, beside, Path(directory))]


def _starts(env: Mapping[str, str], beside: Mapping[str, str]) -> list[Row]:
    board: list[float] = []
    bare: list[float] = []
    theirs: list[float] = []
    there = posting()
    for _ in range(STARTS):
        bare.append(_until(_BARE, beside, SHOWN))
        board.append(_until(dutydesk(), env, NAMED))
        if isinstance(there, Path):
            theirs.append(_until([str(there)], beside, FIRST_SCREEN))
    ours = (statistics.median(board), ms(statistics.median(board)))
    least = statistics.median(bare)
    name = "the board with its rows, from start"
    rows = [
        at_most(
            name,
            ours,
            (least, f"{ms(least)} (first frame of a bare Textual app)"),
            BARE_BAR,
            f"{INCIDENTS} open incidents",
        )
    ]
    if isinstance(there, Path):
        theirs_s = statistics.median(theirs)
        rows.append(at_most(name, ours, (theirs_s, f"{ms(theirs_s)} (first screen of posting)"), POSTING_BAR))
    else:
        rows.append(skipped(f"{name}, beside posting", f"≤ {POSTING_BAR:g}", there))
    return rows


def _until(command: list[str], env: Mapping[str, str], text: str) -> float:
    with Pty(command, env) as terminal:
        return terminal.until(text) - terminal.began


def _running(env: Mapping[str, str], beside: Mapping[str, str], directory: Path) -> list[Row]:
    with Pty(dutydesk(), env) as terminal:
        terminal.until(NAMED)
        terminal.read_for(SETTLING)
        process = psutil.Process(terminal.process.pid)
        before, began = process.cpu_times(), time.perf_counter()
        sent = terminal.read_for(WATCHED) / WATCHED
        after, took = process.cpu_times(), time.perf_counter() - began
        cpu = (after.user + after.system - before.user - before.system) / took
        late = _changes(terminal, directory)
        resident = process.memory_info().rss
    with Pty(_BARE, beside) as terminal:
        terminal.until(SHOWN)
        terminal.read_for(1.0)
        least = psutil.Process(terminal.process.pid).memory_info().rss
    worst = percentile(late, 0.99)
    return [
        Row("a second of ticking clocks", f"{sent:.0f} bytes", "—", "—", "≤ 1 KiB", sent <= BYTES_BAR),
        Row("the same, CPU of one core", f"{cpu:.2%}", "—", "—", "< 1 %", cpu < CPU_BAR),
        Row(
            "another console's change on screen, p99",
            ms(worst),
            "—",
            "—",
            f"≤ {ms(CHANGE_BAR)}",
            worst <= CHANGE_BAR,
            f"p50 {ms(statistics.median(late))}; {CHANGES} reports logged by another process",
        ),
        for_information(
            "memory of the console",
            (resident, f"{resident / 2**20:.0f} MiB"),
            (least, f"{least / 2**20:.0f} MiB (bare Textual app)"),
            "resident, after the above, with the ORM loaded",
        ),
    ]


def _changes(terminal: Pty, directory: Path) -> list[float]:
    """Seconds until each change was on the terminal."""
    dice = random.Random(1)
    late: list[float] = []
    with opened(directory) as (runner, desk):
        for number in range(CHANGES):
            terminal.read_for(dice.uniform(0.06, 0.18))
            terminal.seen = b""
            words = _words(number)
            runner.run(log(desk, f"{words}。"))
            committed = time.perf_counter()
            late.append(max(0.0, terminal.until(words) - committed))
    return late


def _words(number: int) -> str:
    """Words that share no character with those of the call before, or only what differs would be painted."""
    return "".join(chr(0x4E00 + (number * 61 + place * 997) % 20_000) for place in range(6))
