"""Signing in and out. A session is a random token; the database holds only its hash."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select

from dutydesk.desk.desk import Desk
from dutydesk.desk.officers import lockout, pins
from dutydesk.desk.officers.identity import token_hash
from dutydesk.desk.officers.officers import LONGEST_LOGIN
from dutydesk.model.enums import Role
from dutydesk.model.errors import NotAllowed
from dutydesk.model.officers import Actor
from dutydesk.model.visible import visible_line
from dutydesk.store.database import Transaction
from dutydesk.store.tables import OfficerRow, SessionRow


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A fresh session. ``token`` is the secret that proves it."""

    actor: Actor
    token: str
    expires_at: datetime


async def sign_in(desk: Desk, login: str, pin: str, *, console: str) -> SignedIn:
    """Opens a session. After five wrong PINs in a row the login is locked for a quarter of an hour.

    Raises NotAllowed, with the same words for an unknown login and a wrong PIN.
    """
    login = _login_asked(login)
    store = await desk.store()
    asking = Actor(None, login, login, (), console)
    by_login = select(OfficerRow).where(col(OfficerRow.login) == login)
    async with store.transaction(asking, journaled=False) as tx:
        known = await tx.all(by_login)
        lockout.refuse_locked(desk, known, tx.now)
        pin_hash = known[0].pin_hash if known else ""
    # outside the transaction: nobody's report waits for a hash
    right = await pins.matches(pin_hash or await pins.hashed(secrets.token_hex(8)), pin) and bool(pin_hash)

    refusal: NotAllowed | None = None
    async with store.transaction(asking) as tx:
        found = await tx.all(by_login)
        lockout.refuse_locked(desk, found, tx.now)  # by others who guessed meanwhile
        if not found:
            tx.journal("session.refused", f"officer:{login}", {"why": "unknown login"})
            refusal = NotAllowed("The login or the PIN is wrong.")
        elif not right:
            refusal = _wrong_pin(lockout.count_wrong(tx, found[0]), login)
        elif found[0].disabled:
            tx.journal("session.refused", f"officer:{login}", {"why": "disabled"})
            refusal = NotAllowed("{login} is disabled; an admin can say why.", login=login)
        else:
            signed_in = await _open_session(tx, desk, found[0], console)
    if refusal is not None:
        raise refusal
    return signed_in


def _wrong_pin(locked: bool, login: str) -> NotAllowed:
    if not locked:
        return NotAllowed("The login or the PIN is wrong.")
    return NotAllowed(
        "The login or the PIN is wrong; {login} is now locked for {minutes} minutes.",
        login=login,
        minutes=lockout.MINUTES_LOCKED,
    )


async def _open_session(tx: Transaction, desk: Desk, officer: OfficerRow, console: str) -> SignedIn:
    lockout.unlock(tx, officer)
    token = secrets.token_urlsafe(32)
    expires = tx.now + timedelta(hours=desk.session_hours)
    session = SessionRow(
        token_hash=token_hash(token),
        officer_id=officer.id or 0,
        console=console,
        started_at=tx.now,
        expires_at=expires,
    )
    await tx.insert([session])
    tx.journal("session.started", f"officer:{officer.login}", {})
    roles = tuple(Role(role) for role in officer.roles)
    return SignedIn(Actor(officer.id, officer.login, officer.name, roles, console), token, expires)


def _login_asked(login: str) -> str:
    """``login`` as the journal may keep it, whoever typed what."""
    asked = visible_line(login)
    return asked if len(asked) <= LONGEST_LOGIN else f"{asked[: LONGEST_LOGIN - 1]}…"


async def sign_out(desk: Desk, actor: Actor, token: str) -> None:
    """Ends the session of ``token``; ending it twice is no fault."""
    async with (await desk.store()).transaction(actor) as tx:
        rows = await tx.all(select(SessionRow).where(col(SessionRow.token_hash) == token_hash(token)))
        for row in rows:
            row.ended_at = tx.now
            tx.session.add(row)
        tx.journal("session.ended", f"officer:{actor.login}", {})
