"""Who a caller is known by: a name that stands for anybody (群众, 路人) names nobody."""

from __future__ import annotations

import re

_WHICH = (
    "一名|一位|一个|某|有|该|多名|几名|数名|部分|不少|热心|附近|周边|周围|旁边|过路的?|路过的?|途经的?|当地|本地|"
    "现场|在场|围观|沿街|沿途|楼上|楼下|隔壁|匿名|无名|不知名|普通|报警|报案|来电|出租车|网约车|货车|大货车|客车|公交车?|其他|其它|另一名|另一位|另外一名|男|女|老"
)
_ANYBODY = (
    "群众|路人|行人|过路人|路过人员|过往行人|市民|居民|村民|网民|网友|游客|乘客|旅客|顾客|业主|住户|租户|商户|邻居|"
    "司机|驾驶员|车主|骑手|工人|员工|职工|学生|家属|目击者|目击群众|知情人|知情者|知情人士|当事人|"
    "报警人|报警者|报告人|报案人|举报人|来电人|来电者|来电人员|来电群众|拨打人|打电话的人?|"
    "人|男子|女子|男士|女士|先生|小姐|同志|老人|大爷|大妈|男性|女性|人员|热心人|好心人"
)
_NOBODY = (
    "匿名|匿名者|匿名人士|匿名电话|匿名来电|无名氏|不详|不明|不明身份|未知|未留姓名|未留名|未报姓名|没留姓名|没说|"
    "不愿透露(?:姓名|身份)?|不愿留名|不肯说|拒绝透露(?:姓名|身份)?|拒报姓名|姓名不详|身份不详|佚名|无|没有"
)
_IN_ENGLISH = (
    r"(?:an?|the|one|some|another)?(?:local|nearby|passing)?"
    r"(?:anonymous|unknown|unnamed|notgiven|none|n/?a|passer-?by|bystander|(?:eye)?witness|resident|villager|"
    r"citizen|driver|motorist|neighbou?r|pedestrian|caller|man|woman|person|somebody|someone|public|"
    r"memberofthepublic)"
)
_GENERIC = re.compile(
    rf"(?:{_WHICH}){{0,3}}(?:{_ANYBODY}|{_NOBODY})(?:[甲乙丙丁\da-d]|若干|等|们)?|{_IN_ENGLISH}|[-—?？/、.]+"
)


def identity(caller: str) -> str:
    """``caller`` as a name to compare by, without blanks or capitals; empty for none, and for a word that
    says only what kind of person rang: two passers-by are not one caller. A post (门卫) or a surname (王女士)
    is somebody."""
    name = "".join(caller.split()).casefold()
    return "" if _GENERIC.fullmatch(name.strip("()（）“”\"'")) else name
