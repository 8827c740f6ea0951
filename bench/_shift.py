"""A desk in the middle of a shift for the console to show: open incidents, a walk under way, clocks running
and an engine; and a desk with a ledger of a million lines."""

from __future__ import annotations

import asyncio
import hashlib
import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bench._calls import calls
from bench._home import dutydesk, set_up
from dutydesk.desk.desk import Desk
from dutydesk.desk.intake.reports import ReportForm, log_report
from dutydesk.desk.runs import runs
from dutydesk.model.clock import SystemClock
from dutydesk.model.enums import Role
from dutydesk.model.officers import Actor
from dutydesk.store.dialect import sqlite_connect
from dutydesk.store.reader import Reader

OFFICER = Actor(1, "bench", "值班员", (Role.OPERATOR,), "bench")
INCIDENTS = 12
STEPS = 60
NAMED = "液氯槽车侧翻泄漏"
"""What the newest incident is about; no other one has these words."""
WALKED = "逐步核实"
"""The title of the playbook that is walked; its steps are ticked by one key each."""
TITLE = "核实第{number:02}处点位"


@contextmanager
def shift(directory: Path, *, incidents: int = INCIDENTS) -> Iterator[dict[str, str]]:
    """The environment in which ``dutydesk`` opens a desk with all of this on it, its engine running."""
    env = set_up(directory)
    del env["DUTYDESK_ENGINE_AUTOSTART"]  # one runs already
    asyncio.run(_filled(directory, incidents))
    engine = subprocess.Popen(
        dutydesk("engine", "run"), env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield env
    finally:
        engine.terminate()
        engine.wait(30)


@contextmanager
def opened(directory: Path) -> Iterator[tuple[asyncio.Runner, Desk]]:
    """The desk of ``directory`` for another console's doings, and a loop to do them in."""
    with asyncio.Runner() as runner:
        desk = runner.run(_desk(directory))
        try:
            yield runner, desk
        finally:
            runner.run(desk.close())


def million(directory: Path, lines: int = 1_000_000) -> dict[str, str]:
    """The environment of a desk whose ledger has ``lines`` lines: half reports, half journal entries. They
    are written in bulk and not indexed for search, which is not measured here."""
    env = set_up(directory)
    half = lines // 2
    connection = sqlite_connect(directory / "dutydesk.db")
    text = next(iter(calls(1))).text
    digest = hashlib.sha256(b"bench").hexdigest()
    number = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {half})"
    at = "strftime('%Y-%m-%dT%H:%M:%S', 1577836800 + n.i * 300, 'unixepoch') || '.000000Z'"
    try:
        connection.execute("PRAGMA synchronous = OFF")
        first = connection.execute("SELECT received_at FROM report UNION SELECT at FROM journal").fetchone()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(
            f"INSERT INTO report (type, text, source, caller, phone, place, town, routing, received_at, "
            f"logged_at, logged_by, console, drill) {number} SELECT 'flood', n.i || ' ' || ?, 'phone', '', "
            f"'', '', '', '', {at}, {at}, 'bench', 'bench', 0 FROM n",
            (text,),
        )
        connection.execute(
            f"INSERT INTO journal (at, actor, console, action, subject, payload, prev_hash, hash) {number} "
            f"SELECT {at}, 'bench', 'bench', 'report.logged', 'report:' || n.i, '{{}}', ?, ? FROM n",
            (digest, digest),
        )
        connection.execute("COMMIT")
        made = connection.execute("SELECT max(received_at) FROM report").fetchone()
        if first and len(first[0]) != len(made[0]):
            raise RuntimeError(f"moments are stored as {first[0]}, not as {made[0]}")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()
    return env


async def log(desk: Desk, text: str) -> None:
    """Another console puts a report on record that belongs to nothing yet."""
    await log_report(desk, OFFICER, ReportForm(text=text, opens_incident=False))


async def _desk(directory: Path) -> Desk:
    url = f"sqlite:///{directory}/dutydesk.db"
    return Desk(
        url=url,
        reader=await Reader.open(url),
        clock=SystemClock(),
        zone=ZoneInfo("Asia/Shanghai"),
        playbook_dir=directory / "playbooks",
    )


async def _filled(directory: Path, incidents: int) -> None:
    books = directory / "playbooks"
    books.mkdir(mode=0o700, exist_ok=True)
    (books / "bench.yaml").write_text(_playbook(), encoding="utf-8")
    desk = await _desk(directory)
    try:
        now = desk.clock.now()
        for number, call in enumerate(calls(incidents)):
            told = now - timedelta(minutes=2 * (incidents - number))
            text = call.text if number < incidents - 1 else f"{NAMED}，2人受伤。"
            logged = await log_report(
                desk,
                OFFICER,
                ReportForm(text=text, type="hazmat", place=call.place, town=call.town, received_at=told),
            )
        if desk.warnings or logged.incident is None:
            raise RuntimeError(f"the desk is not as it should be: {desk.warnings}")
        await runs.start(desk, OFFICER, logged.incident, "bench")
    finally:
        await desk.close()


def _playbook() -> str:
    steps = "\n".join(
        f"      - {{id: s{n}, kind: do, title: {{zh: {TITLE.format(number=n)}, en: Check place {n}}}, "
        f"source: bench, verified: false}}"
        for n in range(1, STEPS + 1)
    )
    return f"""id: bench
version: 1
title: {{zh: {WALKED}, en: Step by step}}
applies_to:
  types: [hazmat]
source: bench
verified: false
phases:
  - id: all
    title: {{zh: 全部, en: All}}
    steps:
{steps}
"""


def environment_without_desk(home: Path) -> Mapping[str, str]:
    """For programs beside ours: a home directory of their own, so that nobody's settings are read."""
    return {**os.environ, "HOME": str(home), "XDG_CONFIG_HOME": str(home), "XDG_DATA_HOME": str(home)}
