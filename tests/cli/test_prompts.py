"""A PIN asked for at a terminal: not shown, asked twice when it is new, and no answer is a refusal."""

from __future__ import annotations

import sys

import pytest

from tests.cli.desk_process import PIN, CommandLine
from tests.tui.terminal import Terminal


def terminal(desk: CommandLine, *words: str) -> Terminal:
    """A terminal at which a command has been typed that has to ask for the PIN."""
    environment = {name: value for name, value in desk.env().items() if name != "DUTYDESK_PIN"}
    return Terminal([sys.executable, "-m", "dutydesk", *words], env=environment, width=120)


def test_signing_in_by_typing_the_pin(dutydesk: CommandLine) -> None:
    with terminal(dutydesk, "login", "wang") as screen:
        screen.wait_for("PIN:")
        screen.type(PIN)
        screen.press("enter")
        assert screen.wait() == 0
        screen.wait_for("is signed in until")
        assert PIN not in screen.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [(b"\x04", "No PIN was given"), (b"\xff\xfe\xfd\xfc\n", "no text"), (b"0000\n", "PIN is wrong")],
    ids=["nothing", "no text", "wrong"],
)
def test_no_pin_that_could_be_taken_is_refused_in_one_line(
    dutydesk: CommandLine, typed: bytes, said: str
) -> None:
    with terminal(dutydesk, "login", "wang") as screen:
        screen.wait_for("PIN:")
        screen.send(typed)
        assert screen.wait() == 1
        screen.wait_for(said)
    assert not list(dutydesk.home.glob("crash-*"))


def test_a_new_pin_is_asked_for_twice(dutydesk: CommandLine) -> None:
    words = ("user", "add", "li", "--name", "李敏", "--role", "operator")
    for second, code, said in (("4712", 1, "differ"), ("4711", 0, "li is added")):
        with terminal(dutydesk, *words) as screen:
            screen.wait_for("PIN:")
            screen.type("4711\n")
            screen.wait_for("again:")
            screen.type(f"{second}\n")
            assert screen.wait() == code
            screen.wait_for(said)
    assert [officer["login"] for officer in dutydesk.ok("user", "list")] == ["wang", "li"]


def test_breaking_off_at_the_prompt_changes_nothing(bare: CommandLine) -> None:
    with terminal(bare, "init", "--admin", "wang", "--name", "王强") as screen:
        screen.wait_for("PIN:")
        screen.send(b"\x03")
        assert screen.wait() == 130
        assert "Traceback" not in screen.text
    assert not (bare.home / "dutydesk.db").exists()


def test_who_is_no_admin_is_asked_for_the_old_pin_too(dutydesk: CommandLine) -> None:
    dutydesk.ok("user", "add", "li", "--name", "李敏", "--role", "operator", DUTYDESK_PIN="4711-li")
    dutydesk.ok("login", "li", DUTYDESK_PIN="4711-li")
    assert "DUTYDESK_OLD_PIN" in dutydesk.refused("user", "pin", "li", DUTYDESK_PIN="4712-li")
    with terminal(dutydesk, "user", "pin", "li") as screen:
        screen.wait_for("The old PIN:")
        screen.type("4711-li\n")
        screen.wait_for("\nPIN:")
        screen.type("4713-li\n")
        screen.wait_for("again:")
        screen.type("4713-li\n")
        assert screen.wait() == 0
    dutydesk.ok("login", "li", DUTYDESK_PIN="4713-li")
