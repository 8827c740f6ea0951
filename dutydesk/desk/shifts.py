"""Shifts: who is on duty since when, what is open, what happened since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from dutydesk.desk.desk import Desk
from dutydesk.desk.officers.authority import require
from dutydesk.model.enums import Permission
from dutydesk.model.errors import BadInput, Refused
from dutydesk.model.officers import Actor
from dutydesk.model.views.shifts import OpenItems, Shift
from dutydesk.model.visible import visible, visible_line
from dutydesk.store.database import Transaction
from dutydesk.store.tables import HandoverRow, ShiftRow
from dutydesk.store.views import shifts as views


@dataclass(frozen=True, slots=True)
class Ended:
    """A shift that was ended, and what it leaves open to the next one."""

    shift: Shift
    open_items: OpenItems


async def start_shift(desk: Desk, actor: Actor, *, leader: str, officers: Sequence[str]) -> Shift:
    """Starts a shift. Raises Refused while another one runs: shifts never overlap and never gape unseen."""
    require(actor, Permission.OPERATE)
    names = [name for name in (visible_line(one) for one in officers) if name]
    if not names:
        raise BadInput("A shift needs at least one officer on duty.")
    async with (await desk.store()).transaction(actor) as tx:
        running = await _running(tx)
        if running is not None:
            raise Refused(
                "The shift since {since} still runs: end it first.",
                since=running.started_at.astimezone(desk.zone).strftime("%m-%d %H:%M"),
            )
        row = ShiftRow(
            id=await tx.next_id(ShiftRow),
            started_at=tx.now,
            started_by=actor.login,
            leader=visible_line(leader),
            officers=names,
        )
        await tx.insert([row])
        tx.journal("shift.started", f"shift:{row.id}", {"leader": row.leader, "officers": names})
        return _value(row)


async def end_shift(
    desk: Desk,
    actor: Actor,
    *,
    remarks: str = "",
    knowing: bool = False,
    seen: OpenItems | None = None,
) -> Ended:
    """Ends the running shift and keeps the list of what it hands over.

    Open items are not a reason to stay for ever, but they are never handed over unseen: unless ``knowing``,
    Refused names how many there are. ``seen`` is what the officer was shown: with it, what came up since is
    refused too.
    """
    require(actor, Permission.OPERATE)
    async with (await desk.store()).transaction(actor) as tx:
        row = await _running(tx)
        if row is None:
            raise Refused("No shift runs: start one first.")
        items = await views.open_items(desk.reader)  # under the write lock, so nothing changes meanwhile
        if new := items.unseen(seen) if seen is not None else 0:
            raise Refused(
                "{count} items have come up since you looked: look again, then end the shift.", count=new
            )
        if items.total and not knowing and seen is None:
            raise Refused(
                "{count} items are open: look at them, then end the shift knowing of them.", count=items.total
            )
        row.ended_at = tx.now
        row.ended_by = actor.login
        tx.session.add(row)
        handover = HandoverRow(
            id=await tx.next_id(HandoverRow),
            shift_id=row.id or 0,
            open_items=items.record(),
            remarks=visible(remarks).strip(),
            signed_out_at=tx.now,
            signed_out_by=actor.login,
        )
        await tx.insert([handover])
        tx.journal(
            "shift.ended",
            f"shift:{row.id}",
            {"open_items": handover.open_items, "remarks": handover.remarks},
        )
        return Ended(_value(row), items)


async def open_items(desk: Desk) -> OpenItems:
    """Everything somebody still has to do something about, the most pressing kinds first, and how much of it
    is not listed."""
    return await views.open_items(desk.reader)


async def current_shift(desk: Desk) -> Shift | None:
    """The shift that runs, if any."""
    return await views.running_shift(desk.reader)


async def _running(tx: Transaction) -> ShiftRow | None:
    rows = await tx.all(select(ShiftRow).where(col(ShiftRow.ended_at).is_(None)).limit(1))
    return rows[0] if rows else None


def _value(row: ShiftRow) -> Shift:
    ended: datetime | None = row.ended_at
    return Shift(
        row.id or 0, row.started_at, row.started_by, row.leader, tuple(row.officers), ended, row.ended_by
    )
