"""The outbox loop: claims as many deliveries as their channels have room for, starts them all, and never
waits for one before claiming the next."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Final

from dutydesk.desk.engine import files
from dutydesk.desk.notices import clock_back, holding, sending, standing
from dutydesk.desk.notices.receipts import Sent
from dutydesk.desk.notices.sending import Claimed
from dutydesk.engine.gateways import OTHER_ROOM
from dutydesk.engine.in_hand import InHand
from dutydesk.engine.pulse import LONGEST_SLEEP
from dutydesk.engine.results import Results
from dutydesk.engine.steady import steadily
from dutydesk.engine.work import Work
from dutydesk.store.views import waiting

FINISH_WITHIN: Final = 10.0
"""Seconds that sends under way are given when the engine stops."""
SWEEP_EVERY: Final = 5.0
"""Seconds between looks for what was left half-done."""
LOOK_EVERY: Final = 0.1
"""Seconds between looks whether a notice was withdrawn of which some deliveries wait in their lane."""
PATIENCE: Final = 0.1
"""Seconds after which a few free places are worth a claim."""
LEASE_MARGIN: Final = 900.0
"""Seconds that a claimed delivery may wait in its lane, beyond its channel's time-out."""

_log = logging.getLogger(__name__)


class Outbox:
    """Sends until the engine stops."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._results = Results(work)
        self._claimed_at = float("-inf")
        self._at_work: datetime | None = None
        self._may_hold = True  # for all that is known of the engine before this one
        self._swept_at = float("-inf")
        self._looked_at = float("-inf")
        self._fault_told = ""
        self._untold = False

    async def run(self) -> None:
        """Runs until the engine stops and what is under way has ended, or FINISH_WITHIN has. Raises
        LeaseLost."""
        pulse = self._work.pulse
        async with asyncio.TaskGroup() as tasks:
            hand = InHand(self._work, tasks, self._results.add)
            recorder = tasks.create_task(self._results.keep_recording(more_to_come=lambda: bool(hand)))
            while not pulse.stopping:
                seen = pulse.count
                await self._call_back_withdrawn(hand)
                claimed = await steadily("claiming deliveries", partial(self._claim, hand), pulse) or ()
                for one in claimed:
                    hand.start(one)
                if not claimed:
                    look = partial(self._until_next, hand)
                    seconds = await steadily("looking for the next delivery", look, pulse)
                    await pulse.wait(seen, LONGEST_SLEEP if seconds is None else seconds)
            if cut_off := await hand.finish(FINISH_WITHIN):
                _log.warning("%d sends did not end in time: whether they arrived is unknown", cut_off)
            await steadily("looking for unknown claims", partial(self._hand_back_unstarted, hand), pulse)
            await self._results.record_all()
            recorder.cancel()

    async def _call_back_withdrawn(self, hand: InHand) -> None:
        """Of a notice that was cancelled or corrected nothing goes out that has not begun."""
        now = asyncio.get_running_loop().time()
        if now - self._looked_at < LOOK_EVERY:
            return
        self._looked_at = now
        if notices := hand.waiting_notices:
            look = partial(waiting.withdrawn, self._work.desk.reader, notices)
            found = await steadily("looking for withdrawn notices", look, self._work.pulse)
            if found:
                await hand.call_back(found)

    async def _claim(self, hand: InHand) -> Sequence[Claimed]:
        work = self._work
        if await self._refresh_channels():
            await hand.call_back()  # what waits in a lane goes out as the file states now, or not at all
        await self._sweep(hand)
        now = work.desk.clock.now()
        await self._set_stale_aside(now)
        if not work.gateways.ready:
            if work.gateways.fault is not None:
                self._may_hold = True
                await holding.hold(work.desk, work.actor, work.me)
            return ()
        if self._may_hold:
            await holding.let_go(work.desk, work.actor, work.me)
            self._may_hold = False
        claimed = await self._claim_due(hand)
        self._at_work = now
        return claimed

    async def _claim_due(self, hand: InHand) -> Sequence[Claimed]:
        work = self._work
        if not await self._anything_due():
            return ()
        room = work.gateways.room()
        if hand and not self._worth_claiming(room):
            return ()
        self._claimed_at = asyncio.get_running_loop().time()
        lease = work.gateways.longest_timeout + LEASE_MARGIN
        try:
            return await sending.claim(
                work.desk,
                work.actor,
                work.me,
                room=room,
                other_room=OTHER_ROOM,
                stale_after=work.stale_after,
                lease=sending.desk_span(work.desk.clock, lease),
                at_work=self._at_work,
            )
        except BaseException:
            self._swept_at = float("-inf")  # it may have been committed all the same
            raise

    async def _refresh_channels(self) -> bool:
        """Takes up ``channels.yaml`` where it has changed, says whether it did, and tells of that, and of a
        fault, once."""
        work = self._work
        first = work.gateways.first
        taken_up = await work.gateways.refresh()
        self._untold = self._untold or (taken_up and not first)
        fault = work.gateways.fault
        said = "" if fault is None else str(fault)
        if said == self._fault_told and not self._untold:
            return taken_up
        if fault is not None:
            _log.error("channels.yaml is not in force as it stands: %s", fault)
            await files.tell_faulty(work.desk, work.actor, work.me, "channels", fault)
        else:
            names = {"channels": list(work.gateways.names)}
            await files.tell_taken_up(work.desk, work.actor, work.me, "channels", names)
        self._fault_told, self._untold = said, False
        return taken_up

    async def _anything_due(self) -> bool:
        """Asked by reading, so that an idle engine takes no write lock."""
        due = await waiting.next_delivery(self._work.desk.reader)
        return due is not None and due <= self._work.desk.clock.now()

    def _worth_claiming(self, room: dict[str, int]) -> bool:
        """Whether a claim would be of some size. While every lane is nearly full their next places are
        awaited, but not for long: some may hang, and something urgent may wait for one."""
        if asyncio.get_running_loop().time() - self._claimed_at > PATIENCE:
            return True
        return any(places >= 4 * self._work.gateways.lane(name) for name, places in room.items())

    async def _hand_back_unstarted(self, hand: InHand) -> bool:
        """Hands back what this engine has claimed without knowing of it: no task ever had it, so that it goes
        out again no more doubtful than before."""
        work = self._work
        known = hand.attempts | self._results.attempts  # asked first: whatever ends meanwhile was known
        unknown = await waiting.being_sent(work.desk.reader, work.me.id) - known
        if unknown:
            claimed = await sending.claimed_by(work.desk, work.actor, work.me)
            unstarted = [one for one in claimed if one.attempt in unknown]
            _log.warning("%d deliveries were claimed and never begun: they are handed back", len(unstarted))
            for one in unstarted:
                self._results.add(Sent(one, None, work.desk.clock.now()))
        return True

    async def _set_stale_aside(self, now: datetime) -> None:
        """Puts aside what has grown old while nothing was sent: the engine was down, the machine asleep, the
        channels or the database out of use. This comes before each claim, for a claim is work."""
        work = self._work
        if self._at_work is None:
            self._at_work = await waiting.last_attempt(work.desk.reader)
        if self._at_work is not None and now - self._at_work < work.stale_after:
            return
        if await waiting.waits_since(work.desk.reader, now - work.stale_after):
            stale = await sending.set_stale_aside(
                work.desk, work.actor, work.me, stale_after=work.stale_after, at_work=self._at_work
            )
            if stale:
                _log.warning("%d deliveries are too old to be sent unasked", len(stale))

    async def _sweep(self, hand: InHand) -> None:
        """Takes up what was left half-done."""
        now = asyncio.get_running_loop().time()
        if now - self._swept_at < SWEEP_EVERY:
            return
        work = self._work
        await self._hand_back_unstarted(hand)
        # Whether a channel asks an officer first is known only once its file can be read.
        if work.gateways.ready and await waiting.half_done(
            work.desk.reader, work.me.id, work.desk.clock.now()
        ):
            policies = work.gateways.policies
            recovered = await sending.recover(
                work.desk,
                work.actor,
                work.me,
                stale_after=work.stale_after,
                asks_first=[name for name, policy in policies.items() if not policy.resend_unknown],
            )
            _log.warning(
                "%d deliveries were left half-sent: %d go out again as possible doubles",
                len(recovered.again) + len(recovered.left),
                len(recovered.again),
            )
        skew = sending.desk_span(work.desk.clock, clock_back.SKEW)
        if await waiting.waits_by_a_later_clock(work.desk.reader, work.desk.clock.now() + skew):
            anew = await clock_back.wait_anew(work.desk, work.actor, work.me, skew=skew)
            _log.warning("the clock was set back: %d deliveries wait from now on", len(anew))
        if await waiting.fallen(work.desk.reader):
            fallen = await standing.take_back_fallen(work.desk, work.actor, work.me)
            _log.warning("what still waited of notices %s was taken back", fallen)
        self._swept_at = now

    async def _until_next(self, hand: InHand) -> float:
        work = self._work
        if hand.waiting:
            return LOOK_EVERY
        due = await waiting.next_delivery(work.desk.reader)
        if not work.gateways.resting:
            return LOOK_EVERY
        if due is None or not work.gateways.ready:
            return SWEEP_EVERY
        seconds = work.desk.clock.real_seconds(due - work.desk.clock.now())
        # What is due and was not claimed waits for room; a send that ends tells of that.
        return min(seconds, SWEEP_EVERY) if seconds > 0 else PATIENCE
