from __future__ import annotations

import unicodedata
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from dutydesk.tui.lines import Cell, Piece, changed_cells, fit, lay_out
from dutydesk.tui.text import NO_END, NO_START, clip, head, pad, plain, width_of, wrap

DUTY = st.text(
    alphabet=st.one_of(
        st.sampled_from("2时40分陶家镇G93，。！？；：“”（）《》【】、 30吨312人km\n%"), st.characters()
    ),
    max_size=120,
)


@given(DUTY)
def test_nothing_that_acts_is_left_and_it_stays_on_one_line(text: str) -> None:
    assert not any(unicodedata.category(each) in ("Cc", "Cf", "Cs", "Zl", "Zp") for each in plain(text))


@given(DUTY, st.integers(0, 60))
def test_clipped_text_fits_and_padded_text_fills(text: str, cells: int) -> None:
    shown = plain(text)
    assert width_of(clip(shown, cells)) <= cells
    assert shown.startswith(head(shown, cells))
    for align in ("left", "right", "center"):
        assert width_of(pad(shown, cells, align)) == cells


@given(DUTY, st.integers(2, 60))
def test_wrapped_lines_fit_and_lose_nothing_but_blanks(text: str, cells: int) -> None:
    shown = "\n".join(plain(each) for each in text.split("\n"))
    lines = wrap(shown, cells)
    assert all(width_of(line) <= cells for line in lines)
    assert "".join("".join(lines).split()) == "".join(shown.split())


@given(st.text(alphabet="陶家镇液氯泄漏，。！？；：“”（）《》、", max_size=80), st.integers(12, 60))
def test_no_line_begins_with_a_stop_or_ends_with_an_opening_bracket(text: str, cells: int) -> None:
    lines = wrap(text, cells)
    for before, after in pairwise(lines):
        # A run of punctuation longer than a line has to break somewhere.
        run = all(each in NO_START | NO_END for each in before[-3:] + after[:3])
        assert run or after[0] not in NO_START or width_of(before) + 2 > cells
        assert run or before[-1] not in NO_END or width_of(before) + 2 > cells


def test_a_narrative_is_set_as_a_printer_would() -> None:
    text = "陶家镇G93高速“液氯槽车”侧翻泄漏（约30吨），已疏散312人；2人重伤。"
    lines = ["陶家镇G93高速“液", "氯槽车”侧翻泄漏", "（约30吨），已疏", "散312人；2人重", "伤。"]
    assert wrap(text, 16) == lines


def test_columns_align_whatever_stands_in_them() -> None:
    rows = [("液氯", "陶家"), ("chlorine", "x"), ("[/紧急]\x1b[31m", "谢家湾")]
    lines = [
        lay_out([Cell(one, width=10), Cell(other, width=6), Cell("尾", flex=1)], 40) for one, other in rows
    ]
    for line in lines:
        text = "".join(piece.text for piece in line)
        assert width_of(text) == 40
        assert width_of(text[: text.index("尾")]) == 20


@given(
    st.lists(st.tuples(DUTY, st.integers(0, 12), st.integers(0, 2), st.integers(0, 3)), max_size=6),
    st.integers(1, 130),
)
def test_a_row_is_as_wide_as_it_should_be_on_any_terminal(
    cells: list[tuple[str, int, int, int]], width: int
) -> None:
    line = lay_out([Cell(text, width=wide, flex=flex, drop=drop) for text, wide, flex, drop in cells], width)
    assert width_of("".join(piece.text for piece in line)) == width


def test_a_ticking_clock_changes_only_its_last_digit() -> None:
    old = fit((Piece("超", "late"), Piece(" 00:12:31", "late"), Piece(" 陶家")), 40)
    new = fit((Piece("超", "late"), Piece(" 00:12:32", "late"), Piece(" 陶家")), 40)
    assert changed_cells(old, new) == (10, 1)
    assert changed_cells(old, old) is None


@given(DUTY, DUTY)
def test_what_lies_outside_the_changed_cells_is_the_same(one: str, other: str) -> None:
    old, new = fit((Piece(one),), 40), fit((Piece(other, "late" if len(other) % 2 else "text"),), 40)
    cells = changed_cells(old, new)
    if cells is None:
        assert "".join(piece.text for piece in old) == "".join(piece.text for piece in new)
        return
    start, count = cells
    left = ["".join(piece.text for piece in line) for line in (old, new)]
    # Nothing lies outside on the left of the first cell but what has no width of its own.
    assert start == 0 or head(left[0], start) == head(left[1], start)
    assert 0 <= start < start + count <= 40
