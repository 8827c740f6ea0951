"""A shift is never handed over with something open that nobody has looked at."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from dutydesk.desk import shifts
from dutydesk.desk.desk import Desk
from dutydesk.desk.intake.reports import ReportForm, log_report
from dutydesk.desk.notices import broadcasts
from dutydesk.desk.notices.broadcasts import NoticeForm
from dutydesk.desk.people.contacts import ContactEntry, import_contacts
from dutydesk.model.clock import ManualClock
from dutydesk.model.enums import DeliveryState
from dutydesk.model.errors import BadInput, Refused
from dutydesk.model.journal import payload_of
from dutydesk.model.officers import Actor
from dutydesk.model.views.shifts import OpenItems, recorded
from dutydesk.store.tables import DeliveryRow, HandoverRow
from dutydesk.store.views import journal
from dutydesk.store.views.shifts import LISTED, running_shift


async def test_a_shift_starts_once_and_ends_once(desk: Desk, actor: Actor) -> None:
    with pytest.raises(Refused, match="No shift"):
        await shifts.end_shift(desk, actor)
    with pytest.raises(BadInput):
        await shifts.start_shift(desk, actor, leader="周局", officers=[" "])
    begun = await shifts.start_shift(desk, actor, leader="周局", officers=["王强", "李敏"])
    assert await running_shift(desk.reader) == begun
    with pytest.raises(Refused, match="still runs"):
        await shifts.start_shift(desk, actor, leader="周局", officers=["王强"])
    assert (await shifts.end_shift(desk, actor)).open_items == OpenItems()
    assert await running_shift(desk.reader) is None


async def test_what_is_open_is_named_before_a_shift_can_end(desk: Desk, actor: Actor) -> None:
    await shifts.start_shift(desk, actor, leader="周局", officers=["王强"])
    await log_report(desk, actor, ReportForm(text="渝州路起火", type="fire"))
    await log_report(desk, actor, ReportForm(text="喂？", opens_incident=False))

    with pytest.raises(Refused, match="items are open"):
        await shifts.end_shift(desk, actor)

    ended = await shifts.end_shift(desk, actor, knowing=True, remarks="渝州路待回报")
    kinds = {item.kind for item in ended.open_items.items}
    assert {"report", "timer", "incident"} <= kinds


BEYOND = 3
"""So many people who were not reached have no room in the list."""


async def _released(desk: Desk, actor: Actor, chief: Actor) -> None:
    """A notice to BEYOND more people than a handover lists."""
    people = [
        ContactEntry(f"村{n}", groups=("villages",), addresses=(("sink", f"v-{n}"),))
        for n in range(LISTED + BEYOND)
    ]
    await import_contacts(desk, chief, people)
    drafted = await broadcasts.draft(desk, actor, NoticeForm(("villages",), "立即转移。", drill=False))
    await broadcasts.approve(desk, chief, drafted.broadcast)
    await broadcasts.release(desk, actor, drafted.broadcast)


async def _came_to(desk: Desk, actor: Actor, state: DeliveryState, *, first: bool | None = None) -> None:
    """What the engine would have recorded of all deliveries, of the first alone, or of all but that."""
    async with (await desk.store()).transaction(actor, journaled=False) as tx:
        table = DeliveryRow.__table__  # type: ignore[attr-defined]
        changed = update(table).values(state=state, next_at=None, changed_at=tx.now)
        if first is not None:
            changed = changed.where(table.c.id == 1 if first else table.c.id != 1)
        await tx.execute(changed)


async def test_what_a_handover_has_no_room_to_list_it_counts(desk: Desk, actor: Actor, chief: Actor) -> None:
    await shifts.start_shift(desk, actor, leader="周局", officers=["王强"])
    await _released(desk, actor, chief)
    await _came_to(desk, actor, DeliveryState.REFUSED)

    found = await shifts.open_items(desk)
    assert len(found.items) == LISTED
    assert found.more == {"delivery": BEYOND}
    assert found.count("delivery") == found.total == LISTED + BEYOND

    with pytest.raises(Refused, match=f"{LISTED + BEYOND} items are open"):
        await shifts.end_shift(desk, actor)
    ended = await shifts.end_shift(desk, actor, seen=found)
    assert ended.open_items == found
    async with (await desk.store()).transaction(actor, journaled=False) as tx:
        kept = (await tx.get(HandoverRow, 1)).open_items
    assert kept[-1] == {"kind": "delivery", "more": BEYOND}
    assert recorded(kept) == LISTED + BEYOND
    (entry,) = [one for one in await journal.tail(desk.reader) if one.action == "shift.ended"]
    assert payload_of(entry.payload)["open_items"] == kept


@pytest.mark.parametrize("later", [timedelta(minutes=1), timedelta(0)], ids=["listed", "not listed"])
async def test_one_who_is_not_reached_after_the_look_keeps_the_shift_though_asked_first_of_all(
    desk: Desk, actor: Actor, chief: Actor, clock: ManualClock, later: timedelta
) -> None:
    """The first delivery fails last: by its number it would be out of the list, and out of sight."""
    await shifts.start_shift(desk, actor, leader="周局", officers=["王强"])
    await _released(desk, actor, chief)
    await _came_to(desk, actor, DeliveryState.REFUSED, first=False)
    await _came_to(desk, actor, DeliveryState.ACCEPTED, first=True)
    seen = await shifts.open_items(desk)

    clock.advance(later)
    await _came_to(desk, actor, DeliveryState.UNKNOWN, first=True)

    with pytest.raises(Refused, match="1 items have come up"):
        await shifts.end_shift(desk, actor, seen=seen)
    now = await shifts.open_items(desk)
    assert (1 in {item.id for item in now.items}) is bool(later)
    assert (await shifts.end_shift(desk, actor, seen=now)).open_items.total == LISTED + BEYOND
