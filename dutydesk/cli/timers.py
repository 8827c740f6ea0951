"""``dutydesk timer``: deadlines and reminders by hand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated

import typer

from dutydesk.cli import output, shown
from dutydesk.cli.door import Door
from dutydesk.cli.options import JsonOption, OpenLimitOption, moment, span
from dutydesk.model.enums import TimerState
from dutydesk.model.timers import Timer

if TYPE_CHECKING:
    from dutydesk.desk.desk import Desk
    from dutydesk.model.officers import Actor

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, add_completion=False)


@app.command("list")
def list_(
    ctx: typer.Context,
    incident: Annotated[int | None, typer.Option("--incident", help="Only those of this incident.")] = None,
    state: Annotated[list[TimerState] | None, typer.Option("--state", help="May be repeated.")] = None,
    all_: Annotated[bool, typer.Option("--all", help="Settled ones too.")] = False,
    limit: OpenLimitOption = None,
    as_json: JsonOption = False,
) -> None:
    """Timers by due time; without options those that somebody still has to do something about."""
    from dutydesk.desk.views import lists

    door: Door = ctx.obj
    with door.told():
        wanted = state or (list(TimerState) if all_ else [s for s in TimerState if s.running])
        found = door.look(lambda desk: lists.timers(desk, states=wanted, incident=incident, limit=limit))
        shown.tell_cut(door, found, limit)
        if as_json:
            output.document(found, door.zone)
        elif found:
            shown.print_timers(door, found)
        else:
            door.say("None.")


@app.command()
def add(
    ctx: typer.Context,
    note: Annotated[str, typer.Option("--note", help="What to be reminded of.")],
    in_: Annotated[str | None, typer.Option("--in", help="10m, 1h30m, 2d.")] = None,
    at: Annotated[str | None, typer.Option("--at", help="ISO 8601 with offset.")] = None,
    incident: Annotated[int | None, typer.Option("--incident", help="The incident it is about.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Your own reminder."""
    door: Door = ctx.obj
    with door.told():
        from dutydesk.desk.timers.timers import add_reminder

        after = span(in_) if in_ is not None else None
        due = moment(at, "--at")
        timer = door.change(
            lambda desk, actor: add_reminder(desk, actor, note=note, after=after, at=due, incident=incident),
            wakes_engine=True,
        )
        _print(door, timer, as_json=as_json)


@app.command()
def met(
    ctx: typer.Context,
    timer: int,
    reason: Annotated[str, typer.Option("--reason", help="Needed when it is late.")] = "",
    as_json: JsonOption = False,
) -> None:
    """The duty behind the timer is done."""
    from dutydesk.desk.timers.timers import meet

    _change(ctx, lambda desk, actor: meet(desk, actor, timer, reason=reason), as_json=as_json)


@app.command()
def ack(ctx: typer.Context, timer: int, as_json: JsonOption = False) -> None:
    """Somebody is on it; escalation rests for a while."""
    from dutydesk.desk.timers.timers import acknowledge

    _change(ctx, lambda desk, actor: acknowledge(desk, actor, timer), as_json=as_json)


@app.command()
def snooze(
    ctx: typer.Context,
    timer: int,
    for_: Annotated[str, typer.Option("--for", help="10m, 1h.")] = "10m",
    as_json: JsonOption = False,
) -> None:
    """Put off a reminder; a deadline cannot be put off."""
    from dutydesk.desk.timers.timers import snooze as put_off

    _change(ctx, lambda desk, actor: put_off(desk, actor, timer, span(for_)), as_json=as_json)


@app.command()
def cancel(
    ctx: typer.Context,
    timer: int,
    reason: Annotated[str, typer.Option("--reason", help="Kept in the journal.")],
    as_json: JsonOption = False,
) -> None:
    """Cancel a timer, for a reason. A duty to report that is overdue is kept as missed."""
    from dutydesk.desk.timers.timers import cancel as call_off

    door: Door = ctx.obj
    with door.told():
        ended = door.change(
            lambda desk, actor: call_off(desk, actor, timer, reason=reason), wakes_engine=True
        )
        _print(door, ended, as_json=as_json)
        if ended.state is TimerState.MISSED:
            door.warn("Timer {id} was overdue: it is kept as missed, with its reason.", id=timer)


def _change(ctx: typer.Context, work: Callable[[Desk, Actor], Awaitable[Timer]], *, as_json: bool) -> None:
    door: Door = ctx.obj
    with door.told():
        _print(door, door.change(work, wakes_engine=True), as_json=as_json)


def _print(door: Door, timer: Timer, *, as_json: bool) -> None:
    if as_json:
        output.document(timer, door.zone)
    else:
        shown.print_timers(door, (timer,))
