"""The rows of the command line, each as a script would use it."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.desk_process import PIN, CommandLine


def test_the_first_set_up_twice_changes_nothing(bare: CommandLine) -> None:
    assert bare.ok("init", "--admin", "wang", "--name", "王强")["created"] is True
    assert bare.ok("init", "--admin", "wang", "--name", "王强")["created"] is False
    assert [officer["login"] for officer in bare.ok("user", "list")] == ["wang"]
    assert stat.S_IMODE(bare.home.stat().st_mode) == 0o700
    assert stat.S_IMODE((bare.home / "dutydesk.db").stat().st_mode) == 0o600


def test_the_set_up_said_again_needs_no_pin_and_takes_no_other_officer(bare: CommandLine) -> None:
    bare.ok("init", "--admin", "wang", "--name", "王强")
    again = bare.ok("init", "--admin", "wang", "--name", "别人", DUTYDESK_PIN="")
    assert (again["created"], again["officer"]["name"]) == (False, "王强")
    assert "already has its officers" in bare.refused("init", "--admin", "li", "--name", "李敏")
    assert [entry["action"] for entry in bare.ok("journal", "tail")] == ["officer.first"]


def test_a_session_that_ran_out_can_be_left_behind(dutydesk: CommandLine) -> None:
    assert dutydesk("logout", DUTYDESK_CLOCK="2099-01-01T00:00:00+08:00").code == 0
    assert not (dutydesk.home / "session").exists()
    assert "Nobody is signed in" in dutydesk.refused("logout")


def test_before_the_set_up_every_command_says_what_to_do(bare: CommandLine) -> None:
    assert "dutydesk init" in bare.refused("report", "list")


def test_without_a_session_nothing_is_changed(bare: CommandLine) -> None:
    bare.ok("init", "--admin", "wang", "--name", "王强")
    assert "dutydesk login" in bare.refused("report", "add", "--text", "起火", "--type", "fire")
    assert bare.ok("report", "list") == []


def test_a_wrong_pin_is_refused_and_the_fifth_locks(bare: CommandLine) -> None:
    bare.ok("init", "--admin", "wang", "--name", "王强")
    for _ in range(4):
        assert "wrong" in bare.refused("login", "wang", DUTYDESK_PIN="0000")
    assert "locked" in bare.refused("login", "wang", DUTYDESK_PIN="0000")
    assert "locked" in bare.refused("login", "wang")
    assert "wrong" in bare.refused("login", "nobody", DUTYDESK_PIN="0000")


def test_a_role_that_may_not_is_refused(dutydesk: CommandLine) -> None:
    dutydesk.ok("user", "add", "zhao", "--name", "赵刚", "--role", "supervisor")
    dutydesk.ok("login", "zhao")
    assert "赵刚" in dutydesk.refused("report", "add", "--type", "fire", "--text", "起火")
    assert "赵刚" in dutydesk.refused("user", "add", "x", "--name", "x", "--role", "operator")
    assert dutydesk.ok("report", "list") == []


def test_a_list_that_is_cut_says_so_and_what_is_open_is_listed_whole(dutydesk: CommandLine) -> None:
    for text in ("石桥铺渝州路起火", "西彭镇起火"):
        dutydesk.ok("report", "add", "--type", "fire", "--text", text)
    for command in (
        ("report", "list"),
        ("report", "search", "起火"),
        ("incident", "list"),
        ("timer", "list"),
    ):
        cut = dutydesk("--lang", "en", *command, "--limit", "1", "--json")
        assert len(json.loads(cut.out)) == 1
        assert "Only 1 are listed" in cut.err
        assert "Only" not in dutydesk("--lang", "en", *command, "--json").err


def test_a_session_file_that_others_can_read_is_refused(dutydesk: CommandLine) -> None:
    (dutydesk.home / "session").chmod(0o644)
    assert "chmod 600" in dutydesk.refused("report", "add", "--type", "fire", "--text", "起火")


def test_a_channels_file_that_others_can_read_is_refused(dutydesk: CommandLine) -> None:
    file = dutydesk.home / "channels.yaml"
    file.write_text("hook: {url: 'json://127.0.0.1:1/{address}'}\n", encoding="utf-8")
    file.chmod(0o640)
    assert "chmod 600" in dutydesk.refused("channel", "list")


def test_grading_changes_nothing_and_needs_no_desk(bare: CommandLine) -> None:
    found = bare.ok("grade", "--type", "industrial", "--deaths", "10", "--missing", "25")
    assert found["type"] == "industrial"
    assert found["proposed"]["level"] == 2
    assert {"rule", "source", "verified"} == set(found["proposed"]["basis"][0])
    assert found["possible"]["level"] == 1
    assert found["near_miss"] is True
    assert not (bare.home / "dutydesk.db").exists()
    assert "--deaths" in bare.refused("grade", "--type", "fire", "--deaths", "minus")
    assert "hazmat" in bare.refused("grade", "--type", "volcano", "--deaths", "1")
    assert bare("grade", "--deaths", "1").code == 2


def test_a_magnitude_alone_is_possible_and_with_its_epicentre_here_proposed(bare: CommandLine) -> None:
    asked = ("grade", "--type", "earthquake", "--magnitude", "5.2")
    found = bare.ok(*asked)
    assert (found["proposed"]["level"], found["possible"]["level"]) == (None, 2)
    assert found["to_find_out"] == ["epicentre_here"]
    assert "To find out: epicentre in the district" in bare(*asked).out
    here = bare.ok(*asked, "--marker", "epicentre_here")
    assert here["proposed"]["level"] == 2
    assert [basis["verified"] for basis in here["proposed"]["basis"]] == [False]
    far = bare.ok(*asked, "--marker", "epicentre_elsewhere", "--deaths", "10")
    assert (far["proposed"]["level"], far["possible"]["level"]) == (3, 3)
    assert "below 10" in bare.refused("grade", "--type", "earthquake", "--magnitude", "52")


def test_circumstances_are_stated_and_struck_out_and_shown_with_who_says_so(dutydesk: CommandLine) -> None:
    told = ("report", "add", "--type", "special_equipment", "--text", "化工厂塔吊倾覆，锅炉爆炸，转移12000人")
    asked = ("--marker", "toxic_release", "--no-marker", "crane_overturned", "--magnitude", "4.2")
    logged = dutydesk.ok(*told, *asked)
    wanted = [
        {"name": "boiler_explosion", "state": "stated", "source": "text"},
        {"name": "crane_overturned", "state": "struck", "source": "officer"},
        {"name": "toxic_release", "state": "stated", "source": "officer"},
    ]
    assert sorted(logged["markers"], key=lambda each: each["name"]) == wanted
    assert {basis["rule"] for basis in logged["proposed"]["basis"]} == {
        "special_equipment.boiler_explosion",
        "special_equipment.toxic_release.3",
    }
    kept = dutydesk.ok("report", "show", str(logged["report"]))
    assert kept["markers"] == logged["markers"]
    assert {"kind": "magnitude", "value": 4.2, "unknown": False, "source": "officer"} in kept["figures"]
    shown = dutydesk("--lang", "zh", "report", "show", str(logged["report"])).out
    assert "crane_overturned 起重机械整体倾覆 (值班员删去)" in shown
    in_english = dutydesk("--lang", "en", "report", "show", str(logged["report"])).out
    assert "toxic_release toxic release (stated by the officer)" in in_english
    assert "Magnitude 4.2" in in_english


def test_a_marker_that_is_none_is_refused_with_those_that_are(dutydesk: CommandLine) -> None:
    for command in (("grade",), ("report", "add", "--text", "塔吊倾覆")):
        assert "crane_overturned" in dutydesk.refused(*command, "--type", "fire", "--marker", "crane")
    both = ("--marker", "ride", "--no-marker", "ride")
    assert "both" in dutydesk.refused("report", "add", "--text", "x", "--type", "fire", *both)
    assert dutydesk.ok("report", "list") == []


def test_a_report_comes_from_standard_input_whatever_its_bytes(dutydesk: CommandLine) -> None:
    gbk = "白市驿镇一仓库起火".encode("gbk")
    logged = dutydesk.ok("report", "add", "--type", "fire", "--text", "-", stdin=gbk + b"\xff\x00\x1b[31m")
    kept = dutydesk.ok("report", "show", str(logged["report"]))
    assert "␛[31m" in kept["text"]
    assert "\x1b" not in dutydesk("report", "list").out


def test_search_finds_words_of_two_characters(dutydesk: CommandLine) -> None:
    dutydesk.ok("report", "add", "--type", "hazmat", "--text", "陶家镇氨气泄漏，闻到刺鼻气味")
    dutydesk.ok("report", "add", "--type", "fire", "--text", "渝州路居民楼失火")
    assert [r["type"] for r in dutydesk.ok("report", "search", "氨气")] == ["hazmat"]
    assert [r["type"] for r in dutydesk.ok("report", "search", "失火")] == ["fire"]
    assert dutydesk.ok("report", "search", '" OR *') == []


def test_times_come_with_their_offset_and_the_future_is_refused(dutydesk: CommandLine) -> None:
    add = ("report", "add", "--type", "fire", "--text", "起火")
    assert "--occurred" in dutydesk.refused(*add, "--occurred", "昨晚")
    assert "offset" in dutydesk.refused(*add, "--occurred", "2026-11-23T02:40:00")
    assert "ahead" in dutydesk.refused(*add, "--received", "2099-01-01T00:00:00+08:00")
    logged = dutydesk.ok(*add, "--occurred", "2026-01-05T02:10:00+08:00")
    kept = dutydesk.ok("report", "show", str(logged["report"]))
    assert kept["occurred_at"] == "2026-01-05T02:10:00+08:00"
    assert kept["received_at"].endswith("+08:00")


def test_reminders_are_added_put_off_and_cancelled(dutydesk: CommandLine) -> None:
    added = dutydesk.ok("timer", "add", "--in", "10m", "--note", "回拨陶家镇")
    assert (added["state"], added["subject"]) == ("armed", "回拨陶家镇")
    put_off = dutydesk.ok("timer", "snooze", str(added["id"]), "--for", "5m")
    assert put_off["due"] > added["due"]
    assert "fired" in dutydesk.refused("timer", "ack", str(added["id"]))
    assert dutydesk.ok("timer", "cancel", str(added["id"]), "--reason", "已回拨")["state"] == "cancelled"
    assert dutydesk.ok("timer", "list") == []
    assert "already" in dutydesk.refused("timer", "met", str(added["id"]))
    assert "10m" in dutydesk.refused("timer", "add", "--in", "soon", "--note", "x")


def test_cancelling_an_overdue_duty_says_that_it_was_missed(dutydesk: CommandLine) -> None:
    logged = dutydesk.ok("report", "add", "--type", "fire", "--text", "渝州路起火，1人死亡")
    duty = next(timer for timer in logged["timers"] if timer["rule"] == "WSA_EMB_2H")
    later = (datetime.fromisoformat(duty["due"]) + timedelta(minutes=1)).isoformat()
    done = dutydesk(
        "timer", "cancel", str(duty["id"]), "--reason", "电话不通", "--json", DUTYDESK_CLOCK=later
    )
    assert (done.code, done.document["state"], done.document["reason"]) == (0, "missed", "电话不通")
    assert "missed" in done.err


def test_a_faulty_contact_file_is_told_line_by_line_and_changes_nothing(
    dutydesk: CommandLine, tmp_path: Path
) -> None:
    file = tmp_path / "contacts.csv"
    file.write_text(
        "name,org,duty,groups,hook\n甲,陶家镇,值班,townships,a\n,陶家镇,,,b\n乙,只有两格\n", "utf-8"
    )
    done = dutydesk("contact", "import", str(file))
    assert done.code == 1
    assert [line.split(":")[1] for line in done.err.strip().splitlines()] == ["3", "4"]
    assert dutydesk.ok("contact", "list") == []


def test_a_second_person_approves_a_live_notice(dutydesk: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "contacts.csv"
    file.write_text(
        "name,org,duty,groups,hook\n甲,陶家镇,值班,townships,a\n乙,西彭镇,值班,townships;duty_leader,b\n",
        "utf-8",
    )
    assert dutydesk.ok("contact", "import", str(file)) == {
        "added": 2,
        "changed": 0,
        "groups": ["duty_leader", "townships"],
    }
    assert {g["code"]: g["members"] for g in dutydesk.ok("group", "list")}["townships"] == 2
    dutydesk.ok("user", "add", "li", "--name", "李敏", "--role", "shift_chief")
    draft = dutydesk.ok("broadcast", "draft", "--to", "townships", "--text", "请核实", "--live", "--confirm")
    assert (draft["recipients"], len(draft["preview"])) == (2, 2)
    number = str(draft["broadcast"])
    assert "approve" in dutydesk.refused("broadcast", "release", number)
    assert "second person" in dutydesk.refused("broadcast", "approve", number)
    dutydesk.ok("login", "li")
    dutydesk.ok("broadcast", "approve", number)
    assert dutydesk.ok("broadcast", "release", number)["deliveries"] == 2
    status = dutydesk.ok("broadcast", "status", number)
    assert status["counts"] == {"queued": 2}
    row = status["deliveries"][0]
    assert {"id", "contact", "channel", "address", "state", "attempts", "doubtful", "reason"} <= set(row)
    assert (
        "nobody" in dutydesk.refused("broadcast", "draft", "--to", "weather", "--text", "x", "--live").lower()
    )
    assert "one of the two" in dutydesk.refused("broadcast", "draft", "--to", "townships", "--text", "x")


def test_a_drill_needs_no_second_person_and_says_that_it_is_one(
    dutydesk: CommandLine, tmp_path: Path
) -> None:
    file = tmp_path / "contacts.yaml"
    file.write_text("contacts:\n- {name: 甲, groups: [townships], addresses: {hook: a}}\n", "utf-8")
    dutydesk.ok("contact", "import", str(file))
    draft = dutydesk.ok("broadcast", "draft", "--to", "townships", "--text", "请核实", "--drill")
    assert draft["preview"][0]["body"].startswith("【演练】")
    assert dutydesk.ok("broadcast", "release", str(draft["broadcast"]))["deliveries"] == 1


def test_the_shipped_playbooks_are_sound_and_a_broken_one_is_told(bare: CommandLine, tmp_path: Path) -> None:
    shipped = Path(__file__).parents[2] / "playbooks"
    assert bare.ok("playbook", "check", str(shipped)) == {"ok": True, "faults": []}
    assert {p["id"] for p in bare.ok("playbook", "list")} >= {"hazmat", "flood", "forest_fire"}
    broken = tmp_path / "broken.yaml"
    broken.write_text("id: broken\nversion: 1\ntitle: {zh: 坏}\nphases: nonsense\n", "utf-8")
    done = bare("playbook", "check", str(broken))
    assert done.code == 1
    assert all(":" in line and "broken.yaml" in line for line in done.out.strip().splitlines())
    assert json.loads(bare("playbook", "schema").out)["$schema"].startswith(
        "https://json-schema.org/draft/2020-12"
    )


def test_the_journal_is_whole_and_its_digest_says_how_far(dutydesk: CommandLine) -> None:
    dutydesk.ok("report", "add", "--type", "fire", "--text", "渝州路起火")
    verdict = dutydesk.ok("journal", "verify")
    noted = dutydesk("journal", "digest").out.strip()
    assert noted == f"{verdict['entries']}:{verdict['head']}"
    dutydesk.ok("timer", "add", "--in", "10m", "--note", "回拨")
    assert dutydesk.ok("journal", "verify", "--digest", noted)["entries"] == verdict["entries"] + 1
    assert "SEQ:HASH" in dutydesk.refused("journal", "verify", "--digest", "渝州路")
    assert dutydesk.ok("journal", "search", "渝州")[0]["action"] == "report.logged"


TAMPERED = {
    "changed": ("UPDATE journal SET actor = 'nobody' WHERE seq = 3", 3),
    "removed": ("DELETE FROM journal WHERE seq = 2", 2),
    "cut off": ("DELETE FROM journal WHERE seq > 2", 3),
    "emptied": ("DELETE FROM journal", 1),
    "no text": ("UPDATE journal SET payload = x'ff' WHERE seq = 3", 3),
    "no JSON": ("UPDATE journal SET payload = '{' WHERE seq = 3", 3),
    "no time": ("UPDATE journal SET at = 'yesterday' WHERE seq = 3", 3),
}


@pytest.mark.parametrize("how", TAMPERED)
def test_a_tampered_journal_is_caught_at_its_first_bad_entry(dutydesk: CommandLine, how: str) -> None:
    dutydesk.ok("report", "add", "--type", "fire", "--text", "渝州路起火")
    change, bad = TAMPERED[how]
    raw = sqlite3.connect(dutydesk.home / "dutydesk.db", isolation_level=None)
    with pytest.raises(sqlite3.Error, match="append-only"):
        raw.execute(change)
    triggers = raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for (name,) in triggers:
        raw.execute(f"DROP TRIGGER {name}")
    raw.execute(change)
    raw.close()
    done = dutydesk("journal", "verify", "--json")
    assert (done.code, done.document["ok"], done.document["bad"]) == (1, False, bad)
    for language in ("zh", "en"):
        line = dutydesk.refused("journal", "verify", DUTYDESK_LANG=language)
        assert str(bad) in line
        assert any("\u4e00" <= char <= "\u9fff" for char in line) == (language == "zh")
    listed = dutydesk("journal", "tail", "--json")
    assert listed.code == 0 or len(listed.err.splitlines()) == 1
    assert not list(dutydesk.home.glob("crash-*"))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_refusal_is_one_line_in_the_officers_language(bare: CommandLine, language: str) -> None:
    line = bare.refused("report", "list", DUTYDESK_LANG=language)
    assert any("\u4e00" <= char <= "\u9fff" for char in line) == (language == "zh")


def test_without_a_terminal_the_console_says_so(dutydesk: CommandLine) -> None:
    done = dutydesk()
    assert done.code == 2
    assert len(done.err.strip().splitlines()) == 1


def test_a_command_that_needs_a_pin_fails_where_nobody_can_be_asked(bare: CommandLine) -> None:
    kept = {**bare.env()}
    del kept["DUTYDESK_PIN"]
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, "-m", "dutydesk", "init", "--admin", "wang", "--name", "王强"],
        env=kept,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "DUTYDESK_PIN" in done.stderr


def test_no_command_imports_the_screen(dutydesk: CommandLine) -> None:
    """Textual costs more than everything else a command does."""
    probe = (
        "import sys\n"
        "from dutydesk.__main__ import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "heavy = {'textual', 'rich', 'apprise'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    import subprocess
    import sys

    for arguments in (
        ["report", "list"],
        ["report", "add", "--type", "fire", "--text", "起火"],
        ["timer", "list"],
        ["broadcast", "status", "1"],
        ["engine", "status"],
        ["journal", "verify"],
        ["playbook", "list"],
    ):
        done = subprocess.run(
            [sys.executable, "-c", probe, *arguments],
            env=dutydesk.env(),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, (arguments, done.stderr)


def test_no_pin_and_no_phone_number_reaches_a_log(dutydesk: CommandLine) -> None:
    dutydesk.ok(
        "report", "add", "--type", "fire", "--text", "起火", "--phone", "13912345678", "--caller", "张三"
    )
    for directory, _, files in os.walk(dutydesk.home):
        for name in files:
            if name.startswith("dutydesk.db"):
                continue
            content = (Path(directory) / name).read_bytes()
            assert PIN.encode() not in content
            assert b"13912345678" not in content


def test_an_incident_shows_its_figures_side_by_side(dutydesk: CommandLine) -> None:
    first = dutydesk.ok("report", "add", "--text", "华福路两车相撞，死亡1人。", "--source", "phone")
    number = str(first["incident"])
    dutydesk.ok("report", "add", "--text", "华福路车祸，死亡2人", "--source", "110", "--incident", number)
    found = dutydesk.ok("incident", "show", number)
    assert found["id"] == first["incident"]
    deaths = [
        (f["value"], f["report_source"], f["superseded"]) for f in found["figures"] if f["kind"] == "deaths"
    ]
    assert sorted(deaths) == [(1, "phone", False), (2, "110", False)]
    assert {"kind", "value", "unknown", "source"} <= set(found["figures"][0])


def test_a_report_that_ends_clocks_says_which(dutydesk: CommandLine) -> None:
    first = dutydesk.ok("report", "add", "--text", "华福路两车相撞，死亡3人。")
    about = ("--incident", str(first["incident"]), "--corrects", str(first["report"]))
    done = dutydesk("report", "add", "--text", "更正：死亡1人。", *about)
    assert done.code == 0
    assert "CQ_GOV_1H" in {timer["rule"] for timer in first["timers"]}
    assert len(done.err.strip().splitlines()) == 1
    assert "CQ_GOV_1H" in done.err
    assert "CQ_GOV_1H" not in done.out


def test_a_channel_that_refuses_is_told(dutydesk: CommandLine, tmp_path: Path) -> None:
    file = dutydesk.home / "channels.yaml"
    file.write_text(
        "hook: {http: {url: 'http://127.0.0.1:1/{address}', body: {text: '{{ body }}'}}}\n", "utf-8"
    )
    file.chmod(0o600)
    assert [row["name"] for row in dutydesk.ok("channel", "list")] == ["hook"]
    people = tmp_path / "people.yaml"
    people.write_text("contacts:\n- {name: 甲, addresses: {hook: a}}\n", "utf-8")
    dutydesk.ok("contact", "import", str(people))
    done = dutydesk("contact", "test", "1", "--json")
    assert done.code == 1
    assert done.document[0]["outcome"] == "try_again"
    assert "secret" not in done.err
    assert "there is no channel" in dutydesk.refused("channel", "test", "pigeon", "--address", "x").lower()


def test_a_reports_figures_are_shown_in_words_and_not_as_the_program_keeps_them(
    dutydesk: CommandLine,
) -> None:
    logged = dutydesk.ok("report", "add", "--type", "fire", "--text", "民房起火，2人受伤，伤亡不明。")
    shown = dutydesk("report", "show", str(logged["report"])).out
    assert "Injured 2" in shown
    assert "{" not in shown


def test_a_step_is_shown_whole_with_what_to_read_out(dutydesk: CommandLine) -> None:
    text = "成渝环线陶家段一辆液氯槽车侧翻泄漏，2人送医"
    dutydesk.ok("report", "add", "--type", "hazmat", "--text", text, "--town", "陶家")
    run = str(dutydesk.ok("run", "start", "1", "hazmat")["run"])
    dutydesk.ok("run", "answer", run, "ask_wind", "东北风，三级")
    called = dutydesk.ok("run", "show", run, "call_fire", DUTYDESK_LANG="zh")
    assert text in called["say"]
    assert "东北风，三级" in called["say"]
    assert "倒地或中毒：待核实" in called["say"]
    assert (called["must"], called["verified"], called["state"]) == (True, False, "ready")
    for language, told in (("zh", "报给：市应急局指挥中心"), ("en", "Report to: municipal emergency bureau")):
        assert told in dutydesk("run", "show", run, "phone_report", DUTYDESK_LANG=language).out
    notified = dutydesk("run", "show", run, "notify_responders", DUTYDESK_LANG="zh").out
    assert "通知：消防救援支队、公安" in notified
    assert "There is no step nowhere" in dutydesk.refused("run", "show", run, "nowhere")
