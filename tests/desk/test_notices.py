"""Given a notice, when it is released, withdrawn, corrected or sent again, then nobody is believed to have it
who cannot have it."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import update

from dutydesk.desk import shifts
from dutydesk.desk.desk import Desk
from dutydesk.desk.intake.reports import ReportForm, log_report
from dutydesk.desk.notices import broadcasts, deliveries
from dutydesk.desk.notices.broadcasts import NoticeForm
from dutydesk.desk.notices.preview import preview
from dutydesk.desk.people.contacts import ContactEntry, import_contacts, read_yaml
from dutydesk.desk.runs import runs
from dutydesk.model.enums import DeliveryState
from dutydesk.model.errors import BadInput, Refused
from dutydesk.model.officers import Actor
from dutydesk.store.tables import DeliveryRow
from dutydesk.store.views import contacts, notices
from dutydesk.store.views import shifts as shift_views

TOWNSHIP = ContactEntry("陶家镇值班室", groups=("townships",), addresses=(("sink", "town-1"),))
VILLAGE = ContactEntry("文峰村", groups=("townships",), addresses=(("sink", "town-2"),))


async def _drafted(desk: Desk, actor: Actor, chief: Actor, *, correction: str = "") -> int:
    await import_contacts(desk, chief, (TOWNSHIP, VILLAGE))
    form = NoticeForm(("townships",), "立即组织下风向群众转移。", drill=False, correction_text=correction)
    drafted = await broadcasts.draft(desk, actor, form)
    await broadcasts.approve(desk, chief, drafted.broadcast)
    return drafted.broadcast


async def _came_to(desk: Desk, actor: Actor, address: str, state: DeliveryState) -> None:
    """What the engine would have recorded of the delivery to ``address``."""
    async with (await desk.store()).transaction(actor, journaled=False) as tx:
        table = DeliveryRow.__table__  # type: ignore[attr-defined]
        changed = update(table).where(table.c.address == address).values(state=state, next_at=None)
        await tx.execute(changed)


async def test_what_a_withdrawn_notice_did_not_reach_is_not_sent_again(
    desk: Desk, actor: Actor, chief: Actor
) -> None:
    notice = await _drafted(desk, actor, chief)
    await broadcasts.release(desk, actor, notice)
    await _came_to(desk, actor, "town-1", DeliveryState.REFUSED)
    await broadcasts.cancel(desk, actor, notice)
    refused = next(d for d in await notices.deliveries(desk.reader, notice) if d.address == "town-1")

    with pytest.raises(Refused, match="withdrawn"):
        await deliveries.resend(desk, actor, [refused.id])

    still = await notices.deliveries(desk.reader, notice)
    assert {d.address: d.state for d in still} == {
        "town-1": DeliveryState.REFUSED,
        "town-2": DeliveryState.CANCELLED,
    }


async def test_a_notice_whose_group_has_become_empty_is_not_released_to_nobody(
    desk: Desk, actor: Actor, chief: Actor
) -> None:
    notice = await _drafted(desk, actor, chief)
    await import_contacts(
        desk,
        chief,
        (ContactEntry("陶家镇值班室", groups=("other",)), ContactEntry("文峰村", groups=("other",))),
    )

    with pytest.raises(Refused, match="no recipient"):
        await broadcasts.release(desk, actor, notice)


async def test_who_has_not_got_a_corrected_notice_yet_gets_the_correction_alone(
    desk: Desk, actor: Actor, chief: Actor
) -> None:
    notice = await _drafted(desk, actor, chief, correction="更正：向上风向转移。")
    await broadcasts.release(desk, actor, notice)
    await _came_to(desk, actor, "town-1", DeliveryState.ACCEPTED)

    corrected = await broadcasts.correct(desk, actor, notice)

    original = await notices.deliveries(desk.reader, notice)
    assert {d.address: d.state for d in original} == {
        "town-1": DeliveryState.ACCEPTED,
        "town-2": DeliveryState.CANCELLED,
    }
    correction = await notices.deliveries(desk.reader, corrected.broadcast)
    assert {d.address: d.state for d in correction} == dict.fromkeys(
        ("town-1", "town-2"), DeliveryState.QUEUED
    )


async def test_a_step_whose_notice_was_withdrawn_can_be_notified_anew(
    desk: Desk, actor: Actor, chief: Actor
) -> None:
    await import_contacts(desk, chief, (TOWNSHIP,))
    logged = await log_report(desk, actor, ReportForm(text="陶家镇液氯槽车泄漏，造成1人死亡。"))
    run = (await runs.start(desk, actor, logged.incident or 0, "hazmat")).run
    first = (await runs.do(desk, actor, run, "notify_townships")).notice
    assert first is not None
    with pytest.raises(Refused, match="under way"):
        await runs.do(desk, actor, run, "notify_townships")

    await broadcasts.cancel(desk, actor, first.broadcast)

    again = await runs.do(desk, actor, run, "notify_townships")
    assert again.notice is not None
    assert again.notice.broadcast != first.broadcast


async def test_two_consoles_that_notify_for_one_step_draft_one_notice(
    desk: Desk, actor: Actor, chief: Actor
) -> None:
    await import_contacts(desk, chief, (TOWNSHIP,))
    logged = await log_report(desk, actor, ReportForm(text="陶家镇液氯槽车泄漏，造成1人死亡。"))
    run = (await runs.start(desk, actor, logged.incident or 0, "hazmat")).run

    came = await asyncio.gather(
        runs.do(desk, actor, run, "notify_townships"),
        runs.do(desk, chief, run, "notify_townships"),
        return_exceptions=True,
    )

    assert sorted(type(one).__name__ for one in came) == ["Refused", "Walked"]
    assert len(await desk.reader.rows("SELECT id FROM broadcast")) == 1


async def test_a_corrected_notice_is_not_sent_again_after_its_correction(
    desk: Desk, actor: Actor, chief: Actor
) -> None:
    notice = await _drafted(desk, actor, chief, correction="更正：向上风向转移。")
    await broadcasts.release(desk, actor, notice)
    await _came_to(desk, actor, "town-1", DeliveryState.FAILED)
    await broadcasts.correct(desk, actor, notice)
    failed = next(d for d in await notices.deliveries(desk.reader, notice) if d.address == "town-1")

    with pytest.raises(Refused, match="corrected"):
        await deliveries.resend(desk, actor, [failed.id])


async def test_a_draft_of_a_correction_is_previewed_for_exactly_those_who_will_get_it(
    desk: Desk, actor: Actor, chief: Actor
) -> None:
    notice = await _drafted(desk, actor, chief)
    await broadcasts.release(desk, actor, notice)
    await _came_to(desk, actor, "town-1", DeliveryState.ACCEPTED)
    drafted = await broadcasts.correct(desk, actor, notice, text="更正：原地避险。")

    seen = await preview(desk, drafted.broadcast)
    await broadcasts.approve(desk, chief, drafted.broadcast)
    await broadcasts.release(desk, actor, drafted.broadcast)

    sent = await notices.deliveries(desk.reader, drafted.broadcast)
    assert [line.address for line in seen] == [row.address for row in sent] == ["town-1", "town-2"]
    assert seen == drafted.preview


async def _corrected(desk: Desk, actor: Actor, chief: Actor, notice: int, text: str) -> int:
    """A correction of ``notice`` with a text of its own, approved and released."""
    drafted = await broadcasts.correct(desk, actor, notice, text=text)
    await broadcasts.approve(desk, chief, drafted.broadcast)
    await broadcasts.release(desk, actor, drafted.broadcast)
    return drafted.broadcast


async def _states(desk: Desk, broadcast: int) -> dict[str, tuple[DeliveryState, str]]:
    return {d.address: (d.state, d.reason) for d in await notices.deliveries(desk.reader, broadcast)}


async def test_a_second_correction_goes_to_everybody_and_the_first_does_not_follow_it(
    desk: Desk, actor: Actor, chief: Actor
) -> None:
    notice = await _drafted(desk, actor, chief, correction="更正：向上风向转移。")
    await broadcasts.release(desk, actor, notice)
    await _came_to(desk, actor, "town-1", DeliveryState.ACCEPTED)
    first = (await broadcasts.correct(desk, actor, notice)).broadcast
    drafted = await broadcasts.correct(desk, actor, notice, text="更正：原地避险。")
    seen = await preview(desk, drafted.broadcast)
    await broadcasts.approve(desk, chief, drafted.broadcast)
    assert await broadcasts.release(desk, actor, drafted.broadcast) == 2

    assert [line.address for line in seen] == ["town-1", "town-2"]
    assert await _states(desk, first) == dict.fromkeys(
        ("town-1", "town-2"), (DeliveryState.CANCELLED, "its correction was sent instead")
    )
    assert await _states(desk, drafted.broadcast) == dict.fromkeys(
        ("town-1", "town-2"), (DeliveryState.QUEUED, "")
    )
    with pytest.raises(Refused, match=f"by {drafted.broadcast}: "):
        await deliveries.resend_unreached(desk, actor, await _failed(desk, actor, notice))


async def _failed(desk: Desk, actor: Actor, notice: int) -> int:
    await _came_to(desk, actor, "town-1", DeliveryState.FAILED)
    return notice


async def test_of_two_corrections_drafted_side_by_side_the_one_released_last_stands(
    desk: Desk, actor: Actor, chief: Actor
) -> None:
    notice = await _drafted(desk, actor, chief)
    await broadcasts.release(desk, actor, notice)
    one = (await broadcasts.correct(desk, actor, notice, text="更正：向上风向转移。")).broadcast
    other = (await broadcasts.correct(desk, actor, notice, text="更正：原地避险。")).broadcast
    for each in (other, one):
        await broadcasts.approve(desk, chief, each)
        await broadcasts.release(desk, actor, each)

    assert {state for state, _ in (await _states(desk, other)).values()} == {DeliveryState.CANCELLED}
    assert {state for state, _ in (await _states(desk, one)).values()} == {DeliveryState.QUEUED}


async def test_who_got_only_the_first_text_is_told_again_when_its_correction_was_withdrawn_in_time(
    desk: Desk, actor: Actor, chief: Actor
) -> None:
    notice = await _drafted(desk, actor, chief, correction="更正：向上风向转移。")
    await broadcasts.release(desk, actor, notice)
    await _came_to(desk, actor, "town-1", DeliveryState.ACCEPTED)
    first = (await broadcasts.correct(desk, actor, notice)).broadcast
    await broadcasts.cancel(desk, actor, first)

    second = await _corrected(desk, actor, chief, first, "更正：原地避险。")

    assert set(await _states(desk, second)) == {"town-1", "town-2"}


async def test_a_notice_that_was_withdrawn_in_time_is_corrected_towards_nobody(
    desk: Desk, actor: Actor, chief: Actor
) -> None:
    notice = await _drafted(desk, actor, chief, correction="更正：向上风向转移。")
    await broadcasts.release(desk, actor, notice)
    assert await broadcasts.cancel(desk, actor, notice) == 2
    for text in ("", "更正：原地避险。"):
        with pytest.raises(Refused, match="reached nobody"):
            await broadcasts.correct(desk, actor, notice, text=text)
    assert len(await notices.broadcasts(desk.reader)) == 1


async def test_a_correction_kept_ready_goes_out_once(desk: Desk, actor: Actor, chief: Actor) -> None:
    notice = await _drafted(desk, actor, chief, correction="更正：向上风向转移。")
    await broadcasts.release(desk, actor, notice)
    first = (await broadcasts.correct(desk, actor, notice)).broadcast
    with pytest.raises(Refused, match=f"by {first} already"):
        await broadcasts.correct(desk, actor, notice)
    await broadcasts.cancel(desk, actor, first)
    assert (await broadcasts.correct(desk, actor, notice)).recipients == 2


@pytest.mark.parametrize("correction", ["【演练】原地避险。", "更" * 4001])
async def test_a_correction_kept_ready_is_one_that_can_go_out(
    desk: Desk, actor: Actor, chief: Actor, correction: str
) -> None:
    with pytest.raises(BadInput):
        await _drafted(desk, actor, chief, correction=correction)


async def test_a_live_text_that_begins_like_a_drill_is_refused_whoever_would_get_it(
    desk: Desk, actor: Actor, chief: Actor
) -> None:
    await import_contacts(desk, chief, (ContactEntry("无地址", groups=("townships",)),))
    with pytest.raises(BadInput, match="drill"):
        await broadcasts.draft(desk, actor, NoticeForm(("townships",), "【演练】转移。", drill=False))


async def test_a_code_names_one_delivery_however_many_there_are(
    desk: Desk, actor: Actor, chief: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of codes of one letter a dozen notices draw the same ones again and again."""
    monkeypatch.setattr("dutydesk.desk.notices.outbox._CODE_LENGTH", 1)
    for _ in range(10):
        notice = await _drafted(desk, actor, chief)
        await broadcasts.release(desk, actor, notice)
    rows = await desk.reader.rows("SELECT code FROM delivery ORDER BY id")
    assert len(rows) == len(set(rows)) == 20
    (code,) = rows[7]
    await _came_to(desk, actor, "town-2", DeliveryState.ACCEPTED)
    assert await deliveries.confirm(desk, actor, code.lower(), by="陶家镇 刘") == 8


async def test_a_code_that_several_deliveries_have_is_told_and_confirms_none(
    desk: Desk, actor: Actor, chief: Actor
) -> None:
    notice = await _drafted(desk, actor, chief)
    await broadcasts.release(desk, actor, notice)
    async with (await desk.store()).transaction(actor, journaled=False) as tx:
        await tx.execute(update(DeliveryRow.__table__).values(code="ABCDEF"))  # type: ignore[attr-defined]
    with pytest.raises(Refused, match="by its number, 1 2"):
        await deliveries.confirm(desk, actor, "abcdef", by="刘")


async def test_names_from_outside_are_kept_harmless(desk: Desk, actor: Actor, chief: Actor) -> None:
    acts = "a\u202e\u2066b"
    people = read_yaml(
        f"contacts:\n- {{name: 甲, groups: ['{acts}'], addresses: {{'{acts}': x}}}}\n", "people.yaml"
    )
    await import_contacts(desk, chief, people)
    (found,) = await contacts.contacts(desk.reader)
    (group,), ((channel, _),) = found.groups, found.addresses
    assert group == channel == "a<U+202E><U+2066>b"
    form = NoticeForm((group,), "请核实", drill=True, channels=(acts,))
    drafted = await broadcasts.draft(desk, actor, form)
    assert (await notices.broadcast(desk.reader, drafted.broadcast)).channels == (channel,)


async def test_a_shift_hands_over_a_notice_that_is_still_going_out(
    desk: Desk, actor: Actor, chief: Actor
) -> None:
    notice = await _drafted(desk, actor, chief)
    await broadcasts.release(desk, actor, notice)
    assert ("sending", notice) in {(item.kind, item.id) for item in (await shifts.open_items(desk)).items}
    await _came_to(desk, actor, "town-1", DeliveryState.ACCEPTED)
    await _came_to(desk, actor, "town-2", DeliveryState.REFUSED)
    assert [item.kind for item in (await shifts.open_items(desk)).items if item.about == notice] == [
        "delivery"
    ]


async def test_of_many_who_were_not_reached_the_latest_are_handed_over(
    desk: Desk, actor: Actor, chief: Actor
) -> None:
    notice = await _drafted(desk, actor, chief)
    await broadcasts.release(desk, actor, notice)
    for address in ("town-1", "town-2"):
        await _came_to(desk, actor, address, DeliveryState.REFUSED)
    refused = max(delivery.id for delivery in await notices.deliveries(desk.reader, notice))
    found = await shift_views.open_items(desk.reader, unreached=1)
    assert [item.id for item in found.items if item.kind == "delivery"] == [refused]
