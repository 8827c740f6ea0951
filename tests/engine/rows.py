"""Rows for the tests of the engine, with only what a test is about left to say."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from dutydesk.desk.desk import Desk
from dutydesk.desk.engine import lease
from dutydesk.desk.engine.processes import Holder
from dutydesk.desk.notices import outbox
from dutydesk.desk.notices.recipients import Recipient
from dutydesk.model.clock import ManualClock
from dutydesk.model.enums import Role
from dutydesk.model.officers import Actor
from dutydesk.store.tables import AddressRow, BroadcastRow, ContactRow, DeliveryRow, MemberRow, TimerRow

ENGINE_START = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
OFFICER = Actor(1, "wang", "王强", (Role.OPERATOR,), "desk-1")


def timer_row(now: datetime, *, due_in: float = 0.0, **values: Any) -> TimerRow:
    """An armed deadline, due in so many seconds."""
    due = now + timedelta(seconds=due_in)
    row: dict[str, Any] = {
        "kind": "deadline",
        "rule": "CQ28_PHONE",
        "subject": "电话报告市应急局 液氯槽车侧翻泄漏",
        "due_at": due,
        "next_at": due,
        "state": "armed",
        "policy": "deadline",
        "armed_at": now,
        "armed_by": "wang",
        **values,
    }
    return TimerRow(**row)


async def arm(desk: Desk, *rows: TimerRow) -> list[int]:
    """Arms timers and returns their numbers."""
    async with (await desk.store()).transaction(OFFICER) as tx:
        await tx.insert(rows)
        tx.journal("timer.armed", "timers", {"n": len(rows)})
    return [row.id or 0 for row in rows]


async def people(desk: Desk, *groups: str, channel: str = "sms", address: str = "13900000001") -> None:
    """One person in each group, reachable at ``address``."""
    async with (await desk.store()).transaction(OFFICER) as tx:
        for group in groups:
            contact = ContactRow(id=await tx.next_id(ContactRow), name=f"{group} 的人", org="应急局")
            await tx.insert([contact])
            await tx.insert([MemberRow(contact_id=contact.id or 0, group_code=group)])
            if channel:
                await tx.insert([AddressRow(contact_id=contact.id or 0, channel=channel, address=address)])
        tx.journal("contacts.imported", "contacts", {"n": len(groups)})


async def notice(
    desk: Desk, *, count: int = 1, channel: str = "sms", prefix: str = "", **values: Any
) -> list[int]:
    """A released notice with ``count`` recipients on ``channel``; the numbers of its deliveries."""
    async with (await desk.store()).transaction(OFFICER) as tx:
        row: dict[str, Any] = {
            "id": await tx.next_id(BroadcastRow),
            "kind": "notice",
            "groups": ["towns"],
            "channels": [],
            "text": "陶家镇液氯槽车侧翻，下风向请立即转移。",
            "drill": False,
            "urgency": 5,
            "state": "released",
            "created_at": tx.now,
            "created_by": "wang",
            "released_at": tx.now,
            **values,
        }
        broadcast = BroadcastRow(**row)
        contact = await tx.next_id(ContactRow)
        await tx.insert([broadcast, ContactRow(id=contact, name=f"收件人们{contact}")])
        recipients = [
            Recipient(contact, f"收件人{n}", "", ((channel, f"{prefix}{n}"),)) for n in range(count)
        ]
        rows = await outbox.enqueue(tx, broadcast, recipients)
        tx.journal("broadcast.released", f"broadcast:{broadcast.id}", {"deliveries": len(rows)})
    return [delivery.id or 0 for delivery in rows]


async def one(desk: Desk, table: type[Any], number: int) -> Any:
    """A row as it stands."""
    async with (await desk.store()).transaction(OFFICER) as tx:
        return await tx.get(table, number)


async def delivery(desk: Desk, number: int) -> DeliveryRow:
    found: DeliveryRow = await one(desk, DeliveryRow, number)
    return found


async def timer(desk: Desk, number: int) -> TimerRow:
    found: TimerRow = await one(desk, TimerRow, number)
    return found


async def journal(desk: Desk, action: str) -> list[Any]:
    """The payloads of every entry of that action, oldest first."""
    rows = await desk.reader.rows("SELECT payload FROM journal WHERE action = $1 ORDER BY seq", action)
    return [json.loads(row[0]) for row in rows]


async def until(what: Callable[[], Awaitable[bool]], within: float = 40.0) -> None:
    """Waits until ``what`` holds, which some other task or process brings about."""
    async with asyncio.timeout(within):
        while not await what():  # noqa: ASYNC110 -- another process makes it true
            await asyncio.sleep(0.01)


async def all_in(desk: Desk, numbers: list[int], state: str) -> bool:
    """Whether those deliveries are all in that state."""
    rows = await desk.reader.rows("SELECT id FROM delivery WHERE state = $1", state)
    return set(numbers) <= {row[0] for row in rows}


async def taken_over(desk: Desk, actor: Actor, wall: ManualClock) -> Holder:
    """Another engine, which has watched the active one be silent for long enough and has succeeded it."""
    seconds = itertools.count()
    silence = lease.Silence(lambda: float(next(seconds)))
    other = Holder("other:1:x", 1, "other")
    while not (await lease.acquire(await desk.store(), actor, other, wall, silence)).mine:
        pass
    return other
