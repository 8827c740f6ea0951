from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dutydesk.model.enums import Outcome
from dutydesk.notify.retry import RetryPolicy, next_attempt

NOW = datetime(2026, 7, 1, 2, 40, tzinfo=UTC)
POLICY = RetryPolicy(attempts=6, base=4, cap=60, resend_unknown=False)


@given(st.integers(min_value=1, max_value=5), st.integers())
def test_the_wait_doubles_up_to_the_cap_and_is_spread(attempts: int, seed: int) -> None:
    at = next_attempt(attempts, Outcome.TRY_AGAIN, NOW, None, Random(seed), policy=POLICY)
    assert at is not None
    longest = min(60, 4 * 2 ** (attempts - 1))
    assert timedelta(seconds=longest / 2) <= at - NOW <= timedelta(seconds=longest)


def test_after_the_last_attempt_it_ends() -> None:
    assert next_attempt(6, Outcome.TRY_AGAIN, NOW, None, Random(1), policy=POLICY) is None


@pytest.mark.parametrize("outcome", [Outcome.ACCEPTED, Outcome.REFUSED, Outcome.UNKNOWN])
def test_only_what_was_not_taken_is_tried_again(outcome: Outcome) -> None:
    assert next_attempt(1, outcome, NOW, None, Random(1), policy=POLICY) is None


def test_a_doubt_is_tried_again_only_where_the_channel_says_so() -> None:
    policy = RetryPolicy(resend_unknown=True)
    assert next_attempt(1, Outcome.UNKNOWN, NOW, None, Random(1), policy=policy) is not None


def test_a_gateway_that_asks_for_longer_is_waited_for_up_to_an_hour() -> None:
    rng = Random(1)
    assert next_attempt(1, Outcome.TRY_AGAIN, NOW, 90, rng, policy=POLICY) == NOW + timedelta(seconds=90)
    assert next_attempt(1, Outcome.TRY_AGAIN, NOW, 1e9, rng, policy=POLICY) == NOW + timedelta(hours=1)
    at = next_attempt(1, Outcome.TRY_AGAIN, NOW, 0.001, rng, policy=POLICY)
    assert at is not None
    assert at - NOW >= timedelta(seconds=2)
