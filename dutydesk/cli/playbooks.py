"""``dutydesk playbook``: what playbooks there are, whether a file is sound, and the language's schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from dutydesk.cli import output, shown
from dutydesk.cli.door import Door
from dutydesk.cli.options import JsonOption

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, add_completion=False)


@app.command("list")
def list_(ctx: typer.Context, as_json: JsonOption = False) -> None:
    """All playbooks, the home directory's own included."""
    door: Door = ctx.obj
    with door.told():
        from dutydesk.desk.runs.playbook_files import load_catalogue

        catalogue, faults = load_catalogue(door.home.playbook_dir)
        for fault in faults:
            door.tell(fault)
        rows = [
            {
                "id": playbook.id,
                "version": playbook.version,
                "title": playbook.title,
                "types": playbook.types,
                "steps": len(list(playbook.steps())),
                "verified": playbook.verified,
            }
            for playbook in catalogue.playbooks.values()
        ]
        if as_json:
            output.document(rows, door.zone)
        else:
            output.table(
                [
                    (
                        p.id,
                        p.version,
                        shown.listed(door, (shown.event_type(door, code) for code in p.types)),
                        len(list(p.steps())),
                        p.title.in_(door.language),
                    )
                    for p in catalogue.playbooks.values()
                ]
            )


@app.command()
def show(ctx: typer.Context, playbook: str, as_json: JsonOption = False) -> None:
    """One playbook, every step with its source."""
    door: Door = ctx.obj
    with door.told():
        from dutydesk.desk.runs.playbook_files import load_catalogue

        found = load_catalogue(door.home.playbook_dir)[0].get(playbook)
        if as_json:
            output.document(found, door.zone)
            return
        door.say(
            "{title}  {id} {version}",
            title=found.title.in_(door.language),
            id=found.id,
            version=found.version,
        )
        for phase in found.phases:
            door.say("{title}", title=phase.title.in_(door.language))
            output.table(
                [
                    (
                        "",
                        step.id,
                        door.name(step.kind),
                        step.title.in_(door.language),
                        step.source if step.verified else f"{step.source} ({door.word('unverified')})",
                    )
                    for step in phase.steps
                ]
            )


@app.command()
def check(
    ctx: typer.Context,
    paths: Annotated[list[Path], typer.Argument(help="Files, or directories of them.")],
    as_json: JsonOption = False,
) -> None:
    """Every fault as FILE:LINE: what; exit 1 if there is any."""
    door: Door = ctx.obj
    with door.told():
        from dutydesk.desk.runs.playbook_check import check_paths

        checked = check_paths(door.reference, paths)
        if as_json:
            output.document({"ok": checked.sound, "faults": checked.faults}, door.zone)
        else:
            for fault in checked.faults:
                output.line(output.one_line(door.translator.fault(fault)))
        for error in checked.unreadable:
            door.tell(error)
        if not checked.sound:
            raise typer.Exit(1)


@app.command()
def schema(ctx: typer.Context, as_json: JsonOption = False) -> None:  # noqa: ARG001 - it is JSON anyway
    """The JSON Schema of the playbook language, for an editor."""
    door: Door = ctx.obj
    with door.told():
        from dutydesk.playbooks.schema import json_schema

        output.line(json.dumps(json_schema(), ensure_ascii=False, indent=2))


@app.command()
def graph(ctx: typer.Context, playbook: str, as_json: JsonOption = False) -> None:
    """What waits for what, as a Mermaid flow chart."""
    door: Door = ctx.obj
    with door.told():
        from dutydesk.desk.runs.playbook_files import load_catalogue
        from dutydesk.playbooks.graph import mermaid

        found = load_catalogue(door.home.playbook_dir)[0].get(playbook)
        chart = mermaid(found, language=door.language)
        if as_json:
            output.document({"playbook": found.id, "mermaid": chart}, door.zone)
        else:
            output.line(chart)
