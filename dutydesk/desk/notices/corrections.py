"""What a correction corrects, and whom it goes to: the text that went out last, and everybody who may have
read any text of that notice."""

from __future__ import annotations

from sqlmodel import col, select

from dutydesk.desk.notices.outbox import REPLACED
from dutydesk.desk.notices.recipients import Recipient
from dutydesk.model.enums import DeliveryState
from dutydesk.store.database import Transaction
from dutydesk.store.tables import BroadcastRow, DeliveryRow


async def released_since(tx: Transaction, broadcast: int) -> list[BroadcastRow]:
    """The corrections released for a notice, each of the one before; the last is what goes on being sent."""
    found: list[BroadcastRow] = []
    before = [broadcast]
    while before:
        rows = await tx.all(
            select(BroadcastRow)
            .where(col(BroadcastRow.corrects).in_(before), col(BroadcastRow.released_at).is_not(None))
            .order_by(col(BroadcastRow.id))
        )
        found += rows
        before = [row.id or 0 for row in rows]
    return found


async def last_text(tx: Transaction, broadcast: int) -> int:
    """The number of the notice or correction that went out last. It is what a further correction corrects:
    beside it, one that still waits would go out after it."""
    since = await released_since(tx, broadcast)
    return since[-1].id or 0 if since else broadcast


async def told_before(tx: Transaction, broadcast: int) -> tuple[Recipient, ...]:
    """Everybody whom the notice that ``broadcast`` is, or corrects in the end, was addressed to, by the
    address it was sent to; not those from whom it was withdrawn in time."""
    first = await tx.get(BroadcastRow, broadcast)
    while first.corrects is not None:
        first = await tx.get(BroadcastRow, first.corrects)
    rows = await tx.all(
        select(DeliveryRow)
        .where(col(DeliveryRow.broadcast_id) == first.id, col(DeliveryRow.channel) != "")
        .order_by(col(DeliveryRow.id))
    )
    return tuple(
        Recipient(row.contact_id or 0, row.contact, row.org, ((row.channel, row.address),))
        for row in rows
        if was_told(row.state, row.reason)
    )


def was_told(state: str, reason: str) -> bool:
    """Whether a recipient is owed the correction: not where the notice was withdrawn before it left. Who was
    sent the correction instead is owed the next one too."""
    return state != DeliveryState.CANCELLED or reason == REPLACED
