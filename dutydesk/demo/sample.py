"""The sample shift, laid down by the desk's own use cases: calls taken, clocks running, playbooks under way,
a notice out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from dutydesk.demo.walking import walk
from dutydesk.desk import shifts
from dutydesk.desk.desk import Desk
from dutydesk.desk.incidents import incidents
from dutydesk.desk.intake.reading import ReportForm
from dutydesk.desk.intake.reports import LoggedReport, log_report
from dutydesk.desk.notices import broadcasts
from dutydesk.desk.officers import officers, sessions
from dutydesk.desk.people import contacts
from dutydesk.desk.runs.runs import Walked
from dutydesk.desk.timers import timers
from dutydesk.desk.views import lists
from dutydesk.model.enums import Level, ReportSource, Role, TimerState
from dutydesk.model.officers import Actor

LOGIN: Final = "demo"
NAME: Final = "示例·丙"
PIN: Final = "2580"
OTHER_LOGIN: Final = "demo2"
OTHER_NAME: Final = "示例·丁"
CHANNEL: Final = "sms"

HAZMAT: Final = "成渝环线陶家段一辆液氯槽车侧翻泄漏，驾驶员被困，2人送医，正紧急疏散下风向村民五百余人。"
FLOOD: Final = "谢家湾下穿道积水约60厘米，两辆小车被困，车内人员已自行脱险，无人员伤亡。"
FOREST: Final = "中梁山玉清寺附近山林起火，过火面积约20亩，无人员伤亡，现场有居民点。"
DRILL: Final = "演练：九龙园区某化工仓库氨气泄漏，1人受伤，疏散120人。"
LOOSE: Final = "石桥铺渝州路有人闻到一股臭鸡蛋味，不清楚从哪里来的。"


@dataclass(frozen=True, slots=True)
class Sample:
    """What the second officer works on: the token of the first one's session, the runs and the notice."""

    token: str
    other: Actor
    flood: Walked
    hazmat: Walked
    broadcast: int


async def lay_down(desk: Desk) -> Sample:
    """Fills an empty desk. Takes a second or two: PINs are hashed as they always are."""
    await officers.first_officer(desk, LOGIN, NAME, PIN, console="demo")
    first = await sessions.sign_in(desk, LOGIN, PIN, console="demo")
    me = first.actor
    await officers.add_officer(desk, me, OTHER_LOGIN, OTHER_NAME, PIN, (Role.SHIFT_CHIEF,))
    other = (await sessions.sign_in(desk, OTHER_LOGIN, PIN, console="demo-2")).actor
    await contacts.import_contacts(desk, me, contacts.sample_entries(desk))
    await shifts.start_shift(desk, me, leader="示例·甲", officers=[NAME, OTHER_NAME])

    hazmat = await _call(desk, me, HAZMAT, "hazmat", minutes=33, occurred=44)
    flood = await _call(desk, other, FLOOD, "flood", minutes=21, occurred=30)
    forest = await _call(desk, me, FOREST, "forest_fire", minutes=52, occurred=70)
    drill = await _call(desk, other, DRILL, "hazmat", minutes=12, occurred=15, drill=True)
    await log_report(
        desk,
        other,
        ReportForm(
            text=LOOSE,
            source=ReportSource.HOTLINE_12350,
            received_at=desk.clock.now() - timedelta(minutes=4),
            opens_incident=False,
        ),
    )
    hazmat_run = await walk(desk, me, _number(hazmat), "hazmat", 7)
    flood_run = await walk(desk, other, _number(flood), "flood", 4)
    await walk(desk, me, _number(forest), "forest_fire", 9)
    await walk(desk, other, _number(drill), "hazmat", 3)
    await incidents.grade(desk, me, _number(forest), Level.RELATIVELY_SERIOUS, reason="过火面积超过1公顷")
    await _leave_one_overdue(desk, me)
    await timers.add_reminder(
        desk, me, note="回叫报警人，问风向", after=timedelta(minutes=2), incident=_number(hazmat)
    )
    return Sample(first.token, other, flood_run, hazmat_run, await _notice(desk, me, other, _number(hazmat)))


async def _call(
    desk: Desk, actor: Actor, text: str, kind: str, *, minutes: int, occurred: int, drill: bool = False
) -> LoggedReport:
    now = desk.clock.now()
    return await log_report(
        desk,
        actor,
        ReportForm(
            text=text,
            type=kind,
            received_at=now - timedelta(minutes=minutes),
            occurred_at=now - timedelta(minutes=occurred),
            drill=drill,
        ),
    )


async def _leave_one_overdue(desk: Desk, actor: Actor) -> None:
    """Answers for every clock that the made-up times left behind, but the one least overdue."""
    now = desk.clock.now()
    late = [
        timer for timer in await lists.timers(desk, states=[TimerState.ARMED], limit=500) if timer.due < now
    ]
    for timer in late[:-1]:
        await timers.meet(desk, actor, timer.id, reason="演示：补记")


async def _notice(desk: Desk, me: Actor, other: Actor, incident: int) -> int:
    """A live notice to the towns, approved by the second officer and released."""
    drafted = await broadcasts.draft(
        desk,
        me,
        broadcasts.NoticeForm(
            groups=("townships", "duty_leader"),
            text="陶家镇液氯槽车泄漏，下风向镇街立即组织群众向上风向转移，收到请确认。",
            drill=False,
            incident=incident,
            confirm=True,
            urgent=True,
            channels=(CHANNEL,),
        ),
    )
    await broadcasts.approve(desk, other, drafted.broadcast)
    await broadcasts.release(desk, me, drafted.broadcast)
    return drafted.broadcast


def _number(logged: LoggedReport) -> int:
    if logged.incident is None:
        raise AssertionError("a sample call opens an incident")
    return logged.incident
