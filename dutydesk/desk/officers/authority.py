"""Who may do what: asked at the head of every use case that changes anything."""

from __future__ import annotations

from dutydesk.model.enums import Permission
from dutydesk.model.errors import NotAllowed
from dutydesk.model.names import name_of
from dutydesk.model.officers import Actor
from dutydesk.model.text import Text


def require(actor: Actor, permission: Permission) -> None:
    """Raises NotAllowed when none of the actor's roles carries ``permission``."""
    if not actor.may(permission):
        raise NotAllowed(
            "{name} ({roles}) may not do this: it needs the permission to {permission}.",
            name=actor.name,
            roles=_roles(actor),
            permission=name_of(permission),
        )


def _roles(actor: Actor) -> Text:
    called = [name_of(role) for role in actor.roles] or [Text("-", "-")]
    return Text("、".join(name.zh for name in called), ", ".join(name.en for name in called))
