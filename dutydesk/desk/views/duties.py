"""The duties of other bodies that an incident calls for: who else has to report to whom. They are shown
beside the desk's own clocks, so that an officer can ask whether it was done, and never timed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from dutydesk.desk.desk import Desk
from dutydesk.model.deadlines import DeadlineRule
from dutydesk.model.enums import Anchor
from dutydesk.model.figures import StatedFigure
from dutydesk.model.reports import Incident
from dutydesk.model.text import Text
from dutydesk.rules import deadlines
from dutydesk.rules.figures import current, differ


@dataclass(frozen=True, slots=True)
class OtherDuty:
    """``limit`` counts from ``anchor``; zero is "at once", ``None`` a duty without a number of hours."""

    rule: str
    name: Text
    sender: Text
    receiver: Text
    limit: timedelta | None
    anchor: Anchor
    source: str
    verified: bool


def duties_of_others(
    desk: Desk, incident: Incident, figures: Sequence[StatedFigure]
) -> tuple[OtherDuty, ...]:
    """What others have to report about ``incident``, the shortest limit first; nothing for a type that the
    district's data no longer know."""
    event_type = desk.reference.event_types.get(incident.type)
    if event_type is None:
        return ()
    situation = deadlines.Situation(
        type=incident.type,
        event_class=event_type.event_class,
        received_at=incident.received_at,
        occurred_at=incident.occurred_at,
        graded_at=incident.confirmed_at,
        level=incident.effective_level,
        possible_level=incident.possible_level,
        near_miss=incident.near_miss,
        figures=current(figures),
        figures_changed=differ(figures),
        routed=bool(incident.routing),
        now=desk.clock.now(),
    )
    found = deadlines.duties_of_others(desk.reference.deadline_rules, situation, desk.zone)
    return tuple(_duty(each.rule) for each in found)


def _duty(rule: DeadlineRule) -> OtherDuty:
    return OtherDuty(
        rule.id, rule.name, rule.sender, rule.receiver, rule.limit, rule.anchor, rule.source, rule.verified
    )
