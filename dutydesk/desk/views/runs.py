"""A run as it stands, for reading only."""

from __future__ import annotations

from dutydesk.desk.desk import Desk
from dutydesk.desk.runs.links import pinned
from dutydesk.desk.runs.runs import Walked
from dutydesk.playbooks.walk import Action, RunEvent
from dutydesk.playbooks.walker import walk
from dutydesk.store.views import runs as views


async def walk_of(desk: Desk, run: int) -> Walked:
    """Every step of a run and how it stands. Raises NotFound."""
    row = await views.run(desk.reader, run)
    events = [
        RunEvent(one.step, Action(one.action), one.value, one.reason, one.at, one.by)
        for one in await views.events(desk.reader, run)
    ]
    playbook = pinned(row.source, row.playbook)
    return Walked(run, row.status, walk(playbook, events, {}, row.started_at))
