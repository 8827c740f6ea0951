"""Given two officers at one incident, when one was quicker, then the other does not undo it unseen."""

from __future__ import annotations

import pytest

from dutydesk.desk.desk import Desk
from dutydesk.desk.incidents import incidents
from dutydesk.desk.intake.reports import ReportForm, log_report
from dutydesk.model.enums import Level
from dutydesk.model.errors import Refused
from dutydesk.model.officers import Actor


async def call(desk: Desk, actor: Actor) -> int:
    logged = await log_report(desk, actor, ReportForm(text="陶家镇液氯槽车侧翻泄漏，2人死亡"))
    assert logged.incident is not None
    return logged.incident


async def test_a_grade_confirmed_meanwhile_is_not_overruled_unseen(
    desk: Desk, actor: Actor, chief: Actor
) -> None:
    incident = await call(desk, actor)
    await incidents.grade(desk, chief, incident, Level.RELATIVELY_SERIOUS, seen=None)
    with pytest.raises(Refused) as refused:
        await incidents.grade(desk, actor, incident, Level.ORDINARY, seen=None)
    assert refused.value.details["officer"] == chief.login
    await incidents.grade(desk, actor, incident, Level.ORDINARY, seen=Level.RELATIVELY_SERIOUS)
    await incidents.grade(desk, actor, incident, Level.SERIOUS)


async def test_an_incident_is_not_closed_over_a_report_that_nobody_at_this_desk_has_seen(
    desk: Desk, actor: Actor, chief: Actor
) -> None:
    incident = await call(desk, actor)
    await log_report(desk, chief, ReportForm(text="又有1人倒地", incident=incident))
    with pytest.raises(Refused) as refused:
        await incidents.close(desk, actor, incident, reason="处置完毕", seen=1)
    assert refused.value.details["count"] == 1
    await incidents.close(desk, actor, incident, reason="处置完毕", seen=2)
