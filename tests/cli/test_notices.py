"""Notices on the command line: what is shown is what becomes of them, in the officer's words."""

from __future__ import annotations

from pathlib import Path

from tests.cli.desk_process import CommandLine


def contacts(dutydesk: CommandLine, tmp_path: Path, rows: str) -> None:
    """Imports ``rows`` of name, org, duty, groups, hook."""
    file = tmp_path / "contacts.csv"
    file.write_text(f"name,org,duty,groups,hook\n{rows}", "utf-8")
    dutydesk.ok("contact", "import", str(file))


def test_why_a_delivery_stands_as_it_does_is_said_in_the_officers_language(
    dutydesk: CommandLine, tmp_path: Path
) -> None:
    contacts(dutydesk, tmp_path, "甲,陶家镇,值班,townships,a\n乙,西彭镇,值班,townships,\n")
    drafted = dutydesk.ok("broadcast", "draft", "--to", "townships", "--text", "请核实", "--drill")
    number = str(drafted["broadcast"])
    dutydesk.ok("broadcast", "release", number)
    assert "no address on any channel of this notice" in dutydesk("broadcast", "status", number).out
    assert "在本通知的通道上没有地址" in dutydesk("broadcast", "status", number, DUTYDESK_LANG="zh").out


CHANNELS = """\
短信: {url: "json://127.0.0.1:9/{address}"}
演练箱: {url: "json://127.0.0.1:9/{address}", purpose: drill}
"""


def channels(dutydesk: CommandLine) -> None:
    dutydesk.home.joinpath("channels.yaml").write_text(CHANNELS, "utf-8")
    dutydesk.home.joinpath("channels.yaml").chmod(0o600)


def test_a_person_whom_another_channel_reaches_is_not_said_to_get_nothing(
    dutydesk: CommandLine, tmp_path: Path
) -> None:
    channels(dutydesk)
    file = tmp_path / "people.csv"
    file.write_text("name,groups,短信,演练箱\n甲,townships,a,b\n乙,townships,c,\n", "utf-8")
    dutydesk.ok("contact", "import", str(file))
    told = dutydesk("broadcast", "draft", "--to", "townships", "--text", "请核实", "--drill").err.splitlines()
    assert len(told) == 2
    assert told[0].startswith("甲 is not reached by 短信: ")
    assert told[1].startswith("乙 would get nothing: ")


def test_a_notice_by_a_channel_that_nobody_has_is_refused_with_those_there_are(
    dutydesk: CommandLine, tmp_path: Path
) -> None:
    contacts(dutydesk, tmp_path, "甲,陶家镇,值班,townships,a\n")
    draft = ("broadcast", "draft", "--to", "townships", "--text", "请核实", "--drill", "--channel", "短讯")
    assert "短讯" in dutydesk.refused(*draft)
    channels(dutydesk)
    assert dutydesk.refused(*draft).endswith("channels are: 演练箱 短信.")
    assert dutydesk("broadcast", "status", "1").code == 1


def test_a_contact_file_loses_nothing_and_what_nobody_knows_in_it_is_told(
    dutydesk: CommandLine, tmp_path: Path
) -> None:
    channels(dutydesk)
    file = tmp_path / "people.csv"
    file.write_text("name,group,groups,短信,微信\n甲,x,township;fire,1,w\n乙,,fire,2,\n", "utf-8")
    done = dutydesk("contact", "import", str(file))
    assert done.code == 0
    group, groups, first, second, known = done.err.splitlines()
    assert "group 'township' is none of the district's; it is kept, with 甲." in group
    assert group.endswith("Did you mean townships?")
    assert " townships " in groups
    assert "no channel 'group'" in first
    assert first.endswith("Did you mean groups?")
    assert "no channel '微信'; the addresses of 甲 are kept" in second
    assert known.endswith("演练箱 短信.")
    assert "微信=w" in dutydesk("contact", "list").out
    told = dutydesk("contact", "import", str(file), DUTYDESK_LANG="zh").err
    assert "没有通道 '微信'；甲 的地址已照录" in told


def test_a_contact_file_of_known_names_is_taken_without_a_word(dutydesk: CommandLine, tmp_path: Path) -> None:
    channels(dutydesk)
    file = tmp_path / "people.csv"
    file.write_text("name,org,duty,groups,短信\n甲,陶家镇,值班,townships,1\n", "utf-8")
    assert dutydesk("contact", "import", str(file)).err == ""
    assert dutydesk("contact", "import", "--sample").err == ""


def test_a_drill_needs_no_approval_and_says_so(dutydesk: CommandLine, tmp_path: Path) -> None:
    contacts(dutydesk, tmp_path, "甲,陶家镇,值班,townships,a\n")
    dutydesk.ok("broadcast", "draft", "--to", "townships", "--text", "请核实", "--drill")
    told = dutydesk.refused("broadcast", "approve", "1")
    assert "needs no approval" in told
    assert "broadcast release 1" in told
    dutydesk.ok("broadcast", "release", "1")
    assert "already released" in dutydesk.refused("broadcast", "approve", "1")
