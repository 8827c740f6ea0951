"""Given results of which one cannot be put on record, then it is a doubt that a person sees, and the others
are recorded as what they are."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest

from dutydesk.desk.desk import Desk
from dutydesk.desk.notices import receipts
from dutydesk.desk.notices.outbox import NOT_RECORDED
from dutydesk.desk.notices.receipts import Sent
from dutydesk.desk.notices.sending import Claimed, claim
from dutydesk.engine.results import Results
from dutydesk.engine.work import Work
from dutydesk.model.enums import Outcome
from dutydesk.model.errors import ConfigError, StoreError
from dutydesk.model.notices import Receipt
from dutydesk.store import errors
from tests.engine.rows import delivery, journal, notice

STALE = timedelta(minutes=30)
HALF_AN_EMOJI = "13900000001 secret-7f \ud83d"
"""What no database takes."""


@pytest.fixture
def results(work: Work) -> Results:
    return Results(work)


async def _claimed(work: Work, count: int) -> tuple[Claimed, ...]:
    await notice(work.desk, count=count)
    return await claim(
        work.desk, work.actor, work.me, room={}, other_room=count, stale_after=STALE, lease=STALE
    )


def _accepted(claimed: Claimed, detail: str = "ok") -> Sent:
    return Sent(claimed, Receipt(Outcome.ACCEPTED, detail, "M-1"), claimed.lease_until)


async def _states(desk: Desk, claimed: tuple[Claimed, ...]) -> list[str]:
    return [(await delivery(desk, one.delivery)).state for one in claimed]


@pytest.mark.parametrize("others", [0, 3], ids=["alone", "among others"])
async def test_a_result_that_cannot_be_recorded_is_a_doubt_and_holds_up_no_other(
    work: Work, results: Results, caplog: pytest.LogCaptureFixture, others: int
) -> None:
    claimed = await _claimed(work, 1 + others)
    faulty = claimed[0]
    results.add(Sent(faulty, Receipt(Outcome.REFUSED, "", HALF_AN_EMOJI), faulty.lease_until))
    for one in claimed[1:]:
        results.add(_accepted(one))
    await results.record_all()
    row = await delivery(work.desk, faulty.delivery)
    assert (row.state, row.doubtful, row.next_at, row.reason) == ("unknown", True, None, NOT_RECORDED)
    assert await _states(work.desk, claimed[1:]) == ["accepted"] * others
    assert await work.desk.reader.rows("SELECT count(*) FROM attempt WHERE ended_at IS NULL") == [(0,)]
    said = f"the result of delivery {faulty.delivery}, attempt 1, could not be recorded"
    assert [said in record.getMessage() for record in caplog.records] == [True]
    assert caplog.records[0].levelno == logging.ERROR
    assert "secret" not in caplog.text
    assert "139" not in caplog.text


async def test_a_database_that_cannot_be_used_makes_no_doubt_of_a_result(
    work: Work, results: Results, monkeypatch: pytest.MonkeyPatch
) -> None:
    claimed = await _claimed(work, 3)
    record, asked = receipts.record, []

    async def locked_at_first(desk: Desk, actor: Any, me: Any, sent: Any, **rest: Any) -> None:
        asked.append(len(sent))
        if len(asked) < 3:
            raise StoreError(errors._LOCKED, where="dutydesk.db")
        await record(desk, actor, me, sent, **rest)

    monkeypatch.setattr(receipts, "record", locked_at_first)
    for one in claimed:
        results.add(_accepted(one))
    await results.record_all()
    assert asked == [3, 3, 3]
    assert await _states(work.desk, claimed) == ["accepted"] * 3


async def test_what_cannot_be_recorded_even_as_a_doubt_goes_behind_the_others_and_is_tried_again(
    work: Work, results: Results, monkeypatch: pytest.MonkeyPatch
) -> None:
    claimed = await _claimed(work, 4)
    record, refusals = receipts.record, [claimed[1].delivery] * 4

    async def refusing(desk: Desk, actor: Any, me: Any, sent: Any, **rest: Any) -> None:
        if refusals and refusals[0] in [one.claimed.delivery for one in sent]:
            del refusals[0]
            raise ConfigError("deadlines.yaml lacks the rule {rule}", rule="X")
        await record(desk, actor, me, sent, **rest)

    monkeypatch.setattr(receipts, "record", refusing)
    for one in claimed[:3]:
        results.add(_accepted(one))
    results.add(Sent(claimed[3], Receipt(Outcome.REFUSED, "no such number"), claimed[3].lease_until))
    await results.record_all()
    assert not refusals
    assert await _states(work.desk, claimed) == ["accepted", "accepted", "accepted", "refused"]
    recorded = await journal(work.desk, "deliveries.recorded")
    assert recorded[-1] == {"accepted": [claimed[1].delivery]}, "after the others"
