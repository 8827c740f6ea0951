"""Given a call that is written down as it is told, when it is put on record, then its draft is gone for
good."""

from __future__ import annotations

import pytest

from dutydesk.desk.desk import Desk
from dutydesk.desk.intake.drafts import open_drafts, save_draft
from dutydesk.desk.intake.reports import ReportForm, log_report
from dutydesk.model.errors import Refused
from dutydesk.model.officers import Actor


async def test_a_keeping_that_comes_after_the_report_offers_nothing_a_second_time(
    desk: Desk, actor: Actor
) -> None:
    await log_report(desk, actor, ReportForm(text="乙小区失火", draft="d1"))
    await save_draft(desk, actor, "d1", {"text": "乙小区失"})
    assert await open_drafts(desk, actor) == ()


async def test_a_draft_taken_up_at_two_consoles_becomes_one_report(desk: Desk, actor: Actor) -> None:
    await save_draft(desk, actor, "d1", {"text": "乙小区失火"})
    first = await log_report(desk, actor, ReportForm(text="乙小区失火", draft="d1"))
    with pytest.raises(Refused) as refused:
        await log_report(desk, actor, ReportForm(text="乙小区失火了", draft="d1"))
    assert refused.value.details["id"] == first.report
