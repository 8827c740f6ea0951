"""Putting a report on record from the intake, and saying what was made of it."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from dutydesk.i18n import _
from dutydesk.model.errors import BadInput
from dutydesk.model.facts import FACTS
from dutydesk.tui import words
from dutydesk.tui.screen import DeskScreen
from dutydesk.tui.screens.incident.sheets import Paragraph, ReadSheet

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
    said = _(
        "Report {report} is on record: incident {incident}, {level}, {clocks} clocks run.",
        report=logged.report,
        incident=f"{logged.incident:03}",
        level=words.level(logged.proposal.proposed.level)[0],
        clocks=len(logged.timers),
    )
    if not logged.unsettles:
        return said
    return f"{said} " + _(
        "It put right {facts} facts; {cancelled} clocks called off.",
        facts=sum(each.fact in FACTS for each in logged.facts),
        cancelled=len(logged.called_off),
    )


def go_on(app: DutyDeskApp, logged: LoggedReport, changes: Sequence[Paragraph]) -> None:
    """Goes to the incident, or to the board when there is none, and says there what was made of it. What was
    put right, with what that did to the clocks (``changes``), is to be read."""
    if logged.incident is not None:
        app.show_incident(logged.incident)
    else:
        app.go("board")
    app.call_after_refresh(_tell, app, made_of(logged))
    if changes:
        title = _("What report {report} changed", report=logged.report)
        sheet = ReadSheet(title, changes, hint=_("Enter goes on."))
        app.call_after_refresh(lambda: app.act(app.push_screen_wait(sheet)))


def _tell(app: DutyDeskApp, said: str) -> None:
    front = app.front
    if front is not None and not front.is_mounted:
        front.call_after_refresh(app.news, said, "good")
    else:
        app.news(said, "good")
