"""Officers as the desk lists them. PIN hashes are not read here."""

from __future__ import annotations

import json
from typing import Any

from dutydesk.model.enums import Role
from dutydesk.model.errors import NotFound
from dutydesk.model.instants import from_stored
from dutydesk.model.officers import Officer
from dutydesk.store.reader import Reader
from dutydesk.store.views.query import Query, instant

_SELECT = "SELECT id, login, name, roles, disabled, created_at, locked_until FROM officer"


async def officers(reader: Reader, *, disabled: bool = True) -> list[Officer]:
    """All officers by number; without the disabled ones if ``disabled`` is false."""
    query = Query(_SELECT)
    if not disabled:
        query.where("NOT disabled")
    return [_officer(row) for row in await query.end("id").rows(reader)]


async def officer(reader: Reader, login: str) -> Officer:
    """The officer of that login. Raises NotFound."""
    rows = await Query(_SELECT).where("login = {}", login).rows(reader)
    if not rows:
        raise NotFound("There is no officer {login}: check the login.", login=login)
    return _officer(rows[0])


def _officer(row: tuple[Any, ...]) -> Officer:
    return Officer(
        id=row[0],
        login=row[1],
        name=row[2],
        roles=tuple(Role(role) for role in json.loads(row[3])),
        disabled=bool(row[4]),
        created_at=from_stored(row[5]),
        locked_until=instant(row[6]),
    )
