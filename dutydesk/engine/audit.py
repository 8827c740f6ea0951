"""The self-audit: looks at what is due from outside the loops that do it, and says aloud what one of them has
left undone."""

from __future__ import annotations

import logging
from functools import partial
from typing import Final

from dutydesk.desk.notices.sending import desk_span
from dutydesk.engine.gateways import AHEAD
from dutydesk.engine.steady import steadily
from dutydesk.engine.work import Work
from dutydesk.store.views import waiting

EVERY: Final = 5.0
"""Seconds between two looks."""
TOLERATED: Final = 5.0
"""Seconds a timer may stay unfired, or its escalation untaken, before that is a fault of the engine."""
SET_ASIDE_WITHIN: Final = 60.0
"""Seconds after which a delivery that grew old ought to have been put aside."""
SENT_WITHIN: Final = 300.0
"""Seconds after which a delivery is in ``sending`` too long, beyond the time-outs of what it may wait for."""

Undone = frozenset[tuple[str, int]]
_log = logging.getLogger(__name__)


async def run_audit(work: Work) -> None:
    """Runs until the engine stops."""
    reported: Undone = frozenset()
    await work.pulse.sleep(EVERY)
    while not work.pulse.stopping:
        found = await steadily("the self-audit", partial(audit, work, reported), work.pulse)
        reported = reported if found is None else found
        await work.pulse.sleep(EVERY)


async def audit(work: Work, reported: Undone) -> Undone:
    """Journals and logs what should long have been done, each once while that lasts; returns it."""
    desk = work.desk
    now = desk.clock.now()
    timers = await waiting.overdue_timers(desk.reader, now - desk_span(desk.clock, TOLERATED))
    old = now - work.stale_after - desk_span(desk.clock, SET_ASIDE_WITHIN)
    deliveries = await waiting.forgotten_deliveries(desk.reader, old)
    within = desk_span(desk.clock, (1 + AHEAD) * work.gateways.longest_timeout + SENT_WITHIN)
    sending = await waiting.long_in_sending(desk.reader, now - within)
    found = {"timers": timers, "deliveries": deliveries, "sending": sending}
    undone = frozenset((what, each) for what, numbers in found.items() for each in numbers)
    payload: dict[str, list[int]] = {}
    for what, number in sorted(undone - reported):
        payload.setdefault(what, []).append(number)
    if payload:
        _log.error("left undone: %s", payload)
        async with (await desk.store()).transaction(work.actor) as tx:
            tx.journal("engine.overdue", "engine", payload)
    return undone
