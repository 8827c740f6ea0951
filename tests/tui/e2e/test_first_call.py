"""The first call typed as keys into the real program in a pseudo-terminal, with a real engine process, a real
HTTP gateway and a real SMTP server; afterwards the desk has on record what the command line's scene has."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from dutydesk import i18n
from dutydesk.i18n import _
from dutydesk.model.enums import FigureKind, Level
from dutydesk.model.text import Language
from dutydesk.tui import words
from tests.cli.desk_process import PIN, CommandLine
from tests.playbooks.books import shipped
from tests.scene.account import THE_FIRST_CALL, account_of
from tests.scene.call import (
    CALL,
    FOLLOW_UP,
    IN_WRITING,
    PHONE,
    RINGS,
    WALK,
    WHO_CONFIRMED,
    WHY_CLOSED,
    WHY_RAISED,
    Worked,
    clock_at,
    kill_engine,
    prepare,
)
from tests.scene.gateways import Gateways, listening
from tests.tui.e2e.hand import Hand, at_the_console
from tests.tui.terminal import Terminal

DIGITS = {"confirmed": "1", "chlorine": "1", "road_tanker": "1", "yes": "1", "not_started": "1"} | {
    "reached": "1",
    "no_answer": "2",
    "left_message": "6",
}
"""The answers of the script by their digits on the sheets."""
CAUTIONED = ("advise_caller", "ask_people_down", "chlorine_rules", "written_first_report")


@pytest.fixture(scope="module")
def gateways() -> Iterator[Gateways]:
    with listening() as opened:
        yield opened


@pytest.fixture(scope="module")
def prepared(gateways: Gateways, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("scene") / "home"
    prepare(home, gateways)
    return home


@pytest.fixture
def desk(prepared: Path, gateways: Gateways, tmp_path: Path) -> Iterator[CommandLine]:
    """The prepared desk, at 02:40 again, with nothing sent yet."""
    home = tmp_path / "home"
    shutil.copytree(prepared, home)
    gateways.http.received.clear()
    gateways.mail.messages.clear()
    made = CommandLine(home, clock_at(RINGS) | {"DUTYDESK_ENGINE_AUTOSTART": "1"})
    yield made
    kill_engine(made)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("width", "height"), [(80, 24), (120, 40)])
def test_the_first_call_from_ring_to_close(
    desk: CommandLine, gateways: Gateways, language: Language, width: int, height: int
) -> None:
    i18n.use(language)
    env = {**desk.environment, "DUTYDESK_LANG": language}
    with at_the_console(desk.home, env, width=width, height=height) as officer:
        officer.sees("F1")
        take_the_call(officer)
        officer.press("8", "4")
        officer.finds("SELECT 1 FROM incident WHERE confirmed_level = 4")
        officer.reads(_("Enter goes on."))
        officer.press("enter")  # the playbook that fits is chosen
        officer.finds("SELECT 1 FROM run")
        for step in WALK:
            officer.finds("SELECT 1 FROM run WHERE next_step = ?", step.step)
            work(officer, step)
        tell_the_townships(officer)
        report_in_writing(officer)
        follow_up(officer)
        close(officer)
        officer.press("ctrl+q")
        assert officer.terminal.wait(30) == 0
    (body,) = {each["text"] for each in gateways.http.to("taojia")}
    assert "液氯" in body
    assert "演练" not in body
    assert [to for to, _content in gateways.mail.messages] == [["zhou@example.org"]]
    assert account_of(desk.home) == THE_FIRST_CALL
    assert desk.ok("journal", "verify")["ok"] is True


def take_the_call(officer: Hand) -> None:
    """接: what is said first, all in one go; then what the desk makes of it; on record by one key."""
    officer.press("f2")
    officer.type(f"{CALL}\t\t\t\t0230\t\t{PHONE}")
    figures = [
        (words.say(words.FIGURES[kind]), value)
        for kind, value in (
            (FigureKind.DEATHS, "2"),
            (FigureKind.TRAPPED, "1"),
            (FigureKind.EVACUATED, "500"),
        )
    ]
    officer.sees(
        lambda screen: all(on_one_line(screen, *each) for each in figures),
        lambda screen: on_one_line(screen, _("Proposed"), words.say(words.LEVELS[Level.ORDINARY])),
        _("Near miss"),
    )
    officer.press("ctrl+g", "end")
    officer.sees(_("Playbooks"), "陶家")
    officer.press("ctrl+s")
    officer.finds("SELECT 1 FROM report WHERE id = 1")


def on_one_line(screen: Terminal, *wanted: str) -> bool:
    return any(all(each in line for each in wanted) for line in screen.lines)


def work(officer: Hand, step: Worked) -> None:
    """Works the step that the choice is on, by keys, and waits until it is on record."""
    cautions = _("Enter: read and understood; Esc goes back.")
    if step.how == "skip":
        officer.press("6")
        officer.type(f"{step.value}\r")
    else:
        officer.press("enter")
        if step.step in CAUTIONED:
            officer.reads(cautions)
        if step.how == "report":
            officer.reads(_("Enter: reported now; Esc goes back."))
        elif step.value in DIGITS:
            officer.press(DIGITS[step.value])
        elif step.value:
            officer.type(f"{step.value}\r")
    ((came_to,),) = officer.finds("SELECT action FROM run_event WHERE step = ?", step.step)
    if step.how == "call" and came_to == "under_way":
        officer.press("down")  # the choice stays on a call that nobody took, to be tried again


def tell_the_townships(officer: Hand) -> None:
    """传: the drafted notice is in front; a second officer approves it here, and the typed word sends it."""
    officer.sees(_("Recipients"), "液氯")
    officer.press("3")
    officer.type(f"li\r{PIN}\r")
    officer.finds("SELECT 1 FROM broadcast WHERE state = 'approved'")
    officer.press("4")
    officer.type(f"{words.drill(False)[0]}\r")
    officer.finds("SELECT 1 FROM broadcast WHERE state = 'released'")
    officer.sees(lambda screen: "3/3" in screen.text)
    officer.press("tab", "home", "6")
    officer.type(" 刘\r")
    officer.finds("SELECT 1 FROM delivery WHERE confirmed_by = ?", WHO_CONFIRMED)
    officer.sees(lambda screen: "1/3" in screen.text)


def report_in_writing(officer: Hand) -> None:
    """报: the first report in writing, out of turn: the choice is moved to its steps."""
    titles = {each.id: words.say(each.title)[:18] for each in shipped().playbooks["hazmat"].steps()}
    officer.press("f4")
    officer.sees(titles["notify_townships"])
    for step in IN_WRITING:
        officer.chooses(titles[step.step])
        work(officer, step)


def follow_up(officer: Hand) -> None:
    """跟: two become three; the grade is raised, the clocks tighten, and the city is told in time."""
    officer.press("f4", "9")
    officer.type(FOLLOW_UP)
    officer.press("ctrl+s")
    officer.finds("SELECT 1 FROM report WHERE id = 2")
    officer.press("8", "3")
    officer.type(f"{WHY_RAISED}\r")
    officer.finds("SELECT 1 FROM incident WHERE confirmed_level = 3")
    officer.reads(_("Enter goes on."))
    officer.press("2", "home", "down", "enter", "1")  # the nearest clock is the notice's, for confirmation
    officer.finds("SELECT 1 FROM timer WHERE rule = 'CQ_GOV_1H' AND state = 'met'")


def close(officer: Hand) -> None:
    """Closed, once what is still open has been seen."""
    officer.press("delete")
    officer.type(f"{WHY_CLOSED}\r")
    officer.finds("SELECT 1 FROM incident WHERE status = 'closed'")
