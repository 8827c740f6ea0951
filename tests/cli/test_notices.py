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
