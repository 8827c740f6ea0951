"""Officers: the first one, the others, their roles and PINs."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import col, select

from dutydesk.desk.desk import Desk
from dutydesk.desk.officers import lockout, pins
from dutydesk.desk.officers.authority import require
from dutydesk.model.enums import Permission, Role
from dutydesk.model.errors import BadInput, NotAllowed, NotFound, Refused
from dutydesk.model.officers import Actor, Officer
from dutydesk.model.visible import quoted, visible_line
from dutydesk.store.database import Transaction
from dutydesk.store.tables import OfficerRow, SessionRow
from dutydesk.store.views.officers import officers

FIRST_ROLES = (Role.ADMIN, Role.SHIFT_CHIEF)
LONGEST_LOGIN = 32
LONGEST_NAME = 64


def _value(row: OfficerRow) -> Officer:
    return Officer(
        id=row.id or 0,
        login=row.login,
        name=row.name,
        roles=tuple(Role(role) for role in row.roles),
        disabled=row.disabled,
        created_at=row.created_at,
        locked_until=row.locked_until,
    )


def _login(text: str) -> str:
    login = text.strip()
    if not login or len(login) > LONGEST_LOGIN or not all(char.isalnum() or char in "._-" for char in login):
        raise BadInput(
            "A login is 1 to {longest} letters, digits, dots or dashes; {login} is not.",
            longest=LONGEST_LOGIN,
            login=quoted(text),
        )
    return login


def _name(text: str) -> str:
    name = visible_line(text)
    if not name or len(name) > LONGEST_NAME:
        raise BadInput("An officer's name has 1 to {longest} characters.", longest=LONGEST_NAME)
    return name


async def _by_login(tx: Transaction, login: str) -> OfficerRow | None:
    found = await tx.all(select(OfficerRow).where(col(OfficerRow.login) == login))
    return found[0] if found else None


async def _found(tx: Transaction, login: str) -> OfficerRow:
    row = await _by_login(tx, login)
    if row is None:
        raise NotFound("There is no officer {login}; `dutydesk user list` shows them.", login=quoted(login))
    return row


async def officer_there(desk: Desk, login: str) -> Officer | None:
    """The officer of that login, for the first set-up said again; ``None`` on a desk without officers. Raises
    Refused where the officers there are others."""
    there = await officers(desk.reader)
    known = next((officer for officer in there if officer.login == login.strip()), None)
    if known is None and there:
        raise _has_officers()
    return known


def _has_officers() -> Refused:
    return Refused("This desk already has its officers: an admin adds others with `dutydesk user add`.")


async def first_officer(desk: Desk, login: str, name: str, pin: str, *, console: str) -> tuple[Officer, bool]:
    """Makes the desk's first officer, who may do everything. Returns the officer and whether they are new;
    the same login again changes nothing. Raises Refused when other officers are there already."""
    login, name = _login(login), _name(name)
    store = await desk.store()
    pin_hash = await pins.hashed(pin)
    actor = Actor(None, login, name, (), console)
    async with store.transaction(actor) as tx:
        there = await _by_login(tx, login)
        if there is not None:
            return _value(there), False
        if await tx.all(select(OfficerRow).limit(1)):
            raise _has_officers()
        row = OfficerRow(
            id=await tx.next_id(OfficerRow),
            login=login,
            name=name,
            roles=list(FIRST_ROLES),
            pin_hash=pin_hash,
            created_at=tx.now,
        )
        await tx.insert([row])
        tx.journal("officer.first", f"officer:{login}", {"name": name, "roles": list(FIRST_ROLES)})
        return _value(row), True


async def add_officer(
    desk: Desk, actor: Actor, login: str, name: str, pin: str, roles: Sequence[Role]
) -> Officer:
    """Adds an officer. Raises Refused when the login is taken."""
    require(actor, Permission.MANAGE_OFFICERS)
    login, name = _login(login), _name(name)
    if not roles:
        raise BadInput("An officer has at least one role of: {roles}.", roles=" ".join(Role))
    pin_hash = await pins.hashed(pin)
    async with (await desk.store()).transaction(actor) as tx:
        if await _by_login(tx, login) is not None:
            raise Refused("The login {login} is taken; choose another.", login=login)
        row = OfficerRow(
            id=await tx.next_id(OfficerRow),
            login=login,
            name=name,
            roles=[str(role) for role in dict.fromkeys(roles)],
            pin_hash=pin_hash,
            created_at=tx.now,
        )
        await tx.insert([row])
        tx.journal("officer.added", f"officer:{login}", {"name": name, "roles": row.roles})
        return _value(row)


async def disable_officer(desk: Desk, actor: Actor, login: str) -> Officer:
    """Disables an officer and ends their sessions. The last admin stays."""
    require(actor, Permission.MANAGE_OFFICERS)
    async with (await desk.store()).transaction(actor) as tx:
        row = await _found(tx, login)
        if row.disabled:
            raise Refused("{login} is disabled already.", login=login)
        others = await tx.all(
            select(OfficerRow).where(col(OfficerRow.disabled).is_(False), col(OfficerRow.login) != login)
        )
        if not any(Role.ADMIN in other.roles for other in others):
            raise Refused("{login} is the last admin and stays: make another admin first.", login=login)
        row.disabled = True
        tx.session.add(row)
        await _end_sessions(tx, row)
        tx.journal("officer.disabled", f"officer:{login}", {})
        return _value(row)


async def change_pin(desk: Desk, actor: Actor, login: str, new_pin: str, *, old_pin: str | None) -> None:
    """Sets a PIN: one's own with the old one, anybody's by an admin. Ends the officer's sessions and lifts a
    lock-out. A wrong old PIN counts like one at sign-in, and none is looked at during a lock-out."""
    own = actor.login == login
    if not own:
        require(actor, Permission.MANAGE_OFFICERS)
    pin_hash = await pins.hashed(new_pin)
    store = await desk.store()
    guessed = own and old_pin is not None
    right = True
    if own and old_pin is not None:
        async with store.transaction(actor, journaled=False) as tx:
            row = await _found(tx, login)
            lockout.refuse_locked(desk, [row], tx.now)
            kept = row.pin_hash
        # outside the transaction: nobody's report waits for a hash
        right = await pins.matches(kept, old_pin)
    elif own and not actor.may(Permission.MANAGE_OFFICERS):
        raise NotAllowed("To change your own PIN, give the old one too.")
    refusal: NotAllowed | None = None
    async with store.transaction(actor) as tx:
        row = await _found(tx, login)
        if guessed:
            lockout.refuse_locked(desk, [row], tx.now)  # by others who guessed meanwhile
        if right:
            row.pin_hash = pin_hash
            lockout.unlock(tx, row)
            await _end_sessions(tx, row)
            tx.journal("officer.pin_changed", f"officer:{login}", {"own": own})
        else:
            refusal = _wrong_old_pin(lockout.count_wrong(tx, row, action="officer.pin_refused"), login)
    if refusal is not None:
        raise refusal


def _wrong_old_pin(locked: bool, login: str) -> NotAllowed:
    if not locked:
        return NotAllowed("The old PIN is wrong; nothing was changed.")
    return NotAllowed(
        "The old PIN is wrong; nothing was changed, and {login} is now locked for {minutes} minutes.",
        login=login,
        minutes=lockout.MINUTES_LOCKED,
    )


async def _end_sessions(tx: Transaction, officer: OfficerRow) -> None:
    open_ones = select(SessionRow).where(
        col(SessionRow.officer_id) == officer.id, col(SessionRow.ended_at).is_(None)
    )
    for session in await tx.all(open_ones):
        session.ended_at = tx.now
        tx.session.add(session)
