"""``dutydesk incident``: list, show, grade, note, close, reopen."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from dutydesk.cli import output, shown
from dutydesk.cli.door import Door
from dutydesk.cli.options import JsonOption, OpenLimitOption, text_or_stdin
from dutydesk.cli.runs import progress, record
from dutydesk.model.enums import IncidentStatus, Level

if TYPE_CHECKING:
    from dutydesk.desk.desk import Desk
    from dutydesk.desk.views.duties import OtherDuty
    from dutydesk.desk.views.incidents import WholeIncident
    from dutydesk.model.notices import Broadcast
    from dutydesk.model.views.runs import RunRecord

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, add_completion=False)
LISTED = 50
"""Incidents listed where it is not the open ones alone that are asked for."""
ReasonOption = Annotated[str, typer.Option("--reason", help="Kept in the journal.")]


@app.command("list")
def list_(
    ctx: typer.Context,
    status: Annotated[IncidentStatus | None, typer.Option("--status", help="Only these.")] = None,
    limit: OpenLimitOption = None,
    as_json: JsonOption = False,
) -> None:
    """Incidents, the newest first."""
    from dutydesk.desk.views import lists

    door: Door = ctx.obj
    with door.told():
        if limit is None and status is not IncidentStatus.OPEN:
            limit = LISTED
        found = door.look(lambda desk: lists.incidents(desk, status=status, limit=limit))
        shown.tell_cut(door, found, limit)
        if as_json:
            output.document(found, door.zone)
            return
        shown.print_table(
            door,
            [
                (
                    i.id,
                    door.level_name(i.type, i.effective_level),
                    door.name(i.status),
                    shown.drill_mark(door, i.drill),
                    i.town or "-",
                    i.title,
                )
                for i in found
            ],
        )


@app.command()
def show(ctx: typer.Context, incident: int, as_json: JsonOption = False) -> None:
    """One incident with its figures, clocks, reports, runs and notices."""
    door: Door = ctx.obj
    with door.told():
        found, duties, runs, notices = door.look(partial(_whole, incident=incident))
        if as_json:
            beside = {
                "figures": found.figures,
                "timers": found.timers,
                "duties_of_others": duties,
                "reports": found.reports,
                "runs": [record(run, door.zone) for run in runs],
                "broadcasts": notices,
            }
            output.document({**output.plain(found.incident, door.zone), **beside}, door.zone)
            return
        shown.print_incident(door, found.incident)
        output.table(
            [
                (
                    shown.figure(door, f.figure),
                    f"{shown.source(door, f.report_source)} {f.caller}".rstrip(),
                    door.clock_time(f.stated_at),
                    door.word("superseded") if f.superseded else "",
                )
                for f in found.figures
            ]
        )
        shown.print_timers(door, found.timers)
        output.table(
            [
                (
                    each.sender.in_(door.language),
                    "" if each.verified else door.word("unverified"),
                    each.rule,
                    each.name.in_(door.language),
                )
                for each in duties
            ]
        )
        output.table(
            [(door.word("run"), run.id, run.playbook, door.name(run.status), progress(run)) for run in runs]
        )
        output.table(
            [(door.word("broadcast"), each.id, door.name(each.state), each.text) for each in notices]
        )


async def _whole(
    desk: Desk, incident: int
) -> tuple[WholeIncident, tuple[OtherDuty, ...], list[RunRecord], list[Broadcast]]:
    from dutydesk.desk.views import lists
    from dutydesk.desk.views.duties import duties_of_others
    from dutydesk.desk.views.incidents import whole_incident

    found = await whole_incident(desk, incident)
    return (
        found,
        duties_of_others(desk, found.incident, found.figures),
        await lists.runs(desk, incident=incident, limit=None),
        await lists.notices_of(desk, incident),
    )


@app.command()
def grade(
    ctx: typer.Context, incident: int, level: int, reason: ReasonOption = "", as_json: JsonOption = False
) -> None:
    """Confirm the level (1 to 4), as a person; this may open or tighten clocks."""
    door: Door = ctx.obj
    with door.told():
        from dutydesk.desk.incidents.incidents import grade as confirm_grade
        from dutydesk.model.errors import BadInput

        if level not in list(Level):
            raise BadInput("A level is 1, 2, 3 or 4; {level} is not.", level=level)
        graded = door.change(
            lambda desk, actor: confirm_grade(desk, actor, incident, Level(level), reason=reason),
            wakes_engine=True,
        )
        if as_json:
            output.document(graded, door.zone)
            return
        door.say("Incident {incident} is graded {level}.", incident=incident, level=level)
        shown.print_timers(door, graded.timers)


@app.command()
def note(ctx: typer.Context, incident: int, text: str, as_json: JsonOption = False) -> None:
    """Keep a note on an incident; - reads it from standard input."""
    door: Door = ctx.obj
    with door.told():
        from dutydesk.desk.incidents.incidents import note as keep_note

        said = text_or_stdin(text)
        number = door.change(lambda desk, actor: keep_note(desk, actor, incident, said))
        if as_json:
            output.document({"note": number, "incident": incident}, door.zone)
        else:
            door.say("Noted.")


@app.command()
def close(ctx: typer.Context, incident: int, reason: ReasonOption = "", as_json: JsonOption = False) -> None:
    """Close an incident; what was never met, and what is called off, is told."""
    door: Door = ctx.obj
    with door.told():
        from dutydesk.desk.incidents.incidents import close as close_incident

        closed = door.change(lambda desk, actor: close_incident(desk, actor, incident, reason=reason))
        if as_json:
            output.document(closed, door.zone)
            return
        door.say("Incident {incident} is closed.", incident=incident)
        shown.print_timers(door, (*closed.missed, *closed.cancelled))


@app.command()
def reopen(ctx: typer.Context, incident: int, reason: ReasonOption = "", as_json: JsonOption = False) -> None:
    """Open a closed incident again."""
    door: Door = ctx.obj
    with door.told():
        from dutydesk.desk.incidents.incidents import reopen as reopen_incident

        timers = door.change(
            lambda desk, actor: reopen_incident(desk, actor, incident, reason=reason), wakes_engine=True
        )
        if as_json:
            output.document({"incident": incident, "timers": timers}, door.zone)
            return
        door.say("Incident {incident} is open again.", incident=incident)
        shown.print_timers(door, timers)
