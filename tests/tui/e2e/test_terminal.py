"""Given a terminal that stalls, shrinks, goes away or cannot show Chinese, then clocks run on, nothing typed
is lost, and what is wrong is said plainly."""

from __future__ import annotations

import asyncio
import re
import signal
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from dutydesk import i18n
from dutydesk.desk.timers.timers import add_reminder
from dutydesk.home.clock import clock_from
from dutydesk.i18n import _
from dutydesk.model.text import Language
from tests.tui.e2e.hand import DESK, LONG, Hand, at_the_console
from tests.tui.e2e.homes import (
    SECOND,
    Prepared,
    environment,
    kill_engine_of,
    lay_down,
    one_call,
    opened,
)
from tests.tui.e2e.places import PLACES
from tests.tui.snapshots.scene import build
from tests.tui.terminal import Terminal

ON_TIME = timedelta(seconds=10)
LONG_FULL = 30
"""Rounds of painting into a full line: more frames than any queue of the console's own would take."""


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    return lay_down(tmp_path_factory.mktemp("quiet") / "home", one_call)


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """A busy night: many rows, long words, and words that look like commands to a terminal."""
    directory = tmp_path_factory.mktemp("crowded") / "home"
    asyncio.run(build(directory, "full"))
    return Prepared(directory)


@pytest.fixture
def home(crowded: Prepared, tmp_path: Path) -> Iterator[Path]:
    i18n.use("zh")
    copied = crowded.copy(tmp_path / "home")
    yield copied
    kill_engine_of(copied)


def test_a_terminal_that_is_not_read_stops_no_clock_and_is_painted_anew(home: Path) -> None:
    env = environment(engine=True)
    with at_the_console(home, env, width=120, height=40) as officer:
        officer.finds("SELECT 1 FROM lease WHERE holder <> 'pictured'")  # the engine that the console started
        officer.press("f6")
        officer.sees(_("Ledger"))
        officer.terminal.stop_reading()
        reminder = asyncio.run(remind(home, env["DUTYDESK_CLOCK"], timedelta(seconds=6)))
        fill_the_line(officer)
        officer.press("f2", "f2")
        officer.type("断线时还在写")
        officer.finds("SELECT 1 FROM draft WHERE fields LIKE '%断线时还在写%'")
        ((due, fired),) = officer.finds(
            "SELECT due_at, fired_at FROM timer WHERE id = ? AND state = 'fired'", reminder
        )
        assert datetime.fromisoformat(fired) - datetime.fromisoformat(due) < ON_TIME
        officer.terminal.read_again()
        officer.sees("断线时还在写")
        officer.type("，又通了")
        officer.finds("SELECT 1 FROM draft WHERE fields LIKE '%断线时还在写，又通了%'")
        officer.sees("断线时还在写，又通了", _("draft kept"))
        as_recovered = standing_still(officer)
        assert painted(officer, lambda: officer.press("ctrl+l")) == as_recovered


def fill_the_line(officer: Hand) -> None:
    """Lets the console paint until the line to the terminal has long been full."""
    unread, full = officer.terminal.unread, 0
    deadline = time.monotonic() + LONG
    while full < LONG_FULL:
        assert time.monotonic() < deadline, f"the line takes more and more: {unread} bytes"
        officer.press("pagedown", "pageup", "f12")  # each paints what nobody takes
        time.sleep(0.05)
        before, unread = unread, officer.terminal.unread
        full = full + 1 if unread == before > 0 else 0


async def remind(home: Path, clock: str, after: timedelta) -> int:
    """A reminder, set by another process."""
    async with opened(home, clock_from(clock)) as desk:
        return (await add_reminder(desk, SECOND, note="回叫", after=after)).id


def without_moments(terminal: Terminal) -> str:
    """The screen without what changes by the second."""
    return re.sub(r"\d+", "0", terminal.text)


def hung_up(terminal: Terminal) -> None:
    terminal.hang_up()
    assert terminal.wait(LONG) == 1


def told_to_end(terminal: Terminal) -> None:
    terminal.process.send_signal(signal.SIGTERM)
    assert terminal.wait(LONG) == 1
    terminal.wait_for(lambda seen: seen.output.endswith(b"\x1b[?1004l") or b"\x1b[?1049l" in seen.output)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("ends", [hung_up, told_to_end])
def test_what_was_being_typed_is_offered_at_the_next_start(
    quiet: Prepared, tmp_path: Path, language: Language, ends: Callable[[Terminal], None]
) -> None:
    i18n.use(language)
    home, env = quiet.copy(tmp_path / "home"), environment(language)
    said = "石桥铺渝州路楼顶冒烟，2人被困，来电人姓"
    with at_the_console(home, env) as officer:
        officer.sees("F1")
        officer.press("f2")
        officer.type(said + "刘")
        officer.sees("刘")
        ends(officer.terminal)  # within the second in which no draft has the last word yet
    with at_the_console(home, env) as officer:
        officer.sees(_("{count} drafts of reports wait; F2, then Ctrl+O.", count=1))
        officer.press("f2", "ctrl+o", "enter", "ctrl+s")
        officer.finds("SELECT 1 FROM report WHERE text = ?", said + "刘")


def test_a_console_killed_outright_has_kept_what_was_typed_a_second_before(
    quiet: Prepared, tmp_path: Path
) -> None:
    i18n.use("zh")
    home = quiet.copy(tmp_path / "home")
    with at_the_console(home, environment()) as officer:
        officer.press("f2")
        officer.type("楼顶冒烟")
        officer.finds("SELECT 1 FROM draft WHERE fields LIKE '%楼顶冒烟%'")
        officer.terminal.process.kill()
        officer.terminal.wait()
    with at_the_console(home, environment()) as officer:
        officer.sees("Ctrl+O")
        officer.press("f2", "ctrl+o", "enter")
        officer.sees("楼顶冒烟")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_screen_shrinks_to_40_by_10_and_grows_back(home: Path, language: Language) -> None:
    i18n.use(language)
    with at_the_console(home, environment(language)) as officer:
        officer.sees("003")
        officer.press("right", "1")  # an incident for the screens that need one
        for place in PLACES[::2] if language == "zh" else PLACES[1::2]:
            officer.press(*place)
            before = painted(officer, lambda: officer.press("ctrl+l"))
            small = painted(officer, lambda: officer.terminal.resize(40, 10))
            assert any(small), place
            if len(place) == 1:  # a question may take the whole of so small a window
                assert small[-1][:8] == before[-1][:8], (place, before, small)  # the keys, on its last line
            after = painted(officer, lambda: officer.terminal.resize(80, 24))
            assert (after[0], after[-1]) == (before[0], before[-1]), (place, before, after)
            if len(place) > 1:
                officer.press("escape")
        before = standing_still(officer)
        assert painted(officer, lambda: shaken(officer.terminal)) == before
        officer.press("ctrl+q")
        assert officer.terminal.wait(LONG) == 0


def shaken(terminal: Terminal) -> None:
    """A window that is small for less than a moment: it has lost words, and the size that it had."""
    terminal.resize(40, 10)
    terminal.resize(80, 24)


def painted(officer: Hand, after: Callable[[], None]) -> list[str]:
    """The lines once something has been painted after ``after`` and nothing more comes."""
    already = officer.terminal.raw
    after()
    officer.sees(lambda seen: seen.raw > already + 200)
    return standing_still(officer)


def standing_still(officer: Hand) -> list[str]:
    """The lines once they stand still and the console has nothing to do, however seldom it gets to run;
    without what moves by the second."""
    seen, still = "", 0
    deadline = time.monotonic() + LONG
    while still < 4:
        assert time.monotonic() < deadline, officer.terminal.text
        time.sleep(0.04)
        now = without_moments(officer.terminal)
        seen, still = now, still + 1 if now == seen and officer.terminal.at_rest else 0
    return seen.splitlines()


@pytest.mark.parametrize("name", ["zh_CN.GBK", "C", "zh_CN.GB18030"])
def test_a_locale_that_is_not_utf8_is_one_clear_line_and_an_untouched_terminal(
    quiet: Prepared, name: str
) -> None:
    env = {"DUTYDESK_HOME": str(quiet.directory), **environment("en"), "LC_ALL": name}
    with Terminal(DESK, env=env, width=200) as terminal:
        assert terminal.wait(LONG) == 2
        terminal.wait_for(f"The locale {name} is not UTF-8")
        assert [line for line in terminal.lines if line] == [terminal.lines[0]]
        assert b"\x1b" not in terminal.output
