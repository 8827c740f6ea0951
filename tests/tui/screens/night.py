"""What the tests of the notice, ledger and shift screens share: a second person, and people to tell."""

from __future__ import annotations

from dutydesk.desk.officers.officers import add_officer
from dutydesk.desk.people.contacts import ContactEntry, import_contacts
from dutydesk.model.enums import Role
from dutydesk.model.officers import Actor
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
