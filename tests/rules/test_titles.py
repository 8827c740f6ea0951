"""What an incident is called before anybody gives it a name."""

from __future__ import annotations

import pytest

from dutydesk.rules.titles import LONGEST, title_of


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("成渝环线陶家段一辆液氯槽车侧翻泄漏，驾驶员被困", "成渝环线陶家段一辆液氯槽车侧翻泄漏"),
        ("续报二：死亡人数由2人上升至3人，另有4人受伤", "死亡人数由2人上升至3人"),
        ("2022年1月7日12时10分许，武隆区凤山街道食堂爆炸，造成16人死亡", "武隆区凤山街道食堂爆炸"),
        ("今天下午3点半左右华岩镇一酱菜厂有人晕倒。", "华岩镇一酱菜厂有人晕倒"),
        ("喂，你好，应急局吗？石桥铺有人闻到臭鸡蛋味", "石桥铺有人闻到臭鸡蛋味"),
        ("演练：九龙园区某化工仓库氨气泄漏，1人受伤", "演练：九龙园区某化工仓库氨气泄漏"),
        ("喂，你好", "喂"),
        ("3人被困", "3人被困"),
        ("8楼起火", "8楼起火"),
        ("12点", "12点"),
        ("！", ""),
    ],
)
def test_the_title_says_what_happened(text: str, title: str) -> None:
    assert title_of(text) == title


def test_a_long_clause_is_cut_to_a_columns_length() -> None:
    assert title_of("长" * 100) == "长" * LONGEST
