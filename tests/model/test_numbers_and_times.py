from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dutydesk.model.enums import FigureKind
from dutydesk.model.figures import digits, possible
from dutydesk.model.instants import WIDTH, from_stored, to_stored
from dutydesk.model.visible import LONGEST_QUOTE, quoted


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.0, "0"),
        (3.0, "3"),
        (0.5, "0.5"),
        (1234567.0, "1234567"),
        (123456.75, "123456.75"),
        (99e6, "99000000"),
    ],
)
def test_a_figure_is_written_in_digits_whatever_its_size(value: float, written: str) -> None:
    assert digits(value) == written


@pytest.mark.parametrize(
    ("kind", "value", "can_be"),
    [
        (FigureKind.DEATHS, 0, True),
        (FigureKind.DEATHS, -1, False),
        (FigureKind.DEATHS, 1.5, False),
        (FigureKind.DEATHS, 13_912_345_678, False),
        (FigureKind.AREA_HA, 1.5, True),
        (FigureKind.LOSS_WAN, float("nan"), False),
        (FigureKind.LOSS_WAN, float("inf"), False),
    ],
)
def test_what_cannot_be_a_figure_is_none(kind: FigureKind, value: float, can_be: bool) -> None:
    assert possible(kind, value) is can_be


@pytest.mark.parametrize("year", [1, 999, 1970, 2026, 9999])
def test_a_stored_time_has_its_width_and_comes_back_in_every_year(year: int) -> None:
    moment = datetime(year, 1, 2, 3, 4, 5, 6, tzinfo=UTC)
    assert len(to_stored(moment)) == WIDTH
    assert from_stored(to_stored(moment)) == moment


def test_what_was_given_is_quoted_on_one_short_line() -> None:
    assert quoted("昨晚") == "'昨晚'"
    assert quoted("a\n\x1b[31m") == "'a ␛[31m'"
    assert len(quoted("9" * 5000)) == LONGEST_QUOTE + 2
