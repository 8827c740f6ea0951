"""Given words that look like markup and commands, when they are typed, pasted, or come from the database, the
district's files and its people, then they are words on every screen and in every field."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dutydesk import i18n
from dutydesk.i18n import _
from dutydesk.model.text import Language
from tests.tui.e2e import hostile
from tests.tui.e2e.hand import LONG, Hand, at_the_console
from tests.tui.e2e.homes import PIN, Prepared, environment, lay_down
from tests.tui.e2e.hostile import TYPED
from tests.tui.e2e.places import PLACES


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    directory = tmp_path_factory.mktemp("hostile") / "home"
    directory.mkdir(mode=0o700)
    hostile.write_overrides(directory)
    return lay_down(directory, hostile.fill)


@pytest.fixture(params=[("zh", 80, 24), ("en", 120, 40)], ids=["zh", "en"])
def officer(request: pytest.FixtureRequest, prepared: Prepared, tmp_path: Path) -> Iterator[Hand]:
    spoken: tuple[Language, int, int] = request.param
    language, width, height = spoken
    i18n.use(language)
    home = prepared.copy(tmp_path / "home")
    with at_the_console(home, environment(language), width=width, height=height) as hand:
        hand.sees("F1", "[/紧急]")
        yield hand
        hand.press("ctrl+q")
        assert hand.terminal.wait(LONG) == 0
        output = bytes(hand.terminal.output)
        assert b"\x1b[31m" not in output  # no colour that the theme does not give
        assert b"\x1b]0;x" not in output  # no title of the window
        assert not list(hand.home.glob("crash-*"))


def test_words_from_the_database_the_files_and_the_people_are_words_on_every_screen(officer: Hand) -> None:
    officer.press("right", "1")
    for place in PLACES:
        officer.press(*place)
        if place[0] in ("f4", "f5", "f7") and place not in WORDLESS:
            officer.sees("[/紧急]")
        if len(place) > 1:
            officer.press("escape")
    officer.type(f"{PIN}\r")
    officer.press("f3")
    officer.sees("[/紧急]", "F7")


WORDLESS = (("f4", "3"), ("f5", "1", "enter"))
ALL_SEEN = "All seen. Enter goes to the remarks, and once more ends the shift; Esc goes back."

FIELDS = (
    *(("f2", "f2", *["tab"] * presses) for presses in range(10)),  # a fresh form each time
    *(("f4", *keys) for keys in (("7",), ("6",), ("8", "3"), ("2", "enter", "end", "enter"), ("delete",))),
    *(("f5", *keys) for keys in (("1", "enter"), ("3",), ("end", "tab", "6"))),
    *(("f6", key) for key in ("1", "4", "5")),
    ("f7", "2", "end", ALL_SEEN, "enter"),
    *(("f3", key) for key in ("/", "f8")),
)
"""Every field that words can be written into, by the keys that lead there, and what is waited for on the
way."""


def test_words_typed_and_pasted_are_words_in_every_field(officer: Hand) -> None:
    officer.press("right", "1")
    for number, field in enumerate(FIELDS, start=100):
        for key in field:
            if key == ALL_SEEN:
                officer.sees(_(ALL_SEEN)[:5])  # until then Enter turns the page
            else:
                officer.press(key)
        write(officer, number)
        officer.press("enter", "escape")  # whatever becomes of it, it is told in words


def test_words_at_the_sign_in_are_words(prepared: Prepared, tmp_path: Path) -> None:
    home = prepared.copy(tmp_path / "home")
    (home / "session").unlink()
    i18n.use("zh")
    with at_the_console(home, environment()) as officer:
        officer.sees(_("Sign in"))
        write(officer, 100)
        officer.type(f"\r{TYPED}\r")
        officer.sees("PIN", "不对")
        officer.press("ctrl+q")
        assert officer.terminal.wait(LONG) == 0


def write(officer: Hand, number: int) -> None:
    """Types hostile words and pastes some more; they are seen as what they are."""
    officer.type(f"{TYPED}{number}")
    officer.sees(f"{TYPED}{number}")
    officer.terminal.paste(f"\x1b[31m红{number}\x1b]0;x\x07\r")
    officer.sees(f"␛[31m红{number}")
