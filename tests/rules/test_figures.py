"""Of figures that differ, which one counts now."""

from __future__ import annotations

from dutydesk.model.enums import FigureKind
from dutydesk.model.figures import Figure, StatedFigure
from dutydesk.rules.figures import current, review
from tests.rules.district import local


def said(
    report: int, source: str, minute: int, value: float | None, *, superseded: bool = False
) -> StatedFigure:
    figure = Figure(FigureKind.DEATHS, value, unknown=value is None)
    return StatedFigure(figure, report, source, local(3, 2, minute), superseded)


def counts(*stated: StatedFigure, corrected: tuple[int, ...] = ()) -> list[float | None]:
    return [figure.value for figure in current(stated, corrected)]


def test_the_latest_of_a_source_replaces_its_earlier_word_even_downwards() -> None:
    assert counts(said(1, "phone", 0, 5), said(2, "phone", 10, 3)) == [3]


def test_of_two_sources_the_graver_number_counts() -> None:
    assert counts(said(1, "phone", 0, 2), said(2, "110", 10, 3), said(3, "phone", 20, 1)) == [3]


def test_a_corrected_report_no_longer_counts() -> None:
    stated = (said(1, "phone", 0, 9), said(2, "110", 10, 3))
    assert counts(*stated, corrected=(1,)) == [3]
    assert counts(said(1, "phone", 0, 9, superseded=True), said(2, "110", 10, 3)) == [3]


def test_unknown_never_beats_a_number() -> None:
    assert counts(said(1, "phone", 0, 2), said(2, "phone", 10, None)) == [2]
    assert counts(said(1, "phone", 0, None), said(2, "110", 10, 0)) == [0]
    assert counts(said(1, "phone", 0, None), said(2, "phone", 10, 1)) == [1]
    assert counts(said(2, "phone", 10, None)) == [None]


def test_what_was_superseded_is_shown_as_such_and_kept() -> None:
    flags = [item.superseded for item in review((said(1, "phone", 0, 5), said(2, "phone", 10, 3)))]
    assert flags == [True, False]
