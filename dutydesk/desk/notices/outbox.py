"""The outbox: deliveries are rows, committed with the command that wants them, before any network call."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from dutydesk.desk.notices.recipients import Recipient
from dutydesk.i18n import N_
from dutydesk.model.enums import DeliveryState
from dutydesk.store.database import Transaction
from dutydesk.store.tables import BroadcastRow, DeliveryRow

_DELIVERY: Any = DeliveryRow.__table__  # type: ignore[attr-defined]
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # no I and O, which the ear and the eye take for 1 and 0
_CODE_LENGTH = 6
NO_ADDRESS = N_("no address on any channel of this notice")
ORPHANED = N_("the engine stopped between sending it and recording the result")
NOT_RECORDED = N_("its result could not be recorded; it may have arrived")
TOO_OLD = N_("not sent in time, a person decides")
HELD = N_("waits until channels.yaml can be read; `dutydesk channel list` says what is wrong with it")
REPLACED = N_("its correction was sent instead")


def _code() -> str:
    # It starts with a letter, so that it is never taken for a delivery's number.
    rest = (secrets.choice(_LETTERS + "23456789") for _ in range(_CODE_LENGTH - 1))
    return secrets.choice(_LETTERS) + "".join(rest)


async def _codes(tx: Transaction, count: int) -> list[str]:
    """So many codes that no other delivery has: whoever reads one out names one delivery."""
    fresh: set[str] = set()
    while len(fresh) < count:
        drawn = {_code() for _ in range(count - len(fresh))} - fresh
        taken = await tx.execute(select(_DELIVERY.c.code).where(_DELIVERY.c.code.in_(drawn)))
        fresh |= drawn - {row.code for row in taken}
    return list(fresh)


async def enqueue(tx: Transaction, broadcast: BroadcastRow, people: Sequence[Recipient]) -> list[DeliveryRow]:
    """Writes one delivery for each person and channel, due at once.

    A person without an address gets a delivery too, already failed: nobody drops out in silence.
    """
    number = await tx.next_id(DeliveryRow)
    codes = iter(await _codes(tx, sum(max(len(person.addresses), 1) for person in people)))
    rows: list[DeliveryRow] = []
    for person in people:
        for channel, address in person.addresses or (("", ""),):
            rows.append(
                DeliveryRow(
                    id=number + len(rows),
                    broadcast_id=broadcast.id or 0,
                    contact_id=person.contact_id,
                    contact=person.name,
                    org=person.org,
                    channel=channel,
                    address=address,
                    code=next(codes),
                    state=DeliveryState.QUEUED if channel else DeliveryState.FAILED,
                    reason="" if channel else NO_ADDRESS,
                    urgency=broadcast.urgency,
                    queued_at=tx.now,
                    changed_at=tx.now,
                    next_at=tx.now if channel else None,
                )
            )
    await tx.insert(rows)
    return rows
