"""Help in the officer's language, from every command, without a desk."""

from __future__ import annotations

import pytest

from dutydesk.cli.main import COMMANDS
from tests.cli.desk_process import CommandLine


@pytest.mark.parametrize("words", [(), ("report",), ("report", "add"), ("user", "pin"), ("demo",)])
def test_help_is_in_the_language_named_wherever_it_is_named(
    bare: CommandLine, words: tuple[str, ...]
) -> None:
    for arguments in (("--lang", "zh", *words, "--help"), (*words, "--help", "--lang=zh")):
        done = bare(*arguments)
        assert (done.code, done.err) == (0, "")
        assert "用法：dutydesk" in done.out.replace("python -m ", "")
        in_english = [
            line
            for line in done.out.splitlines()
            if len(line.split()) > 3 and not any("\u4e00" <= char <= "\u9fff" for char in line)
        ]
        assert in_english == []
    english = bare(*words, "--help")
    assert "Usage: " in english.out
    assert not any("\u4e00" <= char <= "\u9fff" for char in english.out)
    assert not bare.home.exists(), "help needs no desk"


def test_every_command_has_its_help_in_both_languages(bare: CommandLine) -> None:
    for language in ("zh", "en"):
        shown = bare("--help", DUTYDESK_LANG=language).out
        for name in COMMANDS:
            (line,) = [each for each in shown.splitlines() if each.startswith(f"  {name} ")]
            assert any("\u4e00" <= char <= "\u9fff" for char in line) == (language == "zh"), line


def test_a_command_without_its_words_gets_its_help(bare: CommandLine) -> None:
    done = bare("timer", DUTYDESK_LANG="zh")
    assert (done.code, done.out) == (2, "")
    assert "snooze" in done.err
    assert "推迟提醒" in done.err


def test_a_report_without_a_type_is_filed_with_one(dutydesk: CommandLine) -> None:
    logged = dutydesk.ok("report", "add", "--text", "有人来电，没说清")
    assert logged["incident"] is None
    number = str(logged["report"])
    assert "no event type" in dutydesk.refused("report", "file", number)
    assert dutydesk.ok("report", "file", number, "--type", "fire")["type"] == "fire"
