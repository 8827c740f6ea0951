"""When to try a delivery again: exponential back-off with jitter, a cap and an end. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from dutydesk.model.enums import Outcome


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """``attempts``: how many in all. ``base`` is the wait after the first, in seconds; it doubles up to
    ``cap``.

    ``resend_unknown``: whether an attempt whose result is unknown is tried again, at the risk of a double.
    """

    attempts: int = 8
    base: float = 5.0
    cap: float = 300.0
    resend_unknown: bool = True


def next_attempt(
    attempts: int,
    outcome: Outcome,
    now: datetime,
    retry_after: float | None,
    rng: Random,
    *,
    policy: RetryPolicy,
) -> datetime | None:
    """When to try again after ``attempts`` attempts, the last of which came to ``outcome``; ``None``: not
    again.

    The wait is drawn between one half and the whole of ``base * 2 ** (attempts - 1)``, at most ``cap``, so
    that deliveries that failed together do not come back together. A gateway's ``retry_after`` (seconds) is
    honoured up to an hour, when it is longer.
    """
    again = outcome is Outcome.TRY_AGAIN or (outcome is Outcome.UNKNOWN and policy.resend_unknown)
    if not again or attempts >= policy.attempts:
        return None
    longest = min(policy.cap, policy.base * 2.0 ** min(max(attempts, 1) - 1, 30))
    wait = rng.uniform(longest / 2, longest)
    if retry_after is not None and retry_after > 0:
        wait = max(wait, min(retry_after, 3600.0))
    return now + timedelta(seconds=wait)
