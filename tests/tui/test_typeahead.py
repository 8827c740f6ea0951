"""Given a hand faster than the screen, when keys come in one burst, then each lands where it was meant to."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable

import pytest
from textual.pilot import Pilot
from textual.widgets import TextArea

from dutydesk import i18n
from dutydesk.model.clock import ManualClock
from dutydesk.model.errors import Refused
from dutydesk.tui.app import DutyDeskApp
from dutydesk.tui.typeahead import PATIENCE
from dutydesk.tui.widgets.dialogs import AskText
from dutydesk.tui.widgets.linelist import LineList
from tests.tui.demo import DemoDesk, desk, make
from tests.tui.screens.room import burst


@pytest.fixture(autouse=True)
def chinese() -> None:
    i18n.use("zh")


@pytest.fixture
def a_desk() -> DemoDesk:
    return desk(ManualClock())


def console(a_desk: DemoDesk, action: Callable[[DutyDeskApp], Awaitable[None]]) -> DutyDeskApp:
    """A console in which F11 carries out ``action``."""
    app = make(a_desk)
    app.everywhere.action_lock = lambda: action(app)  # type: ignore[method-assign,assignment]
    return app


async def until(pilot: Pilot[None], met: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not met():
            await pilot.pause(0.02)


def written(app: DutyDeskApp) -> str:
    """What stands in the intake's narrative, if that is in front."""
    found: Iterable[TextArea] = app.screen.query(TextArea)
    return next((each.text for each in found), "")


async def test_words_typed_behind_f2_are_in_the_narrative(a_desk: DemoDesk) -> None:
    app = make(a_desk)
    async with app.run_test() as pilot:
        burst(app, "f6", "f2", *"液氯槽车[/x]", "enter", *"2人", "f3", "f2", *"疏散")
        await until(pilot, lambda: written(app) == "液氯槽车[/x]\n2人疏散")


async def test_what_is_typed_behind_a_key_that_asks_answers_the_question(a_desk: DemoDesk) -> None:
    answers: list[str | None] = []

    async def ask(app: DutyDeskApp) -> None:
        for _ in range(2):
            await asyncio.sleep(0.2)  # the way to a question leads through imports and rows
            answers.append(await app.push_screen_wait(AskText("Help")))

    app = console(a_desk, ask)
    async with app.run_test() as pilot:
        await pilot.press("f6")
        burst(app, "f11", *"已由镇街处理", "enter", *"2", "enter", "pagedown")
        await until(pilot, lambda: len(answers) == 2)
        assert answers == ["已由镇街处理", "2"]
        lines = app.screen.query_one("#main", LineList)
        await until(pilot, lambda: (lines.chosen or 0) > 0)


async def test_behind_a_refusal_commands_are_let_go_up_to_the_next_f_key(a_desk: DemoDesk) -> None:
    async def refuse(app: DutyDeskApp) -> None:
        await asyncio.sleep(0.2)
        raise Refused("There is no draft {id}.", id=7)

    app = console(a_desk, refuse)
    async with app.run_test() as pilot:
        await pilot.press("f6")
        await pilot.pause()
        lines = app.screen.query_one("#main", LineList)
        burst(app, "f11", "down", "down", "enter", "f2", *"第二个电话")
        await until(pilot, lambda: written(app) == "第二个电话")
        assert lines.chosen == 0


async def test_a_refusal_that_comes_late_lets_go_of_nothing_behind_the_next_f_key(a_desk: DemoDesk) -> None:
    refused, shown = asyncio.Event(), asyncio.Event()

    async def refuse(app: DutyDeskApp) -> None:
        await refused.wait()
        raise Refused("There is no draft {id}.", id=7)

    app = console(a_desk, refuse)

    async with app.run_test() as pilot:
        burst(app, "f11", "f6")
        await until(pilot, lambda: app.current_mode == "ledger")
        lines = app.screen.query_one("#main", LineList)
        await until(pilot, lambda: bool(lines.rows))
        app.act(shown.wait())  # the next keys wait for this one
        burst(app, "down", "down")
        await until(pilot, lambda: len(app.typeahead._waiting) == 2)
        refused.set()
        await until(pilot, lambda: app._said is not None and app._said[2] == "late")
        shown.set()
        await until(pilot, lambda: lines.chosen == 2)


async def test_a_write_that_does_not_come_to_an_end_holds_no_key_for_long(a_desk: DemoDesk) -> None:
    unlocked = asyncio.Event()

    async def wait() -> None:
        await unlocked.wait()

    async def stall(app: DutyDeskApp) -> None:
        await app.write(wait())

    app = console(a_desk, stall)
    async with app.run_test() as pilot:
        await pilot.press("f6")
        lines = app.screen.query_one("#main", LineList)
        loop = asyncio.get_running_loop()
        begun = loop.time()
        burst(app, "f11", "down")
        await until(pilot, lambda: lines.chosen == 1)
        assert loop.time() - begun >= PATIENCE
        burst(app, "f2", *"F2不等")
        await until(pilot, lambda: written(app) == "F2不等")
        unlocked.set()
