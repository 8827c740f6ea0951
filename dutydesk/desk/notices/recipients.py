"""From audience groups to the people and addresses behind them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import col, select

from dutydesk.store.database import Transaction
from dutydesk.store.tables import AddressRow, ContactRow, MemberRow


@dataclass(frozen=True, slots=True)
class Recipient:
    """One person of an audience. ``addresses`` are (channel, address) pairs; none means unreachable."""

    contact_id: int
    name: str
    org: str
    addresses: tuple[tuple[str, str], ...]


async def recipients_of(
    tx: Transaction, groups: Sequence[str], *, channels: Sequence[str] = ()
) -> tuple[Recipient, ...]:
    """Everybody in ``groups``, each once, by their number; on ``channels`` only, where any are named."""
    people = await tx.all(
        select(ContactRow)
        .join(MemberRow, col(MemberRow.contact_id) == col(ContactRow.id))
        .where(col(MemberRow.group_code).in_(groups), col(ContactRow.removed).is_(False))
        .distinct()
        .order_by(col(ContactRow.id))
    )
    addresses: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    rows = await tx.all(
        select(AddressRow)
        .where(col(AddressRow.contact_id).in_([person.id for person in people]))
        .order_by(col(AddressRow.channel))
    )
    for row in rows:
        if not channels or row.channel in channels:
            addresses[row.contact_id].append((row.channel, row.address))
    return tuple(
        Recipient(person.id or 0, person.name, person.org, tuple(addresses[person.id or 0]))
        for person in people
    )
