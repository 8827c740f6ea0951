"""Until someone acknowledges, the next level is told; nothing is replayed."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from dutydesk.rules.escalation import next_action
from tests.rules.district import district, local

POLICY = next(policy for policy in district().escalation_policies if policy.id == "deadline")
DUE = local(3, 3, 40)


def after(minutes: float) -> datetime:
    return DUE + timedelta(minutes=minutes)


def test_nobody_is_told_before_it_is_due() -> None:
    action = next_action(POLICY, due=DUE, now=after(-5))
    assert action.tell is None
    assert action.look_again == DUE


def test_the_levels_are_told_one_after_the_other() -> None:
    first = next_action(POLICY, due=DUE, now=DUE)
    assert first.tell is POLICY.levels[0]
    assert (first.level, first.look_again) == (1, after(3))
    between = next_action(POLICY, due=DUE, now=after(2), level=1, told_at=DUE)
    assert between.tell is None
    second = next_action(POLICY, due=DUE, now=after(3), level=1, told_at=DUE)
    assert second.tell is POLICY.levels[1]
    assert second.look_again == after(8)


def test_an_acknowledgement_holds_and_then_runs_out() -> None:
    held = next_action(POLICY, due=DUE, now=after(5), level=1, told_at=DUE, acknowledged_at=after(1))
    assert held.tell is None
    assert held.look_again == after(11)
    expired = next_action(POLICY, due=DUE, now=after(11), level=1, told_at=DUE, acknowledged_at=after(1))
    assert expired.expired
    assert expired.tell is POLICY.levels[2]


def test_work_going_on_keeps_an_acknowledgement_alive() -> None:
    action = next_action(
        POLICY, due=DUE, now=after(11), level=1, told_at=DUE, acknowledged_at=after(1), worked_at=after(6)
    )
    assert action.tell is None
    assert action.look_again == after(16)


def test_the_last_level_is_told_again_and_again() -> None:
    quiet = next_action(POLICY, due=DUE, now=after(12), level=3, told_at=after(8))
    assert quiet.tell is None
    assert quiet.look_again == after(18)
    again = next_action(POLICY, due=DUE, now=after(18), level=3, told_at=after(8))
    assert again.tell is POLICY.levels[2]
    assert again.repeated


def test_after_downtime_only_the_highest_level_reached_is_told_once() -> None:
    action = next_action(POLICY, due=DUE, now=after(300))
    assert action.tell is POLICY.levels[-1]
    assert action.level == 3
    assert next_action(POLICY, due=DUE, now=after(301), level=3, told_at=after(300)).tell is None


def test_after_an_expiry_the_retelling_is_not_itself_expired() -> None:
    action = next_action(POLICY, due=DUE, now=after(12), level=3, told_at=after(11), acknowledged_at=after(1))
    assert action.tell is None


@given(st.integers(-60, 600), st.integers(0, 3))
def test_it_always_says_when_to_look_again_and_never_in_the_past(minutes: int, level: int) -> None:
    action = next_action(POLICY, due=DUE, now=after(minutes), level=level, told_at=after(minutes - 1))
    assert action.look_again is not None
    assert action.look_again > after(minutes)
    assert action.level >= level
