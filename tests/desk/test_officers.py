"""Who may sign in, and what a guess at a PIN comes to."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import timedelta

import pytest

from dutydesk.desk.desk import Desk
from dutydesk.desk.officers import lockout, officers, sessions
from dutydesk.desk.officers.identity import actor_of
from dutydesk.model.clock import ManualClock
from dutydesk.model.enums import Role
from dutydesk.model.errors import BadInput, DeskError, NotAllowed, Refused
from dutydesk.model.officers import Actor
from dutydesk.store.views import journal

PIN = "4711-night"


@pytest.fixture
async def admin(desk: Desk) -> Actor:
    """The first officer, signed in."""
    await officers.first_officer(desk, "wang", "王强", PIN, console="desk-1")
    return (await sessions.sign_in(desk, "wang", PIN, console="desk-1")).actor


async def refusal(of: Awaitable[object]) -> str:
    """What the refusal that has to come says."""
    with pytest.raises(DeskError) as caught:
        await of
    return str(caught.value)


async def test_the_fifth_wrong_pin_locks_and_time_or_a_new_pin_unlocks(
    desk: Desk, admin: Actor, clock: ManualClock
) -> None:
    for _ in range(4):
        said = await refusal(sessions.sign_in(desk, "wang", "0000", console="x"))
        assert said == "The login or the PIN is wrong."
    assert "now locked" in await refusal(sessions.sign_in(desk, "wang", "0000", console="x"))
    assert "locked after 5" in await refusal(sessions.sign_in(desk, "wang", PIN, console="x"))
    clock.advance(lockout.LOCKED_FOR)
    await sessions.sign_in(desk, "wang", PIN, console="x")
    for _ in range(5):
        await refusal(sessions.sign_in(desk, "wang", "0000", console="x"))
    await officers.change_pin(desk, admin, "wang", "another-one", old_pin=None)
    await sessions.sign_in(desk, "wang", "another-one", console="x")


async def test_guessing_at_once_gets_no_more_than_five_guesses(desk: Desk, admin: Actor) -> None:
    """The right PIN among many guesses that all began before the lock is one guess too many."""
    guesses = [sessions.sign_in(desk, "wang", f"guess-{number}", console="x") for number in range(8)]
    answers = await asyncio.gather(*guesses, return_exceptions=True)
    assert all(isinstance(answer, NotAllowed) for answer in answers)
    assert sum("PIN is wrong" in str(answer) for answer in answers) == 5
    assert sum("locked after 5" in str(answer) for answer in answers) == 3


async def test_a_wrong_old_pin_counts_like_one_at_sign_in(
    desk: Desk, admin: Actor, clock: ManualClock
) -> None:
    """One counter for both doors; what is guessed is on record, and the right PIN waits like any other."""
    for _ in range(2):
        await refusal(sessions.sign_in(desk, "wang", "0000", console="x"))
    for _ in range(2):
        said = await refusal(officers.change_pin(desk, admin, "wang", "another-one", old_pin="0000"))
        assert said == "The old PIN is wrong; nothing was changed."
    said = await refusal(officers.change_pin(desk, admin, "wang", "another-one", old_pin="0000"))
    assert "wang is now locked" in said
    for pin in (PIN, "0000"):
        assert "locked after 5" in await refusal(
            officers.change_pin(desk, admin, "wang", "another-one", old_pin=pin)
        )
    assert "locked after 5" in await refusal(sessions.sign_in(desk, "wang", PIN, console="x"))
    kept = await journal.tail(desk.reader, limit=5)
    assert [entry.action for entry in kept].count("officer.pin_refused") == 3
    clock.advance(lockout.LOCKED_FOR)
    await officers.change_pin(desk, admin, "wang", "another-one", old_pin=PIN)
    await sessions.sign_in(desk, "wang", "another-one", console="x")


async def test_old_pins_guessed_at_once_get_no_more_than_five_guesses(desk: Desk, admin: Actor) -> None:
    guesses = [
        officers.change_pin(desk, admin, "wang", "another-one", old_pin=f"guess-{number}")
        for number in range(8)
    ]
    answers = await asyncio.gather(*guesses, return_exceptions=True)
    assert sum("PIN is wrong" in str(answer) for answer in answers) == 5
    assert sum("locked after 5" in str(answer) for answer in answers) == 3


async def test_nobody_learns_from_a_wrong_pin_whether_the_login_is_there(desk: Desk, admin: Actor) -> None:
    await officers.add_officer(desk, admin, "li", "李敏", PIN, [Role.OPERATOR])
    await officers.disable_officer(desk, admin, "li")
    said = {
        await refusal(sessions.sign_in(desk, login, "0000", console="x"))
        for login in ("wang", "li", "nobody")
    }
    assert said == {"The login or the PIN is wrong."}
    assert "is disabled" in await refusal(sessions.sign_in(desk, "li", PIN, console="x"))


async def test_a_session_ends_with_its_time_its_officer_and_its_pin(
    desk: Desk, admin: Actor, clock: ManualClock
) -> None:
    await officers.add_officer(desk, admin, "li", "李敏", PIN, [Role.OPERATOR])
    first = await sessions.sign_in(desk, "li", PIN, console="x")
    clock.advance(timedelta(hours=desk.session_hours))
    assert "ran out" in await refusal(actor_of(desk, first.token, console="x"))
    second = await sessions.sign_in(desk, "li", PIN, console="x")
    await officers.change_pin(desk, admin, "li", "another-one", old_pin=None)
    assert "has ended" in await refusal(actor_of(desk, second.token, console="x"))
    third = await sessions.sign_in(desk, "li", "another-one", console="x")
    await officers.disable_officer(desk, admin, "li")
    assert "has ended" in await refusal(actor_of(desk, third.token, console="x"))
    assert "already" in await refusal(officers.disable_officer(desk, admin, "li"))


async def test_officers_are_managed_by_an_admin_and_one_stays(desk: Desk, admin: Actor) -> None:
    await officers.add_officer(desk, admin, "li", "李敏", PIN, [Role.SHIFT_CHIEF, Role.SHIFT_CHIEF])
    chief = (await sessions.sign_in(desk, "li", PIN, console="x")).actor
    assert chief.roles == (Role.SHIFT_CHIEF,)
    for forbidden in (
        officers.add_officer(desk, chief, "zhao", "赵刚", PIN, [Role.ADMIN]),
        officers.disable_officer(desk, chief, "wang"),
        officers.change_pin(desk, chief, "wang", "mine-now", old_pin=None),
        officers.change_pin(desk, chief, "li", "another-one", old_pin=None),
        officers.change_pin(desk, chief, "li", "another-one", old_pin="wrong"),
    ):
        with pytest.raises(NotAllowed):
            await forbidden
    await officers.change_pin(desk, chief, "li", "another-one", old_pin=PIN)
    with pytest.raises(Refused, match="last admin"):
        await officers.disable_officer(desk, admin, "wang")
    with pytest.raises(Refused, match="taken"):
        await officers.add_officer(desk, admin, "li", "李四", PIN, [Role.OPERATOR])
    for login, name, pin, roles in (
        ("", "x", PIN, [Role.OPERATOR]),
        ("a b", "x", PIN, [Role.OPERATOR]),
        ("x" * 33, "x", PIN, [Role.OPERATOR]),
        ("x", " \n", PIN, [Role.OPERATOR]),
        ("x", "x" * 65, PIN, [Role.OPERATOR]),
        ("x", "x", "123", [Role.OPERATOR]),
        ("x", "x", "\udcff" * 4, [Role.OPERATOR]),
        ("x", "x", PIN, []),
    ):
        with pytest.raises(BadInput) as caught:
            await officers.add_officer(desk, admin, login, name, pin, roles)
        assert pin not in str(caught.value)


async def test_no_pin_reaches_the_journal(desk: Desk, admin: Actor) -> None:
    await refusal(sessions.sign_in(desk, "wang", "0815-guess", console="x"))
    await officers.change_pin(desk, admin, "wang", "another-one", old_pin=None)
    kept = str(await journal.tail(desk.reader, limit=100))
    assert "session.refused" in kept
    for pin in (PIN, "0815-guess", "another-one"):
        assert pin not in kept
