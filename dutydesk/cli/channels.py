"""``dutydesk channel``: the channels of HOME/channels.yaml, and a trial of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from dutydesk.cli import output, shown
from dutydesk.cli.door import Door
from dutydesk.cli.options import JsonOption
from dutydesk.model.enums import Outcome
from dutydesk.model.errors import Refused

if TYPE_CHECKING:
    from dutydesk.model.notices import Receipt

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, add_completion=False)


@app.command("list")
def list_(ctx: typer.Context, as_json: JsonOption = False) -> None:
    """The channels by name; their URLs and secrets are not shown."""
    door: Door = ctx.obj
    with door.told():
        from dutydesk.desk.people.channels import channel_rows

        rows = channel_rows(door.home)
        if as_json:
            output.document(rows, door.zone)
        else:
            shown.print_table(door, [(row.name, row.kind, _purpose(door, row.purpose)) for row in rows])


@app.command("test")
def try_(
    ctx: typer.Context,
    name: str,
    address: Annotated[
        str, typer.Option("--address", help="Where the trial message goes; what stands for {address}.")
    ] = "test",
    as_json: JsonOption = False,
) -> None:
    """Send one trial message, marked as a drill, and say what the gateway answered."""
    door: Door = ctx.obj
    with door.told():
        from dutydesk.desk.people.channels import try_channel

        receipt = door.change(
            lambda desk, actor: try_channel(desk, actor, home=door.home, name=name, address=address)
        )
        if as_json:
            output.document(trial(name, receipt), door.zone)
        refuse_unless_accepted(door, [(name, receipt)])
        if not as_json:
            output.table([(name, door.name(receipt.outcome), receipt.detail)])


def _purpose(door: Door, purpose: str) -> str:
    return {
        "live": shown.world(door, drill=False),
        "drill": shown.world(door, drill=True),
        "both": shown.listed(door, (shown.world(door, drill=False), shown.world(door, drill=True))),
    }.get(purpose, purpose)


def trial(channel: str, receipt: Receipt) -> dict[str, object]:
    """What came of a trial message, as JSON."""
    return {"channel": channel, "outcome": receipt.outcome, "detail": receipt.detail}


def refuse_unless_accepted(door: Door, tried: Sequence[tuple[str, Receipt]]) -> None:
    """Raises Refused naming every channel that did not take its trial message."""
    failed = [
        f"{channel}: {door.name(receipt.outcome)} {receipt.detail}".strip()
        for channel, receipt in tried
        if receipt.outcome is not Outcome.ACCEPTED
    ]
    if failed:
        raise Refused("The trial message was not taken. {failed}", failed="; ".join(failed))
