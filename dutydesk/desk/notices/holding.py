"""What waits because ``channels.yaml`` cannot be read says so: nobody is to believe that it is on its way."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import update

from dutydesk.desk.desk import Desk
from dutydesk.desk.engine.lease import require
from dutydesk.desk.engine.processes import Holder
from dutydesk.desk.notices.outbox import HELD
from dutydesk.model.enums import DeliveryState
from dutydesk.model.officers import Actor
from dutydesk.store.tables import DeliveryRow
from dutydesk.store.views.query import Query

_DELIVERY: Any = DeliveryRow.__table__  # type: ignore[attr-defined]


async def hold(desk: Desk, actor: Actor, me: Holder) -> None:
    """Says on every delivery that is due, and waits for a file that can be read, why it does. Raises
    LeaseLost."""
    if not await _unexplained(desk, desk.clock.now()):
        return
    async with (await desk.store()).transaction(actor, journaled=False) as tx:
        await require(tx, me)
        await tx.execute(
            update(_DELIVERY)
            .where(
                _DELIVERY.c.state == DeliveryState.QUEUED,
                _DELIVERY.c.next_at <= tx.now,
                _DELIVERY.c.reason == "",
            )
            .values(reason=HELD)
        )


async def let_go(desk: Desk, actor: Actor, me: Holder) -> None:
    """Says no longer of what is queued that it waits for the file: it waits for its turn now. Raises
    LeaseLost."""
    query = Query("SELECT id FROM delivery").where("state = {}", str(DeliveryState.QUEUED))
    if not await query.where("reason = {}", HELD).end("id", 1).rows(desk.reader):
        return
    async with (await desk.store()).transaction(actor, journaled=False) as tx:
        await require(tx, me)
        await tx.execute(
            update(_DELIVERY)
            .where(_DELIVERY.c.state == DeliveryState.QUEUED, _DELIVERY.c.reason == HELD)
            .values(reason="")
        )


async def _unexplained(desk: Desk, now: datetime) -> bool:
    """Asked by reading, so that an engine that waits takes no write lock."""
    query = Query("SELECT id FROM delivery").where("state = {}", str(DeliveryState.QUEUED))
    query.where("next_at <= {}", now).where("reason = ''")
    return bool(await query.end("id", 1).rows(desk.reader))
