"""``dutydesk user``: officers, their roles and PINs."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from dutydesk.cli import output, shown
from dutydesk.cli.door import Door
from dutydesk.cli.options import JsonOption
from dutydesk.model.enums import Permission, Role

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, add_completion=False)

LoginArgument = Annotated[str, typer.Argument(help="The officer's login.")]


@app.command()
def add(
    ctx: typer.Context,
    login: LoginArgument,
    name: Annotated[
        str, typer.Option("--name", help="The officer's name, as notices and the journal have it.")
    ],
    role: Annotated[list[Role], typer.Option("--role", help="May be given more than once.")],
    as_json: JsonOption = False,
) -> None:
    """Add an officer; the PIN is asked for, or taken from DUTYDESK_PIN."""
    door: Door = ctx.obj
    with door.told():
        from dutydesk.desk.officers.officers import add_officer

        pin = door.pin(new=True)
        officer = door.change(lambda desk, actor: add_officer(desk, actor, login, name, pin, role))
        if as_json:
            output.document(officer, door.zone)
        else:
            door.say("{login} is added.", login=officer.login)


@app.command("list")
def list_(ctx: typer.Context, as_json: JsonOption = False) -> None:
    """All officers."""
    from dutydesk.desk.views import lists

    door: Door = ctx.obj
    with door.told():
        found = door.look(lambda desk: lists.officers(desk))
        if as_json:
            output.document(found, door.zone)
            return
        shown.print_table(
            door,
            [
                (
                    o.login,
                    o.name,
                    shown.listed(door, map(door.name, o.roles)),
                    door.word("disabled") if o.disabled else "",
                )
                for o in found
            ],
        )


@app.command()
def disable(ctx: typer.Context, login: LoginArgument, as_json: JsonOption = False) -> None:
    """Disable an officer and end their sessions."""
    door: Door = ctx.obj
    with door.told():
        from dutydesk.desk.officers.officers import disable_officer

        officer = door.change(lambda desk, actor: disable_officer(desk, actor, login))
        if as_json:
            output.document(officer, door.zone)
        else:
            door.say("{login} is disabled.", login=officer.login)


def _needs_old_pin(door: Door, login: str) -> bool:
    from dutydesk.desk.officers.identity import actor_of

    me = door.look(lambda desk: actor_of(desk, door.session_token(), console=door.console))
    return me.login == login and not me.may(Permission.MANAGE_OFFICERS)


@app.command()
def pin(ctx: typer.Context, login: LoginArgument, as_json: JsonOption = False) -> None:
    """Set a PIN: an admin anybody's, everybody else their own. The new one is asked for, or taken from
    DUTYDESK_PIN; who is no admin is asked for the old one too, or it is taken from DUTYDESK_OLD_PIN. The
    officer's sessions end and a lock-out is lifted."""
    door: Door = ctx.obj
    with door.told():
        from dutydesk.desk.officers.officers import change_pin

        old = door.old_pin() if _needs_old_pin(door, login) else os.environ.get("DUTYDESK_OLD_PIN")
        fresh = door.pin(new=True)
        door.change(lambda desk, actor: change_pin(desk, actor, login, fresh, old_pin=old))
        if as_json:
            output.document({"login": login}, door.zone)
        else:
            door.say("The PIN of {login} is set.", login=login)
