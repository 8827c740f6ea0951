"""Homes with a desk in them to survive on: prepared once by the desk's own use cases, and copied for each
test. It is 02:40 there at the moment the console opens."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

import psutil  # type: ignore[import-untyped]

from dutydesk.desk.desk import Desk
from dutydesk.desk.intake.reports import ReportForm, log_report
from dutydesk.desk.officers import officers, sessions
from dutydesk.desk.opening import open_desk, prepare
from dutydesk.home import session_file
from dutydesk.home.paths import Home
from dutydesk.home.private import write_private
from dutydesk.home.settings import Settings
from dutydesk.model.clock import Clock, ManualClock, SystemClock
from dutydesk.model.enums import Role
from dutydesk.model.officers import Actor
from tests.scene.call import RINGS, clock_at
from tests.tui.snapshots.scene import NOW

PIN: Final = "4711-night"
SECOND: Final = Actor(2, "li", "李敏", (Role.OPERATOR,), "desk-2")
CHLORINE: Final = "成渝环线陶家段一辆液氯槽车侧翻泄漏，驾驶员被困，2人送医，正紧急疏散下风向村民五百余人。"


@dataclass(frozen=True)
class Prepared:
    """A home of which each test gets a copy."""

    directory: Path

    def copy(self, to: Path) -> Path:
        """A desk of one's own."""
        shutil.copytree(self.directory, to)
        return to


@asynccontextmanager
async def opened(home: Path, clock: Clock | None = None) -> AsyncIterator[Desk]:
    """The desk of a home, as another process has it open."""
    where = Home.at(home)
    settings = Settings(database_url=where.database_url, engine_autostart=False)
    desk = await open_desk(where, settings, clock=clock or SystemClock())
    try:
        yield desk
    finally:
        await desk.close()


def lay_down(directory: Path, fill: Callable[[Desk, Actor], Awaitable[None]]) -> Prepared:
    """A home with two officers, the first one signed in, and whatever ``fill`` puts into it."""

    async def work() -> None:
        home = Home.at(directory)
        settings = Settings(database_url=home.database_url, engine_autostart=False)
        await asyncio.to_thread(prepare, home, settings)
        async with opened(directory, ManualClock(NOW)) as desk:
            await officers.first_officer(desk, "wang", "王强", PIN, console="desk-1")
            signed_in = await sessions.sign_in(desk, "wang", PIN, console="desk-1")
            await officers.add_officer(desk, signed_in.actor, "li", "李敏", PIN, SECOND.roles)
            await fill(desk, signed_in.actor)
            session_file.write(home, signed_in.token)

    asyncio.run(work())
    return Prepared(directory)


def colleague(home: Path, directory: Path) -> Path:
    """A home of the second officer's own, signed in, over the database of ``home``."""
    directory.mkdir(mode=0o700)
    write_private(directory / "config.yaml", f"database_url: sqlite:///{home / 'dutydesk.db'}\n")

    async def sign_in() -> None:
        async with opened(home, ManualClock(NOW)) as desk:
            signed_in = await sessions.sign_in(desk, SECOND.login, PIN, console=SECOND.console)
            session_file.write(Home.at(directory), signed_in.token)

    asyncio.run(sign_in())
    return directory


async def one_call(desk: Desk, actor: Actor) -> None:
    """One incident, of chlorine."""
    await log_report(desk, actor, ReportForm(text=CHLORINE, occurred_at=NOW - timedelta(minutes=10)))


def environment(language: str = "zh", *, engine: bool = False, **more: str) -> dict[str, str]:
    """What the console is opened with."""
    return {
        **clock_at(RINGS),
        "DUTYDESK_LANG": language,
        "DUTYDESK_ENGINE_AUTOSTART": "1" if engine else "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        **more,
    }


def multiply(home: Path, count: int) -> None:
    """Puts ``count`` reports that belong to nothing on record, each with its clock, as copies of the newest
    such one: a night's flood of calls, laid down faster than it can be taken."""
    with closing(sqlite3.connect(home / "dutydesk.db")) as database, database:
        for table, new in (
            ("report", {"id": "id + n", "text": "text || ' ' || n"}),
            (
                "timer",
                {"id": "id + n", "report_id": "report_id + n", "subject": "'report:' || (report_id + n)"},
            ),
        ):
            columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
            chosen = ", ".join(new.get(column, column) for column in columns)
            newest = "SELECT max(id) FROM report" if table == "report" else "SELECT max(id) FROM timer"
            database.execute(
                f"WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < ?)"
                f" INSERT INTO {table} SELECT {chosen} FROM {table}, counted WHERE id = ({newest})",
                (count,),
            )


def engines_of(home: Path) -> list[psutil.Process]:
    """The engine processes that work on a home."""
    return [
        process
        for process in psutil.process_iter(["cmdline"])
        if str(home) in (words := process.info["cmdline"] or []) and "engine" in words
    ]


def kill_engine_of(home: Path) -> None:
    """Ends whatever engine works on a home."""
    for process in engines_of(home):
        with suppress(psutil.NoSuchProcess):
            process.kill()
