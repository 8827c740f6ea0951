"""People, their addresses by channel and their groups."""

from __future__ import annotations

from dutydesk.model.errors import NotFound
from dutydesk.model.notices import Contact
from dutydesk.store.reader import Reader
from dutydesk.store.views.query import Query

_SELECT = "SELECT c.id, c.name, c.org, c.duty, c.sample FROM contact c"


async def contact(reader: Reader, id: int) -> Contact:  # noqa: A002
    """The contact of that number, one that was removed too. Raises NotFound."""
    found = await _contacts(reader, Query(_SELECT).where("c.id = {}", id))
    if not found:
        raise NotFound("There is no contact {id}: check the number.", id=id)
    return found[0]


async def contacts(reader: Reader, group: str | None = None) -> list[Contact]:
    """The contacts that are not removed, by number; of one group if it is named."""
    query = Query(_SELECT).where("NOT c.removed")
    if group is not None:
        query.where("EXISTS (SELECT 1 FROM member m WHERE m.contact_id = c.id AND m.group_code = {})", group)
    return await _contacts(reader, query)


async def groups(reader: Reader) -> dict[str, int]:
    """How many contacts that are not removed are in each group that has any."""
    rows = await reader.rows(
        "SELECT m.group_code, count(*) FROM member m JOIN contact c ON c.id = m.contact_id "
        "WHERE NOT c.removed GROUP BY m.group_code ORDER BY m.group_code"
    )
    return dict(rows)


async def _contacts(reader: Reader, query: Query) -> list[Contact]:
    rows = await query.end("c.id").rows(reader)
    addresses: dict[int, list[tuple[str, str]]] = {row[0]: [] for row in rows}
    members: dict[int, list[str]] = {row[0]: [] for row in rows}
    if rows:
        for_addresses = Query("SELECT contact_id, channel, address FROM address")
        for_members = Query("SELECT contact_id, group_code FROM member")
        found = await reader.batch(
            for_addresses.where_in("contact_id", addresses).end("contact_id, channel").pair,
            for_members.where_in("contact_id", members).end("contact_id, group_code").pair,
        )
        for id_, channel, address in found[0]:
            addresses[id_].append((channel, address))
        for id_, code in found[1]:
            members[id_].append(code)
    return [
        Contact(id_, name, org, duty, tuple(members[id_]), tuple(addresses[id_]), bool(sample))
        for id_, name, org, duty, sample in rows
    ]
