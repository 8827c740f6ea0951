"""Where a narrative puts the epicentre, and what its magnitude then grades."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dutydesk.rules.epicentre import ELSEWHERE, HERE, epicentre
from dutydesk.rules.numerals import normalised
from tests.rules.district import here, propose

STEPS = ((6.0, 1), (5.0, 2), (4.0, 3))
"""Fact sheet 2.5, where more than 200 people live on a square kilometre."""


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("震中位于九龙坡区华岩镇", (HERE,)),
        ("震中在重庆九龙坡", (HERE,)),
        ("震中为西彭镇", (HERE,)),
        ("九龙坡区发生4.2级地震", (HERE,)),
        ("重庆市九龙坡区（北纬29.50度，东经106.40度）发生4.2级地震，震源深度10千米", (HERE,)),
        ("震中位于四川泸县", (ELSEWHERE,)),
        ("泸州泸县发生6.0级地震，我区有震感", (ELSEWHERE,)),
        ("泸州泸县发生6.0级地震，我区震感明显", (ELSEWHERE,)),
        ("四川泸州市泸县（北纬29.20度，东经105.34度）发生6.0级地震，九龙坡区震感强烈", (ELSEWHERE,)),
        ("我区震感明显，里氏4.2级地震", ()),
        ("九龙坡区明显有感4.2级地震", ()),
        ("发生4.2级地震，震中不明", ()),
        ("4.2级地震，震中在哪里还不清楚", ()),
        ("4.2级地震，震中可能在九龙坡区", ()),
        ("4.2级地震，震中位于重庆市", ()),
        ("4.2级地震，震中位于重庆市荣昌区", (ELSEWHERE,)),
        ("4.2级地震，震中不在我区", (ELSEWHERE,)),
        ("5.1级地震，震中距九龙坡区120公里", (ELSEWHERE,)),
        ("5.1级地震，震中距九龙坡区12公里", ()),
        ("5.1级地震，震中位于距九龙坡区120公里的泸县", (ELSEWHERE,)),
        ("四川古蔺县二郎镇发生5.0级地震", (ELSEWHERE,)),
        ("二郎发生3.0级地震", (HERE,)),
        ("我区接到泸县发生6.0级地震通报", (ELSEWHERE,)),
        ("九龙坡区发生地震，震级4.2级", (HERE,)),
        ("地震发生在四川泸县，震级6.0级", (ELSEWHERE,)),
        ("先说震中在九龙坡区，后更正震中为四川泸县", (ELSEWHERE,)),
        ("九龙坡区附近发生4.2级地震", ()),
        ("九龙坡区疑似发生4.2级地震", ()),
        ("九龙坡区未发生4.2级地震", ()),
        ("九龙坡区发生3.0级地震，泸县发生6.0级地震", (HERE, ELSEWHERE)),
        ("我区发生4.2级地震", (HERE,)),
        ("陶家镇发生M4.2地震", (HERE,)),
        ("杨家坪有震感，地震4.2级", ()),
        ("四川泸县6.0级地震，杨家坪高楼晃动", (ELSEWHERE,)),
        ("四川泸县地震台网测定4.2级地震", ()),
        ("九龙坡区3月3日9时3分发生4.2级地震", (HERE,)),
        ("3月3日9时3分，在九龙坡区华岩镇发生4.2级地震", (HERE,)),
        ("邻水县发生4.6级地震", (ELSEWHERE,)),
        ("隆昌市发生5.1级地震", (ELSEWHERE,)),
        ("震中位置：四川泸县", (ELSEWHERE,)),
        ("震源位于泸县", (ELSEWHERE,)),
        ("九龙坡区住户反映震感明显，网上说泸县6.0级地震", (ELSEWHERE,)),
        ("九龙坡区杨家坪上海城发生3.5级地震", ()),
        ("震中九龙坡区华岩镇，4.2级", (HERE,)),
        ("震中四川泸县，6.0级地震", (ELSEWHERE,)),
        ("4.2级地震，震中是否在九龙坡区不清楚", ()),
        ("九龙坡发生里氏4.2级地震", (HERE,)),
        ("辖区内发生4.2级地震", (HERE,)),
        ("全区无地震", ()),
        ("白市驿镇发生4.5级地震", (HERE,)),
        ("模拟九龙坡区发生6.5级地震", (HERE,)),
        ("震中在北纬29.5度", ()),
        ("震中位于九龙坡区与大渡口区交界处", ()),
        ("华岩镇楼房开裂，四川长宁发生6.0级地震", (ELSEWHERE,)),
        ("在我区发生的4.2级地震", (HERE,)),
    ],
)
def test_the_epicentre_is_here_elsewhere_or_not_told(text: str, wanted: tuple[str, ...]) -> None:
    assert epicentre(normalised(text), here()) == wanted


def level_at(magnitude: float) -> int | None:
    return next((level for least, level in STEPS if magnitude >= least), None)


@pytest.mark.parametrize("magnitude", [3.9, 4.0, 4.1, 4.9, 5.0, 5.1, 5.9, 6.0, 6.1, 8.0])
def test_a_magnitude_grades_by_where_the_epicentre_lies(magnitude: float) -> None:
    graded = level_at(magnitude)
    told_here = propose("earthquake", markers=(HERE,), magnitude=magnitude)
    assert (told_here.proposed.level, told_here.possible.level) == (graded, graded)
    assert all(not basis.verified for basis in told_here.proposed.basis)
    untold = propose("earthquake", magnitude=magnitude)
    assert (untold.proposed.level, untold.possible.level) == (None, graded)
    far = propose("earthquake", markers=(ELSEWHERE,), magnitude=magnitude)
    assert (far.proposed.level, far.possible.level) == (None, None)
    disputed = propose("earthquake", markers=(HERE, ELSEWHERE), magnitude=magnitude)
    assert (disputed.proposed.level, disputed.possible.level) == (None, graded)
    denied = propose("earthquake", struck=(HERE,), magnitude=magnitude)
    assert (denied.proposed.level, denied.possible.level) == (None, None)
    open_question = (HERE,) if graded else ()
    asked = [each.to_find_out for each in (untold, disputed, told_here, far, denied)]
    assert asked == [open_question, open_question, (), (), ()]


@given(hundredths=st.integers(min_value=0, max_value=999))
def test_each_step_begins_exactly_at_its_number(hundredths: int) -> None:
    magnitude = float(f"{hundredths // 100}.{hundredths % 100:02}")
    graded = propose("earthquake", markers=(HERE,), magnitude=magnitude).proposed.level
    assert graded == (
        1 if hundredths >= 600 else 2 if hundredths >= 500 else 3 if hundredths >= 400 else None
    )


def test_the_dead_of_a_distant_earthquake_are_graded_here_all_the_same() -> None:
    far = propose("earthquake", markers=(ELSEWHERE,), magnitude=6.0, deaths=12)
    assert (far.proposed.level, far.possible.level) == (3, 3)


def test_an_unknown_magnitude_proves_nothing() -> None:
    told = propose("earthquake", markers=(HERE,), magnitude=None)
    assert (told.proposed.level, told.possible.level) == (None, None)


def test_a_magnitude_grades_no_other_type() -> None:
    assert propose("geohazard", markers=(HERE,), magnitude=6.0).possible.level is None
