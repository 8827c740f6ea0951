"""Values that no duty room would give, and callers with broken streams: one clear line, and nothing lost."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cli.desk_process import CommandLine, Done

ADD = ("report", "add", "--type", "fire", "--text", "陶家镇一厂房起火，1人受伤")
HUGE = "9" * 24


def test_a_number_that_no_row_has_is_not_found(dutydesk: CommandLine) -> None:
    for command in (
        ("report", "show", HUGE),
        (*ADD, "--incident", HUGE),
        (*ADD, "--corrects", HUGE),
        ("report", "file", HUGE),
        ("incident", "show", HUGE),
        ("incident", "close", HUGE),
        ("incident", "note", HUGE, "x"),
        ("incident", "grade", HUGE, "3"),
        ("run", "show", HUGE),
        ("run", "start", HUGE, "hazmat"),
        ("timer", "met", HUGE),
        ("timer", "add", "--in", "10m", "--note", "x", "--incident", HUGE),
        ("broadcast", "status", HUGE),
        ("broadcast", "approve", HUGE),
        ("broadcast", "resend", HUGE),
        ("delivery", "confirm", HUGE, "--by", "x"),
        ("contact", "test", HUGE),
    ):
        assert HUGE in dutydesk.refused(*command)
    assert dutydesk.ok("report", "list", "--before", HUGE) == []


def test_a_value_that_cannot_be_is_told_and_no_report_is_made_of_it(dutydesk: CommandLine) -> None:
    for option, value, said in (
        ("--occurred", "0001-01-01T00:00:00+08:00", "--occurred"),
        ("--occurred", "1026-11-23T02:40:00+08:00", "year"),
        ("--received", "9999-12-31T23:59:59-08:00", "--received"),
        ("--occurred", "2026-11-23T02:40:00", "offset"),
        ("--deaths", "1e300", "--deaths"),
        ("--deaths", "13912345678", "--deaths"),
        ("--deaths", "1.5", "--deaths"),
        ("--deaths", "1_0", "--deaths"),
        ("--loss", "nan", "--loss"),
        ("--area", "-1", "--area"),
    ):
        assert said in dutydesk.refused(*ADD, option, value)
    assert dutydesk.ok("report", "list") == []


def test_what_occurred_after_it_was_received_would_move_its_clocks(dutydesk: CommandLine) -> None:
    times = ("--received", "2026-01-05T02:40:00+08:00", "--occurred", "2026-01-05T03:40:00+08:00")
    line = dutydesk.refused(*ADD, *times)
    assert "2026-01-05 03:40" in line
    assert "2026-01-05 02:40" in line


def test_a_span_that_is_none_is_told_in_one_short_line(dutydesk: CommandLine) -> None:
    for span in ("", "9" * 5000 + "d", "99999999d", "-5m", "5", "٣m", "nan"):
        assert len(dutydesk.refused("timer", "add", "--note", "x", "--in", span)) < 200


def test_the_largest_figures_are_said_in_digits(dutydesk: CommandLine) -> None:
    logged = dutydesk.ok(*ADD, "--evacuated", "1234567", "--loss", "123456.75")
    shown = dutydesk("report", "show", str(logged["report"])).out
    assert "Evacuated 1234567" in shown
    assert "Loss, 10k yuan 123456.75" in shown


def test_a_text_longer_than_its_place_is_refused_and_one_as_long_is_kept(dutydesk: CommandLine) -> None:
    dutydesk.ok(*ADD)
    for most, command in (
        (20_000, ("report", "add", "--type", "fire", "--text")),
        (20_000, ("incident", "note", "1")),
        (4_000, ("incident", "grade", "1", "4", "--reason")),
        (4_000, ("timer", "cancel", "1", "--reason")),
        (200, ("timer", "add", "--in", "10m", "--note")),
    ):
        assert str(most) in dutydesk.refused(*command, "火" * (most + 1))
        dutydesk.ok(*command, "火" * most)


def test_a_name_of_any_length_is_answered_in_a_short_line(dutydesk: CommandLine) -> None:
    dutydesk.ok(*ADD)
    name = "x" * 100_000
    for command in (
        ("playbook", "check", name),
        ("playbook", "show", name),
        ("run", "start", "1", name),
        ("contact", "import", name),
        ("contact", "test", name),
        ("user", "disable", name),
        ("grade", "--type", name),
        ("login", name),
    ):
        assert len(dutydesk.refused(*command)) < 1_000, command[:2]


def test_a_report_in_gbk_is_read_as_what_it_says(dutydesk: CommandLine) -> None:
    said = "白市驿镇一仓库起火，2人受伤"
    by_pipe = dutydesk.ok("report", "add", "--type", "fire", "--text", "-", stdin=said.encode("gbk"))
    by_argument = dutydesk.ok("report", "add", "--type", "fire", "--text", said.encode("gbk"))
    for logged in (by_pipe, by_argument):
        assert dutydesk.ok("report", "show", str(logged["report"]))["text"] == said
        assert [(f["kind"], f["value"]) for f in logged["figures"]] == [("injured", 2.0)]


NO_TEXT = b"\xff\xfe\x80"


def test_bytes_that_are_no_text_are_taken_or_refused_by_every_command(dutydesk: CommandLine) -> None:
    told: tuple[tuple[tuple[str | bytes, ...], int], ...] = (
        (("login", NO_TEXT), 1),
        (("user", "add", NO_TEXT, "--name", "x", "--role", "operator"), 1),
        (("user", "disable", NO_TEXT), 1),
        (("report", "search", NO_TEXT), 0),
        (("journal", "search", NO_TEXT), 0),
        (("journal", "tail", "--subject", NO_TEXT), 0),
        (("contact", "list", "--group", NO_TEXT), 0),
        (("contact", "import", NO_TEXT), 1),
        (("delivery", "confirm", NO_TEXT, "--by", NO_TEXT), 1),
        (("playbook", "show", NO_TEXT), 1),
        (("run", "start", "1", NO_TEXT), 1),
        (("channel", "test", NO_TEXT, "--address", NO_TEXT), 1),
        (("broadcast", "draft", "--to", NO_TEXT, "--text", NO_TEXT, "--live"), 1),
        (("grade", "--type", NO_TEXT), 1),
        (("timer", "add", "--in", "10m", "--note", NO_TEXT), 0),
        (("report", "add", "--type", "fire", "--text", NO_TEXT, "--caller", NO_TEXT), 0),
        (("incident", "list", "--status", NO_TEXT), 2),
    )
    for command, code in told:
        done = dutydesk(*command)
        assert done.code == code, (command, done.err)
        assert len(done.err.splitlines()) == (1 if code else 0), command
    assert not list(dutydesk.home.glob("crash-*"))
    assert dutydesk.ok("journal", "verify")["ok"]


def test_a_pin_of_bytes_that_are_no_text_is_wrong_and_cannot_be_set(bare: CommandLine) -> None:
    no_text = os.fsdecode(NO_TEXT * 2)
    assert "PIN" in bare.refused("init", "--admin", "wang", "--name", "王强", DUTYDESK_PIN=no_text)
    bare.ok("init", "--admin", "wang", "--name", "王强")
    assert "wrong" in bare.refused("login", "wang", DUTYDESK_PIN=no_text)


def test_a_login_from_outside_reaches_the_journal_as_one_harmless_line(dutydesk: CommandLine) -> None:
    dutydesk.refused("login", "\x1b[31m[/紧急]\n" + "x" * 5000)
    (entry,) = dutydesk.ok("journal", "tail", "--limit", "1")
    assert entry["action"] == "session.refused"
    assert entry["actor"].startswith("␛[31m[/紧急] xxx")
    assert len(entry["actor"]) <= 32


# ------------------------------------------------------------------------------------------ the streams


def through_shell(desk: CommandLine, words: str, **environment: str) -> Done:
    """``dutydesk`` with what only a shell can do to it."""
    done = subprocess.run(
        ["bash", "-c", words.replace("dutydesk", f"'{sys.executable}' -m dutydesk")],
        env=desk.env(**environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=120,
        check=False,
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.mark.parametrize("closed", ["0<&-", "1>&-", "2>&-", "0<&- 1>&- 2>&-"])
def test_a_caller_that_closed_our_streams_gets_the_report_on_record(
    dutydesk: CommandLine, closed: str
) -> None:
    """The database's file must not take the place of a standard stream."""
    done = through_shell(dutydesk, f"dutydesk report add --type fire --text 起火 {closed}")
    assert (done.code, done.err) == (0, "")
    assert [report["id"] for report in dutydesk.ok("report", "list")] == [1]
    assert dutydesk.ok("journal", "verify")["ok"]


def test_output_that_cannot_be_written_is_told_and_the_report_stays(dutydesk: CommandLine) -> None:
    for how in ("", "--json"):
        done = through_shell(dutydesk, f"dutydesk report add --type fire --text 起火 {how} >/dev/full")
        assert done.code == 1
        assert done.err.count("\n") == 1
        assert "could not be written" in done.err
    assert [report["id"] for report in dutydesk.ok("report", "list")] == [2, 1]


def test_a_reader_that_goes_away_is_no_fault_to_be_told(dutydesk: CommandLine) -> None:
    done = through_shell(dutydesk, "dutydesk playbook schema | true")
    assert done.err == ""
    assert not list(dutydesk.home.glob("crash-*"))


def test_chinese_is_read_and_written_in_a_locale_that_has_none(dutydesk: CommandLine) -> None:
    plain = replace(dutydesk, environment={"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"})
    logged = plain.ok(*ADD)
    assert ADD[-1] in plain("report", "show", str(logged["report"])).out
    assert "接报" in plain.refused("report", "show", "77", DUTYDESK_LANG="zh")


# ------------------------------------------------------------------------------------------ usage


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_slip_on_the_command_line_is_told_in_one_line_and_exit_2(bare: CommandLine, language: str) -> None:
    for words, said in (
        (("report", "add"), "--text"),
        (("report", "add", "--text"), "--text"),
        (("report", "add", "--text", "x", "--source", "pigeon"), "pigeon"),
        (("report", "show", "abc"), "abc"),
        (("report", "show", "1", "2"), "2"),
        (("report", "list", "--limit", "0"), "--limit"),
        (("report", "list", "--limit", "99999"), "--limit"),
        (("report", "bogus\x1b[31m"), "bogus"),
        (("bogus",), "bogus"),
        (("--bogus",), "--bogus"),
        (("--lang", "fr", "report", "list"), "fr"),
        (("report", "list", "--lang", "fr"), "fr"),
    ):
        done = bare(*words, DUTYDESK_LANG=language)
        assert (done.code, done.out) == (2, ""), words
        assert len(done.err.splitlines()) == 1, words
        assert said in done.err
        assert "\x1b" not in done.err
        assert any("\u4e00" <= char <= "\u9fff" for char in done.err) == (language == "zh")


def test_the_language_may_be_named_anywhere(dutydesk: CommandLine) -> None:
    for words in (
        ("--lang", "zh", "report", "show", "7"),
        ("report", "--lang", "zh", "show", "7"),
        ("report", "show", "7", "--lang", "zh"),
        ("report", "show", "--lang=zh", "7"),
    ):
        assert "接报" in dutydesk.refused(*words)


def test_the_home_may_be_named_anywhere_and_wins(dutydesk: CommandLine, tmp_path: Path) -> None:
    other = CommandLine(tmp_path / "other")
    other.ok("init", "--admin", "li", "--name", "李敏")
    for words in (("--home", str(other.home), "user", "list"), ("user", "list", "--home", str(other.home))):
        assert [officer["login"] for officer in dutydesk.ok(*words)] == ["li"]


def test_a_text_that_looks_like_an_option_is_a_text(dutydesk: CommandLine) -> None:
    logged = dutydesk.ok("report", "add", "--type", "fire", "--text", "--lang")
    assert dutydesk.ok("report", "show", str(logged["report"]))["text"] == "--lang"


# ------------------------------------------------------------------------------------------ settings


def test_a_variable_that_cannot_be_taken_is_told(dutydesk: CommandLine) -> None:
    for variable, value, said in (
        ("DUTYDESK_LANG", "fr", "DUTYDESK_LANG"),
        ("DUTYDESK_LAGN", "en", "DUTYDESK_LANG"),
        ("DUTYDESK_TIMEZONE", "../etc/passwd", "DUTYDESK_TIMEZONE"),
        ("DUTYDESK_SESSION_HOURS", "nan", "DUTYDESK_SESSION_HOURS"),
        ("DUTYDESK_CLOCK", "noon", "DUTYDESK_CLOCK"),
        ("DUTYDESK_DATABASE_URL", "sqlite:///here.db", "DUTYDESK_DATABASE_URL"),
        ("DUTYDESK_DATABASE_URL", "sqlite:////nowhere/desk.db", "desk"),
        ("DUTYDESK_DATABASE_URL", "postgresql://[::1", "postgresql"),
    ):
        wrong = replace(dutydesk, environment={variable: value})
        assert said in wrong.refused("timer", "list", "--all")


def test_a_fault_of_the_settings_is_told_in_the_language_that_is_known(dutydesk: CommandLine) -> None:
    for language in ("zh", "en"):
        line = dutydesk.refused("report", "list", DUTYDESK_LANG=language, DUTYDESK_LAGN="x")
        assert any("\u4e00" <= char <= "\u9fff" for char in line) == (language == "zh")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://duty:geheim@127.0.0.1:1/desk",
        "postgresql+asyncpg://duty:geheim@127.0.0.1:1/desk",
        "postgresql://duty:ge@heim@127.0.0.1:1/desk",
        "postgresql://duty:gehe/im@127.0.0.1:1/desk",
        "postgresql://127.0.0.1:1/desk?user=duty&password=geheim",
    ],
)
def test_no_password_of_a_database_is_told(dutydesk: CommandLine, url: str) -> None:
    line = dutydesk.refused("report", "list", DUTYDESK_DATABASE_URL=url)
    assert "heim" not in line
    assert "127.0.0.1:1/desk" in line or "postgresql://…" in line
    for file in dutydesk.home.rglob("*"):
        assert file.is_dir() or b"heim" not in file.read_bytes()


def test_a_damaged_installation_is_told_in_one_line(tmp_path: Path) -> None:
    """Before anything of ours can be imported that would tell it better."""
    probe = (
        "import sys\n"
        "sys.modules['yaml'] = sys.modules['typer'] = None\n"
        "from dutydesk.__main__ import main\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe, "report", "list"],
        env=CommandLine(tmp_path / "home").env(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert "ModuleNotFoundError" in done.stderr


def test_each_odd_value_gets_the_line_that_says_what_is_odd(dutydesk: CommandLine) -> None:
    for command, said in (
        ((*ADD, "--deaths", "1.5"), "--deaths counts persons: '1.5' is no whole number."),
        ((*ADD, "--occurred", "9999-01-01T00:00:00+08:00"), "the year cannot be"),
        (("timer", "add", "--note", "x", "--in", "99999999999d"), "too long a span of time"),
        (("timer", "add", "--note", "x", "--in", "9" * 5000 + "d"), "too long a span of time"),
    ):
        assert said in dutydesk.refused(*command)
    assert dutydesk.ok("report", "list") == []


def test_an_empty_home_and_an_empty_search_are_slips_of_usage(dutydesk: CommandLine, tmp_path: Path) -> None:
    for command, said in (
        (("--home", "", "report", "list"), "--home is empty"),
        (("report", "list", "--home", " "), "--home is empty"),
        (("report", "search", ""), "Search for what?"),
        (("journal", "search", " \t"), "Search for what?"),
    ):
        done = dutydesk(*command)
        assert (done.code, done.out) == (2, ""), command
        assert said in done.err
        assert len(done.err.splitlines()) == 1


def test_what_a_playbook_command_prints_can_be_had_as_json(dutydesk: CommandLine) -> None:
    assert dutydesk.ok("playbook", "graph", "hazmat")["mermaid"].startswith("flowchart")
    assert dutydesk.ok("playbook", "schema")["title"] == "dutydesk playbook"
