"""The outbox, worked: deliveries are claimed in one committed statement before anything goes over the
network, and what no engine came back to is taken up again, marked as a possible double."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Insert,
    Row,
    and_,
    case,
    false,
    func,
    insert,
    literal,
    not_,
    or_,
    select,
    true,
    update,
)

from dutydesk.desk.desk import Desk
from dutydesk.desk.engine.lease import require, still_held
from dutydesk.desk.engine.processes import Holder
from dutydesk.desk.notices.outbox import ORPHANED, TOO_OLD
from dutydesk.desk.notices.standing import standing
from dutydesk.model.clock import Clock
from dutydesk.model.enums import BroadcastKind, DeliveryState, Outcome, Urgency
from dutydesk.model.notices import OutgoingMessage
from dutydesk.model.officers import Actor
from dutydesk.notify import compose
from dutydesk.store.database import Transaction
from dutydesk.store.tables import AttemptRow, BroadcastRow, DeliveryRow
from dutydesk.store.views.waiting import CLAIMABLE

URGENT_EXTRA: Final = 16
"""How many urgent deliveries may wait for a place in a channel's full lane, where they go first."""
MOST_ATTEMPTS: Final = 20
"""A delivery during which the engine died so often is not taken up again by itself."""

_DELIVERY: Any = DeliveryRow.__table__  # type: ignore[attr-defined]
_BROADCAST: Any = BroadcastRow.__table__  # type: ignore[attr-defined]
_ATTEMPT: Any = AttemptRow.__table__  # type: ignore[attr-defined]
_CARRIED: Final = (
    _DELIVERY.c.id,
    _DELIVERY.c.broadcast_id,
    _DELIVERY.c.channel,
    _DELIVERY.c.address,
    _DELIVERY.c.code,
    _DELIVERY.c.urgency,
    _DELIVERY.c.attempts,
    _DELIVERY.c.doubtful,
    _DELIVERY.c.queued_at,
    _DELIVERY.c.changed_at,
    _DELIVERY.c.lease_until,
)
"""What of a delivery its sending needs."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that is ours to send, once, if that begins before ``lease_until``; it was claimed at
    ``since``, both in the desk's time. ``number`` counts its attempts from 1; ``earlier`` of them were made
    before an officer had it sent again."""

    delivery: int
    attempt: int
    number: int
    channel: str
    address: str
    broadcast: int
    text: str
    code: str
    correction: bool
    drill: bool
    urgent: bool
    doubtful: bool
    since: datetime
    lease_until: datetime
    earlier: int = 0

    @property
    def tries(self) -> int:
        """How many attempts it has had since it was last queued, this one included."""
        return self.number - self.earlier

    def message(self) -> OutgoingMessage:
        """What goes out, as the preview showed it. Raises BadInput where the text cannot go out."""
        title, body = _worded(self.text, self.drill, self.doubtful, self.correction, self.code)
        return OutgoingMessage(
            self.delivery, self.broadcast, self.address, title, body, self.drill, self.urgent
        )


@dataclass(frozen=True, slots=True)
class Recovered:
    """What was found half-done: ``again`` goes out again as a possible double, ``left`` stays unknown."""

    again: tuple[int, ...]
    left: tuple[int, ...]


@lru_cache(maxsize=256)
def _worded(text: str, drill: bool, doubtful: bool, correction: bool, code: str) -> tuple[str, str]:
    """Title and body; most recipients of a notice get the same."""
    return compose.message(text=text, drill=drill, doubtful=doubtful, correction=correction, code=code)


def desk_span(clock: Clock, real_seconds: float) -> timedelta:
    """How much of the desk's time passes in so many seconds of real time."""
    return timedelta(seconds=real_seconds / clock.real_seconds(timedelta(seconds=1)))


async def claim(
    desk: Desk,
    actor: Actor,
    me: Holder,
    *,
    room: Mapping[str, int],
    other_room: int,
    stale_after: timedelta,
    lease: timedelta,
    at_work: datetime | None = None,
) -> tuple[Claimed, ...]:
    """Claims due deliveries, urgent first, at most ``room`` of each channel named there and ``other_room`` of
    any other channel. When this returns they are committed as being sent, each with an attempt begun.

    ``lease`` is how long, in the desk's time, an attempt may take at most. What :func:`set_stale_aside` would
    put aside is left alone. Raises LeaseLost.
    """
    async with (await desk.store()).transaction(actor, journaled=False) as tx:
        waiting = (
            select(
                _DELIVERY.c.id,
                _DELIVERY.c.urgency,
                _DELIVERY.c.channel,
                func.row_number()
                .over(
                    partition_by=_DELIVERY.c.channel,
                    order_by=(_DELIVERY.c.urgency, _DELIVERY.c.next_at, _DELIVERY.c.id),
                )
                .label("place"),
            )
            .where(
                _DELIVERY.c.next_at <= tx.now,
                _DELIVERY.c.state.in_(CLAIMABLE),
                standing(_DELIVERY.c.broadcast_id),
                not_(_too_old(tx.now, stale_after, at_work)),
            )
            .subquery()
        )
        found = await tx.execute(
            update(_DELIVERY)
            .where(
                _DELIVERY.c.id.in_(select(waiting.c.id).where(_has_room(waiting, room, other_room))),
                still_held(me.id),
            )
            .values(
                state=DeliveryState.SENDING,
                doubtful=or_(_DELIVERY.c.doubtful, _DELIVERY.c.state == DeliveryState.UNKNOWN),
                attempts=_DELIVERY.c.attempts + 1,
                next_at=None,
                changed_at=tx.now,
                lease_holder=me.id,
                lease_until=tx.now + lease,
            )
            .returning(*_CARRIED)
        )
        rows = sorted(found, key=lambda row: (row.urgency, row.id))
        if not rows:
            await require(tx, me)
            return ()
        by_id = await _notices_of(tx, rows)
        attempts = {row.id: await tx.next_id(AttemptRow) for row in sorted(rows, key=_number)}
        again = [row.id for row in rows if _queued_again(row, by_id[row.broadcast_id])]
        earlier = await _made_before(tx, again) if again else {}
        await tx.execute(_begin_attempts(attempts, tx.now))
        return tuple(
            _claimed(row, attempts[row.id], by_id[row.broadcast_id], earlier.get(row.id, 0)) for row in rows
        )


async def claimed_by(desk: Desk, actor: Actor, me: Holder) -> tuple[Claimed, ...]:
    """What ``me`` has claimed and not recorded. Some of it may be new to ``me``: a claim can be committed
    and be reported as failed, where the connection was cut at that moment."""
    async with (await desk.store()).transaction(actor, journaled=False) as tx:
        found = await tx.execute(
            select(*_CARRIED, _ATTEMPT.c.id.label("attempt"))
            .join(
                _ATTEMPT,
                and_(_ATTEMPT.c.delivery_id == _DELIVERY.c.id, _ATTEMPT.c.number == _DELIVERY.c.attempts),
            )
            .where(_DELIVERY.c.state == DeliveryState.SENDING, _DELIVERY.c.lease_holder == me.id)
            .order_by(_DELIVERY.c.id)
        )
        rows = found.all()
        by_id = await _notices_of(tx, rows)
        return tuple(_claimed(row, row.attempt, by_id[row.broadcast_id], 0) for row in rows)


async def recover(
    desk: Desk, actor: Actor, me: Holder, *, stale_after: timedelta, asks_first: Collection[str] = ()
) -> Recovered:
    """Takes up what another engine left between sending and recording, or this one past its lease: nobody
    knows whether those went out. Each goes out again marked as a possible double, but not where its notice
    was withdrawn or corrected, it is too old to go by itself, MOST_ATTEMPTS are used up, or its channel is
    among those that ask an officer first (``asks_first``): then the doubt stays in sight. Raises LeaseLost.
    """
    async with (await desk.store()).transaction(actor) as tx:
        await require(tx, me)
        goes_again = and_(
            standing(_DELIVERY.c.broadcast_id),
            _tries() < MOST_ATTEMPTS,
            _DELIVERY.c.changed_at > tx.now - stale_after,
            _DELIVERY.c.channel.not_in(tuple(asks_first)),
        )
        found = await tx.execute(
            update(_DELIVERY)
            .where(
                _DELIVERY.c.state == DeliveryState.SENDING,
                or_(_DELIVERY.c.lease_holder != me.id, _DELIVERY.c.lease_until <= tx.now),
            )
            .values(
                state=DeliveryState.UNKNOWN,
                doubtful=True,
                reason=ORPHANED,
                next_at=case((goes_again, literal(tx.now, _DELIVERY.c.next_at.type)), else_=None),
                changed_at=tx.now,
                lease_holder="",
                lease_until=None,
            )
            .returning(_DELIVERY.c.id, _DELIVERY.c.next_at)
        )
        rows = found.all()
        if not rows:
            return Recovered((), ())
        recovered = Recovered(
            again=tuple(sorted(row.id for row in rows if row.next_at is not None)),
            left=tuple(sorted(row.id for row in rows if row.next_at is None)),
        )
        await tx.execute(
            update(_ATTEMPT)
            .where(_ATTEMPT.c.delivery_id.in_([row.id for row in rows]), _ATTEMPT.c.ended_at.is_(None))
            .values(ended_at=tx.now, outcome=Outcome.UNKNOWN, detail=ORPHANED)
        )
        tx.journal(
            "deliveries.recovered",
            "deliveries",
            {"sent_again_doubtful": list(recovered.again), "left_unknown": list(recovered.left)},
        )
        return recovered


async def set_stale_aside(
    desk: Desk, actor: Actor, me: Holder, *, stale_after: timedelta, at_work: datetime | None = None
) -> tuple[int, ...]:
    """Puts aside what was to go out longer than ``stale_after`` ago, the urgent too: what they ask for may
    be wrong by now. They are ``stale``, or ``unknown`` where an earlier attempt may have arrived, until a
    person decides. Returns their numbers. Raises LeaseLost.

    ``at_work`` is when an engine last sent what was due. While that is not ``stale_after`` ago nothing is put
    aside: what waits then waits for its channel, in its turn.
    """
    async with (await desk.store()).transaction(actor) as tx:
        await require(tx, me)
        doubt = or_(_DELIVERY.c.doubtful, _DELIVERY.c.state == DeliveryState.UNKNOWN)
        found = await tx.execute(
            update(_DELIVERY)
            .where(
                _too_old(tx.now, stale_after, at_work),
                _DELIVERY.c.state.in_(CLAIMABLE),
                standing(_DELIVERY.c.broadcast_id),
            )
            .values(
                state=case((doubt, str(DeliveryState.UNKNOWN)), else_=str(DeliveryState.STALE)),
                reason=TOO_OLD,
                next_at=None,
                changed_at=tx.now,
            )
            .returning(_DELIVERY.c.id)
        )
        stale = tuple(sorted(row.id for row in found))
        if stale:
            tx.journal("deliveries.stale", "deliveries", {"deliveries": list(stale)})
        return stale


def _too_old(now: datetime, stale_after: timedelta, at_work: datetime | None) -> ColumnElement[bool]:
    if at_work is not None and now - at_work < stale_after:
        return false()
    old: ColumnElement[bool] = _DELIVERY.c.next_at <= now - stale_after
    return old


async def _notices_of(tx: Transaction, deliveries: Sequence[Row[Any]]) -> dict[int, Row[Any]]:
    """The notices of ``deliveries``, by their numbers."""
    notices = await tx.execute(
        select(
            _BROADCAST.c.id,
            _BROADCAST.c.text,
            _BROADCAST.c.kind,
            _BROADCAST.c.drill,
            _BROADCAST.c.confirm,
            _BROADCAST.c.released_at,
        ).where(_BROADCAST.c.id.in_({row.broadcast_id for row in deliveries}))
    )
    return {notice.id: notice for notice in notices}


def _queued_again(row: Row[Any], notice: Row[Any]) -> bool:
    """Whether an officer had the delivery sent again: what goes out first is queued with the release."""
    return notice.released_at is not None and bool(row.queued_at > notice.released_at)


async def _made_before(tx: Transaction, deliveries: Sequence[int]) -> dict[int, int]:
    """How many attempts each of ``deliveries`` had before it was queued again."""
    found = await tx.execute(
        select(_ATTEMPT.c.delivery_id, func.count().label("made"))
        .join(_DELIVERY, _DELIVERY.c.id == _ATTEMPT.c.delivery_id)
        .where(_DELIVERY.c.id.in_(deliveries), _ATTEMPT.c.started_at < _DELIVERY.c.queued_at)
        .group_by(_ATTEMPT.c.delivery_id)
    )
    return {row.delivery_id: row.made for row in found}


def _tries() -> Any:
    """How many attempts a delivery has had since it was last queued."""
    return (
        select(func.count())
        .select_from(_ATTEMPT)
        .where(_ATTEMPT.c.delivery_id == _DELIVERY.c.id, _ATTEMPT.c.started_at >= _DELIVERY.c.queued_at)
        .correlate(_DELIVERY)
        .scalar_subquery()
    )


def _number(row: Row[Any]) -> int:
    number: int = row.id
    return number


def _begin_attempts(attempts: Mapping[int, int], now: datetime) -> Insert:
    """One statement that begins an attempt for each delivery of ``attempts``, whose values are the attempts'
    numbers, rising with the deliveries'. Row by row it would be the slowest part of a claim."""
    before = min(attempts.values()) - 1
    begun = select(
        literal(before) + func.row_number().over(order_by=_DELIVERY.c.id),
        _DELIVERY.c.id,
        _DELIVERY.c.attempts,
        literal(now, _ATTEMPT.c.started_at.type),
        literal(""),
        literal(""),
        literal(""),
        _DELIVERY.c.doubtful,
    ).where(_DELIVERY.c.id.in_(attempts))
    columns = ["id", "delivery_id", "number", "started_at", "outcome", "detail", "gateway_id", "doubtful"]
    statement: Insert = insert(_ATTEMPT).from_select(columns, begun, include_defaults=False)
    return statement


def _has_room(waiting: Any, room: Mapping[str, int], other_room: int) -> ColumnElement[bool]:
    """Whether a row's place in its channel's queue is within the room there; the urgent may wait for one."""
    channel_room: Any = (
        case(
            {name: max(places, -URGENT_EXTRA) for name, places in room.items()},
            value=waiting.c.channel,
            else_=other_room,
        )
        if room
        else other_room
    )
    extra = case((waiting.c.urgency <= int(Urgency.URGENT), URGENT_EXTRA), else_=0)
    fits: ColumnElement[bool] = waiting.c.place <= channel_room + extra
    return and_(true(), fits)


def _claimed(row: Row[Any], attempt: int, notice: Row[Any], earlier: int) -> Claimed:
    return Claimed(
        delivery=row.id,
        attempt=attempt,
        number=row.attempts,
        channel=row.channel,
        address=row.address,
        broadcast=row.broadcast_id,
        text=notice.text,
        code=row.code if notice.confirm else "",
        correction=notice.kind == BroadcastKind.CORRECTION,
        drill=notice.drill,
        urgent=row.urgency <= int(Urgency.URGENT),
        doubtful=row.doubtful,
        since=row.changed_at,
        lease_until=row.lease_until,
        earlier=earlier,
    )
