"""The installed program in a real pseudo-terminal: first start, sign-in, the demo."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from tests.tui.terminal import Terminal

DESK = [sys.executable, "-m", "dutydesk"]
PIN = "4711-night"


def environment(home: Path, **more: str) -> Mapping[str, str]:
    return {"DUTYDESK_HOME": str(home), "DUTYDESK_LANG": "zh", "DUTYDESK_ENGINE_AUTOSTART": "0"} | more


def command(home: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [*DESK, *words],
        env={"PATH": os.environ["PATH"], "DUTYDESK_PIN": PIN, **environment(home, **more)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done


def test_first_start_takes_four_fields_and_opens_the_board(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with Terminal(DESK, env=environment(home)) as terminal:
        terminal.wait_for("首次启动")
        terminal.wait_for("dutydesk demo")
        begun = time.monotonic()
        for word in ("王强", "wang", PIN, PIN):
            terminal.type(word)
            terminal.press("enter")
        terminal.wait_for("没有未结事件", 20)
        assert time.monotonic() - begun < 15
        terminal.wait_for("dutydesk engine run")
        terminal.press("ctrl+q")
        assert terminal.wait() == 0
    with Terminal(DESK, env=environment(home)) as terminal:
        terminal.wait_for("wang")
        terminal.type("0000")
        terminal.press("enter")
        terminal.wait_for("不对")
        terminal.type(PIN)
        terminal.press("enter")
        terminal.wait_for("没有未结事件")


def test_two_different_pins_at_the_first_start_change_nothing(tmp_path: Path) -> None:
    with Terminal(DESK, env=environment(tmp_path / "home")) as terminal:
        terminal.wait_for("首次启动")
        for word in ("王强", "wang", PIN, "another"):
            terminal.type(word)
            terminal.press("enter")
        terminal.wait_for("不一致")
    assert not (tmp_path / "home" / "dutydesk.db").exists()


def test_a_fault_of_keys_or_theme_is_told_and_the_console_opens(tmp_path: Path) -> None:
    home = tmp_path / "home"
    command(home, "init", "--admin", "wang", "--name", "王强")
    (home / "config.yaml").write_text("theme: 夜\nkeys:\n  go.board: F3\n")
    with Terminal(DESK, env=environment(home)) as terminal:
        terminal.wait_for("登录名")
        for word in ("wang", PIN):
            terminal.type(word)
            terminal.press("enter")
        terminal.wait_for("config.yaml:3: ")
        terminal.press("f2", "f3")
        terminal.wait_for("没有未结事件")
        terminal.press("ctrl+q")
        terminal.wait_for(lambda shown: "没有配色夜" in "".join(shown.text.split()))
        assert terminal.wait() == 0


def test_without_a_terminal_it_is_one_clear_line_and_exit_2(tmp_path: Path) -> None:
    done = subprocess.run(
        DESK,
        env={"PATH": os.environ["PATH"], **environment(tmp_path)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1


def test_the_demo_is_alive_says_that_it_is_one_and_leaves_nothing_behind(tmp_path: Path) -> None:
    env = environment(tmp_path, TMPDIR=str(tmp_path))
    with Terminal([*DESK, "demo"], env=env) as terminal:
        terminal.wait_for("演示", 30)
        terminal.wait_for("液氯槽车", 30)
        terminal.wait_for("未立案", 30)
        terminal.wait_for("引擎 0s", 30)
        assert list(tmp_path.glob("dutydesk-demo-*"))
        terminal.press("ctrl+q")
        assert terminal.wait(40) == 0
    assert not list(tmp_path.glob("dutydesk-demo-*"))
