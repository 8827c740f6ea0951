"""What a correction states, and what it takes back or only mentions."""

from __future__ import annotations

import pytest

from dutydesk.rules.corrections import stated_anew, town_stated
from dutydesk.rules.event_types import infer_type
from dutydesk.rules.titles import title_of_correction
from tests.rules.district import district


def tells(text: str) -> bool:
    return infer_type(text, district().event_types.values()) is not None


@pytest.mark.parametrize(
    ("text", "kind", "town", "title"),
    [
        (
            "更正：不是火灾，是液氯槽车泄漏，地点在陶家镇，不在西彭镇。",
            "hazmat",
            "陶家",
            "液氯槽车泄漏",
        ),
        ("更正：地点是陶家镇，不是西彭镇。", None, "陶家", ""),
        ("更正：将地点西彭镇更正为陶家镇", None, "陶家", ""),
        ("原报西彭镇有误，应为陶家镇", None, "陶家", ""),
        ("更正：陶家镇", None, "陶家", ""),
        (
            "更正一下，刚才报的西彭镇火灾有误，实为陶家镇一辆液氯槽车侧翻泄漏，驾驶员被困",
            "hazmat",
            "陶家",
            "陶家镇一辆液氯槽车侧翻泄漏",
        ),
        ("陶家镇一辆液氯槽车侧翻，并非火灾", "hazmat", "陶家", "陶家镇一辆液氯槽车侧翻"),
        ("更正：不是液氯泄漏，是仓库起火", "fire", None, "仓库起火"),
        ("不是火灾是液氯泄漏", "hazmat", None, "液氯泄漏"),
        ("误报为火灾，实为演练烟雾", None, None, ""),
    ],
)
def test_what_is_taken_back_is_not_what_is_stated(
    text: str, kind: str | None, town: str | None, title: str
) -> None:
    data = district()
    found = town_stated(text, data.towns.values(), tells)
    assert infer_type(stated_anew(text), data.event_types.values()) == kind
    assert (found.name.zh if found else None) == town
    assert title_of_correction(text, tells) == title


@pytest.mark.parametrize(
    "text",
    [
        "更正：死亡1人。",
        "更正：伤员送往石桥铺医院3人，死亡1人",
        "更正：群众在石坪桥小学避险200人",
        "更正：3人在石桥铺被找到",
        "更正：增援力量来自白市驿",
    ],
)
def test_a_town_that_only_comes_up_in_a_correction_is_not_where_it_happened(text: str) -> None:
    assert town_stated(text, district().towns.values(), tells) is None


@pytest.mark.parametrize("text", ["不知道是不是火灾", "火势不是很大", "要不是火灾报警早"])
def test_a_question_or_a_weakening_takes_nothing_back(text: str) -> None:
    assert stated_anew(text) == text
