"""What the command line knows besides the names of actions: a note, a search, a reminder, an incident."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from dutydesk.i18n import _
from dutydesk.model.errors import BadInput, Refused
from dutydesk.model.text import Text
from dutydesk.tui import times
from dutydesk.tui.widgets.commandline import Command

if TYPE_CHECKING:
    from dutydesk.tui.app import DutyDeskApp

SPANS: Final = ("5m ", "10m ", "30m ", "1h ")
"""What a reminder's time is completed to."""


@dataclass(frozen=True, slots=True)
class Usage:
    """The words a command answers to, and how a line of it is written."""

    names: tuple[str, ...]
    line: Text
    about: Text


NOTE: Final = Usage(
    ("备注", "note"), Text("备注 内容", "note WORDS"), Text("给当前事件记一句", "a note on the incident")
)
FIND: Final = Usage(("查找", "find"), Text("查找 词语", "find WORDS"), Text("查台账", "search the ledger"))
REMIND: Final = Usage(
    ("提醒", "remind"),
    Text("提醒 10m 内容；提醒 0630 内容", "remind 10m WORDS; remind 0630 WORDS"),
    Text("到时提醒，Ctrl+Z 撤回", "a reminder; Ctrl+Z takes it back"),
)
INCIDENT: Final = Usage(
    ("事件", "incident"), Text("事件 12", "incident 12"), Text("打开事件", "open an incident")
)
USAGES: Final = (NOTE, FIND, REMIND, INCIDENT)


def commands(app: DutyDeskApp) -> list[Command]:
    """All of them, over the console ``app``."""
    line = Lines(app)
    return [
        _command(NOTE, line.note),
        _command(FIND, line.find),
        _command(REMIND, line.remind, line.spans),
        _command(INCIDENT, line.incident),
    ]


def _command(
    usage: Usage,
    run: Callable[[str], Awaitable[None] | None],
    complete: Callable[[str], Sequence[str]] = lambda _rest: (),
) -> Command:
    said = Text(f"{usage.about.zh}：{usage.line.zh}", f"{usage.about.en}: {usage.line.en}")
    return Command(usage.names, said, run, complete)


class Lines:
    """Carries the lines out."""

    def __init__(self, app: DutyDeskApp) -> None:
        self._app = app

    async def note(self, rest: str) -> None:
        """A note on the open incident."""
        incident = self._app.shown.incident
        if incident is None:
            raise Refused("No incident is open here: choose one first.")
        if not rest.strip():
            raise BadInput("The note is empty: write it behind the word.")
        incidents = await _use_cases("dutydesk.desk.incidents.incidents")
        desk = self._app.desk
        await self._app.write(incidents.note(desk.desk, desk.actor, incident, rest))
        self._app.news(_("Noted on incident {id}.", id=f"{incident:03}"))

    def find(self, rest: str) -> None:
        """The ledger, searched for these words."""
        if not rest.strip():
            raise BadInput("What for? Write the words behind: find 液氯.")
        self._app.show_search(rest.strip())

    async def remind(self, rest: str) -> None:
        """A reminder, of the open incident where there is one; Ctrl+Z takes it back."""
        timers = await _use_cases("dutydesk.desk.timers.timers")
        app, desk = self._app, self._app.desk
        timer = await app.write(timers.remind(desk.desk, desk.actor, rest, incident=app.shown.incident))
        app.news(
            _(
                "You are reminded at {at}: {note}",
                at=times.short(timer.due, app.now(), desk.zone),
                note=timer.note,
            )
        )

        async def take_back() -> None:
            await timers.cancel(desk.desk, desk.actor, timer.id, reason=_("taken back at once"))

        app.can_undo(timer.note, take_back)

    @staticmethod
    def spans(rest: str) -> Sequence[str]:
        """Endings for a reminder's time while none is typed."""
        return [span for span in SPANS if span.startswith(rest)]

    async def incident(self, rest: str) -> None:
        """The incident with this number."""
        number = rest.strip()
        if not (number.isascii() and number.isdigit()):
            raise BadInput("An incident is named by its number, such as 12.")
        duplicates = await _use_cases("dutydesk.desk.intake.duplicates")
        found = await duplicates.incident_of(self._app.desk.desk, int(number))
        self._app.show_incident(found.id)


async def _use_cases(module: str) -> Any:
    """A module of use cases; the first one brings the ORM, which is imported off the loop."""
    return await asyncio.to_thread(importlib.import_module, module)
