"""What a wrong PIN costs, wherever it was asked for: it is counted and journalled, and five in a row lock the
login. A door that did not count would be the one to guess at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from dutydesk.desk.desk import Desk
from dutydesk.model.errors import NotAllowed
from dutydesk.store.database import Transaction
from dutydesk.store.tables import OfficerRow

WRONG_PINS_ALLOWED = 5
MINUTES_LOCKED = 15
LOCKED_FOR = timedelta(minutes=MINUTES_LOCKED)


def refuse_locked(desk: Desk, found: Sequence[OfficerRow], now: datetime) -> None:
    """Raises NotAllowed while the officer found, if any, is locked out."""
    locked = found[0].locked_until if found else None
    if locked is not None and locked > now:
        raise NotAllowed(
            "{login} is locked after {times} wrong PINs until {until}; an admin can set a new PIN.",
            login=found[0].login,
            times=WRONG_PINS_ALLOWED,
            until=locked.astimezone(desk.zone).strftime("%H:%M"),
        )


def count_wrong(tx: Transaction, officer: OfficerRow, *, action: str = "session.refused") -> bool:
    """Keeps count of a wrong PIN and journals it as ``action``; locks the login where it was one too many.
    Returns whether it did. The refusal is raised after ``tx``, which has to be kept."""
    officer.wrong_pins += 1
    locks = officer.wrong_pins >= WRONG_PINS_ALLOWED
    if locks:
        officer.locked_until = tx.now + LOCKED_FOR
        officer.wrong_pins = 0
    tx.session.add(officer)
    tx.journal(action, f"officer:{officer.login}", {"why": "wrong PIN", "locked": locks})
    return locks


def unlock(tx: Transaction, officer: OfficerRow) -> None:
    """Forgets the wrong PINs so far, and lifts a lock-out."""
    officer.wrong_pins = 0
    officer.locked_until = None
    tx.session.add(officer)
