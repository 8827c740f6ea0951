"""Calls as a duty desk takes them, made up in any number: seeded, so that every run searches and logs the
same ones."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

SEED = 20261123
TOWNS = (
    *("杨家坪", "黄桷坪", "谢家湾", "石坪桥", "石桥铺", "中梁山", "渝州路"),
    *("二郎", "九龙街道", "华岩", "陶家", "西彭", "铜罐驿"),
)
_ROADS = (
    *("华福路", "石杨路", "长江二路", "陈庹路", "火炬大道", "华龙大道", "锦霞街", "直港大道", "科园四路"),
    *("盘龙大道", "九江大道", "铝城大道", "滨江路", "兴胜路", "西郊路", "前进路", "珠江路", "团结路"),
)
_SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程"
_GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉力红建国志华玉梅云飞雪松柏波宁凯旋淑珍"
_BRANDS = "宏鑫盛隆恒泰祥顺永昌金瑞华渝江川嘉陵缙云歌乐南泉巴岳铭润达丰源"
_TRADES = (
    "机械厂",
    "冷冻厂",
    "化工厂",
    "物流园",
    "家具城",
    "食品厂",
    "塑料厂",
    "汽修厂",
    "建材市场",
    "印务公司",
)
_ESTATES = ("花园", "新村", "佳苑", "名都", "小区", "公寓", "大厦", "家园", "雅居", "广场")
_GOODS = ("液氯", "液氨", "柴油", "汽油", "液化石油气", "盐酸", "硫酸", "甲醇", "双氧水", "油漆")
_WEATHER = ("暴雨", "大风", "雷暴", "浓雾", "高温")
_HAPPENED = (
    "{place}{road}{no}号{firm}发生火灾，火势较大，{n}人被困，{m}人受伤，{brigade}。",
    "{place}{estate}{no}栋{floor}楼失火，有浓烟冒出，楼上住户正在疏散，暂无人员伤亡。",
    "{place}{road}与{road2}交叉口一辆装载{goods}的槽车侧翻，{goods}泄漏，已疏散{m}0余人，驾驶员{name}受伤。",
    "{place}{firm}制冷机房氨气泄漏，厂区内气味刺鼻，{n}名工人不适送医，正在关阀堵漏。",
    "受{weather}影响，{place}{road}下穿道积水约{m}0厘米，{n}辆车被淹，交通中断，{brigade}。",
    "{place}{village}村{no}组山体滑坡，方量约{m}00立方米，威胁{n}户{m}人，已转移安置。",
    "{place}{village}村后山起火，过火面积约{n}亩，风力{floor}级，村干部{name}带队扑打。",
    "{place}{estate}电梯困人，{n}人被困，物业{name}已通知维保单位，情绪稳定。",
    "{place}{road}{no}号门前路面塌陷，面积约{m}平方米，深约{n}米，已设围挡，燃气管线未受损。",
    "{place}{road}发生三车追尾，{n}人受伤，{m}分钟前已送医，占用一条车道，车牌渝A{plate}。",
    "{place}{estate}燃气泄漏，{name}报称闻到臭味，物业已疏散{n}户，燃气公司到场检测。",
    "{place}{firm}在建工地脚手架垮塌，{n}人被埋，已救出{m}人，{brigade}。",
    "{place}{village}村多名村民聚餐后呕吐腹泻，共{m}人就诊，疾控已采样，{name}牵头处置。",
    "续报：{place}{firm}明火已扑灭，正在清理余火，无新增伤亡，现场指挥{name}。",
    "{place}{road}{no}号井下作业{n}人失联，疑似硫化氢中毒，{brigade}，联系人{name}。",
    "{place}停电约{m}00户，供电所抢修中，预计{n}小时恢复，涉及{estate}、{road}沿线。",
)
_BRIGADES = ("消防已出动", "消防救援站已到场", "区消防大队正在赶往", "公安交巡警已到场", "应急分队携泵车到场")


@dataclass(frozen=True, slots=True)
class Call:
    """One call: who says what about which place."""

    text: str
    caller: str
    phone: str
    place: str
    town: str


def calls(number: int, *, seed: int = SEED) -> Iterator[Call]:
    """``number`` calls, the same for the same seed. Some fields are left empty, as at night."""
    dice = random.Random(seed)
    for _ in range(number):
        town = dice.choice(TOWNS)
        name = _person(dice)
        road = dice.choice(_ROADS)
        text = dice.choice(_HAPPENED).format(
            place=town,
            road=road,
            road2=dice.choice(_ROADS),
            firm="".join(dice.sample(_BRANDS, 2)) + dice.choice(_TRADES),
            estate="".join(dice.sample(_BRANDS, 2)) + dice.choice(_ESTATES),
            village="".join(dice.sample(_BRANDS, 2)),
            goods=dice.choice(_GOODS),
            weather=dice.choice(_WEATHER),
            brigade=dice.choice(_BRIGADES),
            no=dice.randint(1, 199),
            floor=dice.randint(2, 9),
            n=dice.randint(1, 9),
            m=dice.randint(2, 30),
            plate="".join(dice.choices("0123456789BCDFG", k=5)),
            name=name,
        )
        known = dice.random() < 0.6
        yield Call(
            text=text,
            caller=_person(dice) if known else "",
            phone=f"1{dice.randint(30, 99)}{dice.randint(0, 99_999_999):08}" if known else "",
            place=f"{road}{dice.randint(1, 199)}号" if dice.random() < 0.5 else "",
            town=town if dice.random() < 0.8 else "",
        )


def _person(dice: random.Random) -> str:
    return dice.choice(_SURNAMES) + "".join(dice.choices(_GIVEN, k=dice.randint(1, 2)))
