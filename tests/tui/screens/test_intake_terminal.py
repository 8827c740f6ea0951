"""Taking a call in a real terminal, with the real program over a home directory of its own."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.tui.terminal import Terminal

ROOT = Path(__file__).resolve().parents[3]
DESK = [sys.executable, "-m", "dutydesk"]
CALL = "白市驿镇液氯槽车侧翻泄漏，2人死亡，5人受伤"


@pytest.fixture(params=["zh", "en"])
def env(request: pytest.FixtureRequest, tmp_path: Path) -> Mapping[str, str]:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    (home / "config.yaml").write_text("engine_autostart: false\n")
    (home / "config.yaml").chmod(0o600)
    env = {"DUTYDESK_HOME": str(home), "DUTYDESK_PIN": "482913", "DUTYDESK_LANG": request.param}
    for command in (["init", "--admin", "wang", "--name", "王强"], ["login", "wang"]):
        subprocess.run(
            [*DESK, *command], env={**os.environ, **env}, check=True, capture_output=True, cwd=ROOT
        )
    return env


def rows(env: Mapping[str, str], query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(Path(env["DUTYDESK_HOME"]) / "dutydesk.db") as database:
        return database.execute(query).fetchall()


def test_a_call_by_f2_and_one_key_and_a_hang_up_in_the_next_one(env: Mapping[str, str]) -> None:
    english = env["DUTYDESK_LANG"] == "en"
    with Terminal(DESK, cwd=ROOT, env=env) as terminal:
        terminal.wait_for("F1 Help" if english else "F1 帮助")
        terminal.press("f2")
        terminal.wait_for("Received" if english else "收到")
        terminal.type(CALL)
        terminal.wait_for("High-tech" if english else "高新区")
        terminal.wait_for("Dead" if english else "死亡")
        terminal.press("ctrl+s")
        terminal.wait_for("Report 1" if english else "接报 1")
        assert rows(env, "SELECT text, town FROM report") == [(CALL, "白市驿")]
        terminal.press("f2")
        terminal.type("第二个电话说到一半")
        terminal.wait_for("draft kept" if english else "草稿已存")
        terminal.hang_up()
        terminal.wait()
    with Terminal(DESK, cwd=ROOT, env=env) as terminal:
        terminal.wait_for("Ctrl+O")
        terminal.press("f2", "ctrl+o")
        terminal.wait_for("第二个电话说到一半")
        terminal.press("enter")
        terminal.wait_for("draft kept" if english else "草稿已存")
        terminal.press("ctrl+s")
        terminal.wait_for("Report 2" if english else "接报 2")
    assert rows(env, "SELECT text FROM report WHERE id = 2") == [("第二个电话说到一半",)]
