"""``dutydesk engine``: run it, ask how it is, stop it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from dutydesk.cli import output
from dutydesk.cli.door import Door
from dutydesk.cli.options import JsonOption

if TYPE_CHECKING:
    from dutydesk.desk.engine.process import EngineStatus

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, add_completion=False)


@app.command()
def run(
    ctx: typer.Context,
    exit_if_running: Annotated[
        bool, typer.Option("--exit-if-running", help="End at once where another engine is active.")
    ] = False,
) -> None:
    """Fire timers and send notices until told to stop; a second engine stands by."""
    door: Door = ctx.obj
    with door.told():
        from dutydesk.engine.process import run_process

        asyncio.run(run_process(door.home, door.settings, exit_if_running=exit_if_running))


@app.command()
def status(ctx: typer.Context, as_json: JsonOption = False) -> None:
    """Whether an engine is active, and what it has before it."""
    from dutydesk.desk.engine.process import status as ask

    door: Door = ctx.obj
    with door.told():
        found = door.look(ask)
        if as_json:
            output.document(found, door.zone)
        else:
            _print(door, found)


@app.command()
def stop(ctx: typer.Context, as_json: JsonOption = False) -> None:
    """Stop the active engine; sends under way are let end first."""
    from dutydesk.desk.engine.process import status as ask
    from dutydesk.desk.engine.process import stop as order

    door: Door = ctx.obj
    with door.told():
        active = door.look(ask).running
        stopped = door.change(order)
        if as_json:
            output.document({"stopped": stopped}, door.zone)
        elif stopped and active:
            door.say("The engine has stopped: no clock fires and no notice leaves until one runs again.")
        elif stopped:
            door.say("No engine was active.")
        else:
            door.warn("The engine has not stopped yet; `dutydesk engine status` tells.")
        if not stopped:
            raise typer.Exit(1)


def _print(door: Door, found: EngineStatus) -> None:
    if found.running:
        door.say(
            "The engine is active: process {pid}, heartbeat {age} s ago.",
            pid=found.pid,
            age=found.heartbeat_age_s,
        )
    else:
        door.say("No engine is active.")
    door.say(
        "{armed} timers armed, {overdue} overdue; {queued} deliveries queued.",
        armed=found.armed,
        overdue=found.overdue,
        queued=found.queued,
    )
