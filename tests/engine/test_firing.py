from __future__ import annotations

from datetime import timedelta

import pytest

from dutydesk.desk.desk import Desk
from dutydesk.desk.engine.lease import LeaseLost
from dutydesk.desk.engine.processes import Holder
from dutydesk.desk.timers import clocks, timers
from dutydesk.desk.timers.escalating import escalate_due
from dutydesk.desk.timers.firing import fire_due
from dutydesk.model.clock import ManualClock
from dutydesk.model.enums import Role
from dutydesk.model.officers import Actor
from dutydesk.store.tables import NoteRow, TimerRow
from tests.engine.rows import OFFICER, arm, journal, people, taken_over, timer, timer_row
from tests.store.rows import incident


async def _fire_all(desk: Desk, engine: Actor, me: Holder) -> list[int]:
    fired: list[int] = []
    while batch := await fire_due(desk, engine, me):
        fired += [one.id for one in batch]
    return fired


async def _escalate(desk: Desk, engine: Actor, me: Holder) -> list[tuple[str, int, str]]:
    """Fires and escalates; the escalations' texts, whether drill, and groups, in order."""
    await _fire_all(desk, engine, me)
    while await escalate_due(desk, engine, me):
        pass
    rows = await desk.reader.rows(
        "SELECT text, drill, groups FROM broadcast WHERE kind = 'escalation' ORDER BY id"
    )
    return [(row[0], int(row[1]), row[2]) for row in rows]


async def test_what_is_due_fires_once_and_what_is_not_waits(
    desk: Desk, engine: Actor, me: Holder, clock: ManualClock
) -> None:
    due, later = await arm(desk, timer_row(clock.now(), due_in=60), timer_row(clock.now(), due_in=61))
    assert await _fire_all(desk, engine, me) == []
    clock.advance(timedelta(seconds=60))
    assert await _fire_all(desk, engine, me) == [due]
    assert await _fire_all(desk, engine, me) == []
    assert (await timer(desk, due)).state == "fired"
    assert (await timer(desk, due)).late_s is None
    assert (await timer(desk, later)).state == "armed"
    assert await journal(desk, "timers.fired") == [{"timers": [due]}]


async def test_a_thousand_due_together_fire_in_batches_with_one_entry_each(
    desk: Desk, engine: Actor, me: Holder, clock: ManualClock
) -> None:
    numbers = await arm(desk, *(timer_row(clock.now()) for _ in range(1000)))
    assert sorted(await _fire_all(desk, engine, me)) == numbers
    entries = await journal(desk, "timers.fired")
    assert [len(entry["timers"]) for entry in entries] == [200] * 5


async def test_after_an_hour_without_an_engine_a_timer_fires_late_and_says_so(
    desk: Desk, engine: Actor, me: Holder, clock: ManualClock
) -> None:
    (number,) = await arm(desk, timer_row(clock.now(), due_in=60))
    clock.advance(timedelta(seconds=3660))
    (fired,) = await fire_due(desk, engine, me)
    assert fired.late == timedelta(hours=1)
    assert (await timer(desk, number)).late_s == 3600
    assert clocks.value(await timer(desk, number)).late == timedelta(hours=1)
    assert await journal(desk, "timers.fired") == [{"timers": [number], "late_s": {str(number): 3600.0}}]


async def test_an_engine_that_lost_its_lease_fires_and_escalates_nothing(
    desk: Desk, engine: Actor, me: Holder, clock: ManualClock, wall: ManualClock
) -> None:
    (number,) = await arm(desk, timer_row(clock.now()))
    other = await taken_over(desk, engine, wall)
    with pytest.raises(LeaseLost):
        await fire_due(desk, engine, me)
    with pytest.raises(LeaseLost):
        await escalate_due(desk, engine, me)
    assert (await timer(desk, number)).state == "armed"
    assert [fired.id for fired in await fire_due(desk, engine, other)] == [number]


async def test_levels_are_told_one_after_the_other_until_somebody_acknowledges(
    desk: Desk, engine: Actor, me: Holder, clock: ManualClock
) -> None:
    await people(desk, "duty_operators", "shift_chief", "duty_leader")
    (number,) = await arm(desk, timer_row(clock.now()))
    assert [groups for *_, groups in await _escalate(desk, engine, me)] == ['["duty_operators"]']
    clock.advance(timedelta(minutes=2, seconds=59))
    assert len(await _escalate(desk, engine, me)) == 1
    clock.advance(timedelta(seconds=1))
    told = await _escalate(desk, engine, me)
    assert [groups for *_, groups in told] == ['["duty_operators"]', '["shift_chief"]']
    assert "已超时3分" in told[1][0]
    assert "电话报告市应急局" in told[1][0]
    async with (await desk.store()).transaction(OFFICER) as tx:
        row = await tx.get(TimerRow, number)
        row.state = "acknowledged"
        row.acknowledged_at = tx.now
        row.acknowledged_by = "wang"
        row.next_at = tx.now + timedelta(minutes=10)
        tx.journal("timer.acknowledged", f"timer:{number}", {})
    clock.advance(timedelta(minutes=9))
    assert len(await _escalate(desk, engine, me)) == 2
    clock.advance(timedelta(minutes=1))
    told = await _escalate(desk, engine, me)
    assert [groups for *_, groups in told[2:]] == ['["duty_leader"]']
    assert "wang曾确认在办" in told[2][0]
    assert (await timer(desk, number)).state == "fired"
    clock.advance(timedelta(minutes=10))
    assert len(await _escalate(desk, engine, me)) == 4, "the last level hears of it again"


async def test_work_going_on_prolongs_an_acknowledgement(
    desk: Desk, engine: Actor, me: Holder, clock: ManualClock
) -> None:
    await people(desk, "duty_operators", "shift_chief", "duty_leader")
    async with (await desk.store()).transaction(OFFICER) as tx:
        opened = incident(tx.now)
        await tx.insert([opened])
        tx.journal("incident.opened", "incident:1", {})
    (number,) = await arm(
        desk,
        timer_row(
            clock.now(),
            incident_id=opened.id,
            state="acknowledged",
            fired_at=clock.now(),
            level=1,
            acknowledged_at=clock.now(),
            acknowledged_by="wang",
            next_at=clock.now() + timedelta(minutes=10),
        ),
    )
    clock.advance(timedelta(minutes=7))
    async with (await desk.store()).transaction(OFFICER) as tx:
        await tx.insert([NoteRow(incident_id=opened.id, text="堵漏中", at=tx.now, by="wang")])
        tx.journal("incident.noted", "incident:1", {})
    clock.advance(timedelta(minutes=5))
    assert await _escalate(desk, engine, me) == []
    assert (await timer(desk, number)).state == "acknowledged"
    clock.advance(timedelta(minutes=5))
    assert len(await _escalate(desk, engine, me)) == 1


async def test_after_a_night_without_an_engine_only_the_highest_level_is_told_and_hears_how_late(
    desk: Desk, engine: Actor, me: Holder, clock: ManualClock
) -> None:
    await people(desk, "duty_operators", "shift_chief", "duty_leader")
    await arm(desk, timer_row(clock.now()))
    clock.advance(timedelta(hours=8))
    told = await _escalate(desk, engine, me)
    assert [groups for *_, groups in told] == ['["duty_leader"]']
    assert "已超时8小时" in told[0][0]
    assert "迟发7小时52分" in told[0][0]


async def test_timers_of_one_incident_that_fall_due_together_make_one_message(
    desk: Desk, engine: Actor, me: Holder, clock: ManualClock
) -> None:
    await people(desk, "duty_operators")
    await arm(desk, *(timer_row(clock.now(), subject=f"第{n}项") for n in range(30)))
    ((text, _, _),) = await _escalate(desk, engine, me)
    assert "第0项" in text
    assert "另有18项" in text


async def test_a_drill_timer_is_told_as_a_drill(
    desk: Desk, engine: Actor, me: Holder, clock: ManualClock
) -> None:
    await people(desk, "duty_operators")
    await arm(desk, timer_row(clock.now(), drill=True), timer_row(clock.now()))
    assert sorted(drill for _, drill, _ in await _escalate(desk, engine, me)) == [0, 1]


async def test_nobody_to_tell_is_said_aloud_and_the_next_level_still_follows(
    desk: Desk, engine: Actor, me: Holder, clock: ManualClock
) -> None:
    await people(desk, "shift_chief")
    (number,) = await arm(desk, timer_row(clock.now()))
    assert await _escalate(desk, engine, me) == []
    (entry,) = await journal(desk, "timers.escalated")
    assert entry["nobody_to_tell"] == [{"timers": [number], "level": 1, "groups": ["duty_operators"]}]
    clock.advance(timedelta(minutes=3))
    assert [groups for *_, groups in await _escalate(desk, engine, me)] == ['["shift_chief"]']


async def test_somebody_without_an_address_is_nobody_and_is_listed(
    desk: Desk, engine: Actor, me: Holder, clock: ManualClock
) -> None:
    await people(desk, "duty_operators", channel="")
    await arm(desk, timer_row(clock.now()))
    await _escalate(desk, engine, me)
    (entry,) = await journal(desk, "timers.escalated")
    assert entry["nobody_to_tell"]
    assert await desk.reader.rows("SELECT state FROM delivery") == [("failed",)]


async def test_a_timer_of_a_closed_incident_is_called_off(
    desk: Desk, engine: Actor, me: Holder, clock: ManualClock
) -> None:
    await people(desk, "duty_operators")
    async with (await desk.store()).transaction(OFFICER) as tx:
        closed = incident(tx.now, status="closed")
        await tx.insert([closed])
        tx.journal("incident.closed", "incident:1", {})
    (number,) = await arm(desk, timer_row(clock.now(), incident_id=closed.id))
    assert await _escalate(desk, engine, me) == []
    assert (await timer(desk, number)).state == "cancelled"


async def test_a_reminder_set_after_its_incident_was_closed_is_told_all_the_same(
    desk: Desk, engine: Actor, me: Holder, clock: ManualClock
) -> None:
    await people(desk, "duty_operators")
    async with (await desk.store()).transaction(OFFICER) as tx:
        closed = incident(tx.now, status="closed")
        await tx.insert([closed])
        tx.journal("incident.closed", "incident:1", {})
    wang = Actor(1, "wang", "王强", (Role.OPERATOR,), "desk-1")
    reminder = await timers.add_reminder(
        desk, wang, note="明早回访医院", after=timedelta(hours=1), incident=closed.id
    )
    clock.advance(timedelta(hours=1))
    ((text, _, _),) = await _escalate(desk, engine, me)
    assert "明早回访医院" in text
    assert (await timer(desk, reminder.id)).state == "fired"


async def test_a_reminder_that_was_put_off_says_nothing_of_the_time_before(
    desk: Desk, engine: Actor, me: Holder, clock: ManualClock
) -> None:
    wang = Actor(1, "wang", "王强", (Role.OPERATOR,), "desk-1")
    reminder = await timers.add_reminder(desk, wang, note="回拨", after=timedelta(minutes=1))
    clock.advance(timedelta(minutes=5))
    await _escalate(desk, engine, me)
    await timers.acknowledge(desk, wang, reminder.id)
    put_off = await timers.snooze(desk, wang, reminder.id, timedelta(minutes=10))
    assert (put_off.late, put_off.acknowledged_by, put_off.state) == (None, "", "armed")
    clock.advance(timedelta(minutes=10))
    await _escalate(desk, engine, me)
    row = await timer(desk, reminder.id)
    assert (row.state, row.late_s, row.acknowledged_at) == ("fired", None, None)


async def test_a_timer_whose_policy_the_district_has_dropped_escalates_by_that_of_its_kind(
    desk: Desk, engine: Actor, me: Holder, clock: ManualClock
) -> None:
    await people(desk, "duty_operators")
    await arm(desk, timer_row(clock.now(), policy="dropped"))
    assert len(await _escalate(desk, engine, me)) == 1


async def test_a_crash_between_firing_and_telling_tells_after_the_restart(
    desk: Desk, engine: Actor, me: Holder, clock: ManualClock, wall: ManualClock
) -> None:
    await people(desk, "duty_operators")
    await arm(desk, timer_row(clock.now()))
    assert len(await fire_due(desk, engine, me)) == 1
    successor = await taken_over(desk, engine, wall)
    clock.advance(timedelta(seconds=6))
    assert len(await _escalate(desk, engine, successor)) == 1
    assert len(await journal(desk, "timers.fired")) == 1
