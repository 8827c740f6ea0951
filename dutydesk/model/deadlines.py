"""Deadline rules and escalation, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from dutydesk.model.enums import Anchor, EventClass, Level, TimerKind
from dutydesk.model.text import Text


@dataclass(frozen=True, slots=True)
class Trigger:
    """When a deadline rule applies. Empty tuples and ``None`` mean "any".

    ``level``: at least as grave as this. ``or_near_miss``: a near miss satisfies ``level`` too.
    ``possible``: judge ``level`` by the possible grade. ``casualties``: at least one person dead, hurt or
    missing is stated. ``figures_changed`` / ``grade_raised``: only on that event. ``routed``: only for a
    place another authority runs. ``no_graver_than``: not for a graver level than this (3.3: cadences by
    level). ``losses``: any casualty, person moved or money lost is stated above zero. ``unfiled``: a report
    that belongs to no incident. ``within``: only while the event (occurred, else received) is no longer
    ago. ``notice``: a notice went out that asks for confirmation.
    """

    types: tuple[str, ...] = ()
    classes: tuple[EventClass, ...] = ()
    level: Level | None = None
    or_near_miss: bool = False
    near_miss: bool = False
    possible: bool = False
    casualties: bool = False
    figures_changed: bool = False
    grade_raised: bool = False
    routed: bool = False
    unconfirmed_proposal: bool = False
    except_types: tuple[str, ...] = ()
    no_graver_than: Level | None = None
    losses: bool = False
    unfiled: bool = False
    within: timedelta | None = None
    notice: bool = False


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """One row of the deadline table (fact sheet 3.1): who reports to whom, how, and by when.

    ``limit`` counts from ``anchor``; zero is "immediately". ``every``/``at_times`` make a cadence instead
    (3.3): due again each ``every``, or daily at the given local times. ``ours`` is false for a duty of
    another body, which is shown and not timed. ``end_of_day`` is "the same day", local time.
    ``grace`` is the desk's own allowance before an "immediately" counts as late: the law gives no minutes,
    and a clock that is overdue when it is born helps nobody. ``series`` names the cadences of which one runs
    at a time, by grade: a re-grade passes the round from one to the other.
    """

    id: str
    name: Text
    kind: TimerKind
    trigger: Trigger
    anchor: Anchor
    sender: Text
    receiver: Text
    source: str
    verified: bool
    enabled: bool = True
    ours: bool = True
    limit: timedelta | None = None
    end_of_day: bool = False
    every: timedelta | None = None
    at_times: tuple[time, ...] = ()
    urgent: bool = False
    grace: timedelta = timedelta()
    series: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline worked out: the rule, the moment it counts from and by when. ``assumed`` is the anchor that
    was used where the rule's own is not known (an unknown occurrence counts from the report)."""

    rule: DeadlineRule
    anchor: Anchor
    anchor_at: datetime
    due: datetime
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class EscalationLevel:
    """Whom to tell how long after the due time, until someone acknowledges. ``groups`` are contact groups."""

    after: timedelta
    groups: tuple[str, ...]
    name: Text


@dataclass(frozen=True, slots=True)
class EscalationPolicy:
    """Levels in order of ``after``. ``acknowledgement_lasts``: an acknowledgement expires then unless work
    went on; ``repeat`` re-tells the last level at this interval."""

    id: str
    name: Text
    kinds: tuple[TimerKind, ...]
    levels: tuple[EscalationLevel, ...]
    acknowledgement_lasts: timedelta
    repeat: timedelta
