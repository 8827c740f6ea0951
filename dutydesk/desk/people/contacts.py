"""Contacts: people, their addresses by channel, their groups. Imported from CSV or YAML, all or none."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import col, delete, select

from dutydesk import yamldoc
from dutydesk.desk.desk import Desk
from dutydesk.desk.officers.authority import require
from dutydesk.i18n import N_, Said
from dutydesk.model.enums import Permission
from dutydesk.model.errors import Fault, FaultyFile
from dutydesk.model.officers import Actor
from dutydesk.model.visible import visible_line
from dutydesk.store.tables import AddressRow, ContactRow, MemberRow

FIXED_COLUMNS = ("name", "org", "duty", "groups")


@dataclass(frozen=True, slots=True)
class ContactEntry:
    """One person as a file gives them. ``addresses`` are (channel, address) pairs."""

    name: str
    org: str = ""
    duty: str = ""
    groups: tuple[str, ...] = ()
    addresses: tuple[tuple[str, str], ...] = ()
    sample: bool = False


@dataclass(frozen=True, slots=True)
class Imported:
    added: int
    changed: int
    groups: tuple[str, ...]


def read_csv(text: str, file: str) -> tuple[ContactEntry, ...]:
    """Columns ``name, org, duty, groups`` (groups separated by ``;``), and one column for each channel.

    Raises FaultyFile with every fault and its line.
    """
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    try:
        header = [visible_line(cell) for cell in next(reader)]
    except StopIteration:
        raise FaultyFile(
            (Fault(file, 1, "", N_("the file is empty; its first line names the columns")),)
        ) from None
    faults: list[Fault] = []
    if "name" not in header:
        faults.append(Fault(file, 1, "name", N_("there is no column `name`")))
    faults.extend(
        Fault(file, 1, name, N_("this column stands twice"))
        for name in {n for n in header if header.count(n) > 1}
    )
    if "" in header:
        faults.append(Fault(file, 1, "", N_("a column has no name")))
    entries: list[ContactEntry] = []
    seen: set[tuple[str, str]] = set()
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            faults.append(
                Fault(
                    file,
                    reader.line_num,
                    "",
                    Said("{cells} cells where {columns} columns are", cells=len(cells), columns=len(header)),
                )
            )
            continue
        row = dict(zip(header, (visible_line(cell) for cell in cells), strict=True))
        name, org = row.get("name", ""), row.get("org", "")
        if not name:
            faults.append(Fault(file, reader.line_num, "name", N_("the name is empty")))
        if (name, org) in seen:
            faults.append(
                Fault(
                    file,
                    reader.line_num,
                    "name",
                    Said("{name} of {org} stands twice", name=name, org=org or "-"),
                )
            )
        seen.add((name, org))
        groups = tuple(part.strip() for part in row.get("groups", "").split(";") if part.strip())
        addresses = tuple((key, value) for key, value in row.items() if key not in FIXED_COLUMNS and value)
        entries.append(ContactEntry(name, org, row.get("duty", ""), groups, addresses))
    if faults:
        raise FaultyFile(tuple(faults))
    return tuple(entries)


def read_yaml(text: str, file: str) -> tuple[ContactEntry, ...]:
    """A list under ``contacts``, each with ``name``, ``org``, ``duty``, ``groups``, ``addresses`` by channel.

    Raises FaultyFile with every fault and its line.
    """
    from dutydesk.desk.people.contact_file import ContactFile

    document = yamldoc.read(text, file)
    people = yamldoc.validated(document, ContactFile).contacts
    return tuple(
        ContactEntry(
            visible_line(person.name),
            visible_line(person.org),
            visible_line(person.duty),
            tuple(visible_line(group) for group in person.groups),
            tuple(
                (visible_line(channel), visible_line(address))
                for channel, address in person.addresses.items()
            ),
        )
        for person in people
    )


def sample_entries(desk: Desk) -> tuple[ContactEntry, ...]:
    """The made-up people that ship with the desk, for a demonstration."""
    return tuple(
        ContactEntry(person.name, person.org, person.duty, person.groups, person.addresses, sample=True)
        for person in desk.reference.sample_contacts
    )


async def import_contacts(desk: Desk, actor: Actor, entries: Sequence[ContactEntry]) -> Imported:
    """Adds or replaces contacts by name and organisation, in one transaction."""
    require(actor, Permission.MANAGE_CONTACTS)
    added = changed = 0
    async with (await desk.store()).transaction(actor) as tx:
        known = {(row.name, row.org): row for row in await tx.all(select(ContactRow))}
        fresh_id = await tx.next_id(ContactRow)
        rows: list[ContactRow | AddressRow | MemberRow] = []
        for entry in entries:
            row = known.get((entry.name, entry.org))
            if row is None:
                row = ContactRow(
                    id=fresh_id, name=entry.name, org=entry.org, duty=entry.duty, sample=entry.sample
                )
                fresh_id += 1
                added += 1
                rows.insert(added - 1, row)
            else:
                row.duty, row.sample, row.removed = entry.duty, entry.sample, False
                tx.session.add(row)
                changed += 1
                await tx.execute(delete(AddressRow).where(col(AddressRow.contact_id) == row.id))
                await tx.execute(delete(MemberRow).where(col(MemberRow.contact_id) == row.id))
            number = row.id or 0
            rows.extend(AddressRow(contact_id=number, channel=c, address=a) for c, a in entry.addresses)
            rows.extend(
                MemberRow(contact_id=number, group_code=group) for group in dict.fromkeys(entry.groups)
            )
        await tx.insert(rows)
        groups = tuple(sorted({group for entry in entries for group in entry.groups}))
        tx.journal("contacts.imported", "contacts", {"added": added, "changed": changed, "groups": groups})
    return Imported(added, changed, groups)
