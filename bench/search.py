"""Search in 200,000 Chinese reports beside LIKE over the same four fields, the newest 50 of each.

Which queries: what officers look for when they type two to six characters, 120 of them, made from the seed.
A third look for one thing again: a firm, an estate, a caller's name, a plate's end, a house number (rare:
none to some hundreds of matches). A quarter are a place or a road (common). A quarter are a kind of event or
a substance (失火, 氨气, 液氯泄漏: from rare to every eighth report). The rest are two words at once, and what
is in no report at all. LIKE is quick where matches are many, because it may stop at fifty; it is slow where
they are few, and those are the ones that are searched for. Every answer of both sides is compared.

Timed are the view that the screens call, thread hop and all, and LIKE on a bare connection without one.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench._calls import SEED, TOWNS, Call, calls
from bench.table import Row, at_most, for_information, ms, percentile
from dutydesk.model.instants import to_stored
from dutydesk.store import grams
from dutydesk.store.dialect import sqlite_connect
from dutydesk.store.migrate import migrate
from dutydesk.store.reader import Reader
from dutydesk.store.search import FIELDS
from dutydesk.store.views import reports

REPORTS = 200_000
ROUNDS = 3
NEWEST = 50
BAR = 1 / 20
_EVENTS = (
    *(
        "失火",
        "氨气",
        "液氯",
        "槽车",
        "积水",
        "滑坡",
        "中毒",
        "追尾",
        "电梯困人",
        "燃气泄漏",
        "脚手架",
        "硫化氢",
    ),
    *(
        "呕吐腹泻",
        "过火面积",
        "停电",
        "路面塌陷",
        "液氯泄漏",
        "双氧水",
        "甲醇",
        "被埋",
        "失联",
        "下穿道积水",
        "井下作业",
    ),
    *("盐酸泄漏", "威胁", "暴雨", "有浓烟冒出", "村民聚餐", "山体滑坡", "驾驶员"),
)
_ROADS = (
    "华福路",
    "石杨路",
    "火炬大道",
    "锦霞街",
    "直港大道",
    "盘龙大道",
    "滨江路",
    "铝城大道",
    "陈庹路",
    "长江二路",
)
_ABSENT = ("核辐射", "沼气池", "海啸", "矿井透水", "飞机坠落", "地铁", "雪崩", "龙卷风预警", "炭疽", "油库")


def build(path: Path, number: int = REPORTS) -> list[Call]:
    """Writes the reports in bulk into a fresh database of the current schema; durable writing is not what is
    measured here. Returns every 500th."""
    migrate(f"sqlite:///{path}")
    first = datetime(2019, 1, 1, tzinfo=UTC)
    kept: list[Call] = []

    def rows() -> Iterator[tuple[object, ...]]:
        for id_, call in enumerate(calls(number), 1):
            if id_ % 500 == 0:
                kept.append(call)
            at = to_stored(first + timedelta(minutes=17 * id_))
            yield id_, "", call.text, "phone", call.caller, call.phone, call.place, call.town, at, at, "bench"

    connection = sqlite_connect(path)
    try:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(
            "INSERT INTO report (id, type, text, source, caller, phone, place, town, received_at, logged_at, "
            "logged_by, routing, console, drill) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', '', 0)",
            rows(),
        )
        found = connection.execute(f"SELECT id, {', '.join(FIELDS['report'])} FROM report")
        connection.executemany(
            "INSERT INTO report_search (rowid, grams) VALUES (?, ?)",
            ((row[0], grams.document(*row[1:])) for row in found),
        )
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()
    return kept


def queries(kept: list[Call]) -> list[str]:
    """The 120 queries; see the module."""
    dice = random.Random(SEED)
    named = [call for call in kept if call.caller and call.place]
    asked: list[str] = []
    for call in dice.sample(named, 14):
        asked.append(call.caller)
    for call in dice.sample(named, 10):
        asked.append(call.place[-6:])
    for call in dice.sample(kept, 16):
        start = dice.randrange(len(call.text) - 6)
        asked.append(call.text[start : start + dice.randint(4, 6)].strip())
    asked += [*TOWNS, *_ROADS, *(f"{town}{road}"[-6:] for town, road in zip(TOWNS, _ROADS[:7], strict=False))]
    asked += _EVENTS
    asked += [f"{dice.choice(TOWNS)} {dice.choice(_EVENTS)}" for _ in range(10)]
    asked += _ABSENT
    return asked


def run() -> list[Row]:
    """p95 over LIKE's with the bar, the medians for information."""
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "dutydesk.db"
        asked = queries(build(path))
        mine, theirs = asyncio.run(_measured(path, asked))
    own, like = percentile(mine, 0.95), percentile(theirs, 0.95)
    return [
        at_most(
            "search in 200,000 reports, p95",
            (own, ms(own)),
            (like, f"{ms(like)} (LIKE, same answers)"),
            BAR,
            f"{len(asked)} queries of 2 to 6 characters, rare, common and absent; newest {NEWEST}",
        ),
        for_information(
            "the same, p50",
            (statistics.median(mine), ms(statistics.median(mine))),
            (statistics.median(theirs), f"{ms(statistics.median(theirs))} (LIKE)"),
        ),
    ]


async def _measured(path: Path, asked: list[str]) -> tuple[list[float], list[float]]:
    """Of each query the median seconds of the rounds, by both. Raises RuntimeError when answers differ."""
    reader = await Reader.open(f"sqlite:///{path}")
    bare = sqlite_connect(path, read_only=True)
    mine: dict[str, list[float]] = {query: [] for query in asked}
    theirs: dict[str, list[float]] = {query: [] for query in asked}
    try:
        for _ in range(ROUNDS):
            for query in asked:
                began = time.perf_counter()
                found = await reports.search(reader, query, limit=NEWEST)
                mine[query].append(time.perf_counter() - began)
                began = time.perf_counter()
                expected = _like(bare, query)
                theirs[query].append(time.perf_counter() - began)
                if found != expected:
                    raise RuntimeError(f"{query}: found {found}, by LIKE {expected}")
    finally:
        bare.close()
        await reader.close()
    return [statistics.median(each) for each in mine.values()], [
        statistics.median(each) for each in theirs.values()
    ]


def _like(bare: sqlite3.Connection, query: str) -> list[int]:
    each = "(" + " OR ".join(f"{field} LIKE ?" for field in FIELDS["report"]) + ")"
    words = query.split()
    sql = f"SELECT id FROM report WHERE {' AND '.join([each] * len(words))} ORDER BY id DESC LIMIT {NEWEST}"
    return [row[0] for row in bare.execute(sql, [f"%{w}%" for w in words for _ in FIELDS["report"]])]
