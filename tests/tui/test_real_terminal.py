"""The console's foundation in a real pseudo-terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest

from tests.tui.terminal import Terminal

ROOT = Path(__file__).resolve().parents[2]
DEMO = [sys.executable, "-m", "tests.tui.demo"]


@pytest.fixture
def console() -> Iterator[Terminal]:
    with Terminal(DEMO, cwd=ROOT) as terminal:
        terminal.wait_for("电话报告市应急局")
        terminal.wait_for("F1 帮助")
        yield terminal


def test_leaving_restores_the_terminal(console: Terminal) -> None:
    console.press("ctrl+q")
    assert console.wait(5) == 0


def test_another_language_at_the_press_of_a_key(console: Terminal) -> None:
    console.press("f9")
    console.wait_for("F1 Help")
    console.press("f9")
    console.wait_for("F1 帮助")


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ({"LC_ALL": "C"}, "The locale C is not UTF-8"),
        ({"LC_ALL": "zh_CN.GBK"}, "The locale zh_CN.GBK is not UTF-8"),
        ({"TERM": "dumb"}, "This terminal (TERM=dumb) cannot show the console"),
    ],
)
def test_a_terminal_that_cannot_show_it_gets_one_clear_line(env: dict[str, str], said: str) -> None:
    with Terminal(DEMO, cwd=ROOT, env=env, width=200) as terminal:
        assert terminal.wait() == 2
        terminal.wait_for(said)
        assert sum(bool(line) for line in terminal.lines) == 1


def test_a_second_of_ticking_clocks_costs_the_line_at_most_a_kibibyte() -> None:
    with Terminal([*DEMO, "timers=40"], cwd=ROOT, width=120, height=40) as terminal:
        terminal.wait_for("F7 交接")
        time.sleep(1.5)
        before, began = terminal.raw, time.monotonic()
        cpu = psutil.Process(terminal.process.pid).cpu_times()
        time.sleep(5)
        after = psutil.Process(terminal.process.pid).cpu_times()
        seconds = time.monotonic() - began
        used = (after.user + after.system - cpu.user - cpu.system) / seconds
        rate = (terminal.raw - before) / seconds
        print(f"{rate:.0f} bytes a second, {used:.1%} of a core")
        assert 100 < rate <= 1024
