"""What became of attempts is recorded in batches: a commit for each of two thousand deliveries would be the
slowest part of sending them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from sqlalchemy import Update, update

from dutydesk.desk.desk import Desk
from dutydesk.desk.engine.processes import Holder
from dutydesk.desk.notices import standing
from dutydesk.desk.notices.outbox import TOO_OLD
from dutydesk.desk.notices.sending import Claimed
from dutydesk.desk.timers import clocks
from dutydesk.model.enums import DeliveryState, Outcome
from dutydesk.model.notices import Receipt
from dutydesk.model.officers import Actor
from dutydesk.notify import reasons
from dutydesk.notify.retry import RetryPolicy, next_attempt
from dutydesk.store.database import Transaction
from dutydesk.store.tables import AttemptRow, DeliveryRow

_DELIVERY: Any = DeliveryRow.__table__  # type: ignore[attr-defined]
_ATTEMPT: Any = AttemptRow.__table__  # type: ignore[attr-defined]

GONE: Final = RetryPolicy(resend_unknown=False)
"""How deliveries end whose channel is there no more: sending a doubt again would make a refusal of it."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One attempt that came to an end at ``ended_at``, the desk's time, with ``receipt``; ``None`` when it
    was handed back before anything left."""

    claimed: Claimed
    receipt: Receipt | None
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class _Change:
    """What becomes of a delivery whose attempt ``number`` has ended."""

    number: int
    state: DeliveryState
    doubtful: bool
    reason: str
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Result:
    """What an attempt came to."""

    outcome: Outcome
    detail: str
    gateway_id: str


@dataclass(frozen=True, slots=True)
class _Stop:
    """Why a delivery does not go out again by itself: what becomes of it then, what is said of it, and what
    is said instead where it may have arrived."""

    state: DeliveryState
    reason: str
    doubt: str


async def record(
    desk: Desk,
    actor: Actor,
    me: Holder,
    sent: Sequence[Sent],
    *,
    policies: Mapping[str, RetryPolicy],
    rng: Random,
    stale_after: timedelta | None = None,
) -> None:
    """Records what became of ``sent``, one entry for all. Doing it again changes nothing.

    ``policies`` are those of the channels by name. An attempt whose fate is unknown is tried again as a
    possible double where its channel's policy says so; after the last one it stays unknown. What was handed
    back is due again at once, no more doubtful than before. Nothing goes again by itself that was claimed
    ``stale_after`` ago or longer: the machine slept over it, or the database was out of use.
    """
    if not sent:
        return
    async with (await desk.store()).transaction(actor) as tx:
        withdrawn = await _withdrawn(tx, sent)
        settled: dict[_Change, list[int]] = {}
        ended: dict[_Result, list[Sent]] = {}
        for one in sent:
            policy = policies.get(one.claimed.channel, GONE)
            receipt = one.receipt
            stop = _stop(one.claimed, tx.now, withdrawn, stale_after)
            if receipt is None:
                change = _handed_back(one.claimed, tx.now, stop)
                result = _Result(Outcome.TRY_AGAIN, reasons.NOT_BEGUN.zh, "")
            else:
                change = _change(one.claimed, receipt, tx.now, policy, rng, stop)
                result = _Result(receipt.outcome, receipt.detail, receipt.gateway_id)
            settled.setdefault(change, []).append(one.claimed.delivery)
            ended.setdefault(result, []).append(one)
        for change, deliveries in settled.items():
            await tx.execute(_settle(change, deliveries, me, tx.now))
        for result, attempts in ended.items():
            await tx.execute(_end(result, attempts))
        for notice in withdrawn:
            await clocks.settle_notice(tx, notice)  # its last delivery may just have been spared
        tx.journal("deliveries.recorded", _subject(sent), _summary(settled))


async def _withdrawn(tx: Transaction, sent: Iterable[Sent]) -> Mapping[int, str]:
    """The notices of ``sent`` whose text does not go out again: withdrawn or corrected while on their way. To
    each what is said of a delivery that is spared for it."""
    unsure = {
        one.claimed.broadcast
        for one in sent
        if one.receipt is None or one.receipt.outcome in (Outcome.TRY_AGAIN, Outcome.UNKNOWN)
    }
    return await standing.fallen(tx, unsure)


def _settle(change: _Change, deliveries: Sequence[int], me: Holder, now: datetime) -> Update:
    """One statement for all deliveries that came to the same, since most of a batch do.

    Only what is still being sent, by this very attempt, is changed: a confirmation that came in meanwhile
    stands, and so does what another engine has made of a delivery it took over.
    """
    statement: Update = (
        update(_DELIVERY)
        .where(
            _DELIVERY.c.id.in_(deliveries),
            _DELIVERY.c.state == DeliveryState.SENDING,
            _DELIVERY.c.lease_holder == me.id,
            _DELIVERY.c.attempts == change.number,
        )
        .values(
            state=change.state,
            doubtful=change.doubtful,
            reason=change.reason,
            next_at=change.next_at,
            changed_at=now,
            lease_holder="",
            lease_until=None,
        )
    )
    return statement


def _end(result: _Result, attempts: Sequence[Sent]) -> Update:
    """One statement for all attempts with the same result; they ended when the last of them did."""
    statement: Update = (
        update(_ATTEMPT)
        .where(_ATTEMPT.c.id.in_([one.claimed.attempt for one in attempts]), _ATTEMPT.c.ended_at.is_(None))
        .values(
            ended_at=max(one.ended_at for one in attempts),
            outcome=result.outcome,
            detail=result.detail,
            gateway_id=result.gateway_id,
        )
    )
    return statement


def _stop(
    claimed: Claimed, now: datetime, withdrawn: Mapping[int, str], stale_after: timedelta | None
) -> _Stop | None:
    """Why ``claimed`` does not go out again by itself; ``None`` where it may."""
    spared = withdrawn.get(claimed.broadcast)
    if spared is not None:
        return _Stop(DeliveryState.CANCELLED, spared, standing.MAY_HAVE_ARRIVED)
    if stale_after is not None and now - claimed.since >= stale_after:
        return _Stop(DeliveryState.STALE, TOO_OLD, TOO_OLD)
    return None


def _handed_back(claimed: Claimed, now: datetime, stop: _Stop | None) -> _Change:
    if stop is None:
        state, reason = DeliveryState.QUEUED, ""
    else:
        state, reason = stop.state, stop.doubt if claimed.doubtful else stop.reason
    return _Change(
        number=claimed.number,
        state=DeliveryState.UNKNOWN if claimed.doubtful else state,
        doubtful=claimed.doubtful,
        reason=reason,
        next_at=now if stop is None else None,
    )


def _change(
    claimed: Claimed, receipt: Receipt, now: datetime, policy: RetryPolicy, rng: Random, stop: _Stop | None
) -> _Change:
    again = None
    if stop is None:
        again = next_attempt(claimed.tries, receipt.outcome, now, receipt.retry_after, rng, policy=policy)
    state = _state(claimed, receipt, again=again is not None, stop=stop)
    reason = "" if receipt.outcome is Outcome.ACCEPTED else receipt.detail
    if stop is not None and state is stop.state:
        reason = stop.reason or reason
    return _Change(
        number=claimed.number,
        state=state,
        doubtful=claimed.doubtful or receipt.outcome is Outcome.UNKNOWN,
        reason=reason,
        next_at=again,
    )


def _state(claimed: Claimed, receipt: Receipt, *, again: bool, stop: _Stop | None) -> DeliveryState:
    match receipt.outcome:
        case Outcome.ACCEPTED:
            return DeliveryState.ACCEPTED
        case Outcome.REFUSED:
            return DeliveryState.REFUSED
        case Outcome.UNKNOWN:
            return DeliveryState.UNKNOWN
        case Outcome.TRY_AGAIN:
            if again:
                return DeliveryState.RETRYING
            if claimed.doubtful:
                return DeliveryState.UNKNOWN  # an earlier attempt may have arrived
            return DeliveryState.FAILED if stop is None else stop.state


def _subject(sent: Sequence[Sent]) -> str:
    return f"delivery:{sent[0].claimed.delivery}" if len(sent) == 1 else "deliveries"


def _summary(settled: Mapping[_Change, Sequence[int]]) -> dict[str, object]:
    """Numbers by the state they came to; no address, no name."""
    by_state: dict[str, list[int]] = {}
    for change, deliveries in settled.items():
        by_state.setdefault(str(change.state), []).extend(deliveries)
    return {state: sorted(numbers) for state, numbers in by_state.items()}
