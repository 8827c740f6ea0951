"""The magnitude of an earthquake, as bulletins and callers give it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dutydesk.model.enums import FigureKind
from dutydesk.model.figures import figure_digits, possible
from dutydesk.rules import narrative
from dutydesk.rules.magnitude import magnitude
from dutydesk.rules.numerals import normalised

TENTHS = st.integers(min_value=1, max_value=99)
SPOKEN = "零一二三四五六七八九"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("里氏4.2级", 4.2),
        ("九龙坡发生4.2级地震", 4.2),
        ("九龙坡M4.2地震", 4.2),
        ("地震 Ms 5.0", 5.0),
        ("地震震级为四点二级", 4.2),
        ("发生地震，震感明显，震级5.1", 5.1),
        ("九龙坡区发生4.5级地震，初步测定4.5级，正式测定4.2级", 4.2),
        ("正式测定4.2级（初步测定4.5级）地震", 4.2),
        ("地震震级由4.5级修订为4.2级", 4.2),
        ("不是5级地震是4.2级", 4.2),
        ("6.0级地震，最大余震3.1级", 6.0),
        ("泸县6.0级地震后发生4.5级余震", 6.0),
        ("先后发生3.8级、4.2级地震", 4.2),
        ("先后发生4.2级、3.1级地震", 4.2),
        ("发生5.1级地震，随后又发生4.2级地震", 5.1),
        ("４．２级地震", 4.2),
        ("四级地震", 4.0),
        ("5.0级地震", 5.0),
        ("九龙坡区发生4到5级地震", 4.0),
        ("三四级地震", 3.0),
        ("地震，4.2级", 4.2),
        ("地震大概有4级左右", 4.0),
        ("地震震级：4.2级", 4.2),
        ("震级(M)4.2级", 4.2),
        ("我区有震感，泸县6.0级地震，应急响应级别为三级", 6.0),
        ("ML3.2级地震", 3.2),
        ("地震M=4.2", 4.2),
        ("楼房三级地震裂缝", 3.0),
        ("5.2级地震应急响应", 5.2),
        ("地震级别4.2级", 4.2),
        ("2026年3月3日9时3分，九龙坡区发生4.2级地震", 4.2),
        ("报警人称有4点2级地震", 4.2),
        ("震级4点2", 4.2),
        ("泸县6级地震", 6.0),
        ("里氏 6 级", 6.0),
        ("震级3.95级", 3.95),
        ("震级在5.0级左右", 5.0),
        ("九龙坡区发生4.2级地震演练", 4.2),
    ],
)
def test_a_magnitude_is_read_as_it_is_told(text: str, wanted: float) -> None:
    assert magnitude(normalised(text)) == (True, wanted)


@pytest.mark.parametrize(
    "text",
    [
        "8级大风，地震棚吹倒",
        "启动地震Ⅳ级应急响应",
        "启动地震四级应急响应",
        "启动四级地震应急响应",
        "启动地震应急三级响应",
        "较大级地震",
        "地震烈度Ⅵ度",
        "地震烈度6度",
        "最大烈度7级地震",
        "未发生4级以上地震",
        "可能发生5级地震",
        "房屋可抗8级地震",
        "汶川8.0级地震",
        "历史上曾发生5.5级地震",
        "网传九龙坡将发生6级地震",
        "12级地震",
        "地震42级",
        "地震，风力8级，阵风9级",
        "抗震设防8级",
        "三级医院收治地震伤员",
        "地震 二级建筑受损",
        "地震造成3级以上裂缝",
        "6月1日地震，M20螺栓断裂",
        "地震预警系统：预计4.2级",
        "5级以上地震",
    ],
)
def test_other_numbers_and_what_did_not_happen_are_no_magnitude(text: str) -> None:
    assert magnitude(normalised(text)) == (False, None)


@pytest.mark.parametrize("text", ["震级不明的地震", "地震几级还不清楚"])
def test_a_magnitude_that_is_said_not_to_be_known_is_unknown(text: str) -> None:
    (figure,) = narrative.figures(text)
    assert (figure.kind, figure.value, figure.unknown) == (FigureKind.MAGNITUDE, None, True)


@given(tenths=TENTHS)
def test_every_tenth_is_read_exactly_in_digits_and_in_words(tenths: int) -> None:
    whole, tenth = divmod(tenths, 10)
    digits, words = f"{whole}.{tenth}", f"{SPOKEN[whole]}点{SPOKEN[tenth]}"
    told = [f"里氏{digits}级", f"发生{digits}级地震", f"M{digits}地震", f"地震，震级为{digits}级"]
    told += [f"地震震级为{words}级"] if whole else []
    for text in told:
        assert magnitude(normalised(text)) == (True, float(digits)), text


def test_a_magnitude_takes_nothing_from_the_people_told_of_with_it() -> None:
    found = {f.kind: f.value for f in narrative.figures("九龙坡区发生5.1级地震，造成2人死亡、10人受伤")}
    assert found == {FigureKind.DEATHS: 2, FigureKind.INJURED: 10, FigureKind.MAGNITUDE: 5.1}


@pytest.mark.parametrize(
    ("value", "can_be"), [(0, True), (4.2, True), (9.99, True), (10, False), (42, False)]
)
def test_no_earthquake_reaches_ten(value: float, can_be: bool) -> None:
    assert possible(FigureKind.MAGNITUDE, value) is can_be


def test_a_magnitude_is_written_with_its_tenth() -> None:
    assert figure_digits(FigureKind.MAGNITUDE, 5) == "5.0"
    assert figure_digits(FigureKind.MAGNITUDE, 4.2) == "4.2"
    assert figure_digits(FigureKind.DEATHS, 5) == "5"
