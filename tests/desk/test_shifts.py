"""A shift is never handed over with something open that nobody has looked at."""

from __future__ import annotations

import pytest

from dutydesk.desk import shifts
from dutydesk.desk.desk import Desk
from dutydesk.desk.intake.reports import ReportForm, log_report
from dutydesk.model.errors import BadInput, Refused
from dutydesk.model.officers import Actor
from dutydesk.store.views.shifts import running_shift


async def test_a_shift_starts_once_and_ends_once(desk: Desk, actor: Actor) -> None:
    with pytest.raises(Refused, match="No shift"):
        await shifts.end_shift(desk, actor)
    with pytest.raises(BadInput):
        await shifts.start_shift(desk, actor, leader="周局", officers=[" "])
    begun = await shifts.start_shift(desk, actor, leader="周局", officers=["王强", "李敏"])
    assert await running_shift(desk.reader) == begun
    with pytest.raises(Refused, match="still runs"):
        await shifts.start_shift(desk, actor, leader="周局", officers=["王强"])
    assert (await shifts.end_shift(desk, actor)).open_items == ()
    assert await running_shift(desk.reader) is None


async def test_what_is_open_is_named_before_a_shift_can_end(desk: Desk, actor: Actor) -> None:
    await shifts.start_shift(desk, actor, leader="周局", officers=["王强"])
    await log_report(desk, actor, ReportForm(text="渝州路起火", type="fire"))
    await log_report(desk, actor, ReportForm(text="喂？", opens_incident=False))

    with pytest.raises(Refused, match="items are open"):
        await shifts.end_shift(desk, actor)

    ended = await shifts.end_shift(desk, actor, knowing=True, remarks="渝州路待回报")
    kinds = {item.kind for item in ended.open_items}
    assert {"report", "timer", "incident"} <= kinds
