"""What a person reads: every word of the desk's own in the chosen language, at each command."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable
from enum import StrEnum

import pytest

from dutydesk.model import enums
from dutydesk.model.reports import Incident, Report
from tests.cli.desk_process import CommandLine

CODES = {"deaths", "phone", "armed", "operator", "admin"} | {
    value
    for name in ("FigureKind", "ReportSource", "IncidentStatus", "TimerState", "BroadcastState", "RunStatus")
    for value in getattr(enums, name)
    if isinstance(getattr(enums, name), type(StrEnum)) and not str(value).isdigit()
}
FIELDS = {field.name for noun in (Report, Incident) for field in dataclasses.fields(noun)}
LOOKS = (
    ("report", "list"),
    ("report", "show", "1"),
    ("report", "show", "2"),
    ("report", "search", "槽车"),
    ("incident", "list"),
    ("incident", "show", "1"),
    ("run", "list"),
    ("run", "show", "1"),
    ("timer", "list"),
    ("broadcast", "status", "1"),
    ("channel", "list"),
    ("playbook", "show", "hazmat"),
    ("user", "list"),
    ("engine", "status"),
)


@pytest.fixture
def worked(dutydesk: CommandLine) -> CommandLine:
    """A desk on which each noun stands."""
    channels = dutydesk.home / "channels.yaml"
    channels.write_text("演练箱: {url: 'json://127.0.0.1:9/{address}', purpose: drill}\n", "utf-8")
    channels.chmod(0o600)
    people = dutydesk.home / "people.csv"
    people.write_text("name,groups,演练箱\n甲,townships,a\n", "utf-8")
    dutydesk.ok("contact", "import", str(people))
    text = "陶家镇一液氯槽车侧翻泄漏，1人被困，死亡3人。"
    dutydesk.ok("report", "add", "--type", "hazmat", "--text", text, "--caller", "刘某")
    dutydesk.ok("report", "add", "--type", "fire", "--text", "演练起火", "--drill", "--deaths", "unknown")
    dutydesk.ok("incident", "grade", "1", "3")
    dutydesk.ok("run", "start", "1", "hazmat")
    dutydesk.ok("broadcast", "draft", "--to", "townships", "--text", "请核实", "--drill")
    return dutydesk


def words_of(text: str) -> set[str]:
    return set(re.findall(r"(?<![\w/.])[a-z]+(?:_[a-z]+)*(?![\w/.])", text))


def in_chinese(worked: CommandLine, looks: Iterable[tuple[str, ...]]) -> str:
    told = [worked(*look, DUTYDESK_LANG="zh") for look in looks]
    assert [done.err for done in told] == [""] * len(told)
    return "\n".join(done.out for done in told)


def test_no_code_and_no_field_of_the_program_stands_in_chinese_text(worked: CommandLine) -> None:
    shown = in_chinese(worked, LOOKS)
    assert not words_of(shown) & (CODES | FIELDS - {"type", "text"})
    for said in (
        "被困 1",
        "死亡 不明",
        "管理员、值班长",
        "来电人",
        "询问",
        "实战",
        "演练",
        "未核实",
        "建议等级",
    ):
        assert said in shown, said


def test_a_drill_is_marked_in_every_listing(worked: CommandLine) -> None:
    for look in (("report", "list"), ("incident", "list"), ("timer", "list"), ("broadcast", "status", "1")):
        assert "演练" in in_chinese(worked, [look]).replace("演练起火", ""), look
        assert "DRILL" in worked(*look).out, look


def test_in_english_a_duty_is_called_by_its_english_name(worked: CommandLine) -> None:
    shown = worked("timer", "list", "--incident", "1").out
    assert "Place, call-back number, what it is 陶家镇一液氯槽车侧翻泄漏" in shown
    assert "记准地点" not in shown
    assert "市应急局" not in shown


def test_an_empty_listing_says_that_there_is_nothing(dutydesk: CommandLine) -> None:
    for look in (("report", "list"), ("incident", "list"), ("run", "list"), ("timer", "list")):
        assert dutydesk(*look, DUTYDESK_LANG="zh").out == "没有。\n", look
        assert dutydesk(*look).out == "None.\n", look
    assert dutydesk("report", "search", "槽车").out == "None.\n"


def test_what_is_not_there_is_called_by_its_name(dutydesk: CommandLine) -> None:
    for command, said in (
        (("incident", "note", "999", "x"), "没有事件 999"),
        (("report", "add", "--type", "fire", "--text", "x", "--incident", "999"), "没有事件 999"),
        (("report", "file", "999"), "没有接报 999"),
        (("run", "note", "999", "x"), "没有流程 999"),
        (("broadcast", "release", "999"), "没有通知 999"),
    ):
        assert said in dutydesk.refused(*command, DUTYDESK_LANG="zh"), command
