"""``dutydesk report``: log, list, show, search, file."""

from __future__ import annotations

from typing import Annotated

import typer

from dutydesk.cli import output, shown
from dutydesk.cli.door import Door
from dutydesk.cli.figure_options import FigureOptions, figure_options
from dutydesk.cli.marker_options import MarkerOption, NoMarkerOption, markers
from dutydesk.cli.options import JsonOption, LimitOption, moment, text_or_stdin, wanted
from dutydesk.cli.put_right import tell_put_right
from dutydesk.model.enums import ReportSource
from dutydesk.model.reports import Report

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, add_completion=False)


@app.command()
@figure_options
def add(
    ctx: typer.Context,
    figures: FigureOptions,
    text: Annotated[str, typer.Option("--text", help="The narrative; - reads it from standard input.")],
    type_: Annotated[str, typer.Option("--type", help="Event type code; otherwise told from the text.")] = "",
    source: Annotated[ReportSource, typer.Option("--source", help="How it came in.")] = ReportSource.PHONE,
    caller: Annotated[str, typer.Option("--caller", help="Who reports.")] = "",
    phone: Annotated[str, typer.Option("--phone", help="Call-back number.")] = "",
    place: Annotated[str, typer.Option("--place", help="Where it is.")] = "",
    town: Annotated[str, typer.Option("--town", help="Name, code or pinyin initials.")] = "",
    occurred: Annotated[str | None, typer.Option("--occurred", help="ISO 8601 with offset.")] = None,
    received: Annotated[str | None, typer.Option("--received", help="ISO 8601 with offset; now.")] = None,
    incident: Annotated[int | None, typer.Option("--incident", help="The incident it is about.")] = None,
    corrects: Annotated[int | None, typer.Option("--corrects", help="The report it corrects.")] = None,
    marker: MarkerOption = None,
    no_marker: NoMarkerOption = None,
    unfiled: Annotated[bool, typer.Option("--unfiled", help="Log only; open no incident yet.")] = False,
    drill: Annotated[bool, typer.Option("--drill", help="A drill.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Log an incoming report. It is on record when this command returns 0."""
    door: Door = ctx.obj
    with door.told():
        from dutydesk.desk.intake.reports import ReportForm, log_report

        form = ReportForm(
            text=text_or_stdin(text),
            type=type_,
            source=source,
            caller=caller,
            phone=phone,
            place=place,
            town=town,
            occurred_at=moment(occurred, "--occurred"),
            received_at=moment(received, "--received"),
            figures=figures.figures(),
            markers=markers(marker, no_marker),
            incident=incident,
            corrects=corrects,
            opens_incident=not unfiled,
            drill=drill,
        )
        logged = door.change(lambda desk, actor: log_report(desk, actor, form), wakes_engine=True)
        if as_json:
            output.document(logged.as_document(), door.zone)
            return
        door.say("Report {report} is on record.", report=logged.report)
        if logged.incident is not None:
            door.say("Incident {incident}", incident=logged.incident)
        shown.print_markers(door, logged.markers)
        shown.print_proposal(door, logged.proposal)
        shown.print_timers(door, logged.timers)
        tell_put_right(door, logged)
        if logged.playbooks:
            door.say("Playbooks that fit: {playbooks}", playbooks=" ".join(logged.playbooks))
        if logged.routing:
            door.say("Belongs to: {routing}", routing=shown.routing(door, logged.routing))


@app.command("list")
def list_(
    ctx: typer.Context,
    incident: Annotated[int | None, typer.Option("--incident", help="Only those of this incident.")] = None,
    before: Annotated[int | None, typer.Option("--before", help="Older than this report.")] = None,
    limit: LimitOption = 50,
    as_json: JsonOption = False,
) -> None:
    """The newest reports first."""
    from dutydesk.desk.views import lists

    door: Door = ctx.obj
    with door.told():
        found = door.look(lambda desk: lists.reports(desk, before=before, limit=limit, incident=incident))
        shown.tell_cut(door, found, limit)
        _print(door, found, as_json=as_json)


@app.command()
def show(ctx: typer.Context, report: int, as_json: JsonOption = False) -> None:
    """One report, whole."""
    from dutydesk.desk.views import lists

    door: Door = ctx.obj
    with door.told():
        found = door.look(lambda desk: lists.report(desk, report))
        if as_json:
            output.document(found, door.zone)
        else:
            shown.print_report(door, found)


@app.command()
def search(ctx: typer.Context, query: str, limit: LimitOption = 50, as_json: JsonOption = False) -> None:
    """Full text, words of two characters included; the newest first."""
    from dutydesk.desk.views import lists

    door: Door = ctx.obj
    with door.told():
        words = wanted(query)
        found = door.look(lambda desk: lists.reports_with(desk, words, limit=limit))
        shown.tell_cut(door, found, limit)
        _print(door, found, as_json=as_json)


@app.command("file")
def file_(
    ctx: typer.Context,
    report: int,
    incident: Annotated[int | None, typer.Option("--incident", help="Otherwise a new one.")] = None,
    type_: Annotated[
        str, typer.Option("--type", help="The new incident's event type; otherwise the report's.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """File a report under an incident, or open a new one for it."""
    door: Door = ctx.obj
    with door.told():
        from dutydesk.desk.intake.filing import file_report

        logged = door.change(
            lambda desk, actor: file_report(desk, actor, report, incident, event_type=type_),
            wakes_engine=True,
        )
        if as_json:
            output.document(logged.as_document(), door.zone)
        else:
            door.say(
                "Report {report} is filed under incident {incident}.", report=report, incident=logged.incident
            )
            tell_put_right(door, logged)


def _print(door: Door, found: list[Report], *, as_json: bool) -> None:
    if as_json:
        output.document(found, door.zone)
        return
    shown.print_table(
        door,
        [
            (
                report.id,
                door.clock_time(report.received_at),
                shown.source(door, report.source),
                shown.drill_mark(door, report.drill),
                report.incident or "-",
                report.town or "-",
                report.text,
            )
            for report in found
        ],
    )
