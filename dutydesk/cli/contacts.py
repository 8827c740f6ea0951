"""``dutydesk contact`` and ``group``: people, their addresses and the audiences they belong to."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dutydesk.cli import output
from dutydesk.cli.channels import refuse_unless_accepted, trial
from dutydesk.cli.door import Door
from dutydesk.cli.options import JsonOption
from dutydesk.model.errors import BadInput, NotFound, Refused
from dutydesk.model.os_reasons import reason
from dutydesk.model.visible import quoted

if TYPE_CHECKING:
    from dutydesk.desk.desk import Desk
    from dutydesk.desk.people.contacts import Imported
    from dutydesk.model.notices import Contact
    from dutydesk.model.officers import Actor

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, add_completion=False)
group_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, add_completion=False)


@app.command("import")
def import_(
    ctx: typer.Context,
    file: Annotated[Path | None, typer.Argument(help="A .csv, .yaml or .yml file.")] = None,
    sample: Annotated[
        bool, typer.Option("--sample", help="The made-up people that ship with the desk.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Add or replace contacts, all or none."""
    door: Door = ctx.obj
    with door.told():
        from dutydesk.desk.people import contacts

        if (file is None) == (not sample):
            raise BadInput("Name a file to import, or ask for --sample: one of the two.")

        async def work(desk: Desk, actor: Actor) -> Imported:
            if file is None:
                entries = contacts.sample_entries(desk)
            elif file.suffix.lower() in (".yaml", ".yml"):
                entries = contacts.read_yaml(_text(file), str(file))
            else:
                entries = contacts.read_csv(_text(file), str(file))
            return await contacts.import_contacts(desk, actor, entries)

        done = door.change(work)
        if as_json:
            output.document(done, door.zone)
        else:
            door.say("{added} contacts added, {changed} changed.", added=done.added, changed=done.changed)


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise BadInput("{file} cannot be read: {why}.", file=file, why=reason(error)) from error
    except UnicodeDecodeError as error:
        raise BadInput(
            "{file} is not UTF-8 (byte {byte}); save it as UTF-8.", file=file, byte=error.start
        ) from error


@app.command("list")
def list_(
    ctx: typer.Context,
    group: Annotated[str | None, typer.Option("--group")] = None,
    as_json: JsonOption = False,
) -> None:
    """Contacts with their groups and addresses."""
    from dutydesk.store.views import contacts as views

    door: Door = ctx.obj
    with door.told():
        found = door.look(lambda desk: views.contacts(desk.reader, group=group))
        if as_json:
            output.document(
                [{**output.plain(one, door.zone), "addresses": dict(one.addresses)} for one in found],
                door.zone,
            )
            return
        output.table(
            [
                (
                    c.id,
                    c.name,
                    c.org or "-",
                    c.duty or "-",
                    " ".join(c.groups),
                    " ".join(f"{channel}={address}" for channel, address in c.addresses),
                )
                for c in found
            ]
        )


@app.command("test")
def try_(
    ctx: typer.Context,
    contact: Annotated[str, typer.Argument(help="The contact's number, or name.")],
    as_json: JsonOption = False,
) -> None:
    """Send one trial message, marked as a drill, to every address of a contact."""
    door: Door = ctx.obj
    with door.told():
        from dutydesk.desk.people.channels import try_channel

        person = door.look(partial(_named, contact=contact))
        if not person.addresses:
            raise Refused("{name} has no address on any channel.", name=person.name)
        tried = [
            (channel, door.change(partial(try_channel, home=door.home, name=channel, address=address)))
            for channel, address in person.addresses
        ]
        if as_json:
            output.document([trial(channel, receipt) for channel, receipt in tried], door.zone)
        refuse_unless_accepted(door, tried)
        if not as_json:
            output.table([(channel, door.name(r.outcome), r.detail) for channel, r in tried])


async def _named(desk: Desk, contact: str) -> Contact:
    from dutydesk.store.views import contacts as views

    if contact.isascii() and contact.isdigit():
        return await views.contact(desk.reader, int(contact[:40]))
    found = [one for one in await views.contacts(desk.reader) if one.name == contact.strip()]
    if len(found) == 1:
        return found[0]
    if not found:
        raise NotFound(
            "There is no contact {name}; `dutydesk contact list` shows them.", name=quoted(contact)
        )
    raise Refused(
        "{count} contacts are called {name}: give the number of one, {numbers}.",
        count=len(found),
        name=quoted(contact),
        numbers=" ".join(str(one.id) for one in found),
    )


@group_app.command("list")
def groups(ctx: typer.Context, as_json: JsonOption = False) -> None:
    """Audiences and how many people are in each."""
    door: Door = ctx.obj
    with door.told():
        from dutydesk.desk.people.groups import group_rows

        found = door.look(group_rows)
        if as_json:
            output.document(found, door.zone)
        else:
            output.table([(g.code, g.name.in_(door.language), g.members) for g in found])


@group_app.callback()
def _group_root() -> None:
    """Audiences of notices."""
