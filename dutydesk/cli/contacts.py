"""``dutydesk contact`` and ``group``: people, their addresses and the audiences they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dutydesk.cli import output, shown
from dutydesk.cli.channels import refuse_unless_accepted, trial
from dutydesk.cli.door import Door
from dutydesk.cli.options import JsonOption
from dutydesk.model.errors import BadInput, NotFound, Refused
from dutydesk.model.os_reasons import reason
from dutydesk.model.visible import quoted

if TYPE_CHECKING:
    from dutydesk.desk.desk import Desk
    from dutydesk.desk.people.contacts import Imported
    from dutydesk.desk.people.unknown_names import UnknownName
    from dutydesk.home.paths import Home
    from dutydesk.model.notices import Contact
    from dutydesk.model.officers import Actor

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, add_completion=False)
group_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, add_completion=False)
_NAMED = 5
"""Of many people so many are named."""


@app.command("import")
def import_(
    ctx: typer.Context,
    file: Annotated[Path | None, typer.Argument(help="A .csv, .yaml or .yml file.")] = None,
    sample: Annotated[
        bool, typer.Option("--sample", help="The made-up people that ship with the desk.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Add or replace contacts, all or none. The columns of a CSV file: name, org, duty, groups (several by
    ;), and one for each channel, named after it, with the address."""
    door: Door = ctx.obj
    with door.told():
        if (file is None) == (not sample):
            raise BadInput("Name a file to import, or ask for --sample: one of the two.")
        done, groups, channels = door.change(partial(_imported, home=door.home, file=file))
        if as_json:
            output.document(done, door.zone)
        else:
            door.say("{added} contacts added, {changed} changed.", added=done.added, changed=done.changed)
        _tell_unknown(door, str(file), groups, channels)


async def _imported(
    desk: Desk, actor: Actor, *, home: Home, file: Path | None
) -> tuple[Imported, tuple[UnknownName, ...], tuple[UnknownName, ...]]:
    """What was imported, and the groups and channels in it that nobody knows. The people that ship are made
    up, so that nothing of theirs need be known."""
    from dutydesk.desk.people import contacts, unknown_names
    from dutydesk.desk.people.channels import known_channels

    if file is None:
        return await contacts.import_contacts(desk, actor, contacts.sample_entries(desk)), (), ()
    read = contacts.read_yaml if file.suffix.lower() in (".yaml", ".yml") else contacts.read_csv
    entries = read(_text(file), str(file))
    known = known_channels(home)
    return (
        await contacts.import_contacts(desk, actor, entries),
        unknown_names.unknown_groups(entries, desk.reference.groups),
        () if known is None else unknown_names.unknown_channels(entries, known),
    )


def _tell_unknown(
    door: Door, file: str, groups: Sequence[UnknownName], channels: Sequence[UnknownName]
) -> None:
    """What was kept though nobody knows its name; an address may be there before its channel is."""
    from dutydesk.desk.people.channels import known_channels

    for each in groups:
        door.warn(
            "{file}: group {name} is none of the district's; it is kept, with {people}. {hint}",
            file=file,
            name=quoted(each.name),
            people=_some(each.people),
            hint=_hint(door, each),
        )
    if groups:
        door.warn("The district's groups: {names}.", names=" ".join(door.reference.groups))
    for each in channels:
        door.warn(
            "{file}: there is no channel {name}; the addresses of {people} are kept, and nothing goes out to "
            "them until channels.yaml has it. {hint}",
            file=file,
            name=quoted(each.name),
            people=_some(each.people),
            hint=_hint(door, each),
        )
    if channels:
        known = " ".join(known_channels(door.home) or ())
        door.warn("The channels of {file}: {names}.", file=door.home.channels_file, names=known or "-")


def _some(people: Sequence[str]) -> str:
    """The first few by name, and how many there are."""
    return " ".join(people[:_NAMED]) + (f" … ({len(people)})" if len(people) > _NAMED else "")


def _hint(door: Door, each: UnknownName) -> str:
    return door.speech.gettext("Did you mean {near}?", near=each.near) if each.near else ""


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
    group: Annotated[str | None, typer.Option("--group", help="Only those in this group.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Contacts with their groups and addresses."""
    from dutydesk.desk.views import lists

    door: Door = ctx.obj
    with door.told():
        found = door.look(lambda desk: lists.contacts(desk, group=group))
        if as_json:
            output.document(
                [{**output.plain(one, door.zone), "addresses": dict(one.addresses)} for one in found],
                door.zone,
            )
            return
        shown.print_table(
            door,
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
            ],
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
    from dutydesk.desk.views import lists

    if contact.isascii() and contact.isdigit():
        return await lists.contact(desk, int(contact[:40]))
    found = [one for one in await lists.contacts(desk) if one.name == contact.strip()]
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
