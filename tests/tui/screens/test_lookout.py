"""The lookout for clocks that run out: it sees what is done anywhere, and asks the database no more than that
takes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from dutydesk.desk.timers import timers
from dutydesk.model.clock import ManualClock
from dutydesk.model.timers import Timer
from dutydesk.tui.alarms import Rung
from dutydesk.tui.gateway import Gateway
from tests.tui.screens.room import Room, console, room, until


@pytest.fixture
async def duty(_sqlite_template: Path, tmp_path: Path, clock: ManualClock) -> AsyncIterator[Room]:
    async with room(_sqlite_template, tmp_path / "home", clock) as made:
        yield made


async def test_a_clock_climbs_as_time_passes_and_settles_when_a_colleague_answers_for_it(duty: Room) -> None:
    made = await timers.add_reminder(duty.desk, duty.actor, note="回叫", after=timedelta(minutes=10))
    async with console(duty) as (app, pilot):
        duty.clock.advance(timedelta(minutes=10, seconds=1))
        await until(pilot, lambda: app.ladder.top is not None and app.ladder.top.rung is Rung.BANNER)
        duty.clock.advance(timedelta(minutes=6))
        await until(pilot, lambda: app.ladder.top is not None and app.ladder.top.rung is Rung.TITLE)
        await timers.meet(duty.desk, duty.actor, made.id, reason="迟了")
        await until(pilot, lambda: app.ladder.top is None)


async def test_a_clock_set_by_a_colleague_that_is_already_near_is_seen_though_no_time_passes(
    duty: Room,
) -> None:
    async with console(duty) as (app, pilot):
        await pilot.pause(1.2)
        await timers.add_reminder(duty.desk, duty.actor, note="回叫", after=timedelta(seconds=30))
        await until(pilot, lambda: app.ladder.top is not None or len(app.ladder) > 0)


async def test_a_second_in_which_nothing_is_done_asks_the_database_nothing(
    duty: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[datetime] = []
    pressing = Gateway.pressing

    async def noting(self: Gateway, before: datetime) -> list[Timer]:
        asked.append(before)
        return await pressing(self, before)

    monkeypatch.setattr(Gateway, "pressing", noting)
    monkeypatch.setattr("dutydesk.tui.services.EVERY", 0.01)
    monkeypatch.setattr("dutydesk.tui.services.READ_AGAIN", 1000.0)
    async with console(duty) as (_app, pilot):
        await until(pilot, lambda: bool(asked))
        await pilot.pause(1.0)  # whatever the first looks at the desk still stir up
        before = len(asked)
        await pilot.pause(1.0)
        assert len(asked) == before
        duty.clock.advance(timedelta(minutes=1))
        await until(pilot, lambda: len(asked) > before)
