"""Given whatever bytes a terminal sends, then keys are keys, a paste is one piece, and nothing fails."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual.message import Message

from dutydesk.tui.keyboard import PASTE_BEGINS, PASTE_ENDS, PASTE_STALLS, Keyboard

HOSTILE = "[/紧急]\x1b[31m红\x1b]0;x\x07\r\x13\x1b[201"


def said(messages: list[Message]) -> list[str]:
    """Keys by their names, pastes by their text."""
    return [
        each.text if isinstance(each, events.Paste) else each.key
        for each in messages
        if isinstance(each, (events.Paste, events.Key))
    ]


def typed(*pieces: bytes) -> list[str]:
    keyboard = Keyboard()
    return said([message for piece in pieces for message in keyboard.feed(piece, 0.0)])


def test_what_is_pasted_is_one_piece_whatever_is_in_it_and_wherever_the_link_cuts_it() -> None:
    data = f"a{PASTE_BEGINS}{HOSTILE}{PASTE_ENDS}b".encode()
    for cut in range(len(data) + 1):
        assert typed(data[:cut], data[cut:]) == ["a", HOSTILE, "b"]


def test_a_paste_whose_end_never_comes_is_over_after_a_silence_and_loses_nothing() -> None:
    keyboard = Keyboard()
    assert said([*keyboard.feed(f"{PASTE_BEGINS}液氯\x1b[31m".encode(), 0.0)]) == []
    assert said([*keyboard.feed("槽车".encode(), 1.0)]) == []
    assert said([*keyboard.tick(1.0 + PASTE_STALLS)]) == []
    assert said([*keyboard.tick(1.1 + PASTE_STALLS)]) == ["液氯\x1b[31m槽车"]
    assert said([*keyboard.feed(b"x\x1bOQ", 9.0)]) == ["x", "f2"]


def test_a_sequence_that_means_nothing_takes_no_key_with_it() -> None:
    assert typed(b"\x1b[1114112;1ua\x1bOQb")[-3:] == ["a", "f2", "b"]


def test_bytes_that_are_not_utf8_are_question_marks() -> None:
    keyboard = Keyboard()
    keys = said([*keyboard.feed("陶".encode("gbk") + b"a", 0.0)])
    assert keys[-1] == "a"
    assert "question_mark" in keys
    assert keyboard.garbled


@given(st.lists(st.binary(max_size=40), max_size=6))
def test_no_bytes_end_the_keyboard(pieces: list[bytes]) -> None:
    keyboard = Keyboard()
    for number, piece in enumerate(pieces):
        list(keyboard.feed(piece, float(number)))
        list(keyboard.tick(float(number) + 10))
