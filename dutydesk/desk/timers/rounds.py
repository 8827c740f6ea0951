"""The rounds of a follow-up (续报): which one is to be armed as the incident moves on beneath it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from dutydesk.desk.desk import Desk
from dutydesk.i18n import N_
from dutydesk.model.deadlines import Due
from dutydesk.model.enums import TimerState
from dutydesk.rules import deadlines
from dutydesk.store.tables import TimerRow

NO_LONGER: Final = N_("no longer applies")
UNFOUNDED: Final = N_("the corrected facts do not call for it")


def next_round(
    desk: Desk, due: Due, there: Sequence[TimerRow], now: datetime, *, reopened: bool
) -> Due | None:
    """The round of a cadence that has to be armed, if any; ``there`` are the clocks of its incident.

    One round of a series runs at a time. One that is already owed stays: the follow-up that ends it starts
    the rhythm of the grade; one that runs by another grade's rhythm is replaced.
    """
    series = [row for row in there if _in_series(desk, row, due)]
    running = next((row for row in series if TimerState(row.state).running), None)
    last = max((row.met_at for row in series if row.met_at is not None), default=due.anchor_at)
    if running is None:
        of_rule = [row for row in series if row.rule == due.rule.id]
        if (
            of_rule
            and of_rule[-1].met_at is None
            and not called_off_by_itself(of_rule[-1], reopened=reopened)
        ):
            return None
        since = max(due.anchor_at, last)
        until = deadlines.cadence_next(due.rule, since, desk.zone)
        if reopened and until <= now:
            # Nothing was owed while it was closed.
            since, until = now, deadlines.cadence_next(due.rule, now, desk.zone)
    elif running.rule == due.rule.id or running.state != TimerState.ARMED:
        return None
    else:
        since, until = deadlines.passed_on(
            due.rule,
            told=due.anchor_at,
            since=running.anchor_at or due.anchor_at,
            due=running.due_at,
            tz=desk.zone,
        )
    return replace(due, anchor_at=since, due=until)


def called_off_by_itself(row: TimerRow, *, reopened: bool) -> bool:
    """Whether ``row`` was cancelled by the course of things, and not by an officer's word."""
    return reopened or row.reason in (NO_LONGER, UNFOUNDED)


def _in_series(desk: Desk, row: TimerRow, due: Due) -> bool:
    rule = desk.reference.deadline_rules.get(row.rule)
    return rule is not None and deadlines.same_series(rule, due.rule)
