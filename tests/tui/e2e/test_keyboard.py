"""Given a keyboard that sends whatever a terminal can send, and faster than anything can be drawn, when an
officer takes calls, then no key is lost and no byte ends the console."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dutydesk import i18n
from tests.tui.e2e.hand import Hand, at_the_console
from tests.tui.e2e.homes import PIN, Prepared, environment, lay_down, one_call
from tests.tui.terminal import KEYS

STRAY_MOUSE = (
    b"\x1b[1114112;1u\x1b[M\xff\xfe\xa0\x1b[<0;999999;1M\x1b[M\xc3\x28\xf5\x1b[<35;10;5M\x1b[M !!"
    b"\x1b[99999999999;5u\xff\x9b\x80\x1b[200~"
)
"""Reports of the old and the new kind, cut short, out of range and not UTF-8, and a paste that never ends."""
END_OF_PASTE = b"\x1b[201~"


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    return lay_down(tmp_path_factory.mktemp("keyboard") / "home", one_call)


@pytest.fixture(params=["zh", "en"])
def officer(request: pytest.FixtureRequest, prepared: Prepared, tmp_path: Path) -> Iterator[Hand]:
    i18n.use(request.param)
    with at_the_console(prepared.copy(tmp_path / "home"), environment(request.param)) as hand:
        hand.sees("F1", "001")
        yield hand


def test_gbk_bytes_and_stray_mouse_bytes_end_no_screen(officer: Hand) -> None:
    gbk = "陶家镇液氯泄漏".encode("gbk")
    officer.press("f2")
    officer.terminal.send(gbk)
    officer.sees("UTF-8", "?")
    for key in ("f2", "f3", "f4", "f5", "f6", "f7", "f1", "f8", "/", "f11"):
        officer.press(key)
        officer.terminal.send(gbk + STRAY_MOUSE + END_OF_PASTE)
        officer.press("escape")
    officer.type(f"\r{PIN}\r")  # what of it were keys has been typed into the lock's field
    officer.press("f2", "f2")
    officer.type("照写不误")
    officer.press("ctrl+s")
    officer.finds("SELECT 1 FROM report WHERE text = '照写不误'")


def test_two_calls_typed_in_one_burst_stay_two(officer: Hand) -> None:
    first, second, more = "甲路口翻车，2人受伤", "乙小区失火", "，有人被困"
    officer.terminal.send(
        KEYS["f2"]
        + first.encode()
        + KEYS["f2"]
        + second.encode()
        + KEYS["f6"]
        + KEYS["f2"]
        + more.encode()
        + KEYS["ctrl+s"]
        + KEYS["f2"]
        + KEYS["ctrl+o"]
        + KEYS["enter"]
        + KEYS["ctrl+s"]
    )
    officer.finds("SELECT 1 FROM report WHERE id = 3")
    said = [text for (text,) in officer.looks_up("SELECT text FROM report WHERE id > 1 ORDER BY id")]
    assert said == [second + more, first]
    assert not officer.looks_up("SELECT 1 FROM draft WHERE logged_report IS NULL AND NOT discarded")


def test_an_incident_is_worked_by_keys_that_wait_for_nothing(officer: Hand) -> None:
    """From the board into the walk: open, grade, start the playbook, do one step, skip a later one, note."""
    officer.press("right", "1", "8", "4", "enter", "enter", "down", "down", "down", "6")
    officer.type("已由镇街处理\r")
    officer.press("7")
    officer.type("来电人姓刘\r")
    officer.finds("SELECT 1 FROM note WHERE text = '来电人姓刘'")
    assert officer.looks_up("SELECT confirmed_level FROM incident") == [(4,)]
    assert officer.looks_up("SELECT step, action, reason FROM run_event WHERE by = 'wang' ORDER BY id") == [
        ("record_call", "done", ""),
        ("ask_container", "skipped", "已由镇街处理"),
        ("advise_caller", "noted", "来电人姓刘"),
    ]
