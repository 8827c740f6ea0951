"""Whose a session is."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from dutydesk.model.enums import Role
from dutydesk.model.instants import from_stored
from dutydesk.store.reader import Reader


@dataclass(frozen=True, slots=True)
class SessionState:
    """A session and its officer."""

    officer: int
    login: str
    name: str
    roles: tuple[Role, ...]
    disabled: bool
    expires_at: datetime
    ended: bool


async def session_of(reader: Reader, token_hash: str) -> SessionState | None:
    """The session known by ``token_hash``, or None."""
    rows = await reader.rows(
        "SELECT o.id, o.login, o.name, o.roles, o.disabled, s.expires_at, s.ended_at"
        " FROM session s JOIN officer o ON o.id = s.officer_id WHERE s.token_hash = $1",
        token_hash,
    )
    if not rows:
        return None
    officer, login, name, roles, disabled, expires_at, ended_at = rows[0]
    return SessionState(
        officer,
        login,
        name,
        tuple(Role(role) for role in json.loads(roles)),
        bool(disabled),
        from_stored(expires_at),
        ended_at is not None,
    )
