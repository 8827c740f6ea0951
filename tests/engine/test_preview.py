"""What a preview shows is what goes over the wire, title, marks, code and parts; and where nothing would go,
it says so beforehand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dutydesk.desk.desk import Desk
from dutydesk.desk.notices import broadcasts
from dutydesk.desk.notices.broadcasts import NoticeForm
from dutydesk.desk.notices.preview import preview
from dutydesk.desk.people.contacts import ContactEntry, import_contacts
from dutydesk.home.private import write_private
from dutydesk.model.enums import Role
from dutydesk.model.officers import Actor
from tests.engine.rows import all_in, until
from tests.engine.running import engine_over
from tests.notify.sinks import Sink

OFFICER = Actor(1, "wang", "王强", (Role.ADMIN,), "desk-1")
CHIEF = Actor(2, "li", "李敏", (Role.SHIFT_CHIEF,), "desk-2")
TEXT = "陶家镇液氯槽车侧翻，下风向请立即转移。\n" * 12


def channels(sink: Sink) -> dict[str, Any]:
    plain = {"to": "{{ address }}", "title": "{{ title }}", "body": "{{ body }}"}
    by_name: dict[str, Any] = {
        "sms": {"http": {"url": f"{sink.url}/ok/{{address}}", "body": plain}, "max_bytes": 300},
        "titled": {"http": {"url": f"{sink.url}/ok/{{address}}", "body": plain}, "title": "body"},
        "hook": {"url": f"json://{sink.host}/ok/{{address}}"},
        "robot": {"wecom": {"key": "k-{address}", "base": sink.url}},
        "live": {"url": f"json://{sink.host}/ok/{{address}}", "purpose": "live"},
        "drill": {"url": f"json://{sink.host}/ok/{{address}}", "purpose": "drill"},
        "mail": {"url": "mailto://127.0.0.1:1?from=a@example.org&to={address}"},
    }
    for spec in by_name.values():
        spec.setdefault("purpose", "both")
    return by_name


@pytest.fixture
async def desk(live_desk: Desk, sink: Sink, tmp_path: Path) -> Desk:
    """A desk with many channels and one person on each."""
    write_private(tmp_path / "channels.yaml", json.dumps(channels(sink)))
    live_desk.channels_file = tmp_path / "channels.yaml"
    people = [
        ContactEntry(f"在{name}", groups=("towns",), addresses=((name, f"to-{name}"),))
        for name in ("sms", "titled", "hook", "robot")
    ]
    await import_contacts(live_desk, OFFICER, people)
    return live_desk


@pytest.mark.parametrize("drill", [False, True])
async def test_every_part_that_arrives_was_previewed(
    desk: Desk, sink: Sink, tmp_path: Path, drill: bool
) -> None:
    form = NoticeForm(("towns",), TEXT, drill=drill, confirm=True, correction_text="更正：向上风向转移。")
    drafted = await broadcasts.draft(desk, OFFICER, form)
    assert all(line.trouble is None for line in drafted.preview)
    if not drill:
        await broadcasts.approve(desk, CHIEF, drafted.broadcast)
    await broadcasts.release(desk, OFFICER, drafted.broadcast)
    corrected = await broadcasts.correct(desk, OFFICER, drafted.broadcast)
    shown: dict[tuple[str, str, str], int] = {}
    async with engine_over(desk, tmp_path / "channels.yaml"):
        await until(lambda: _all_accepted(desk, corrected.broadcast))
    for line in await preview(desk, corrected.broadcast):
        for part in line.parts:
            shown[(line.channel, line.title, part)] = shown.get((line.channel, line.title, part), 0) + 1
    assert shown == {_as_shown(taken): 1 for taken in sink.taken}
    assert len(shown) == len(sink.taken)


async def test_a_long_notice_is_previewed_in_its_parts(desk: Desk, sink: Sink, tmp_path: Path) -> None:
    drafted = await broadcasts.draft(desk, OFFICER, NoticeForm(("towns",), TEXT, drill=True, confirm=True))
    await broadcasts.release(desk, OFFICER, drafted.broadcast)
    async with engine_over(desk, tmp_path / "channels.yaml"):
        await until(lambda: _all_accepted(desk, drafted.broadcast))
    lines = {line.channel: line for line in await preview(desk, drafted.broadcast)}
    assert len(lines["sms"].parts) > 1
    assert [_as_shown(taken) for taken in sink.taken if "sms" in taken.raw_path] == [
        ("sms", lines["sms"].title, part) for part in lines["sms"].parts
    ]
    assert lines["robot"].title == ""
    assert lines["robot"].parts[0].startswith("【演练】值班通知\n")
    assert {line.channel: (line.title, len(line.parts)) for line in drafted.preview} == {
        channel: (line.title, len(line.parts)) for channel, line in lines.items()
    }


@pytest.mark.parametrize(
    ("channel", "address", "drill", "why"),
    [
        ("live", "x", True, "live 只用于实战；演练用的通道要写明 purpose: drill（或 both）"),
        ("drill", "x", False, "drill 只用于演练"),
        ("radio", "x", False, "没有名为 radio 的通道"),
        ("mail", "a@b.cn,c@d.cn", False, "地址为空或含有不能传递的字符"),
        ("live", "x", False, None),
    ],
)
async def test_what_a_channel_would_not_carry_is_said_before_the_release(
    desk: Desk, tmp_path: Path, channel: str, address: str, drill: bool, why: str | None
) -> None:
    person = ContactEntry("一人", groups=("one",), addresses=((channel, address),))
    await import_contacts(desk, OFFICER, [person])
    drafted = await broadcasts.draft(desk, OFFICER, NoticeForm(("one",), "请核实。", drill=drill))
    (line,) = drafted.preview
    assert (None if line.trouble is None else line.trouble.zh) == why
    assert (line,) == await preview(desk, drafted.broadcast)
    if why is None:
        return
    if not drill:
        await broadcasts.approve(desk, CHIEF, drafted.broadcast)
    await broadcasts.release(desk, OFFICER, drafted.broadcast)
    async with engine_over(desk, tmp_path / "channels.yaml"):
        await until(lambda: all_in(desk, [1], "refused"))
    assert await desk.reader.rows("SELECT reason FROM delivery") == [(why,)]


async def test_a_channels_file_that_cannot_be_read_is_trouble_for_everybody(
    desk: Desk, tmp_path: Path
) -> None:
    write_private(tmp_path / "channels.yaml", "sms: [")
    drafted = await broadcasts.draft(desk, OFFICER, NoticeForm(("towns",), "请核实。", drill=True))
    assert [line.trouble is not None for line in drafted.preview] == [True] * 4


def _as_shown(taken: Any) -> tuple[str, str, str]:
    """Channel, title and text of what came in."""
    said = taken.json
    if "text" in said:
        return ("robot", "", said["text"]["content"])
    channel = taken.raw_path.rpartition("to-")[2]
    return (channel, said["title"], said.get("body", said.get("message")))


async def _all_accepted(desk: Desk, broadcast: int) -> bool:
    rows = await desk.reader.rows("SELECT state FROM delivery WHERE broadcast_id = $1", broadcast)
    return {row[0] for row in rows} == {"accepted"}
