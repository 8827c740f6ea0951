"""The lease that makes one engine active and keeps a second one standing by. Its times are the wall clock's,
whatever clock the desk runs on; who takes it over goes by what it has seen itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Update, delete, exists, select, update
from sqlmodel import col

from dutydesk.desk.engine.processes import Holder, dead
from dutydesk.model.clock import Clock
from dutydesk.model.errors import DeskError
from dutydesk.model.officers import Actor
from dutydesk.store.database import Store, Transaction
from dutydesk.store.tables import LeaseRow

NAME: Final = "engine"
HEARTBEAT_EVERY: Final = timedelta(seconds=1)
EXPIRES_AFTER: Final = timedelta(seconds=5)
LONGEST_GAP: Final = timedelta(seconds=2.5)
"""Between two looks of one that stands by; it looks much more often where it can."""


class LeaseLost(DeskError):
    """Another engine has taken over; this one must not touch anything any more."""


@dataclass(frozen=True, slots=True)
class Held:
    """What an attempt to take the lease found. ``by`` is who had it before, or has it now; ``expired``: who
    has it has not prolonged it in time."""

    mine: bool
    by: Holder | None
    expired: bool = False


class Silence:
    """How long the active engine's heartbeat has stood still, as watched by one that stands by, on a clock
    that nobody sets. Time in which the database could not be looked at does not count: the other could not
    have beaten either, and may be in the middle of sending."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._beat: tuple[str, datetime] | None = None
        self._since = self._looked = monotonic()

    def lasts(self, row: LeaseRow) -> bool:
        """Whether it has lasted for EXPIRES_AFTER, after this look at the lease."""
        now, beat = self._monotonic(), (row.holder, row.heartbeat_at)
        if beat != self._beat or now - self._looked > LONGEST_GAP.total_seconds():
            self._since = now
        self._beat, self._looked = beat, now
        return now - self._since >= EXPIRES_AFTER.total_seconds()


async def acquire(store: Store, actor: Actor, me: Holder, wall: Clock, silence: Silence) -> Held:
    """Takes the lease if nobody has it, or whoever has it is known to be dead or has been silent for long
    enough, journalling that. ``Held.mine`` says whether ``me`` holds it now."""
    async with store.transaction(actor) as tx:
        row = await tx.find(LeaseRow, NAME)
        now = wall.now()
        if row is not None and row.holder == me.id:
            return Held(mine=True, by=me)
        before = None if row is None else Holder(row.holder, row.pid, row.host)
        if row is not None and not dead(row.host, row.pid) and not silence.lasts(row):
            return Held(mine=False, by=before, expired=row.expires_at <= now)
        if row is not None:
            await tx.execute(delete(LeaseRow).where(col(LeaseRow.name) == NAME))
            tx.session.expunge(row)
        await tx.insert(
            [
                LeaseRow(
                    name=NAME,
                    holder=me.id,
                    pid=me.pid,
                    host=me.host,
                    acquired_at=now,
                    heartbeat_at=now,
                    expires_at=now + EXPIRES_AFTER,
                )
            ]
        )
        tx.journal(
            "engine.started",
            "engine",
            {"pid": me.pid, "host": me.host, "took_over_from": before.id if before else None},
        )
        return Held(mine=True, by=before)


async def beat(store: Store, actor: Actor, me: Holder, wall: Clock) -> bool:
    """Prolongs the lease and says whether somebody asked the engine to stop. Raises LeaseLost."""
    async with store.transaction(actor, journaled=False) as tx:
        now = wall.now()
        asked = (
            await tx.execute(
                _mine(update(LeaseRow), me)
                .values(heartbeat_at=now, expires_at=now + EXPIRES_AFTER)
                .returning(col(LeaseRow.stop_requested))
            )
        ).scalar_one_or_none()
    if asked is None:
        raise _lost()
    return bool(asked)


async def require(tx: Transaction, me: Holder) -> None:
    """Refuses to go on in a transaction of an engine that no longer holds the lease. Raises LeaseLost."""
    held = (await tx.execute(select(still_held(me.id)))).scalar_one()
    if not held:
        raise _lost()


def still_held(holder: str) -> ColumnElement[bool]:
    """The condition that fences a statement: ``holder`` has the lease at this moment."""
    return exists().where(col(LeaseRow.name) == NAME, col(LeaseRow.holder) == holder)


async def release(store: Store, actor: Actor, me: Holder) -> None:
    """Gives the lease up, journalling that; a standby engine takes it at once. No fault if it was lost."""
    async with store.transaction(actor) as tx:
        gone: Any = await tx.execute(
            delete(LeaseRow).where(col(LeaseRow.name) == NAME, col(LeaseRow.holder) == me.id)
        )
        if gone.rowcount:
            tx.journal("engine.stopped", "engine", {"pid": me.pid, "host": me.host})


async def request_stop(store: Store, actor: Actor) -> Holder | None:
    """Asks the active engine to stop, journalling who asked. Returns it, ``None`` when there is none."""
    async with store.transaction(actor) as tx:
        row = await tx.find(LeaseRow, NAME)
        if row is None:
            return None
        row.stop_requested = True
        tx.session.add(row)
        tx.journal("engine.stop_requested", "engine", {"pid": row.pid, "host": row.host})
        return Holder(row.holder, row.pid, row.host)


def _mine(statement: Update, me: Holder) -> Update:
    return statement.where(col(LeaseRow.name) == NAME, col(LeaseRow.holder) == me.id)


def _lost() -> LeaseLost:
    return LeaseLost("Another engine has taken the lease: this one stops working.")
