"""Who acts, and what a role permits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dutydesk.model.enums import Permission, Role

_OPERATIONAL = frozenset({Permission.READ, Permission.OPERATE, Permission.APPROVE})

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.OPERATOR: _OPERATIONAL,
    Role.SHIFT_CHIEF: _OPERATIONAL | {Permission.MANAGE_CONTACTS},
    Role.DUTY_LEADER: _OPERATIONAL | {Permission.MANAGE_CONTACTS},
    Role.SUPERVISOR: frozenset({Permission.READ}),
    Role.ADMIN: frozenset(Permission),
}
"""A supervisor reads and signs and changes nothing; the two operators of a night shift may approve each
other's notices, for that is why there are two of them (双人双岗)."""


@dataclass(frozen=True, slots=True)
class Officer:
    """An officer as the desk lists them; PIN hashes never leave the store."""

    id: int
    login: str
    name: str
    roles: tuple[Role, ...]
    disabled: bool
    created_at: datetime
    locked_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who a command is done by, and from which console. ``officer`` is ``None`` for the engine itself."""

    officer: int | None
    login: str
    name: str
    roles: tuple[Role, ...]
    console: str

    def may(self, permission: Permission) -> bool:
        """Whether one of the actor's roles carries ``permission``."""
        return any(permission in PERMISSIONS[role] for role in self.roles)


ENGINE_LOGIN = "engine"


def engine_actor(console: str) -> Actor:
    """The engine, acting by time rather than by hand."""
    return Actor(None, ENGINE_LOGIN, ENGINE_LOGIN, (), console)
