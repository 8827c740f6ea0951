"""``dutydesk init``: the database and the first officer. Running it again changes nothing."""

from __future__ import annotations

from typing import Annotated

import typer

from dutydesk.cli import output
from dutydesk.cli.door import Door
from dutydesk.cli.options import JsonOption

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def init(
    ctx: typer.Context,
    admin: Annotated[str, typer.Option("--admin", help="The first officer's login.")],
    name: Annotated[str, typer.Option("--name", help="The first officer's name.")],
    as_json: JsonOption = False,
) -> None:
    """Set the desk up; the PIN is asked for, or taken from DUTYDESK_PIN."""
    door: Door = ctx.obj
    with door.told():
        from dutydesk.desk.officers.officers import first_officer, officer_there

        # Set up already, it needs no PIN: a script may say it at every start of the machine.
        officer = door.act(lambda desk: officer_there(desk, admin)) if door.prepared() else None
        fresh = False
        if officer is None:
            pin = door.pin(new=True)
            door.prepare_database()
            officer, fresh = door.act(
                lambda desk: first_officer(desk, admin, name, pin, console=door.console)
            )
        if as_json:
            output.document(
                {"officer": officer, "created": fresh, "home": str(door.home.directory)}, door.zone
            )
        elif fresh:
            door.say(
                "The desk is set up in {home}; {login} may sign in.", home=door.home.directory, login=admin
            )
        else:
            door.say("The desk was set up already; nothing was changed.")
