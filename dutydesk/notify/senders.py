"""Sends a message by the channel named, each channel in a lane of its own: one that hangs delays no other."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from types import TracebackType
from typing import TYPE_CHECKING, Self

from dutydesk.model.blame import whereabouts
from dutydesk.model.clock import Clock
from dutydesk.model.enums import Outcome
from dutydesk.model.errors import BadInput
from dutydesk.model.notices import OutgoingMessage, Receipt
from dutydesk.model.text import Language, Text
from dutydesk.notify import reasons
from dutydesk.notify.apprise_channel import AppriseChannel
from dutydesk.notify.bulkhead import Lane, Pacer, Place
from dutydesk.notify.presets import adapter_of
from dutydesk.notify.redact import redacted
from dutydesk.notify.spec import ChannelSpec
from dutydesk.notify.wire import Wire, closed_to

if TYPE_CHECKING:
    from dutydesk.notify.http_channel import HttpChannel

_LOG = logging.getLogger(__name__)

Turn = Callable[[int], Awaitable[None]]
"""Awaited for each part of a message, counted from 1, right before it goes out. What it raises keeps that
part from going out, and leaves ``send``."""


async def _at_once(_part: int) -> None:
    """No reason to wait."""


@dataclass(frozen=True, slots=True)
class _Open:
    """A channel that is open for sending."""

    spec: ChannelSpec
    wire: Wire
    carrier: AppriseChannel | HttpChannel
    lane: Lane
    pacer: Pacer


class Senders:
    """All channels, open for sending, as an async context.

    ``clock`` stamps signed sends and must be the wall clock. ``language`` is that of receipts' details.
    ``unusable`` are channels that are not to be opened, with the reason; one that fails to open joins them.
    What is sent by one stays unsent, its receipt says so, and the others are not touched by it.
    """

    def __init__(
        self,
        channels: Mapping[str, ChannelSpec],
        *,
        clock: Clock,
        language: Language = "zh",
        unusable: Mapping[str, str] | None = None,
    ) -> None:
        self._specs = dict(channels)
        self._clock = clock
        self._language: Language = language
        self._open: dict[str, _Open] = {}
        self._unusable = dict(unusable or {})
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        for name, spec in self._specs.items():
            if name in self._unusable:
                continue
            try:
                self._open[name] = await self._opened(name, spec)
            except Exception as fault:  # one channel must not stop the others  # noqa: BLE001, RUF100
                self._unusable[name] = whereabouts(fault)
        for name, why in self._unusable.items():
            _LOG.error("the channel %s cannot be used: %s", name, why)
        return self

    async def _opened(self, name: str, spec: ChannelSpec) -> _Open:
        wire, lane, pacer = Wire.of(spec), Lane(spec.lane, spec.slow_lane), Pacer(spec.rate)
        carrier = self._carrier(name, spec)
        await self._stack.enter_async_context(carrier)
        return _Open(spec, wire, carrier, lane, pacer)

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.clear()
        await self._stack.aclose()

    def _carrier(self, name: str, spec: ChannelSpec) -> AppriseChannel | HttpChannel:
        if spec.url is not None:
            return AppriseChannel(name, spec, language=self._language)
        from dutydesk.notify.http_channel import HttpChannel

        return HttpChannel(name, spec, adapter_of(spec), clock=self._clock, language=self._language)

    @property
    def unusable(self) -> Mapping[str, str]:
        """The channels by which nothing goes out, and where the fault is."""
        return self._unusable

    def room(self, channel: str, *, ahead: int = 0) -> int:
        """How many more sends the channel may be handed, ``ahead`` of them to wait for a place in its lane;
        no more than its rate lets out within about two seconds. 0 or less when it has enough. A channel that
        is not there has room for one, whose receipt will say so; one that cannot be used, for ``ahead``."""
        found = self._open.get(channel)
        if channel in self._unusable:
            return max(1, ahead)
        return 1 if found is None else int(min(found.lane.room + ahead, found.pacer.room))

    async def send(self, channel: str, message: OutgoingMessage, *, turn: Turn = _at_once) -> Receipt:
        """Carries ``message`` by ``channel`` and says what became of it. Waits for a place in the channel's
        lane, urgent before routine, and then for ``turn``; the channel's time-out counts from there. Raises
        nothing for what the world does.
        """
        found = self._open.get(channel)
        if (closed := closed_to(channel, self._specs.get(channel), drill=message.drill)) is not None:
            return Receipt(Outcome.REFUSED, closed.in_(self._language))
        if found is None:
            why = reasons.CHANNEL_UNUSABLE.in_(self._language)
            return Receipt(Outcome.TRY_AGAIN, why.format(kind=self._unusable.get(channel, "")))
        try:
            title, parts = found.wire.form(message, language=self._language)
        except BadInput as fault:
            what = reasons.TEMPLATE_FAILED.in_(self._language).format(what=redacted(str(fault)))
            return Receipt(Outcome.REFUSED, what)
        except Exception as fault:  # noqa: BLE001, RUF100 -- see _guarded
            return self._fault(message, fault, Outcome.REFUSED, reasons.FAULT_BEFORE)
        place = await found.pacer.enter(found.lane, urgent=message.urgent)
        try:
            return await self._all_parts(found, message, title, parts, place, turn)
        finally:
            place.leave()

    async def _all_parts(
        self,
        found: _Open,
        message: OutgoingMessage,
        title: str,
        parts: tuple[str, ...],
        place: Place,
        turn: Turn,
    ) -> Receipt:
        receipt = Receipt(Outcome.REFUSED)
        for number, text in enumerate(parts, 1):
            if number > 1:
                await found.pacer.turn()
            await turn(number)
            receipt = await self._guarded(found, message, title, text, place)
            if receipt.outcome is not Outcome.ACCEPTED:
                return receipt if len(parts) == 1 else self._broken_off(receipt, number, len(parts))
        return receipt

    def _broken_off(self, receipt: Receipt, number: int, total: int) -> Receipt:
        """A message of which the first parts are out: sending it again would double them, so a try-again
        becomes a doubt."""
        detail = reasons.PART_FAILED.in_(self._language).format(
            part=number, parts=total, detail=receipt.detail
        )
        doubt = number > 1 and receipt.outcome is Outcome.TRY_AGAIN
        return replace(receipt, outcome=Outcome.UNKNOWN if doubt else receipt.outcome, detail=detail)

    async def _guarded(
        self, found: _Open, message: OutgoingMessage, title: str, text: str, place: Place
    ) -> Receipt:
        try:
            if isinstance(found.carrier, AppriseChannel):
                return await found.carrier.carry(message, title, text, place)
            return await found.carrier.carry(message, title, text)
        except Exception as fault:  # one message's fault must not stop the outbox  # noqa: BLE001, RUF100
            return self._fault(message, fault, Outcome.UNKNOWN, reasons.FAULT_WITHIN)

    def _fault(self, message: OutgoingMessage, fault: Exception, outcome: Outcome, why: Text) -> Receipt:
        """A fault of the desk's own. Where it was is logged; what it says may hold the message's words."""
        _LOG.error("sending delivery %d failed: %s", message.delivery, whereabouts(fault))
        return Receipt(outcome, why.in_(self._language).format(kind=type(fault).__name__))
