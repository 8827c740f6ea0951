"""Putting a report on record from the intake, and saying what was made of it."""

from __future__ import annotations

import asyncio
import importlib
from typing import TYPE_CHECKING

from dutydesk.i18n import _
from dutydesk.model.errors import BadInput
from dutydesk.tui import words
from dutydesk.tui.screen import DeskScreen

if TYPE_CHECKING:
    from dutydesk.desk.intake.reports import LoggedReport
    from dutydesk.desk.intake.typed_report import Understood
    from dutydesk.tui.app import DutyDeskApp


async def put_on_record(screen: DeskScreen, understood: Understood, lock: asyncio.Lock) -> LoggedReport:
    """Logs what was understood, with no draft written meanwhile (``lock``). Refuses while a field is at
    fault."""
    if understood.faults:
        raise BadInput("Not saved yet: see the fields marked.")
    reports = await asyncio.to_thread(importlib.import_module, "dutydesk.desk.intake.reports")
    desk, actor = screen.desk.desk, screen.desk.actor

    async def log() -> LoggedReport:
        async with lock:
            logged: LoggedReport = await reports.log_report(desk, actor, understood.form)
        return logged

    return await screen.desk_app.write(log())


def made_of(logged: LoggedReport) -> str:
    """One line on what the desk made of the report."""
    if logged.incident is None:
        return _("Report {report} is on record, filed under nothing yet.", report=logged.report)
    return _(
        "Report {report} is on record: incident {incident}, {level}, {clocks} clocks run.",
        report=logged.report,
        incident=f"{logged.incident:03}",
        level=words.level(logged.proposal.proposed.level)[0],
        clocks=len(logged.timers),
    )


def go_on(app: DutyDeskApp, logged: LoggedReport) -> None:
    """Goes to the incident, or to the board when there is none, and says there what was made of it."""
    if logged.incident is not None:
        app.show_incident(logged.incident)
    else:
        app.go("board")
    app.call_after_refresh(_tell, app, made_of(logged))


def _tell(app: DutyDeskApp, said: str) -> None:
    front = app.front
    if front is not None and not front.is_mounted:
        front.call_after_refresh(app.news, said, "good")
    else:
        app.news(said, "good")
