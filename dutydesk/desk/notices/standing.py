"""Whether a notice's text may still go out. Of one that was withdrawn, or that a correction was released for,
nothing more does: whoever reads the old text last would go by it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import chain
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, not_, select
from sqlmodel import col
from sqlmodel import select as select_rows

from dutydesk.desk.desk import Desk
from dutydesk.desk.engine.lease import require
from dutydesk.desk.engine.processes import Holder
from dutydesk.desk.notices.outbox import REPLACED
from dutydesk.desk.timers import clocks
from dutydesk.i18n import N_
from dutydesk.model.enums import BroadcastState, DeliveryState
from dutydesk.model.officers import Actor
from dutydesk.store.database import Transaction
from dutydesk.store.tables import BroadcastRow, DeliveryRow

MAY_HAVE_ARRIVED: Final = N_(
    "an earlier attempt may have arrived; its notice was withdrawn or corrected since"
)

_DELIVERY: Any = DeliveryRow.__table__  # type: ignore[attr-defined]
_NOTICE: Any = BroadcastRow.__table__.alias("notice")  # type: ignore[attr-defined]
_CORRECTION: Any = BroadcastRow.__table__.alias("correction")  # type: ignore[attr-defined]
_WAITING: Final = (
    DeliveryState.QUEUED,
    DeliveryState.RETRYING,
    DeliveryState.STALE,
    DeliveryState.UNKNOWN,
)


def standing(broadcast: ColumnElement[int]) -> ColumnElement[bool]:
    """The condition that the notice of the number ``broadcast`` is out and was not corrected.

    A correction that was itself withdrawn has told some of the recipients otherwise: it still counts.
    """
    released = select(_NOTICE.c.id).where(
        _NOTICE.c.id == broadcast, _NOTICE.c.state == BroadcastState.RELEASED
    )
    return and_(released.exists(), broadcast.not_in(_corrected()))


async def fallen(tx: Transaction, broadcasts: Collection[int]) -> Mapping[int, str]:
    """Those of ``broadcasts`` that do not stand, each with what to say of a delivery that is spared for it:
    nothing for a withdrawal."""
    if not broadcasts:
        return {}
    withdrawn = await tx.execute(
        select(_NOTICE.c.id).where(_NOTICE.c.id.in_(broadcasts), _NOTICE.c.state != BroadcastState.RELEASED)
    )
    corrected = await tx.execute(_corrected().where(_CORRECTION.c.corrects.in_(broadcasts)))
    return {row.id: "" for row in withdrawn} | {row.corrects: REPLACED for row in corrected}


async def take_back(tx: Transaction, broadcast: int, reason: str) -> list[int]:
    """Withdraws what of a notice is still to go out, or waits for a person to send it; ``reason`` is said of
    it. What may have left already stays in sight as unknown. Returns the numbers of those that are spared.
    """
    waiting = await tx.all(
        select_rows(DeliveryRow).where(
            col(DeliveryRow.broadcast_id) == broadcast, col(DeliveryRow.state).in_(_WAITING)
        )
    )
    spared: list[int] = []
    for row in waiting:
        row.next_at = None
        if row.state == DeliveryState.UNKNOWN:
            row.reason = row.reason or MAY_HAVE_ARRIVED
        else:
            row.state = DeliveryState.UNKNOWN if row.doubtful else DeliveryState.CANCELLED
            row.reason = MAY_HAVE_ARRIVED if row.doubtful else reason
            row.changed_at = tx.now
        if row.state == DeliveryState.CANCELLED:
            spared.append(row.id or 0)
        tx.session.add(row)
    await tx.session.flush()
    await clocks.settle_notice(tx, broadcast)
    return spared


async def take_back_fallen(desk: Desk, actor: Actor, me: Holder) -> tuple[int, ...]:
    """Takes back what still waits of notices that do not stand, however it came to: nothing would ever send
    it, and nobody would see that. Returns the numbers of the notices. Raises LeaseLost."""
    async with (await desk.store()).transaction(actor) as tx:
        await require(tx, me)
        found = await tx.execute(
            select(_DELIVERY.c.broadcast_id)
            .where(_DELIVERY.c.next_at.is_not(None), not_(standing(_DELIVERY.c.broadcast_id)))
            .distinct()
        )
        reasons = await fallen(tx, {row.broadcast_id for row in found})
        spared = {notice: await take_back(tx, notice, reason) for notice, reason in reasons.items()}
        if spared:
            payload = {"broadcasts": sorted(spared), "spared": sorted(chain.from_iterable(spared.values()))}
            tx.journal("deliveries.taken_back", "deliveries", payload)
        return tuple(sorted(spared))


def _corrected() -> Select[Any]:
    """The notices that a correction was ever released for."""
    return select(_CORRECTION.c.corrects).where(
        _CORRECTION.c.corrects.is_not(None), _CORRECTION.c.released_at.is_not(None)
    )
