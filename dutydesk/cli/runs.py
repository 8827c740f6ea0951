"""``dutydesk run``: walks a playbook on an incident."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from dutydesk.cli import output, shown
from dutydesk.cli.door import Door
from dutydesk.cli.options import JsonOption, LimitOption, text_or_stdin
from dutydesk.cli.run_step import show_step, step_document

if TYPE_CHECKING:
    from dutydesk.desk.desk import Desk
    from dutydesk.desk.runs.runs import Walked
    from dutydesk.model.officers import Actor
    from dutydesk.model.views.runs import RunRecord

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, add_completion=False)


@app.command()
def start(ctx: typer.Context, incident: int, playbook: str, as_json: JsonOption = False) -> None:
    """Start a playbook on an incident."""
    from dutydesk.desk.runs import runs

    _change(ctx, lambda desk, actor: runs.start(desk, actor, incident, playbook), as_json=as_json)


@app.command("list")
def list_(
    ctx: typer.Context,
    incident: Annotated[int | None, typer.Option("--incident", help="Only those of this incident.")] = None,
    limit: LimitOption = 50,
    as_json: JsonOption = False,
) -> None:
    """Runs, the newest first."""
    from dutydesk.desk.views import lists

    door: Door = ctx.obj
    with door.told():
        found = door.look(lambda desk: lists.runs(desk, incident=incident, limit=limit))
        shown.tell_cut(door, found, limit)
        if as_json:
            output.document([record(run, door.zone) for run in found], door.zone)
        else:
            shown.print_table(
                door,
                [
                    (
                        r.id,
                        f"{door.word('incident')} {r.incident}",
                        shown.drill_mark(door, r.drill),
                        r.playbook,
                        door.name(r.status),
                        progress(r),
                    )
                    for r in found
                ],
            )


@app.command()
def show(
    ctx: typer.Context,
    run: int,
    step: Annotated[str, typer.Argument(help="One step: what to say, read out or ask, and its source.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Every step of a run and how it stands, or one step in full."""
    door: Door = ctx.obj
    with door.told():
        if step:
            show_step(door, run, step, as_json=as_json)
            return
        from dutydesk.desk.views.runs import walk_of

        _print(door, door.look(lambda desk: walk_of(desk, run)), as_json=as_json)


@app.command()
def do(
    ctx: typer.Context,
    run: int,
    step: str,
    value: Annotated[str, typer.Option("--value", help="A call's outcome, or what was done instead.")] = "",
    reason: Annotated[str, typer.Option("--reason", help="Needed when a deadline it meets is late.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Mark a step as done; a notify step drafts its notice."""
    from dutydesk.desk.runs import runs

    _change(
        ctx, lambda desk, actor: runs.do(desk, actor, run, step, value=value, reason=reason), as_json=as_json
    )


@app.command()
def answer(ctx: typer.Context, run: int, step: str, value: str, as_json: JsonOption = False) -> None:
    """Answer a question step."""
    from dutydesk.desk.runs import runs

    _change(ctx, lambda desk, actor: runs.answer(desk, actor, run, step, value), as_json=as_json)


@app.command()
def skip(
    ctx: typer.Context,
    run: int,
    step: str,
    reason: Annotated[str, typer.Option("--reason", help="Kept in the journal.")],
    as_json: JsonOption = False,
) -> None:
    """Skip a step, for a reason."""
    from dutydesk.desk.runs import runs

    _change(ctx, lambda desk, actor: runs.skip(desk, actor, run, step, reason=reason), as_json=as_json)


@app.command()
def undo(ctx: typer.Context, run: int, step: str, as_json: JsonOption = False) -> None:
    """Take back the last action on a step."""
    from dutydesk.desk.runs import runs

    _change(ctx, lambda desk, actor: runs.undo(desk, actor, run, step), as_json=as_json)


@app.command()
def note(
    ctx: typer.Context,
    run: int,
    text: str,
    step: Annotated[str, typer.Option("--step", help="The step it is about.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Keep a note on a run or one of its steps; - reads it from standard input."""
    door: Door = ctx.obj
    with door.told():
        from dutydesk.desk.runs import runs

        said = text_or_stdin(text)
        number = door.change(lambda desk, actor: runs.note(desk, actor, run, said, step=step))
        if as_json:
            output.document({"note": number, "run": run}, door.zone)
        else:
            door.say("Noted.")


def progress(run: RunRecord) -> str:
    """Steps done of steps in all."""
    return f"{run.steps_done}/{run.steps_total}"


def record(run: RunRecord, zone: ZoneInfo) -> dict[str, object]:
    """A run's record as JSON, without the text of its playbook."""
    document: dict[str, object] = output.plain(run, zone)
    del document["source"]
    return document


def _change(ctx: typer.Context, work: Callable[[Desk, Actor], Awaitable[Walked]], *, as_json: bool) -> None:
    door: Door = ctx.obj
    with door.told():
        _print(door, door.change(work, wakes_engine=True), as_json=as_json)


def _print(door: Door, walked: Walked, *, as_json: bool) -> None:
    walk = walked.walk
    if as_json:
        output.document(
            {
                "run": walked.run,
                "playbook": walk.playbook.id,
                "status": walked.status,
                "done": walk.done,
                "total": walk.total,
                "next": walk.next_step or None,
                "facts": walk.facts,
                "steps": [step_document(door, step) for step in walk.steps.values()],
                "settled": walked.settled,
                "notice": walked.notice,
            },
            door.zone,
        )
        return
    door.say(
        "Run {run}: {playbook}, {done} of {total}, {status}",
        run=walked.run,
        playbook=walk.playbook.title.in_(door.language),
        done=walk.done,
        total=walk.total,
        status=door.name(walked.status),
    )
    output.table(
        [
            (
                ">" if id_ == walk.next_step else "",
                id_,
                door.name(step.state),
                door.clock_time(step.due) if step.open and step.due else "",
                step.step.title.in_(door.language),
            )
            for id_, step in walk.steps.items()
        ]
    )
    for timer in walked.settled:
        door.say("Deadline {rule} is {state}.", rule=timer.rule, state=door.name(timer.state))
    if walked.notice is not None:
        door.say(
            "Broadcast {id} is drafted for {recipients} recipients; nothing is sent.",
            id=walked.notice.broadcast,
            recipients=walked.notice.recipients,
        )
