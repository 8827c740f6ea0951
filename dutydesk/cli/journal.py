"""``dutydesk journal``: the chain of everything done."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Annotated

import typer

from dutydesk.cli import output, shown
from dutydesk.cli.door import Door
from dutydesk.cli.options import JsonOption, LimitOption, wanted
from dutydesk.model.deeds import DEEDS
from dutydesk.model.errors import BadInput, Refused
from dutydesk.model.journal import GENESIS, JournalEntry
from dutydesk.model.visible import quoted

_DIGEST = re.compile(r"(\d{1,9})[:\s]+([0-9a-fA-F]{64})", re.ASCII)

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, add_completion=False)


@app.command()
def tail(
    ctx: typer.Context,
    limit: LimitOption = 20,
    subject: Annotated[str, typer.Option("--subject", help="Such as incident:3.")] = "",
    as_json: JsonOption = False,
) -> None:
    """The last entries, the newest last."""
    from dutydesk.desk.views import lists

    door: Door = ctx.obj
    with door.told():
        _print(
            door,
            door.look(lambda desk: lists.journal_tail(desk, limit=limit, subject=subject or None)),
            as_json=as_json,
        )


@app.command()
def search(ctx: typer.Context, query: str, limit: LimitOption = 50, as_json: JsonOption = False) -> None:
    """Entries that contain the words, the newest first."""
    from dutydesk.desk.views import lists

    door: Door = ctx.obj
    with door.told():
        found = door.look(lambda desk: lists.journal_with(desk, wanted(query), limit=limit))
        shown.tell_cut(door, found, limit)
        _print(door, found, as_json=as_json)


@app.command()
def verify(
    ctx: typer.Context,
    digest: Annotated[
        str | None, typer.Option("--digest", help="SEQ:HASH as noted earlier, to find an end cut off.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Walk the chain; exit 1 and the first bad entry if it is broken."""
    from dutydesk.desk.views.ledger import verify_chain

    door: Door = ctx.obj
    with door.told():
        known = _noted(digest) if digest is not None else None
        verdict = door.look(lambda desk: verify_chain(desk, known=known))
        if as_json:
            found: dict[str, object] = {"ok": verdict.ok, "entries": verdict.entries, "head": verdict.head}
            broken = {} if verdict.ok else {"bad": verdict.bad, "what": verdict.what.en}
            output.document(found | broken, door.zone)
        elif verdict.ok:
            door.say("{entries} entries, whole. Head {head}", entries=verdict.entries, head=verdict.head)
        if not verdict.ok:
            raise Refused("The journal is broken at entry {bad}: {what}.", bad=verdict.bad, what=verdict.what)


@app.command()
def digest(ctx: typer.Context, as_json: JsonOption = False) -> None:
    """The head of the chain, to be kept elsewhere: on paper, or in the next shift's log."""
    from dutydesk.desk.views import lists

    door: Door = ctx.obj
    with door.told():
        last = door.look(lambda desk: lists.journal_tail(desk, limit=1))
        head = (
            {"seq": last[-1].seq, "hash": last[-1].hash, "at": last[-1].at}
            if last
            else {"seq": 0, "hash": GENESIS}
        )
        if as_json:
            output.document(head, door.zone)
        else:
            output.line(f"{head['seq']}:{head['hash']}")


def _noted(digest: str) -> tuple[int, str]:
    found = _DIGEST.fullmatch(digest.strip())
    if found is None:
        raise BadInput(
            "{given} is no digest: write SEQ:HASH as `dutydesk journal digest` told it.",
            given=quoted(digest),
        )
    return int(found[1]), found[2].lower()


def _print(door: Door, entries: Sequence[JournalEntry], *, as_json: bool) -> None:
    if as_json:
        documents = [
            {**output.plain(entry, door.zone), "payload": _payload(entry.payload)} for entry in entries
        ]
        output.document(documents, door.zone)
        return
    shown.print_table(
        door,
        [
            (e.seq, door.clock_time(e.at), e.actor, _deed(door, e.action), e.subject, e.payload)
            for e in entries
        ],
    )


def _deed(door: Door, action: str) -> str:
    known = DEEDS.get(action)
    return action if known is None else known.in_(door.language)


def _payload(text: str) -> object:
    """The payload as a value; as the text it is, where somebody has broken it."""
    try:
        return json.loads(text)
    except ValueError:
        return text
