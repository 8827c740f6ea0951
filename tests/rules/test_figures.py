"""Of figures that differ, which one counts now."""

from __future__ import annotations

import pytest

from dutydesk.model.enums import FigureKind
from dutydesk.model.figures import Figure, StatedFigure
from dutydesk.rules.figures import current, differ, review, taken_back
from tests.rules.district import local


def said(
    report: int,
    source: str,
    minute: int,
    value: float | None,
    *,
    superseded: bool = False,
    caller: str = "",
    phone: str = "",
) -> StatedFigure:
    figure = Figure(FigureKind.DEATHS, value, unknown=value is None)
    return StatedFigure(figure, report, source, local(3, 2, minute), superseded, caller, phone)


ANYBODY = (
    "群众",
    "路人",
    "匿名",
    "市民",
    "热心市民",
    "一名过路群众",
    "附近居民",
    "匿名来电",
    "过路司机",
    "出租车司机",
    "目击者",
    "群众甲",
    "不详",
    "不愿透露姓名",
    "路 人",
    "anonymous",
    "a passer-by",
    "Unknown",
)
SOMEBODY = ("王女士", "李师傅", "陶家镇值班室", "门卫", "市民热线12345", "群众工作站", "Li", "老王")


def counts(*stated: StatedFigure, corrected: tuple[int, ...] = ()) -> list[float | None]:
    return [figure.value for figure in current(stated, corrected)]


def test_the_latest_of_a_known_source_replaces_its_earlier_word_even_downwards() -> None:
    assert counts(said(1, "phone", 0, 5, caller="王强"), said(2, "phone", 10, 3, caller="王 强")) == [3]
    assert counts(said(1, "phone", 0, 5, phone="023-6878"), said(2, "phone", 10, 3, phone="023 6878")) == [3]
    assert counts(said(1, "110", 0, 5), said(2, "110", 10, 3)) == [3]


@pytest.mark.parametrize("source", ["phone", "12350", "fax", "system"])
def test_two_reports_of_one_medium_whose_senders_nobody_noted_stand_side_by_side(source: str) -> None:
    stated = (said(1, source, 0, 5), said(2, source, 10, 3))
    assert counts(*stated) == [5]
    assert [item.superseded for item in review(stated)] == [False, False]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"caller": "王强"}, {"caller": "李敏"}),
        ({"caller": "王强"}, {}),
        ({"phone": "13900000001"}, {"phone": "13900000002"}),
        ({"phone": "13900000001"}, {"caller": "王强"}),
        ({"caller": "过路司机", "phone": "13900000001"}, {"caller": "过路司机", "phone": "13900000002"}),
        ({"phone": "无"}, {"phone": "无"}),
        *(({"caller": anybody}, {"caller": anybody}) for anybody in ANYBODY),
        ({"caller": "群众", "phone": "13900000001"}, {"caller": "群众"}),
        ({"caller": "群众"}, {"caller": "群众", "phone": "13900000001"}),
    ],
)
def test_a_second_caller_never_lowers_the_figure_of_the_first(
    one: dict[str, str], other: dict[str, str]
) -> None:
    assert counts(said(1, "phone", 0, 5, **one), said(2, "phone", 10, 3, **other)) == [5]  # type: ignore[arg-type]
    assert counts(said(1, "phone", 0, 5, **other), said(2, "phone", 10, 3, **one)) == [5]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"caller": "王强"}, {"caller": "王强", "phone": "13900000001"}),
        ({"caller": "王强", "phone": "13900000001"}, {"phone": "13900000001"}),
        ({"caller": "王强", "phone": "13900000001"}, {"caller": "王队长", "phone": "13900000001"}),
        ({"caller": "群众", "phone": "13900000001"}, {"caller": "群众", "phone": "13900000001"}),
        ({"caller": "路人", "phone": "13900000001"}, {"caller": "王强", "phone": "13900000001"}),
        *(({"caller": somebody}, {"caller": somebody}) for somebody in SOMEBODY),
    ],
)
def test_a_name_or_a_number_is_enough_to_know_a_source_again(
    one: dict[str, str], other: dict[str, str]
) -> None:
    assert counts(said(1, "phone", 0, 5, **one), said(2, "phone", 10, 3, **other)) == [3]  # type: ignore[arg-type]
    assert counts(said(1, "phone", 0, 5, **other), said(2, "phone", 10, 3, **one)) == [3]  # type: ignore[arg-type]


def test_whom_the_police_pass_on_are_not_the_police() -> None:
    assert counts(said(1, "110", 0, 5, caller="群众"), said(2, "110", 10, 3, caller="群众")) == [5]
    assert counts(said(1, "110", 0, 5), said(2, "110", 10, 3, caller="群众")) == [5]


def test_whoever_calls_may_raise_a_figure() -> None:
    stated = (said(1, "phone", 0, 2), said(2, "phone", 10, 3))
    assert counts(*stated) == [3]
    assert differ(stated)
    assert not differ((said(1, "phone", 0, 2), said(2, "phone", 10, 2)))


def test_of_two_sources_the_graver_number_counts() -> None:
    stated = (said(1, "phone", 0, 2, caller="王强"), said(2, "110", 10, 3))
    assert counts(*stated, said(3, "phone", 20, 1, caller="王强")) == [3]


def test_a_corrected_report_no_longer_counts() -> None:
    stated = (said(1, "phone", 0, 9), said(2, "110", 10, 3))
    assert counts(*stated, corrected=(1,)) == [3]
    assert counts(said(1, "phone", 0, 9, superseded=True), said(2, "110", 10, 3)) == [3]


def test_unknown_never_beats_a_number() -> None:
    assert counts(said(1, "phone", 0, 2), said(2, "phone", 10, None)) == [2]
    assert counts(said(1, "110", 0, 2), said(2, "110", 10, None)) == [2]
    assert counts(said(1, "phone", 0, None), said(2, "110", 10, 0)) == [0]
    assert counts(said(1, "phone", 0, None), said(2, "phone", 10, 1)) == [1]
    assert counts(said(2, "phone", 10, None)) == [None]


def test_what_was_superseded_is_shown_as_such_and_kept() -> None:
    stated = (said(1, "phone", 0, 5, caller="王强"), said(2, "phone", 10, 3, caller="王强"))
    assert [item.superseded for item in review(stated)] == [True, False]


def test_a_correction_takes_back_what_it_states_anew_all_the_way_down() -> None:
    dead, hurt = FigureKind.DEATHS, FigureKind.INJURED
    corrects = {1: None, 2: 1, 3: 2, 4: None}
    stated = {1: {dead, hurt}, 3: {dead}, 4: {dead}}
    assert taken_back(corrects, stated) == {(1, dead), (2, dead)}
    assert taken_back(corrects, {**stated, 2: {hurt}}) == {(1, dead), (2, dead), (1, hurt)}
