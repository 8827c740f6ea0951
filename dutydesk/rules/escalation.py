"""Who is to be told of a timer now, and when to look at it again. Re-evaluates; never replays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dutydesk.model.deadlines import EscalationLevel, EscalationPolicy


@dataclass(frozen=True, slots=True)
class Action:
    """What to do now. ``tell`` is the level to tell (``None``: nobody), ``level`` how many levels count as
    told afterwards, ``look_again`` when to ask next (``None``: never). ``repeated`` marks a level told
    before; ``expired`` an acknowledgement that ran out."""

    tell: EscalationLevel | None
    level: int
    look_again: datetime | None
    repeated: bool = False
    expired: bool = False


def next_action(
    policy: EscalationPolicy,
    *,
    due: datetime,
    now: datetime,
    level: int = 0,
    told_at: datetime | None = None,
    acknowledged_at: datetime | None = None,
    worked_at: datetime | None = None,
) -> Action:
    """The step that a timer's escalation takes at ``now``.

    ``level``: how many levels were told so far; ``told_at``: when the last telling was. An acknowledgement
    holds for ``policy.acknowledgement_lasts`` from ``acknowledged_at``, or from ``worked_at`` where work
    went on after it (a step done, a report logged); once it has run out, the level reached by then is told
    again. After downtime only the highest level reached is told, once. The last level is told again each
    ``policy.repeat``.
    """
    levels = policy.levels
    if not levels:
        return Action(None, level, None)
    reached = sum(1 for step in levels if due + step.after <= now)
    expired = False
    if acknowledged_at is not None:
        held_from = max(acknowledged_at, worked_at) if worked_at is not None else acknowledged_at
        until = held_from + policy.acknowledgement_lasts
        if now < until:
            return Action(None, level, until)
        # What was told before the acknowledgement was answered; since it ran out everyone is to hear again.
        expired = told_at is None or told_at < until
    if reached == 0:
        return Action(None, level, due + levels[0].after)
    if reached > level or (expired and level > 0):
        tell = max(reached, level)
        return Action(
            levels[tell - 1], tell, _after(policy, due, tell, now), repeated=tell <= level, expired=expired
        )
    if level >= len(levels):
        again = (told_at if told_at is not None else due + levels[-1].after) + policy.repeat
        if now >= again:
            return Action(levels[-1], level, now + policy.repeat, repeated=True)
        return Action(None, level, again)
    return Action(None, level, due + levels[level].after)


def _after(policy: EscalationPolicy, due: datetime, level: int, now: datetime) -> datetime:
    """When to look again once ``level`` levels are told."""
    if level >= len(policy.levels):
        return now + policy.repeat
    return max(due + policy.levels[level].after, now)
