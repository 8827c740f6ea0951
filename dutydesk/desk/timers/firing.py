"""Timers whose time has come are fired, many in one statement: nothing between a due time and its firing but
one short transaction. Whom to tell is ``escalating``'s question."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import bindparam, select, update

from dutydesk.desk.desk import Desk
from dutydesk.desk.engine.lease import require, still_held
from dutydesk.desk.engine.processes import Holder
from dutydesk.model.enums import TimerState
from dutydesk.model.officers import Actor
from dutydesk.store.tables import TimerRow

BATCH: Final = 200
LATE: Final = timedelta(seconds=2)
"""How long after its due time a timer's firing counts as late and says so."""

_TIMER: Any = TimerRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Fired:
    """A timer that was fired, and how long after its due time."""

    id: int
    late: timedelta


async def fire_due(desk: Desk, actor: Actor, me: Holder, *, batch: int = BATCH) -> tuple[Fired, ...]:
    """Fires up to ``batch`` armed timers that are due, longest due first; empty when none is.

    Their ``next_at`` stays as it is, at which escalation looks at them. Raises LeaseLost when ``me`` is no
    longer the active engine: then nothing is fired.
    """
    async with (await desk.store()).transaction(actor) as tx:
        due = (
            select(_TIMER.c.id)
            .where(_TIMER.c.state == TimerState.ARMED, _TIMER.c.due_at <= tx.now)
            .order_by(_TIMER.c.due_at)
            .limit(batch)
        )
        claimed = await tx.execute(
            update(_TIMER)
            .where(_TIMER.c.id.in_(due.scalar_subquery()), still_held(me.id))
            .values(state=TimerState.FIRED, fired_at=tx.now)
            .returning(_TIMER.c.id, _TIMER.c.due_at)
        )
        fired = tuple(sorted((Fired(row.id, tx.now - row.due_at) for row in claimed), key=_longest_due))
        if not fired:
            await require(tx, me)
            return ()
        late = [one for one in fired if one.late > LATE]
        if late:
            await tx.execute(
                update(_TIMER).where(_TIMER.c.id == bindparam("timer")).values(late_s=bindparam("seconds")),
                [{"timer": one.id, "seconds": _seconds(one.late)} for one in late],
            )
        tx.journal("timers.fired", _subject(fired), _payload(fired, late))
        return fired


def _longest_due(fired: Fired) -> tuple[timedelta, int]:
    return (-fired.late, fired.id)


def _seconds(span: timedelta) -> float:
    return round(span.total_seconds(), 3)


def _subject(fired: tuple[Fired, ...]) -> str:
    return f"timer:{fired[0].id}" if len(fired) == 1 else "timers"


def _payload(fired: tuple[Fired, ...], late: Iterable[Fired]) -> dict[str, object]:
    payload: dict[str, object] = {"timers": [one.id for one in fired]}
    late_s = {str(one.id): _seconds(one.late) for one in late}
    if late_s:
        payload["late_s"] = late_s
    return payload
