"""``dutydesk broadcast`` and ``delivery``: notices and what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from dutydesk.cli import output, shown
from dutydesk.cli.door import Door
from dutydesk.cli.options import JsonOption, text_or_stdin
from dutydesk.model.enums import BroadcastState
from dutydesk.model.errors import BadInput

if TYPE_CHECKING:
    from dutydesk.desk.views.notices import PreviewLine

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, add_completion=False)
delivery_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, add_completion=False)


@app.command()
def draft(
    ctx: typer.Context,
    to: Annotated[list[str], typer.Option("--to", help="A group; may be given more than once.")],
    text: Annotated[
        str, typer.Option("--text", help="The text; - reads it from standard input; empty with --template.")
    ] = "",
    live: Annotated[bool, typer.Option("--live", help="For real.")] = False,
    drill: Annotated[bool, typer.Option("--drill", help="A drill.")] = False,
    template: Annotated[str, typer.Option("--template", help="A template's id, instead of a text.")] = "",
    incident: Annotated[int | None, typer.Option("--incident", help="The incident it is about.")] = None,
    confirm: Annotated[bool, typer.Option("--confirm", help="Recipients have to confirm.")] = False,
    urgent: Annotated[bool, typer.Option("--urgent", help="Before anything routine.")] = False,
    correction: Annotated[str, typer.Option("--correction", help="A correction, kept ready.")] = "",
    channel: Annotated[list[str] | None, typer.Option("--channel", help="Only these channels.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Draft a notice and show what everybody would get. Sends nothing."""
    door: Door = ctx.obj
    with door.told():
        from dutydesk.desk.notices.broadcasts import NoticeForm
        from dutydesk.desk.notices.texts import draft_notice
        from dutydesk.desk.people.channels import refuse_unknown

        if live == drill:
            raise BadInput("Say whether the notice is --live or a --drill: one of the two.")
        refuse_unknown(door.home, channel or ())
        form = NoticeForm(
            groups=tuple(to),
            text=text_or_stdin(text),
            drill=drill,
            template=template,
            incident=incident,
            confirm=confirm,
            urgent=urgent,
            correction_text=correction,
            channels=tuple(channel or ()),
        )
        drafted = door.change(lambda desk, actor: draft_notice(desk, actor, form))
        if as_json:
            output.document(drafted, door.zone)
            return
        door.say(
            "Broadcast {id} is drafted for {recipients} recipients; nothing is sent.",
            id=drafted.broadcast,
            recipients=drafted.recipients,
        )
        for name in drafted.unreachable:
            door.say("{name} has no address on any channel of this notice.", name=name)
        for line in drafted.preview:
            output.table([(line.channel, line.contact, line.org, line.title, line.body)])
        for whose in _by_person(drafted.preview).values():
            _tell_trouble(door, whose)


@app.command()
def approve(ctx: typer.Context, broadcast: int, as_json: JsonOption = False) -> None:
    """Approve another officer's live notice."""
    door: Door = ctx.obj
    with door.told():
        from dutydesk.desk.notices import broadcasts

        door.change(lambda desk, actor: broadcasts.approve(desk, actor, broadcast))
        _done(door, broadcast, "approved", as_json=as_json)


@app.command()
def release(ctx: typer.Context, broadcast: int, as_json: JsonOption = False) -> None:
    """Put a notice into the outbox; the engine sends it."""
    door: Door = ctx.obj
    with door.told():
        from dutydesk.desk.notices import broadcasts

        number = door.change(
            lambda desk, actor: broadcasts.release(desk, actor, broadcast), wakes_engine=True
        )
        _done(door, broadcast, "released", as_json=as_json, deliveries=number)


@app.command()
def cancel(ctx: typer.Context, broadcast: int, as_json: JsonOption = False) -> None:
    """Cancel a notice; what is not yet sent stays unsent."""
    door: Door = ctx.obj
    with door.told():
        from dutydesk.desk.notices import broadcasts

        spared = door.change(lambda desk, actor: broadcasts.cancel(desk, actor, broadcast))
        _done(door, broadcast, "cancelled", as_json=as_json, spared=spared)


@app.command()
def correct(
    ctx: typer.Context,
    broadcast: int,
    text: Annotated[
        str, typer.Option("--text", help="- reads it from standard input; otherwise the one kept ready.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Correct a released notice towards everybody it may have reached."""
    door: Door = ctx.obj
    with door.told():
        from dutydesk.desk.notices import broadcasts

        said = text_or_stdin(text)
        drafted = door.change(
            lambda desk, actor: broadcasts.correct(desk, actor, broadcast, text=said), wakes_engine=True
        )
        if as_json:
            output.document(drafted, door.zone)
        else:
            door.say(
                "Broadcast {id} corrects {broadcast} towards {recipients} recipients.",
                id=drafted.broadcast,
                broadcast=broadcast,
                recipients=drafted.recipients,
            )


@app.command()
def resend(
    ctx: typer.Context,
    broadcast: int,
    as_json: JsonOption = False,
) -> None:
    """Send again to those whom the notice did not reach."""
    door: Door = ctx.obj
    with door.told():
        from dutydesk.desk.notices.deliveries import resend_unreached

        number = door.change(lambda desk, actor: resend_unreached(desk, actor, broadcast), wakes_engine=True)
        _done(door, broadcast, "released", as_json=as_json, deliveries=number)


@app.command()
def status(ctx: typer.Context, broadcast: int, as_json: JsonOption = False) -> None:
    """Counts by state, and one row a delivery."""
    door: Door = ctx.obj
    with door.told():
        from dutydesk.desk.views.notices import notice_status

        found = door.look(lambda desk: notice_status(desk, broadcast))
        if as_json:
            output.document(found, door.zone)
            return
        about = found.broadcast
        door.say(
            "Broadcast {id}: {state}, {world}. {text}",
            id=broadcast,
            state=door.name(about.state),
            world=shown.world(door, about.drill),
            text=about.text,
        )
        output.table([(door.name(state), number) for state, number in found.counts.items()])
        output.table(
            [
                (
                    d.id,
                    d.contact,
                    d.channel or "-",
                    door.name(d.state),
                    d.attempts,
                    door.word("possible double") if d.doubtful else "",
                    d.confirmed_by,
                    door.word(d.reason),
                )
                for d in found.deliveries
            ]
        )


@delivery_app.command("confirm")
def confirm_delivery(
    ctx: typer.Context,
    delivery: Annotated[str, typer.Argument(help="Its number or its confirmation code.")],
    by: Annotated[str, typer.Option("--by", help="Who confirmed it.")],
    as_json: JsonOption = False,
) -> None:
    """A human's confirmation."""
    door: Door = ctx.obj
    with door.told():
        from dutydesk.desk.notices import deliveries

        number = door.change(lambda desk, actor: deliveries.confirm(desk, actor, delivery, by=by))
        if as_json:
            output.document({"delivery": number, "confirmed_by": by}, door.zone)
        else:
            door.say("Delivery {id} is confirmed by {by}.", id=number, by=by)


@delivery_app.callback()
def _delivery_root() -> None:
    """One recipient's copy of a notice."""


def _by_person(preview: Sequence[PreviewLine]) -> dict[tuple[str, str], list[PreviewLine]]:
    """The lines of each person, by name and organisation, which no two contacts share."""
    people: dict[tuple[str, str], list[PreviewLine]] = {}
    for line in preview:
        people.setdefault((line.contact, line.org), []).append(line)
    return people


def _tell_trouble(door: Door, lines: Sequence[PreviewLine]) -> None:
    """Which channels would not carry a person's copy; that they get nothing is said where none would."""
    reached = any(line.trouble is None for line in lines)
    for line in lines:
        if line.trouble is not None:
            why = line.trouble.in_(door.language)
            if reached:
                door.warn(
                    "{name} is not reached by {channel}: {why}",
                    name=line.contact,
                    channel=line.channel,
                    why=why,
                )
            else:
                door.warn("{name} would get nothing: {why}", name=line.contact, why=why)


def _done(door: Door, broadcast: int, state: str, *, as_json: bool, **more: int) -> None:
    if as_json:
        output.document({"broadcast": broadcast, "state": state, **more}, door.zone)
    else:
        door.say("Broadcast {id}: {state}.", id=broadcast, state=door.name(BroadcastState(state)))
