"""Goes through the console as an officer would and takes a picture of every screen."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final, cast

from textual import events
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from dutydesk.home.paths import Home
from dutydesk.i18n import _
from dutydesk.model.clock import ManualClock
from dutydesk.model.text import Language
from dutydesk.tui.app import DutyDeskApp
from dutydesk.tui.gateway import Gateway
from dutydesk.tui.screens import factories
from dutydesk.tui.services import Lookout
from tests.tui.snapshots.scene import HOSTILE, LONG, NOW, Fill, settings_of
from tests.tui.snapshots.svg import spread

Size = tuple[int, int]
SMALL: Final[Size] = (80, 24)
LARGE: Final[Size] = (120, 40)
CALL: Final = "九龙镇一液氨冷库泄漏，2人死亡，5人受伤，1人失联，正疏散下风向群众312人。"
PATIENCE: Final = 20.0
"""Seconds for a screen to come to rest."""
QUIET: Final = 6
"""So many looks in a row have to show the same."""
STANDING: Final = frozenset({"clock", "watch", "services"})
"""Workers that run as long as the console."""
LOOK: Final = 0.06
"""Seconds between two looks."""


@asynccontextmanager
async def console(
    home: Home, language: Language, size: Size, *, signed_in: bool = True
) -> AsyncIterator[tuple[DutyDeskApp, Pilot[None]]]:
    """The real console over a home, with a clock that stands still and the lookout for overdue clocks."""
    clock = ManualClock(NOW)
    gateway = Gateway(home, settings_of(home), clock=clock)
    if signed_in:
        await gateway.open()
        assert await gateway.resume()
    app = DutyDeskApp(
        gateway,
        factories(),
        start="board" if signed_in else "signin",
        language=language,
        wall=clock.now,
        services=(Lookout(gateway).run,) if signed_in else (),
    )
    async with app.run_test(size=size) as pilot:
        yield app, pilot
    await gateway.close()


async def sign_in_picture(home: Home, language: Language, size: Size) -> str:
    """The sign-in screen; over a home without a desk, the first start."""
    async with console(home, language, size, signed_in=False) as (app, pilot):
        await _until(pilot, lambda: isinstance(app.focused, Input))
        return await _rest(app, pilot)


async def pictures(home: Home, fill: Fill, language: Language, size: Size) -> AsyncIterator[tuple[str, str]]:
    """Name and SVG of one screen after another, from the board to the list of all actions."""
    async with console(home, language, size) as (app, pilot):
        if fill != "empty":
            await _until(pilot, lambda: app.ladder.top is not None)
        for name, go in _WAYS.items():
            await go(app, pilot, fill)
            yield name, await _rest(app, pilot)


async def _board(_app: DutyDeskApp, _pilot: Pilot[None], _fill: Fill) -> None:
    """The console opens on it."""


async def _intake(app: DutyDeskApp, pilot: Pilot[None], fill: Fill) -> None:
    await pilot.press("f2")
    await _until(pilot, lambda: isinstance(app.focused, TextArea))
    said = {"empty": "", "typical": CALL, "full": f"{HOSTILE}{CALL}{LONG}"}[fill]
    if said:
        app.post_message(events.Paste(said))
        await _until(pilot, lambda: "".join(_shown(app)).count("312") > 1)  # as told, and as read out of it
        for last in (_("Same thing?"), _("draft kept")):
            await _until(pilot, lambda said=last: said in "".join(_shown(app)))  # type: ignore[misc]


async def _incident(app: DutyDeskApp, pilot: Pilot[None], fill: Fill) -> None:
    if fill == "empty":
        await pilot.press("f4")
    else:
        app.show_incident(1)
    await _until(pilot, lambda: app.current_mode == "incident")


async def _notice(app: DutyDeskApp, pilot: Pilot[None], fill: Fill) -> None:
    if fill == "typical":
        app.show_notice(1)
    else:
        await pilot.press("f5")
    await _until(pilot, lambda: app.current_mode == "notice")


async def _ledger(_app: DutyDeskApp, pilot: Pilot[None], _fill: Fill) -> None:
    await pilot.press("f6")


async def _shift(_app: DutyDeskApp, pilot: Pilot[None], _fill: Fill) -> None:
    await pilot.press("f7")


async def _help(app: DutyDeskApp, pilot: Pilot[None], _fill: Fill) -> None:
    await pilot.press("f4", "f1")
    await _until(pilot, lambda: len(app.screen_stack) > 1)


async def _palette(app: DutyDeskApp, pilot: Pilot[None], _fill: Fill) -> None:
    await pilot.press("escape")
    await _until(pilot, lambda: len(app.screen_stack) == 1)
    await pilot.press("f8")
    await _until(pilot, lambda: len(app.screen_stack) > 1)


_WAYS: Final[dict[str, Callable[[DutyDeskApp, Pilot[None], Fill], Awaitable[None]]]] = {
    "board": _board,
    "intake": _intake,
    "incident": _incident,
    "notice": _notice,
    "ledger": _ledger,
    "shift": _shift,
    "help": _help,
    "palette": _palette,
}
SCREENS: Final = tuple(_WAYS)


async def _rest(app: DutyDeskApp, pilot: Pilot[None]) -> str:
    """The picture, once nothing on it changes any more and no cursor blinks."""
    last: tuple[str, ...] = ()
    alike = 0
    async with asyncio.timeout(PATIENCE):
        for _look in itertools.count():
            _hold_cursors(app)
            now = _shown(app)
            alike = alike + 1 if now == last and not _at_work(app) else 0
            last = now
            if alike >= QUIET:
                break
            await pilot.pause(LOOK)
    return spread(app.export_screenshot())


def _at_work(app: DutyDeskApp) -> bool:
    """Whether anything is on its way that may change the screen yet."""
    return any(not worker.is_finished and worker.group not in STANDING for worker in app.workers)


def _hold_cursors(app: DutyDeskApp) -> None:
    """No cursor blinks from here on. To be done before anything is written: a text area keeps a line that it
    has drawn in the moment without its cursor, and shows that one when the blinking stops."""
    for field in app.screen.query("Input, TextArea"):
        if isinstance(field, Input | TextArea):
            field.cursor_blink = False


async def _until(pilot: Pilot[None], what: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not what():
            await pilot.pause(LOOK)
    _hold_cursors(cast(DutyDeskApp, pilot.app))


def _shown(app: DutyDeskApp) -> tuple[str, ...]:
    return tuple(line.text for line in app.screen._compositor.render_strips())
