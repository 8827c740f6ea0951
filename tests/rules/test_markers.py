"""What grades an event without a number."""

from __future__ import annotations

import pytest

from dutydesk.rules.markers import markers
from tests.rules.district import district, propose


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("工地塔吊整体倾覆，无人员伤亡", {"crane_overturned"}),
        ("锅炉发生爆炸", {"boiler_explosion"}),
        ("液氯储罐泄漏", {"toxic_release"}),
        ("索道停运，16人滞留3小时", {"ropeway"}),
        ("火势蔓延至加油站附近", {"key_site_threatened"}),
        ("火势未威胁加油站", set()),
        ("未威胁加油站", set()),
        ("没有造成水体污染", set()),
        ("没有造成严重水体污染", set()),
        ("暂未发现有液氯泄漏", set()),
        ("未造成人员伤亡和严重环境污染", set()),
        ("没有人员伤亡和氯气泄漏", set()),
        ("尚无伤亡但危及水厂", {"key_site_threatened"}),
        ("没有人员伤亡但造成严重水体污染", {"serious_pollution"}),
        ("无人机发现火势威胁加油站", {"key_site_threatened"}),
        ("火势无法控制威胁加油站", {"key_site_threatened"}),
        ("未关阀造成河流严重污染", {"serious_pollution"}),
        ("轨道3号线中断运营7小时", {"metro_cut_6h", "metro_cut_2h"}),
        ("旅客列车3节车厢脱轨", {"passenger_derailed_2"}),
        ("货运列车脱轨8辆", {"freight_derailed_6"}),
        (
            "客运列车5节车厢脱轨，中断行车50小时",
            {"passenger_derailed_2", "passenger_derailed_2_line_cut", "line_cut_10h"},
        ),
        ("客运列车5节车厢脱轨，中断行车30小时", {"passenger_derailed_2", "line_cut_10h"}),
        (
            "货运列车脱轨8辆，繁忙干线铁路中断24小时",
            {"freight_derailed_6", "freight_derailed_6_line_cut", "trunk_line_cut_6h", "line_cut_10h"},
        ),
        ("电厂660MW锅炉爆炸", {"boiler_explosion", "boiler_600mw_explosion"}),
        ("热电厂300兆瓦锅炉爆炸", {"boiler_explosion"}),
        ("600兆瓦机组锅炉故障停炉240小时", {"boiler_600mw_stopped_240h"}),
        ("索道故障，120名游客被困空中25小时", {"ropeway", "aloft_100"}),
        ("过山车停在半空，滞留游客99人", {"ride"}),
        ("电梯困人", set()),
        ("锅炉房起火", set()),
    ],
)
def test_markers_are_read_out_of_the_text(text: str, wanted: set[str]) -> None:
    assert set(markers(text)) == wanted


@pytest.mark.parametrize("stated", ["塔吊倾覆", "锅炉爆炸", "氯气泄漏", "造成河流严重污染", "威胁加油站"])
@pytest.mark.parametrize("denial", ["尚无伤亡", "没有人员伤亡", "未造成人员被困", "没得人受伤"])
@pytest.mark.parametrize("but", ["但", "却", "不过", "，但", "，"])
def test_a_denial_leaves_alone_what_it_does_not_deny(denial: str, but: str, stated: str) -> None:
    assert markers(stated) == markers(f"{denial}{but}{stated}") != ()


def test_an_overturned_crane_is_level_3_by_itself() -> None:
    assert (
        propose("special_equipment", markers=markers("起重机倾覆，无人员伤亡"), deaths=0).proposed.level == 3
    )


@pytest.mark.parametrize(("hours", "level"), [(23, 3), (24, 2), (47, 2), (48, 1)])
def test_a_hundred_people_aloft_raise_the_grade_by_the_hours(hours: int, level: int) -> None:
    said = markers("索道故障，100名游客被困空中")
    assert propose("special_equipment", markers=said, stuck_hours=hours).proposed.level == level


@pytest.mark.parametrize(
    "text",
    [
        "中梁山玉清寺附近山林起火，现场有居民点。",
        "缙云山发生山火，火势较大",
        "陡石塔村后山林地里头突然着火了",
        "华岩镇其他林地起火",
        "烧荒引燃了附近林地",
        "无人机发现山火",
        "不是森林，是灌木林地起火",
        "森林火灾，人员伤亡不明",
    ],
)
def test_woodland_alight_is_an_ordinary_fire_before_any_number(text: str) -> None:
    assert markers(text) == ("woodland_alight",)
    proposed = propose("forest_fire", markers=markers(text)).proposed
    assert proposed.level == 4
    assert [basis.rule for basis in proposed.basis] == ["forest_fire.woodland_alight"]
    assert proposed.basis[0].verified


@pytest.mark.parametrize(
    "text",
    [
        "荒草坡起火，不是林地",
        "有人报山火，核实为田里烧秸秆，并非山火",
        "不是林地起火，是垃圾堆燃烧",
        "路边杂草起火，未引燃山林",
        "非林地起火",
        "山火系误报",
        "风大，可能引发山火",
        "森林公园门口一辆车起火",
        "林区宿舍起火",
        "发布山火预警",
        "后山冒烟，是不是山火不清楚",
    ],
)
def test_a_fire_that_is_no_woodland_or_not_sure_to_be_has_no_grade_from_words(text: str) -> None:
    assert markers(text) == ()
    assert propose("forest_fire", markers=markers(text)).proposed.level is None


def test_a_number_outweighs_that_woodland_is_alight() -> None:
    said = markers("山林起火，过火面积约20亩")
    assert propose("forest_fire", markers=said, area_ha=1.33).proposed.level == 3


def test_every_marker_that_is_read_out_means_something_to_a_table() -> None:
    data = district()
    known = {rule.marker for table in data.grading_tables for rule in table.rules}
    known |= {rule.marker for rule in data.near_miss_rules}
    known |= {name for table in data.grading_tables for rule in table.rules for name in rule.unless}
    texts = [
        "塔吊倾覆",
        "锅炉爆炸",
        "气瓶爆炸",
        "压力管道爆炸",
        "液氨泄漏",
        "索道",
        "过山车",
        "造成严重污染",
        "威胁加油站",
        "山林起火",
    ]
    assert {marker for text in texts for marker in markers(text)} <= known
