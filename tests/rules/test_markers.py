"""What grades an event without a number."""

from __future__ import annotations

import pytest

from dutydesk.rules.markers import markers, suspected
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


@pytest.mark.parametrize(
    ("text", "stated", "perhaps"),
    [
        ("液氯储罐泄漏", {"toxic_release"}, set()),
        ("液氯未泄漏", set(), set()),
        ("液氯储罐未发生泄漏", set(), set()),
        ("液氯没有泄漏", set(), set()),
        ("氨气无泄漏", set(), set()),
        ("液氯钢瓶未见泄漏", set(), set()),
        ("液氯暂未发现泄漏", set(), set()),
        ("暂未发现液氯泄漏", set(), set()),
        ("液氯槽车侧翻，未泄漏", set(), set()),
        ("液氯罐体完好，无破损、泄漏", set(), set()),
        ("已排除氯气泄漏", set(), set()),
        ("氯气泄漏系误报", set(), set()),
        ("液氯罐采取措施防止泄漏", set(), set()),
        ("防止液氯泄漏", set(), set()),
        ("液氯泄漏已堵住", {"toxic_release"}, set()),
        ("液氯泄漏，堵漏后检测无泄漏", {"toxic_release"}, set()),
        ("液氯无泄漏，后又泄漏了", {"toxic_release"}, set()),
        ("液氯未泄漏，但氨气泄漏", {"toxic_release"}, set()),
        ("不是氯气泄漏，是氨气泄漏", {"toxic_release"}, set()),
        ("氯气泄漏，未造成人员伤亡", {"toxic_release"}, set()),
        ("消防发现液氯泄漏", {"toxic_release"}, set()),
        ("疑似液氯泄漏", {"toxic_release"}, set()),
        ("液氯疑似泄漏", {"toxic_release"}, set()),
        ("不排除液氯泄漏", set(), {"toxic_release"}),
        ("液氯不排除发生泄漏", set(), {"toxic_release"}),
        ("无法排除液氯泄漏", set(), {"toxic_release"}),
        ("液氯可能泄漏", set(), {"toxic_release"}),
        ("液氯是否泄漏不清楚", set(), {"toxic_release"}),
        ("液氯有没有泄漏不晓得", set(), {"toxic_release"}),
        ("存在氯气泄漏风险", set(), {"toxic_release"}),
        ("氯气泄漏报警器响了", set(), {"toxic_release"}),
        ("接到氯气泄漏报警", {"toxic_release"}, set()),
        ("塔吊未倾覆", set(), set()),
        ("塔吊没有倒塌", set(), set()),
        ("锅炉没有发生爆炸", set(), set()),
        ("不排除锅炉爆炸", set(), {"boiler_explosion"}),
        ("未造成河流严重污染", set(), set()),
        ("火势可能威胁加油站", set(), {"key_site_threatened"}),
    ],
)
def test_a_denial_within_the_words_denies_and_a_doubt_leaves_it_possible(
    text: str, stated: set[str], perhaps: set[str]
) -> None:
    assert set(markers(text)) == stated
    assert set(suspected(text)) == perhaps


def test_what_is_only_suspected_grades_as_possible_and_is_a_near_miss() -> None:
    leak = propose("special_equipment", suspected=("toxic_release",), evacuated=10_000)
    assert (leak.proposed.level, leak.possible.level) == (None, 3)
    assert leak.to_find_out == ("toxic_release",)
    assert propose("hazmat", suspected=("serious_pollution",)).near_miss


def test_a_suspicion_that_would_rule_a_row_out_does_not_lower_what_is_possible() -> None:
    lift = propose("special_equipment", suspected=("ride",), stuck_hours=2)
    assert (lift.proposed.level, lift.possible.level) == (4, 4)


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
