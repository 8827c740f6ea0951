"""``dutydesk demo``: the console over a throw-away home with a lively sample shift."""

from __future__ import annotations

import typer

from dutydesk.cli.door import Door
from dutydesk.model.errors import DeskError

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def demo(ctx: typer.Context) -> None:
    """Show the console with made-up incidents; nothing leaves the machine and nothing stays."""
    from dutydesk.tui import terminal

    door: Door = ctx.obj
    try:
        terminal.prepare()
    except DeskError as error:
        door.tell(error)
        raise typer.Exit(2) from None
    with door.told():
        from dutydesk.demo import sample, stage

        door.warn("Making a demo shift; its PIN is {pin} ...", pin=sample.PIN)

        code = stage.show(door.language)
        door.say("The demo is over; its home is gone.")
        raise typer.Exit(code)
