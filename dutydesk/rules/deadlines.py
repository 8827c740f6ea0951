"""Which reporting clocks run for an incident, and until when. The rules are data (fact sheet 3.1, 3.3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from dutydesk.model.deadlines import DeadlineRule, Due, Trigger
from dutydesk.model.enums import Anchor, EventClass, Level
from dutydesk.model.figures import CASUALTIES, LOSSES, Figure, any_above_zero


@dataclass(frozen=True, slots=True)
class Situation:
    """All that a trigger looks at, at one moment of an incident's (or an unfiled report's) life.

    ``event_class`` is ``None`` while nobody can tell the type.
    ``level`` is the effective one: a person's, else the proposed. ``told_at`` is when the desk learnt of
    what this situation is about: of the event for a first report, of the change for a follow-up; it
    falls back on ``received_at``, and so does ``now`` on it. ``figures_changed``, ``grade_raised``: this
    very moment brought it. ``notice``: a notice was released that asks for confirmation.
    """

    type: str
    event_class: EventClass | None
    received_at: datetime
    occurred_at: datetime | None = None
    told_at: datetime | None = None
    graded_at: datetime | None = None
    level: Level | None = None
    possible_level: Level | None = None
    near_miss: bool = False
    figures: tuple[Figure, ...] = ()
    figures_changed: bool = False
    grade_raised: bool = False
    routed: bool = False
    unconfirmed_proposal: bool = False
    unfiled: bool = False
    notice: bool = False
    now: datetime | None = None

    @property
    def told(self) -> datetime:
        """When the desk was told: ``told_at``, else when the call came in."""
        return self.told_at if self.told_at is not None else self.received_at


def due(
    rules: Iterable[DeadlineRule] | Mapping[str, DeadlineRule], situation: Situation, tz: tzinfo
) -> list[Due]:
    """The deadlines that run, the strictest (earliest due) first. ``tz`` is the district's zone.

    Only rules that are enabled and ours; :func:`duties_of_others` lists the rest. An anchor that is not
    known counts from the receipt of the call, with ``assumed`` set.
    """
    found = [
        _work_out(rule, situation, tz)
        for rule in _each(rules)
        if rule.enabled and rule.ours and applies(rule.trigger, situation)
    ]
    return sorted(found, key=lambda item: (item.due, not item.rule.urgent, item.rule.id))


def duties_of_others(
    rules: Iterable[DeadlineRule] | Mapping[str, DeadlineRule], situation: Situation, tz: tzinfo
) -> list[Due]:
    """The duties of other bodies in this situation: shown beside the desk's own, never timed."""
    found = [
        _work_out(rule, situation, tz)
        for rule in _each(rules)
        if rule.enabled and not rule.ours and applies(rule.trigger, situation)
    ]
    return sorted(found, key=lambda item: (item.due, item.rule.id))


def applies(trigger: Trigger, situation: Situation) -> bool:
    """Whether everything that ``trigger`` states holds. What it does not state is "any"."""
    occurred = situation.occurred_at if situation.occurred_at is not None else situation.received_at
    checks = (
        not trigger.types or situation.type in trigger.types,
        situation.type not in trigger.except_types,
        not trigger.classes or situation.event_class in trigger.classes,
        _level_holds(trigger, situation),
        not trigger.near_miss or situation.near_miss,
        not trigger.casualties or any_above_zero(situation.figures, CASUALTIES),
        not trigger.losses or any_above_zero(situation.figures, LOSSES),
        not trigger.figures_changed or situation.figures_changed,
        not trigger.grade_raised or situation.grade_raised,
        not trigger.routed or situation.routed,
        not trigger.unconfirmed_proposal or situation.unconfirmed_proposal,
        # A report that belongs to nothing has one duty, to be filed; the other clocks are the incident's.
        trigger.unfiled == situation.unfiled or (trigger.routed and situation.routed),
        not trigger.notice or situation.notice,
        trigger.within is None or (situation.now or situation.told) - occurred <= trigger.within,
    )
    return all(checks)


def _level_holds(trigger: Trigger, situation: Situation) -> bool:
    level = situation.level
    if trigger.possible:
        # What a person has graded as grave may certainly become so.
        level = min((one for one in (level, situation.possible_level) if one is not None), default=None)
    if trigger.no_graver_than is not None and level is not None and level < trigger.no_graver_than:
        return False
    if trigger.level is None:
        return True
    if level is not None and level.at_least(trigger.level):
        return True
    return trigger.or_near_miss and situation.near_miss


def _work_out(rule: DeadlineRule, situation: Situation, tz: tzinfo) -> Due:
    at = anchor_at(rule.anchor, situation)
    anchor, assumed = (rule.anchor, False) if at is not None else (Anchor.RECEIVED, True)
    start = at if at is not None else situation.received_at
    return Due(rule, anchor, start, due_at(rule, start, tz), assumed)


def anchor_at(anchor: Anchor, situation: Situation) -> datetime | None:
    """The moment an anchor stands for, or ``None`` where it is not known."""
    return {
        Anchor.OCCURRED: situation.occurred_at,
        Anchor.RECEIVED: situation.received_at,
        Anchor.TOLD: situation.told,
        Anchor.GRADED: situation.graded_at,
    }[anchor]


def due_at(rule: DeadlineRule, start: datetime, tz: tzinfo) -> datetime:
    """When ``rule``, counted from ``start``, falls due.

    "Immediately" is a limit of zero: the law allows no minutes, and the rule's ``grace`` (a desk default,
    not law) is what the clock gives before it calls it late. "The same day" ends with its last instant, which
    no start of that day comes after, and which is shown as 23:59 of that day; midnight would be shown as the
    next. Raises ValueError for a rule that states no time at all.
    """
    if rule.every is not None or rule.at_times:
        return cadence_next(rule, start, tz)
    if rule.end_of_day:
        next_day = start.astimezone(tz).date() + timedelta(days=1)
        return _local(next_day, time(), tz, start) - datetime.resolution
    if rule.limit is None:
        raise ValueError(f"rule {rule.id} states no time")
    return start + max(rule.limit, rule.grace)


def cadence_next(rule: DeadlineRule, after: datetime, tz: tzinfo) -> datetime:
    """The next time a cadence comes round strictly after ``after``, the moment it was last satisfied or
    began (O21 art. 11: once or twice a day). ``at_times`` are local. Raises ValueError for a rule that is
    no cadence."""
    if rule.at_times:
        today = after.astimezone(tz).date()
        rounds = (
            _local(today + timedelta(days=days), at, tz, after)
            for days in (0, 1)
            for at in sorted(rule.at_times)
        )
        return next(moment for moment in rounds if moment > after)
    if rule.every is None:
        raise ValueError(f"rule {rule.id} is no cadence")
    return after + rule.every


def same_series(one: DeadlineRule, other: DeadlineRule) -> bool:
    """Whether two cadences are one duty whose rhythm goes by grade; a rule is in its own series."""
    return one.id == other.id or bool(one.series and one.series == other.series)


def in_force(
    rules: Iterable[DeadlineRule] | Mapping[str, DeadlineRule], rule: DeadlineRule, situation: Situation
) -> DeadlineRule | None:
    """The rule by which the next round of ``rule``'s series comes, at the grade of ``situation``; ``None``
    where none of them holds at that grade."""
    of_series = (one for one in _each(rules) if one.enabled and one.ours and same_series(one, rule))
    return next((one for one in of_series if _level_holds(one.trigger, situation)), None)


def passed_on(
    rule: DeadlineRule, *, told: datetime, since: datetime, due: datetime, tz: tzinfo
) -> tuple[datetime, datetime]:
    """From when and until when ``rule`` runs on taking over a cadence whose round counts from ``since`` and
    is ``due`` by the rule before it (O21 art. 11: once a day, from 重大 on twice).

    A stricter rhythm counts from what the grade rests on (``told``), yet never ends later than the round that
    runs; a slower one counts from the last follow-up, not anew.
    """
    from_told, from_last = max(told, since), since
    anew, in_turn = cadence_next(rule, from_told, tz), cadence_next(rule, from_last, tz)
    latest = max(due, in_turn)
    return (from_told, anew) if anew <= latest else (from_last, latest)


def strictest(dues: Sequence[Due]) -> Due | None:
    """The one that drives the countdown."""
    return min(dues, key=lambda item: item.due, default=None)


def _local(day: date, at: time, tz: tzinfo, like: datetime) -> datetime:
    return datetime.combine(day, at, tz).astimezone(like.tzinfo)


def _each(rules: Iterable[DeadlineRule] | Mapping[str, DeadlineRule]) -> Iterable[DeadlineRule]:
    return rules.values() if isinstance(rules, Mapping) else rules
