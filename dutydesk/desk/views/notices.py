"""A notice and what became of it, for reading."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from dutydesk.desk.desk import Desk
from dutydesk.model.enums import DeliveryState
from dutydesk.model.notices import Broadcast, Delivery
from dutydesk.model.text import Text
from dutydesk.store.views import notices


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """Exactly what one recipient gets on one channel; the code is drawn at release.

    ``title`` is handed over beside the text, where the channel has one. ``body`` is the text, its ``parts``
    one below the other where it goes out in several. ``trouble``: why the channel would not carry it.
    """

    contact: str
    org: str
    channel: str
    address: str
    body: str
    title: str = ""
    parts: tuple[str, ...] = ()
    trouble: Text | None = None


@dataclass(frozen=True, slots=True)
class NoticeStatus:
    """``counts`` are by state, the states that occur only."""

    broadcast: Broadcast
    counts: Mapping[DeliveryState, int]
    deliveries: tuple[Delivery, ...]


async def notice_status(desk: Desk, broadcast: int) -> NoticeStatus:
    """The notice with one row a delivery. Raises NotFound."""
    found = await notices.broadcast(desk.reader, broadcast)
    return _status(found, tuple(await notices.deliveries(desk.reader, broadcast)))


async def notices_of(desk: Desk, incident: int) -> tuple[NoticeStatus, ...]:
    """All notices about ``incident``, the newest first, each with its deliveries."""
    sent = await notices.broadcasts(desk.reader, incident=incident, limit=None)
    deliveries = await notices.deliveries_of(desk.reader, [each.id for each in sent])
    return tuple(_status(each, deliveries.get(each.id, ())) for each in sent)


async def recent_notices(desk: Desk, *, before: int | None = None, limit: int = 100) -> tuple[Broadcast, ...]:
    """Notices, the newest first; ``before``: only numbers below this one."""
    return tuple(await notices.broadcasts(desk.reader, before=before, limit=limit))


async def notice_counts(desk: Desk, broadcasts: Collection[int]) -> dict[int, Mapping[DeliveryState, int]]:
    """How many deliveries of each notice are in each state."""
    return await notices.counts_of(desk.reader, broadcasts)


async def stale_deliveries(desk: Desk) -> tuple[Delivery, ...]:
    """Deliveries that were not sent in time: a person decides what becomes of them."""
    return tuple(await notices.deliveries_in(desk.reader, DeliveryState.STALE))


def _status(broadcast: Broadcast, deliveries: tuple[Delivery, ...]) -> NoticeStatus:
    counts = Counter(delivery.state for delivery in deliveries)
    by_state = {state: counts[state] for state in DeliveryState if counts[state]}
    return NoticeStatus(broadcast, by_state, deliveries)
