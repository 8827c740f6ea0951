"""What waits by a clock that was set back since. Queued means as soon as possible, whatever the clock said; a
retry waits no longer than its own back-off."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlmodel import col, select

from dutydesk.desk.desk import Desk
from dutydesk.desk.engine.lease import require
from dutydesk.desk.engine.processes import Holder
from dutydesk.model.enums import DeliveryState
from dutydesk.model.officers import Actor
from dutydesk.store.tables import DeliveryRow

SKEW: Final = 5.0
"""Seconds by which the clocks of two machines may differ without one of them counting as set back."""


async def wait_anew(desk: Desk, actor: Actor, me: Holder, *, skew: timedelta) -> tuple[int, ...]:
    """Lets what was queued, or told to wait, more than ``skew`` after the time it is now wait from now on: it
    is due as long after now as it was after then, what is queued at once. Returns the numbers of the
    deliveries. Raises LeaseLost."""
    async with (await desk.store()).transaction(actor) as tx:
        await require(tx, me)
        rows = await tx.all(
            select(DeliveryRow)
            .where(col(DeliveryRow.next_at).is_not(None), col(DeliveryRow.changed_at) > tx.now + skew)
            .order_by(col(DeliveryRow.id))
        )
        for row in rows:
            wait = (row.next_at or tx.now) - row.changed_at
            row.next_at = tx.now if row.state == DeliveryState.QUEUED else tx.now + max(wait, timedelta())
            row.changed_at = tx.now
            row.queued_at = min(row.queued_at, tx.now)  # attempts are counted from there
            tx.session.add(row)
        numbers = tuple(row.id or 0 for row in rows)
        if numbers:
            tx.journal("deliveries.clock_back", "deliveries", {"deliveries": list(numbers)})
        return numbers
