"""Where a call belongs: the town its words name, and whether another authority runs that town."""

from __future__ import annotations

import re
from collections.abc import Iterable

from dutydesk.model.reference import Town
from dutydesk.model.reports import Routing
from dutydesk.rules.towns import mentions

NOWHERE = Routing("", "")
"""No town is named; the desk keeps the call."""

# A direction or destination is not where it happens: 往白市驿方向, 距石板镇3公里, 送往西彭医院.
_NOT_THERE_BEFORE = re.compile(
    r"(?:往|开往|驶往|前往|距离?|离|送往|送至|送到|转移至|转移到|安置[在到]|发往|至)$"
)
_NOT_THERE_AFTER = re.compile(
    r"^(?:镇|街道)?(?:方向|派出所|消防|医院|中心医院|卫生院|卫生服务中心|交巡警|救援队)"
)


def find_town(text: str, towns: Iterable[Town], *, only_there: bool = False) -> Town | None:
    """The town a narrative happens in, or ``None``. ``only_there``: it has to say so, and a direction or
    a station that responds is no answer.

    Longest match, aliases included. Places are written from the wide to the narrow, so among neighbours
    (石桥铺渝州路) the last one counts; a new clause names other places and does not take it over. A mere
    direction, or a station that responds, counts only if nothing better is named.
    """
    hits = mentions(text, towns)
    if not hits:
        return None
    there = [hit for hit in hits if not _elsewhere(text, hit[0], hit[1])]
    if not there and only_there:
        return None
    there = there or list(hits)
    best = there[0]
    for hit in there[1:]:
        if re.search(r"[，。；！？,;\n]", text[best[1] : hit[0]]):
            break
        best = hit
    return best[2]


def route(town: Town | None) -> Routing:
    """Where calls from ``town`` go: ``rule`` names the routing rule where another authority runs it.

    The six towns run by the High-tech Zone lie inside the district's boundary: their calls are logged here
    as well as passed on (fact sheet 6).
    """
    return NOWHERE if town is None else Routing(town.name.zh, town.run_by)


def _elsewhere(text: str, start: int, end: int) -> bool:
    return bool(
        _NOT_THERE_BEFORE.search(text[max(0, start - 4) : start]) or _NOT_THERE_AFTER.match(text[end:])
    )
