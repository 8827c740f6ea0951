"""What the tests of the notice, ledger and shift screens share: a second person, and people to tell."""

from __future__ import annotations

from sqlalchemy import update

from dutydesk.desk.notices import broadcasts
from dutydesk.desk.notices.broadcasts import NoticeForm
from dutydesk.desk.officers.officers import add_officer
from dutydesk.desk.people.contacts import ContactEntry, import_contacts
from dutydesk.model.enums import DeliveryState, Role
from dutydesk.model.officers import Actor
from dutydesk.store.tables import DeliveryRow
from tests.tui.screens.room import Room

LI_PIN = "7712-dawn"
HOSTILE = "[/紧急] \x1b[31m红\x1b[0m [link=x]陶家镇液氯槽车侧翻"
PEOPLE = (("周局", "duty_leader"), ("陈站", "duty_leader"), ("刘工", "townships"), ("[/赵]", "townships"))


async def second_person(room: Room) -> Actor:
    """Li, who may approve what Wang wrote."""
    officer = await add_officer(room.desk, room.actor, "li", "李敏", LI_PIN, (Role.SHIFT_CHIEF,))
    return Actor(officer.id, "li", "李敏", (Role.SHIFT_CHIEF,), "desk-2")


async def people(room: Room) -> None:
    """Two leaders and two people in the towns, with names and organisations from outside."""
    entries = [
        ContactEntry(
            name=name, org=HOSTILE, duty="值班", groups=(group,), addresses=(("sms", f"1390000000{number}"),)
        )
        for number, (name, group) in enumerate(PEOPLE)
    ]
    await import_contacts(room.desk, room.actor, entries)


async def many_not_reached(room: Room, number: int) -> None:
    """A notice of which so many deliveries reached nobody."""
    entries = [
        ContactEntry(name=f"村{n}", groups=("villages",), addresses=(("sms", f"v-{n}"),))
        for n in range(number)
    ]
    await import_contacts(room.desk, room.actor, entries)
    form = NoticeForm(("villages",), "立即转移。", drill=False)
    notice = (await broadcasts.draft(room.desk, room.actor, form)).broadcast
    await broadcasts.approve(room.desk, await second_person(room), notice)
    await broadcasts.release(room.desk, room.actor, notice)
    async with (await room.desk.store()).transaction(room.actor, journaled=False) as tx:
        table = DeliveryRow.__table__  # type: ignore[attr-defined]
        await tx.execute(update(table).values(state=DeliveryState.REFUSED, next_at=None))
