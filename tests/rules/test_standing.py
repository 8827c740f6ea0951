"""Which markers hold after several reports."""

from __future__ import annotations

import pytest

from dutydesk.model.enums import FigureOrigin
from dutydesk.model.markers import Marker, MarkerState, names
from dutydesk.rules.standing import merged, standing

CRANE = "crane_overturned"
STATED = Marker(CRANE)
DOUBTED = Marker(CRANE, MarkerState.SUSPECTED)
STRUCK = Marker(CRANE, MarkerState.STRUCK, FigureOrigin.OFFICER)


@pytest.mark.parametrize(
    ("said", "stated", "suspected"),
    [
        ((STATED,), (CRANE,), ()),
        ((DOUBTED,), (), (CRANE,)),
        ((STATED, STRUCK), (), ()),
        ((STRUCK, STATED), (CRANE,), ()),
        ((STATED, DOUBTED), (CRANE,), ()),
        ((DOUBTED, STATED), (CRANE,), ()),
        ((STATED, STRUCK, DOUBTED), (), (CRANE,)),
        ((STRUCK,), (), ()),
    ],
)
def test_the_last_word_on_a_marker_counts(
    said: tuple[Marker, ...], stated: tuple[str, ...], suspected: tuple[str, ...]
) -> None:
    held = standing(said)
    assert names(held, MarkerState.STATED) == stated
    assert names(held, MarkerState.SUSPECTED) == suspected
    assert names(held, MarkerState.STRUCK) == (() if stated or suspected else (CRANE,))


def test_an_officer_wins_over_the_text_of_the_same_report() -> None:
    ten = Marker("ten_hospitalised")
    assert merged((STATED, Marker("ride")), (STRUCK, ten)) == (
        STRUCK,
        Marker("ride"),
        Marker("ten_hospitalised", MarkerState.STATED, FigureOrigin.OFFICER),
    )
