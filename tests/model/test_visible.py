from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from dutydesk.model.visible import visible, visible_line


def test_an_escape_sequence_in_a_report_is_shown_and_does_not_act() -> None:
    assert visible("红\x1b[31m色\x00") == "红␛[31m色␀"


def test_markup_in_a_report_is_left_as_it_is() -> None:
    assert visible("[/紧急] 陶家") == "[/紧急] 陶家"


def test_a_narrative_keeps_its_lines() -> None:
    assert visible("一\r\n二\r三\n四") == "一\n二\n三\n四"


@given(st.text(alphabet=st.characters(), max_size=60))
def test_nothing_that_acts_on_a_terminal_is_left(text: str) -> None:
    shown = visible(text)
    assert all(char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cf", "Cs") for char in shown)
    assert visible(shown) == shown


@given(st.text(max_size=60))
def test_a_field_of_one_line_stays_on_one_line(text: str) -> None:
    line = visible_line(text)
    assert "\n" not in line
    assert line == line.strip()
