"""What the screens are shown is what was written, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dutydesk.model.clock import ManualClock
from dutydesk.model.enums import (
    BroadcastKind,
    BroadcastState,
    DeliveryState,
    FigureKind,
    IncidentStatus,
    Level,
    Role,
    RunStatus,
    TimerState,
)
from dutydesk.model.errors import NotFound
from dutydesk.model.officers import Actor
from dutydesk.store.database import Store, Transaction
from dutydesk.store.reader import Reader
from dutydesk.store.tables import (
    AddressRow,
    BroadcastRow,
    ContactRow,
    DeliveryRow,
    FigureRow,
    FilingRow,
    LeaseRow,
    MemberRow,
    OfficerRow,
    RunEventRow,
    RunRow,
)
from dutydesk.store.views import board, contacts, engine, incidents, notices, officers, reports, runs, timers
from tests.store.rows import incident, report, timer


async def a_night(tx: Transaction) -> None:
    """A live incident with a run and a broadcast, a drill, a closed one, a correction, a heartbeat."""
    now = tx.now
    await tx.insert(
        [
            incident(now, proposed_level=4, town="陶家镇"),
            incident(now, "穿道积水", confirmed_level=3, confirmed_by="li", confirmed_at=now, drill=True),
            incident(now, "已结", status="closed", closed_at=now, closed_by="wang", close_reason="处置完毕"),
            report(
                now, "侧翻，2人死亡", caller="张某", town="陶家镇", occurred_at=now - timedelta(minutes=9)
            ),
            report(now + timedelta(minutes=5), "更正：3人死亡", caller="张某", corrects=1),
            report(now + timedelta(minutes=6), "未立案的来电", drill=True),
            FilingRow(report_id=1, incident_id=1, filed_at=now, filed_by="wang"),
            FilingRow(report_id=2, incident_id=1, filed_at=now, filed_by="wang"),
            FigureRow(report_id=1, kind="deaths", value=2, origin="text"),
            FigureRow(report_id=2, kind="deaths", value=3, origin="officer"),
            FigureRow(report_id=2, kind="injured", unknown=True, origin="text"),
            timer(now + timedelta(hours=2), incident_id=1, subject="书面首报", verified=True),
            timer(now + timedelta(hours=1), incident_id=1, state="fired", late_s=90.0, fired_at=now),
            timer(now - timedelta(hours=1), state="met", met_at=now, met_by="wang", reason="已报"),
            timer(now - timedelta(minutes=1), subject="过期未发"),
            RunRow(
                incident_id=1,
                playbook="hazmat-release",
                source="id: x",
                source_hash="h",
                status="walking",
                steps_done=6,
                steps_total=19,
                next_step="call-maritime",
                started_at=now,
                started_by="wang",
            ),
            RunEventRow(run_id=1, step="wind", action="answered", value={"deg": 45}, at=now, by="wang"),
            RunEventRow(run_id=1, step="x", action="skipped", reason="无此项", at=now, by="wang"),
            ContactRow(name="赵某", org="陶家镇政府", duty="值班", sample=True),
            ContactRow(name="钱某", org="西彭镇政府"),
            ContactRow(name="孙某", removed=True),
            AddressRow(contact_id=1, channel="sms", address="13800000000"),
            AddressRow(contact_id=1, channel="mail", address="a@example.org"),
            MemberRow(contact_id=1, group_code="towns"),
            MemberRow(contact_id=2, group_code="towns"),
            MemberRow(contact_id=3, group_code="towns"),
            MemberRow(contact_id=1, group_code="leaders"),
            BroadcastRow(
                kind="notice",
                incident_id=1,
                groups=["towns", "leaders"],
                channels=["sms"],
                text="请转移",
                drill=False,
                confirm=True,
                urgency=0,
                state="released",
                created_at=now,
                created_by="wang",
                released_at=now,
                released_by="wang",
            ),
        ]
    )
    for contact_id, channel, state in (
        (1, "sms", "confirmed"),
        (1, "mail", "accepted"),
        (2, "sms", "refused"),
    ):
        await tx.insert(
            [
                DeliveryRow(
                    broadcast_id=1,
                    contact_id=contact_id,
                    contact="赵某",
                    channel=channel,
                    address="1",
                    code=f"c{contact_id}{channel}",
                    state=state,
                    urgency=0,
                    queued_at=now,
                    changed_at=now,
                )
            ]
        )
    roles = [str(Role.OPERATOR), str(Role.ADMIN)]
    await tx.insert([OfficerRow(login="wang", name="王强", roles=roles, pin_hash="x", created_at=now)])
    await tx.insert(
        [
            LeaseRow(
                name="engine", holder="h", pid=7, host="n", acquired_at=now, heartbeat_at=now, expires_at=now
            )
        ]
    )
    tx.journal("night.told", "", {})


@pytest.fixture
async def night(store: Store, actor: Actor) -> Store:
    async with store.transaction(actor) as transaction:
        await a_night(transaction)
    return store


async def test_the_board_shows_what_presses_first(night: Store, reader: Reader, clock: ManualClock) -> None:
    shown = await board.board(reader)
    assert [t.id for t in shown.timers] == [4, 2, 1]
    assert (shown.timers[1].late, shown.timers[1].state) == (timedelta(seconds=90), TimerState.FIRED)
    assert [i.id for i in shown.incidents] == [2, 1]
    drill, live = shown.incidents
    assert (drill.level, drill.level_confirmed, drill.drill, drill.recipients) == (Level(3), True, True, 0)
    assert (live.level, live.level_confirmed, live.town) == (Level(4), False, "陶家镇")
    assert (live.steps_done, live.steps_total, live.next_step) == (6, 19, "call-maritime")
    assert (live.confirmed, live.recipients, live.in_trouble) == (1, 2, 1)
    assert [(r.id, r.incident, r.drill) for r in shown.reports] == [
        (3, None, True),
        (2, 1, False),
        (1, 1, False),
    ]
    assert (shown.unreached, shown.stale) == (1, 0)
    assert shown.engine is not None
    assert (shown.engine.pid, shown.engine.heartbeat_at) == (7, clock.now())


async def test_the_board_counts_what_its_lists_have_no_room_for(night: Store, reader: Reader) -> None:
    shown = await board.board(reader, timers=2, incidents=1)
    assert ([t.id for t in shown.timers], shown.more_timers) == ([4, 2], 1)
    assert ([i.id for i in shown.incidents], shown.more_incidents) == ([2], 1)
    whole = await board.board(reader, timers=3, incidents=2)
    assert (whole.more_timers, whole.more_incidents) == (0, 0)


async def test_an_empty_desk_has_an_empty_board(reader: Reader) -> None:
    shown = await board.board(reader)
    assert (shown.timers, shown.incidents, shown.reports, shown.engine, shown.unreached) == (
        (),
        (),
        (),
        None,
        0,
    )


async def test_reports_come_with_their_figures(night: Store, reader: Reader, clock: ManualClock) -> None:
    first = await reports.report(reader, 1)
    assert (first.text, first.caller, first.town, first.incident) == ("侧翻，2人死亡", "张某", "陶家镇", 1)
    assert (first.occurred_at, first.received_at) == (clock.now() - timedelta(minutes=9), clock.now())
    assert [(f.kind, f.value) for f in first.figures] == [(FigureKind.DEATHS, 2)]
    assert [r.id for r in await reports.reports(reader)] == [3, 2, 1]
    assert [r.id for r in await reports.reports(reader, before=3, limit=1)] == [2]
    assert [r.id for r in await reports.reports(reader, incident=1)] == [2, 1]
    assert [r.id for r in await reports.reports(reader, unfiled=True)] == [3]
    assert [r.id for r in await reports.reports_of(reader, [1, 99, 3])] == [1, 3]
    assert await reports.corrections_of(reader, 1) == [2]


async def test_a_corrected_report_s_figures_are_superseded(night: Store, reader: Reader) -> None:
    stated = await incidents.figures(reader, 1)
    assert [(s.figure.value, s.figure.unknown, s.superseded) for s in stated] == [
        (2, False, True),
        (3, False, False),
        (None, True, False),
    ]


async def test_incidents_are_listed_by_status(night: Store, reader: Reader, clock: ManualClock) -> None:
    assert [i.id for i in await incidents.incidents(reader)] == [3, 2, 1]
    assert [i.id for i in await incidents.incidents(reader, IncidentStatus.OPEN)] == [2, 1]
    assert [i.id for i in await incidents.incidents(reader, drill=True)] == [2]
    assert [i.id for i in await incidents.incidents(reader, before=3, limit=1)] == [2]
    closed = await incidents.incident(reader, 3)
    assert (closed.status, closed.closed_at, closed.close_reason) == (
        IncidentStatus.CLOSED,
        clock.now(),
        "处置完毕",
    )


async def test_timers_are_listed_by_due_time(night: Store, reader: Reader, clock: ManualClock) -> None:
    assert [t.id for t in await timers.timers(reader)] == [3, 4, 2, 1]
    assert [t.id for t in await timers.timers(reader, states=timers.RUNNING, limit=2)] == [4, 2]
    assert [t.id for t in await timers.timers(reader, incident=1)] == [2, 1]
    assert await timers.timers(reader, states=()) == []
    written = await timers.timer(reader, 1)
    assert (written.due, written.verified, written.late) == (clock.now() + timedelta(hours=2), True, None)


async def test_notices_tell_what_became_of_each_delivery(night: Store, reader: Reader) -> None:
    notice = await notices.broadcast(reader, 1)
    assert (notice.kind, notice.state, notice.groups, notice.confirm, notice.drill) == (
        BroadcastKind.NOTICE,
        BroadcastState.RELEASED,
        ("towns", "leaders"),
        True,
        False,
    )
    assert [b.id for b in await notices.broadcasts(reader, incident=1, state=BroadcastState.RELEASED)] == [1]
    assert await notices.broadcasts(reader, state=BroadcastState.DRAFT) == []
    assert [d.state for d in await notices.deliveries(reader, 1)] == [
        DeliveryState.CONFIRMED,
        DeliveryState.ACCEPTED,
        DeliveryState.REFUSED,
    ]
    assert [d.id for d in await notices.deliveries_in(reader, DeliveryState.REFUSED)] == [3]
    assert (await notices.delivery(reader, "c1mail")).id == (await notices.delivery(reader, 2)).id == 2
    assert await notices.counts(reader, 1) == {
        DeliveryState.ACCEPTED: 1,
        DeliveryState.CONFIRMED: 1,
        DeliveryState.REFUSED: 1,
    }


async def test_a_run_is_read_with_all_that_happened_in_it(night: Store, reader: Reader) -> None:
    run = await runs.run(reader, 1)
    assert (run.playbook, run.source, run.status, run.steps_total) == (
        "hazmat-release",
        "id: x",
        RunStatus.WALKING,
        19,
    )
    assert [r.id for r in await runs.runs(reader, incident=1, status=RunStatus.WALKING)] == [1]
    happened = await runs.events(reader, 1)
    assert [(e.action, e.value, e.reason) for e in happened] == [
        ("answered", {"deg": 45}, ""),
        ("skipped", None, "无此项"),
    ]


async def test_people_are_listed_without_those_removed(night: Store, reader: Reader) -> None:
    assert [c.name for c in await contacts.contacts(reader)] == ["赵某", "钱某"]
    assert [c.id for c in await contacts.contacts(reader, group="leaders")] == [1]
    one = await contacts.contact(reader, 1)
    assert (one.groups, one.addresses, one.sample) == (
        ("leaders", "towns"),
        (("mail", "a@example.org"), ("sms", "13800000000")),
        True,
    )
    assert await contacts.groups(reader) == {"leaders": 1, "towns": 2}
    assert [(o.login, o.roles) for o in await officers.officers(reader, disabled=False)] == [
        ("wang", (Role.OPERATOR, Role.ADMIN))
    ]
    assert (await officers.officer(reader, "wang")).name == "王强"


async def test_the_engine_s_work_is_counted(night: Store, reader: Reader, clock: ManualClock) -> None:
    found = await engine.counts(reader, clock.now())
    assert (found.armed, found.overdue, found.queued) == (2, 1, 0)
    beat = await engine.beat(reader)
    assert beat is not None
    assert beat.holder == "h"


async def test_what_does_not_exist_is_said_so(reader: Reader) -> None:
    for asked, what in (
        (reports.report(reader, 9), "report 9"),
        (incidents.incident(reader, 9), "incident 9"),
        (timers.timer(reader, 9), "timer 9"),
        (notices.broadcast(reader, 9), "broadcast 9"),
        (notices.delivery(reader, "zz"), "delivery zz"),
        (runs.run(reader, 9), "run 9"),
        (contacts.contact(reader, 9), "contact 9"),
        (officers.officer(reader, "nobody"), "officer nobody"),
    ):
        with pytest.raises(NotFound, match=what):
            await asked
