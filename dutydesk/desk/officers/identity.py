"""Who a session token stands for: looked up by plain SQL, before anything heavy is imported."""

from __future__ import annotations

import hashlib

from dutydesk.desk.desk import Desk
from dutydesk.model.errors import NotAllowed
from dutydesk.model.officers import Actor
from dutydesk.store.views.officers import officers
from dutydesk.store.views.sessions import session_of


def token_hash(token: str) -> str:
    """The form in which the database knows a token."""
    return hashlib.sha256(token.encode()).hexdigest()


async def actor_of(desk: Desk, token: str, *, console: str) -> Actor:
    """The officer of a session. Raises NotAllowed when it has ended, or the officer is disabled."""
    session = await session_of(desk.reader, token_hash(token))
    if session is None or session.ended:
        raise NotAllowed("The session has ended: `dutydesk login LOGIN` again.")
    if session.disabled:
        raise NotAllowed("{login} is disabled; an admin can say why.", login=session.login)
    if session.expires_at <= desk.clock.now():
        raise NotAllowed(
            "The session ran out at {until}: `dutydesk login LOGIN` again.",
            until=session.expires_at.astimezone(desk.zone).strftime("%m-%d %H:%M"),
        )
    return Actor(session.officer, session.login, session.name, session.roles, console)


async def has_officers(desk: Desk) -> bool:
    """Whether anybody could sign in at all; false after a first set-up that was broken off."""
    return bool(await officers(desk.reader, disabled=False))
