"""One recipient's copy of a notice: confirmed by a human, or sent again by a person's decision."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import col, select

from dutydesk.desk.desk import Desk
from dutydesk.desk.kept_text import kept_line
from dutydesk.desk.notices import corrections
from dutydesk.desk.officers.authority import require
from dutydesk.desk.timers import clocks
from dutydesk.model.enums import BroadcastState, DeliveryState, Permission
from dutydesk.model.errors import BadInput, NotFound, Refused
from dutydesk.model.names import name_of
from dutydesk.model.officers import Actor
from dutydesk.model.visible import quoted
from dutydesk.store.database import Transaction
from dutydesk.store.tables import BroadcastRow, DeliveryRow
from dutydesk.store.views import notices

UNREACHED = (DeliveryState.FAILED, DeliveryState.REFUSED, DeliveryState.UNKNOWN, DeliveryState.STALE)


async def confirm(desk: Desk, actor: Actor, delivery: str, *, by: str) -> int:
    """A human's confirmation, by the delivery's number or its code. Returns the delivery's number.

    Raises Refused for one that never left, NotFound for an unknown one.
    """
    require(actor, Permission.OPERATE)
    who = kept_line(by)
    if not who:
        raise BadInput("Say who confirmed it.")
    async with (await desk.store()).transaction(actor) as tx:
        row = await _delivery(tx, delivery)
        if row.state in (DeliveryState.QUEUED, DeliveryState.CANCELLED) and not row.doubtful:
            raise Refused(
                "Delivery {id} is {state}: it never left.", id=row.id, state=name_of(DeliveryState(row.state))
            )
        if row.state == DeliveryState.CONFIRMED:
            raise Refused("Delivery {id} was already confirmed by {by}.", id=row.id, by=row.confirmed_by)
        row.state = DeliveryState.CONFIRMED
        row.confirmed_at = row.changed_at = tx.now
        row.confirmed_by = who
        row.next_at = None
        tx.session.add(row)
        await tx.session.flush()
        await clocks.settle_notice(tx, row.broadcast_id)
        tx.journal("delivery.confirmed", f"delivery:{row.id}", {"by": who, "broadcast": row.broadcast_id})
        return row.id or 0


async def resend(desk: Desk, actor: Actor, deliveries: Sequence[int]) -> int:
    """Queues deliveries again that were not reached, each by a person's decision. Returns how many.

    Each gets a full new set of attempts; those made before stay counted. One whose fate is unknown goes out
    marked as a possible double.
    """
    require(actor, Permission.OPERATE)
    async with (await desk.store()).transaction(actor) as tx:
        rows = await tx.all(select(DeliveryRow).where(col(DeliveryRow.id).in_(deliveries)))
        missing = set(deliveries) - {row.id for row in rows}
        if missing:
            raise NotFound("There is no delivery {ids}.", ids=" ".join(map(str, sorted(missing))))
        for row in rows:
            if row.state not in UNREACHED or not row.channel:
                raise Refused(
                    "Delivery {id} is {state}: it is not sent again.",
                    id=row.id,
                    state=name_of(DeliveryState(row.state)),
                )
            if (await tx.get(BroadcastRow, row.broadcast_id)).state != BroadcastState.RELEASED:
                raise Refused("Broadcast {id} was withdrawn: it is not sent again.", id=row.broadcast_id)
            await _not_corrected(tx, row.broadcast_id)
            row.doubtful = row.doubtful or row.state == DeliveryState.UNKNOWN
            row.state = DeliveryState.QUEUED
            row.reason = ""  # that of the attempts before stands with those
            row.queued_at = row.changed_at = row.next_at = tx.now
            tx.session.add(row)
        tx.journal("delivery.resent", "deliveries", {"deliveries": sorted(deliveries)})
        return len(rows)


async def resend_unreached(desk: Desk, actor: Actor, broadcast: int) -> int:
    """Queues every delivery again that was not reached and has an address. Returns how many."""
    deliveries = await notices.deliveries(desk.reader, broadcast)
    wanted = [row.id for row in deliveries if row.state in UNREACHED and row.channel]
    if not wanted:
        raise Refused("Broadcast {id} has nobody left to send to again.", id=broadcast)
    return await resend(desk, actor, wanted)


async def _not_corrected(tx: Transaction, broadcast: int) -> None:
    """Raises Refused where a correction of the notice is out: the corrected text is not sent after it."""
    last = await corrections.last_text(tx, broadcast)
    if last != broadcast:
        raise Refused(
            "Broadcast {id} was corrected by {correction}: send that again instead.",
            id=broadcast,
            correction=last,
        )


async def _delivery(tx: Transaction, wanted: str) -> DeliveryRow:
    key = wanted.strip().upper()
    by_code = await tx.all(select(DeliveryRow).where(col(DeliveryRow.code) == key))
    if len(by_code) == 1:
        return by_code[0]
    if by_code:
        raise Refused(
            "Several deliveries have the code {code}: say which by its number, {ids}.",
            code=key,
            ids=" ".join(str(row.id) for row in by_code),
        )
    numeric = key.isascii() and key.isdigit() and len(key) < 10
    row = await tx.find(DeliveryRow, int(key)) if numeric else None
    if row is None:
        raise NotFound("There is no delivery with the number or code {key}.", key=quoted(wanted))
    return row
