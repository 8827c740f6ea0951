"""The timer loop: fires what is due, then takes the next step of each escalation, then sleeps until there is
more."""

from __future__ import annotations

import logging

from dutydesk.desk.timers import escalating, firing
from dutydesk.engine.district_data import DistrictData
from dutydesk.engine.pulse import LONGEST_SLEEP
from dutydesk.engine.steady import steadily
from dutydesk.engine.work import Work
from dutydesk.store.views import waiting

_log = logging.getLogger(__name__)


async def run_timers(work: Work) -> None:
    """Runs until the engine stops. Raises LeaseLost."""
    pulse = work.pulse
    district = DistrictData(work)
    while not pulse.stopping:
        seen = pulse.count
        await steadily("looking at the district's data", district.refresh, pulse)
        busy = await steadily("firing timers", lambda: _round(work), pulse)
        if not busy:
            seconds = await steadily("looking for the next timer", lambda: _until_next(work), pulse)
            await pulse.wait(seen, LONGEST_SLEEP if seconds is None else seconds)


async def _round(work: Work) -> bool:
    """Fires one batch; when none is due, escalates one. Whether there may be more to do at once."""
    if not await _is_time(work):
        return False
    fired = await firing.fire_due(work.desk, work.actor, work.me)
    if fired:
        work.on_fired(fired)
        late = [one.late for one in fired if one.late > firing.LATE]
        if late:
            _log.warning("%d timers fired late, by up to %.1f s", len(late), max(late).total_seconds())
        _log.info("fired %d timers", len(fired))
        return True
    looked_at = await escalating.escalate_due(work.desk, work.actor, work.me)
    if looked_at:
        _log.info("took the next step of %d timers", looked_at)
        work.pulse.beat()
    return looked_at > 0


async def _is_time(work: Work) -> bool:
    """Asked by reading, so that an idle engine takes no write lock."""
    due = await waiting.next_timer(work.desk.reader)
    return due is not None and due <= work.desk.clock.now()


async def _until_next(work: Work) -> float:
    due = await waiting.next_timer(work.desk.reader)
    if due is None:
        return LONGEST_SLEEP
    return work.desk.clock.real_seconds(due - work.desk.clock.now())
