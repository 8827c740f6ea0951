"""Where it happens, whose place that is, and what kind of event it sounds like."""

from __future__ import annotations

import pytest

from dutydesk.rules.event_types import infer_type
from dutydesk.rules.routing import NOWHERE, find_town, route
from dutydesk.rules.towns import find
from tests.rules.district import district

TOWNS = tuple(district().towns.values())
TYPES = tuple(district().event_types.values())


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("陶家镇文峰村起火", "陶家"),
        ("石桥铺渝州路一高层住宅8楼起火", "渝州路"),
        ("石坪桥正街积水", "石坪桥"),
        ("九龙坡区杨家坪步行街爆炸", "杨家坪"),
        ("一辆车从陶家镇往白市驿方向行驶时侧翻", "陶家"),
        ("华岩镇一工厂起火，西彭消防救援站赶赴现场", "华岩"),
        ("武隆区凤山街道发生爆炸", None),
        ("石板路上有人摔倒", None),
    ],
)
def test_the_town_is_found_in_what_the_caller_says(text: str, name: str | None) -> None:
    town = find_town(text, TOWNS)
    assert (town.name.zh if town else None) == name


@pytest.mark.parametrize("name", ["含谷", "金凤", "白市驿", "走马", "石板镇", "巴福"])
def test_the_six_towns_of_the_high_tech_zone_are_passed_on(name: str) -> None:
    assert route(find_town(f"{name}一仓库起火", TOWNS)).rule == "hi-tech-zone"


def test_the_districts_own_towns_stay() -> None:
    assert route(find_town("西彭镇起火", TOWNS)).rule == ""
    assert route(None) == NOWHERE


@pytest.mark.parametrize(
    ("typed", "first"),
    [("yjp", "杨家坪"), ("sq", "石桥铺"), ("西彭", "西彭"), ("谢家", "谢家湾"), ("HY", "华岩")],
)
def test_a_town_is_found_by_initials_or_part_of_its_name(typed: str, first: str) -> None:
    assert find(typed, TOWNS)[0].name.zh == first


def test_an_empty_query_lists_them_all_and_nonsense_none() -> None:
    assert len(find("", TOWNS)) == len(TOWNS)
    assert find("zzz", TOWNS) == ()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("液氯槽车侧翻泄漏", "hazmat"),
        ("陶家段一辆液氯槽车侧翻，司机被困", "hazmat"),
        ("绕城高速油罐车追尾后侧翻", "hazmat"),
        ("危化品车与大货车相撞", "hazmat"),
        ("混凝土罐车侧翻", "road"),
        ("中梁山附近山林起火", "forest_fire"),
        ("某小区电梯困人", "special_equipment"),
        ("一火锅店发生爆炸", "town_gas"),
        ("边坡出现裂缝", "geohazard"),
        ("在建工地塔吊倒塌", "construction"),
        ("下穿道积水一米多深", "flood"),
        ("一高层住宅8楼起火", "fire"),
        ("货车与公交车相撞", "road"),
        ("腌菜池里头倒了两个人", "industrial"),
        ("江面一货船沉没", "waterway"),
        ("轨道2号线列车停运", "metro"),
        ("发生3.2级地震，震感明显", "earthquake"),
        ("学生食物中毒", "public_health"),
        ("路面塌陷，水管爆了", "urban_ops"),
        ("后山冒烟，未见明火", "forest_fire"),
        ("你好，请问一下", None),
    ],
)
def test_the_words_suggest_the_kind_of_event(text: str, code: str | None) -> None:
    assert infer_type(text, TYPES) == code
