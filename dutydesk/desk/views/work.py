"""Everything an officer needs in front of them to work one incident, read in one go."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from dutydesk.desk.desk import Desk
from dutydesk.desk.incidents import grades
from dutydesk.desk.runs.runs import Walked
from dutydesk.desk.views.duties import OtherDuty, duties_of_others
from dutydesk.desk.views.incidents import whole_incident
from dutydesk.desk.views.notices import NoticeStatus, notices_of
from dutydesk.desk.views.runs import walk_of
from dutydesk.desk.views.timeline import timeline
from dutydesk.model.enums import IncidentStatus, Level, RunStatus
from dutydesk.model.figures import StatedFigure
from dutydesk.model.grading import Basis
from dutydesk.model.reports import Incident, Report
from dutydesk.model.text import Text
from dutydesk.model.timers import Timer
from dutydesk.model.views.timeline import TimelineLine
from dutydesk.playbooks.names import incident_facts
from dutydesk.rules.figures import current
from dutydesk.store.views import history, incidents, officers
from dutydesk.store.views import runs as run_rows


@dataclass(frozen=True, slots=True)
class Offered:
    """A playbook that could be started. ``fits`` the incident, as far as can be told."""

    id: str
    title: Text
    source: str
    verified: bool
    fits: bool


@dataclass(frozen=True, slots=True)
class Work:
    """One incident at work. ``runs`` the oldest first; ``offered`` are playbooks that are not being walked
    on it, fitting ones first. ``timer_names`` are by rule. ``basis`` is of the proposed grade; ``officers``
    are names by login. ``older`` journal entries about it are not in ``timeline``: the ledger has them."""

    incident: Incident
    type_name: Text
    level_names: Mapping[Level, Text]
    figures: tuple[StatedFigure, ...]
    timers: tuple[Timer, ...]
    timer_names: Mapping[str, Text]
    duties_of_others: tuple[OtherDuty, ...]
    reports: tuple[Report, ...]
    basis: tuple[Basis, ...]
    runs: tuple[Walked, ...]
    offered: tuple[Offered, ...]
    notices: tuple[NoticeStatus, ...]
    timeline: tuple[TimelineLine, ...]
    officers: Mapping[str, str]
    older: int = 0

    @property
    def running(self) -> tuple[Timer, ...]:
        """The clocks about which somebody still has to do something, strictest first."""
        return tuple(timer for timer in self.timers if timer.state.running)

    @property
    def narrative(self) -> str:
        """What the incident is about: the first report, as it was last corrected. A correction that does not
        tell what has happened follows what it corrects, and does not stand in its place."""
        oldest = sorted(self.reports, key=lambda report: report.id)
        first, told = {report.id for report in oldest[:1]}, [report.text for report in oldest[:1]]
        for later in oldest[1:]:
            if later.corrects in first:
                first.add(later.id)
                told = [later.text] if later.type else [*told, later.text]
        return "。".join([*(each.rstrip("。") for each in told[:-1]), *told[-1:]])


async def work(desk: Desk, incident: int) -> Work:
    """The incident with all that belongs to it. Raises NotFound."""
    whole = await whole_incident(desk, incident)
    records = await run_rows.runs(desk.reader, incident=incident, limit=None)
    walked = [await walk_of(desk, run.id) for run in reversed(records)]
    sent = await notices_of(desk, incident)
    about = whole.incident
    facts = incident_facts(about, current(whole.figures))
    catalogue = await asyncio.to_thread(lambda: desk.playbooks)
    fitting = {playbook.id for playbook in catalogue.fitting(facts)}
    busy = {run.playbook for run in records if run.status is RunStatus.WALKING}
    offered = [
        Offered(each.id, each.title, each.source, each.verified, each.id in fitting)
        for each in catalogue.playbooks.values()
        if each.id not in busy
    ]
    lines, older = await timeline(
        desk,
        incident,
        reports=whole.reports,
        runs=records,
        timers=whole.timers,
        notices=[each.broadcast for each in sent],
    )
    event_type = desk.reference.event_types.get(about.type)
    return Work(
        incident=about,
        type_name=event_type.name if event_type else Text(about.type),
        level_names={level: grades.level_name(desk.reference, about.type, level) for level in Level},
        figures=whole.figures,
        timers=whole.timers,
        timer_names={rule.id: rule.name for rule in desk.reference.deadline_rules.values()},
        duties_of_others=duties_of_others(desk, about, whole.figures),
        reports=whole.reports,
        basis=await history.basis(desk.reader, incident),
        runs=tuple(walked),
        offered=tuple(sorted(offered, key=lambda each: not each.fits)),
        notices=sent,
        timeline=lines,
        older=older,
        officers={each.login: each.name for each in await officers.officers(desk.reader)},
    )


async def choosable(desk: Desk, *, closed: int = 10) -> tuple[Incident, ...]:
    """The open incidents, the gravest first, and after them the last few that were closed."""
    standing = await incidents.incidents(desk.reader, IncidentStatus.OPEN, limit=None)
    ended = await incidents.incidents(desk.reader, IncidentStatus.CLOSED, limit=closed)
    return (*sorted(standing, key=lambda one: (one.effective_level or 9, -one.id)), *ended)
