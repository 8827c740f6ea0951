"""``dutydesk login`` and ``logout``: a session kept in the home directory, readable by its owner alone."""

from __future__ import annotations

import contextlib
from typing import Annotated

import typer

from dutydesk.cli import output
from dutydesk.cli.door import Door
from dutydesk.cli.options import JsonOption
from dutydesk.model.errors import NotAllowed

login_app = typer.Typer(rich_markup_mode=None, add_completion=False)
logout_app = typer.Typer(rich_markup_mode=None, add_completion=False)


@login_app.command()
def login(
    ctx: typer.Context,
    login: Annotated[str, typer.Argument(help="The officer's login.")],
    as_json: JsonOption = False,
) -> None:
    """Sign in; the PIN is asked for, or taken from DUTYDESK_PIN."""
    door: Door = ctx.obj
    with door.told():
        from dutydesk.desk.officers.sessions import sign_in

        pin = door.pin()
        signed_in = door.act(lambda desk: sign_in(desk, login, pin, console=door.console))
        door.keep_session(signed_in.token)
        if as_json:
            output.document(
                {
                    "login": signed_in.actor.login,
                    "name": signed_in.actor.name,
                    "roles": signed_in.actor.roles,
                    "expires": signed_in.expires_at,
                },
                door.zone,
            )
        else:
            door.say(
                "{name} is signed in until {until}.",
                name=signed_in.actor.name,
                until=door.clock_time(signed_in.expires_at),
            )


@logout_app.command()
def logout(ctx: typer.Context, as_json: JsonOption = False) -> None:
    """End the session of this home directory."""
    door: Door = ctx.obj
    with door.told():
        from dutydesk.desk.officers.sessions import sign_out

        token = door.session_token()
        with contextlib.suppress(NotAllowed):  # it had ended by itself: there is only its file to remove
            door.change(lambda desk, actor: sign_out(desk, actor, token))
        door.drop_session()
        if as_json:
            output.document({"signed_out": True}, door.zone)
        else:
            door.say("Signed out.")
