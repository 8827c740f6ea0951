"""A logged report: the durable transaction of all its rows through the store, beside the very same rows
(values, tables, indexes, triggers, search rows, journal entry) written by plain ``sqlite3`` in one
transaction of the same schema at the same ``synchronous=FULL``.

Each call is logged three times in turn, each into a file of its own: by the whole desk command, which also
reads the narrative, grades and winds up clocks; by the store alone, from values to rows to the commit; and by
``sqlite3``, handed the finished tuples with hash and search tokens worked out beforehand.
"""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import inspect
from sqlalchemy.dialects import sqlite
from sqlmodel import SQLModel

from bench._calls import calls
from bench.table import Row, at_most, for_information, ms
from dutydesk.desk.desk import Desk
from dutydesk.desk.intake.reports import ReportForm, log_report
from dutydesk.model.clock import SystemClock
from dutydesk.model.enums import Role
from dutydesk.model.officers import Actor
from dutydesk.store import grams, tables
from dutydesk.store.database import Store
from dutydesk.store.dialect import sqlite_connect
from dutydesk.store.migrate import migrate
from dutydesk.store.reader import Reader

REPORTS = 300
WARM_UP = 20
BAR = 5.0
OFFICER = Actor(1, "bench", "bench", (Role.OPERATOR,), "bench")
_DIALECT = sqlite.dialect(paramstyle="qmark")
_WRITTEN: dict[type[SQLModel], str] = {
    tables.IncidentRow: "id",
    tables.ReportRow: "id",
    tables.FigureRow: "id",
    tables.FilingRow: "report_id",
    tables.GradeRow: "id",
    tables.TimerRow: "id",
    tables.JournalRow: "seq",
}
"""What a logged report writes, by its counted key, parents first."""

Found = list[tuple[type[SQLModel], list[tuple[Any, ...]]]]


def run() -> list[Row]:
    """The store over ``sqlite3`` with its bar; the whole desk command for information."""
    with tempfile.TemporaryDirectory() as directory:
        template = Path(directory) / "template.db"
        migrate(f"sqlite:///{template}")
        desk, store, plain, rows = asyncio.run(_measured(template))
    theirs = (statistics.median(plain), f"{ms(statistics.median(plain))} (sqlite3)")
    return [
        at_most(
            "a logged report: its rows, durably",
            (statistics.median(store), ms(statistics.median(store))),
            theirs,
            BAR,
            f"{rows:.0f} rows a report in one transaction, synchronous=FULL",
        ),
        for_information(
            "a logged report: the whole command",
            (statistics.median(desk), ms(statistics.median(desk))),
            theirs,
            "with reading the narrative, grading, routing, playbooks and clocks",
        ),
    ]


async def _measured(template: Path) -> tuple[list[float], list[float], list[float], float]:
    """Seconds of each of the three, and the rows of a report."""
    files = [template.with_name(f"{name}.db") for name in ("desk", "store", "plain")]
    for file in files:
        shutil.copy(template, file)
    url = f"sqlite:///{files[0]}"
    clock = SystemClock()
    desk = Desk(url=url, reader=await Reader.open(url), clock=clock, zone=ZoneInfo("Asia/Shanghai"))
    store = await Store.open(f"sqlite:///{files[1]}", clock=clock)
    plain, seen = sqlite_connect(files[2]), sqlite_connect(files[0], read_only=True)
    times: tuple[list[float], list[float], list[float]] = ([], [], [])
    count, last = 0, dict.fromkeys(_WRITTEN, 0)
    try:
        for call in calls(REPORTS + WARM_UP):
            form = ReportForm(
                text=call.text, caller=call.caller, phone=call.phone, place=call.place, town=call.town
            )
            began = time.perf_counter()
            await log_report(desk, OFFICER, form)
            times[0].append(time.perf_counter() - began)
            found = _rows_after(seen, last)
            count += sum(len(rows) for _, rows in found)
            times[1].append(await _by_store(store, found))
            times[2].append(_by_sqlite(plain, found))
        _same(seen, plain)
    finally:
        plain.close()
        seen.close()
        await store.close()
        await desk.close()
    desk_s, store_s, plain_s = (each[WARM_UP:] for each in times)
    return desk_s, store_s, plain_s, count / (REPORTS + WARM_UP)


def _rows_after(seen: sqlite3.Connection, last: dict[type[SQLModel], int]) -> Found:
    """What was written since ``last``, which is moved on."""
    found: Found = []
    for table, key in _WRITTEN.items():
        names = ", ".join(f'"{column.name}"' for column in inspect(table).local_table.columns)
        rows = seen.execute(
            f"SELECT {names}, {key} FROM {table.__tablename__} WHERE {key} > ? ORDER BY {key}", (last[table],)
        ).fetchall()
        if rows:
            last[table] = rows[-1][-1]
            found.append((table, [row[:-1] for row in rows]))
    return found


async def _by_store(store: Store, found: Found) -> float:
    """The seconds that the store takes for these values: rows made, indexed, journalled, committed."""
    given: list[tuple[type[SQLModel], list[dict[str, Any]]]] = []
    for table, rows in found:
        if table is not tables.JournalRow:
            given.append((table, [_values(table, row) for row in rows]))
    entry = _values(tables.JournalRow, dict(found)[tables.JournalRow][0])
    began = time.perf_counter()
    async with store.transaction(OFFICER) as tx:
        for table, values in given:
            await tx.insert([table(**each) for each in values])
        tx.journal(entry["action"], entry["subject"], {"was": entry["payload"]})
    return time.perf_counter() - began


def _by_sqlite(plain: sqlite3.Connection, found: Found) -> float:
    """The seconds that ``sqlite3`` takes for the finished tuples."""
    statements: list[tuple[str, list[tuple[Any, ...]]]] = []
    for table, rows in found:
        marks = ", ".join("?" * len(rows[0]))
        statements.append((f"INSERT INTO {table.__tablename__} VALUES ({marks})", rows))
        for kind, model in (("report", tables.ReportRow), ("journal", tables.JournalRow)):
            if table is model:
                statements.append(
                    (
                        f"INSERT INTO {kind}_search (rowid, grams) VALUES (?, ?)",
                        [_tokens(kind, table, row) for row in rows],
                    )
                )
    began = time.perf_counter()
    plain.execute("BEGIN IMMEDIATE")
    for sql, rows in statements:
        plain.executemany(sql, rows)
    plain.execute("COMMIT")
    return time.perf_counter() - began


def _values(table: type[SQLModel], row: tuple[Any, ...]) -> dict[str, Any]:
    """A stored row as the values that a command would hand to the store."""
    values: dict[str, Any] = {}
    for column, stored in zip(inspect(table).local_table.columns, row, strict=True):
        read = column.type.result_processor(_DIALECT, None)
        values[column.name] = stored if read is None else read(stored)
    return values


def _tokens(kind: str, table: type[SQLModel], row: tuple[Any, ...]) -> tuple[int, str]:
    from dutydesk.store.search import FIELDS

    named = dict(zip((column.name for column in inspect(table).local_table.columns), row, strict=True))
    return named["id" if kind == "report" else "seq"], grams.document(*(named[f] for f in FIELDS[kind]))


def _same(seen: sqlite3.Connection, plain: sqlite3.Connection) -> None:
    """Both files hold the same, or the comparison would be none."""
    for table in _WRITTEN:
        query = f"SELECT * FROM {table.__tablename__} ORDER BY 1"
        if seen.execute(query).fetchall() != plain.execute(query).fetchall():
            raise RuntimeError(f"the rows of {table.__tablename__} differ")
