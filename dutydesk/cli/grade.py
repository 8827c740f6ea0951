"""``dutydesk grade``: what given figures prove, without touching anything."""

from __future__ import annotations

from typing import Annotated

import typer

from dutydesk.cli import output
from dutydesk.cli.door import Door
from dutydesk.cli.figure_options import FigureOptions, figure_options
from dutydesk.cli.marker_options import MarkerOption, markers
from dutydesk.cli.options import JsonOption
from dutydesk.cli.shown import print_proposal

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
@figure_options
def grade(
    ctx: typer.Context,
    figures: FigureOptions,
    type_: Annotated[str, typer.Option("--type", help="Event type code.")],
    marker: MarkerOption = None,
    as_json: JsonOption = False,
) -> None:
    """Propose a grade, with its basis."""
    door: Door = ctx.obj
    with door.told():
        from dutydesk.desk.incidents.circumstances import known_markers
        from dutydesk.desk.incidents.grades import proposal_document, propose

        known_markers(door.reference, *(marker or ()))
        proposal = propose(door.reference, type_, figures.figures(), markers=markers(marker))
        if as_json:
            output.document(proposal_document(proposal), door.zone)
        else:
            print_proposal(door, proposal)
