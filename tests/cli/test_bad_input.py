"""Whatever is wrong outside gets one clear line and exit code 1, and nothing on record is lost by it: each
through the real command line."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Timer

import pytest

from tests.cli.desk_process import CommandLine
from tests.cli.spaces import read_only, small_disk

ADD = ("report", "add", "--type", "fire", "--text", "陶家镇一厂房起火，1人受伤")
NASTY = "[/紧急] [bold]甲[/] {x} %s \x1b[31m\x1b]0;t\x07\x08\x7f\x9b2J\u202e\u2028$(reboot)"


@pytest.fixture(scope="module")
def ready_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk with its first officer signed in and one report on record."""
    desk = CommandLine(tmp_path_factory.mktemp("ready") / "home")
    desk.ok("init", "--admin", "wang", "--name", "王强")
    desk.ok("login", "wang")
    desk.ok(*ADD)
    return desk.home


@pytest.fixture
def desk(ready_home: Path, tmp_path: Path) -> CommandLine:
    """A desk of the test's own, as ``ready_home``."""
    shutil.copytree(ready_home, tmp_path / "home")
    return CommandLine(tmp_path / "home")


def database(desk: CommandLine) -> Path:
    return desk.home / "dutydesk.db"


def write(desk: CommandLine, name: str, text: str) -> None:
    file = desk.home / name
    file.parent.mkdir(mode=0o700, exist_ok=True)
    file.touch(mode=0o600)
    file.write_text(text, "utf-8")


def on_record(desk: CommandLine) -> list[int]:
    """The numbers of the reports there are, and the proof that the journal is whole."""
    assert desk.ok("journal", "verify")["ok"] is True
    return sorted(report["id"] for report in desk.ok("report", "list"))


def is_clean(text: str) -> bool:
    """Whether a terminal can be shown ``text`` without obeying it."""
    return all(char in "\n\t" or char.isprintable() for char in text)


# ------------------------------------------------------------------------------------------------- any field


def test_markup_and_escape_sequences_in_every_field_are_kept_as_text(desk: CommandLine) -> None:
    fields = ("--caller", "--phone", "--place")
    nasty = [part for name in fields for part in (name, NASTY)]
    logged = desk.ok(
        "report", "add", "--type", "fire", "--text", "-", *nasty, stdin=b"\x00" + NASTY.encode() + b"\xff\xfe"
    )
    kept = desk.ok("report", "show", str(logged["report"]))
    for name in ("text", "caller", "phone", "place"):
        assert "[/紧急] [bold]甲[/] {x} %s" in kept[name]
        assert "$(reboot)" in kept[name]
        assert is_clean(kept[name]), (name, kept[name])
    for command in (
        ("report", "list"),
        ("report", "show", "2"),
        ("report", "search", "紧急"),
        ("timer", "list"),
    ):
        done = desk(*command)
        assert done.code == 0, done.err
        assert is_clean(done.out), command
        assert "[/紧急]" in done.out, command
    noted = desk.ok("timer", "add", "--in", "10m", "--note", NASTY)
    assert is_clean(noted["subject"])
    assert on_record(desk) == [1, 2]


def test_bytes_that_are_no_text_in_an_option_are_kept_or_refused_in_one_line(desk: CommandLine) -> None:
    done = desk(
        "report", "add", "--type", "fire", "--text", "厂房起火".encode("gbk"), "--caller", b"\xff\xfe"
    )
    assert done.code in (0, 1), done.err
    assert "Traceback" not in done.err
    assert done.code == 0 or len(done.err.strip().splitlines()) == 1
    assert on_record(desk) == ([1, 2] if done.code == 0 else [1])


@pytest.mark.parametrize(
    "wrong",
    [
        ("--type", NASTY),
        ("--incident", "99"),
        ("--corrects", "99"),
        ("--occurred", NASTY),
        ("--deaths", NASTY),
        ("--town", NASTY),
        ("--text", " \t\n"),
    ],
    ids=lambda wrong: wrong[0],
)
def test_a_field_that_cannot_be_taken_is_named_in_one_clean_line(
    desk: CommandLine, wrong: tuple[str, str]
) -> None:
    line = desk.refused(*ADD, *wrong)
    assert is_clean(line)
    assert desk.ok("report", "list")[0]["id"] == 1


# -------------------------------------------------------------------------------------------- broken files


def test_a_broken_config_is_told_with_its_line_and_mended_by_mending_it(desk: CommandLine) -> None:
    write(desk, "config.yaml", "language: en\ntimezone: [Asia\n")
    assert "config.yaml:3:" in desk.refused(*ADD)
    write(desk, "config.yaml", "language: en\nsession_hours: many\n")
    line = desk.refused(*ADD)
    assert "config.yaml:2:" in line
    assert "session_hours" in line
    (desk.home / "config.yaml").unlink()
    assert on_record(desk) == [1]


def test_a_broken_reference_file_keeps_no_report_from_being_logged(desk: CommandLine) -> None:
    write(desk, "reference/towns.yaml", "towns: [\n")
    done = desk(*ADD, "--json")
    assert done.code == 0, done.err
    assert done.document["report"] == 2
    (line,) = done.err.strip().splitlines()
    assert "reference/towns.yaml:2:" in line
    write(desk, "reference/towns.yaml", "towns:\n- {id: nowhere}\n")
    done = desk(*ADD, "--json")
    assert (done.code, done.document["report"]) == (0, 3)
    assert "reference/towns.yaml:2" in done.err
    assert "reference/towns.yaml:" in desk("grade", "--type", "fire", "--deaths", "3").err


def test_a_broken_playbook_leaves_the_good_ones(desk: CommandLine) -> None:
    write(desk, "playbooks/mine.yaml", "id: mine\nphases: {\n")
    listed = desk("playbook", "list", "--json")
    assert listed.code == 0, listed.err
    assert {one["id"] for one in listed.document} >= {"hazmat", "flood", "forest_fire"}
    (line,) = listed.err.strip().splitlines()
    assert "mine.yaml:3:" in line
    assert desk.ok("run", "start", "1", "hazmat")["run"] == 1
    done = desk("playbook", "check", str(desk.home / "playbooks"))
    assert done.code == 1
    assert "mine.yaml:3:" in done.out + done.err


def test_a_broken_channels_file_is_told_and_what_waits_to_be_sent_waits(desk: CommandLine) -> None:
    write(desk, "channels.yaml", "hook: {url: 'json://127.0.0.1:1/{address}'\nsms: x\n")
    assert "channels.yaml:" in desk.refused("channel", "list")
    write(desk, "contacts.yaml", "contacts:\n- {name: 甲, groups: [townships], addresses: {hook: a}}\n")
    desk.ok("contact", "import", str(desk.home / "contacts.yaml"))
    drafted = desk.ok("broadcast", "draft", "--to", "townships", "--text", "核实", "--drill")
    desk.ok("broadcast", "release", str(drafted["broadcast"]))
    engine = start_engine(desk)
    try:
        assert wait_for(lambda: "channels.yaml" in engine_log(desk))
        status = desk.ok("broadcast", "status", str(drafted["broadcast"]))
        assert status["counts"] == {"queued": 1}, "nobody knows yet what the file means"
    finally:
        end(engine)
    assert desk.ok(*ADD)["report"] == 2


# ---------------------------------------------------------------------------------------------- the disk


def test_a_full_disk_refuses_and_goes_on_once_there_is_room(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    with small_disk(disk, 4000) as through:
        desk = CommandLine(disk / "home", through=through)
        desk.ok("init", "--admin", "wang", "--name", "王强")
        desk.ok("login", "wang")
        desk.ok(*ADD)
        fill = f"cat /dev/zero > '{disk}/filler' 2>/dev/null; sync"
        subprocess.run([*through, "sh", "-c", fill], check=False)
        long = "厂房起火。".encode() * 3000
        line = desk.refused("report", "add", "--type", "fire", "--text", "-", stdin=long)
        assert "is full" in line
        assert on_record(desk) == [1]
        subprocess.run([*through, "rm", f"{disk}/filler"], check=True)
        assert desk.ok("report", "add", "--type", "fire", "--text", "-", stdin=long)["report"] == 2
        assert on_record(desk) == [1, 2]


def test_a_limit_on_the_size_of_files_is_told_as_what_it_may_be(desk: CommandLine) -> None:
    limited = replace(desk, through=("bash", "-c", 'ulimit -f 8; exec "$0" "$@"'))
    for language in ("zh", "en"):
        line = limited.refused(
            "report", "add", "--type", "fire", "--text", "火" * 20_000, DUTYDESK_LANG=language
        )
        assert str(database(desk)) in line
        assert ("full" if language == "en" else "已满") in line
    assert on_record(desk) == [1]


def test_a_read_only_disk_can_be_read_and_says_that_it_cannot_be_written(desk: CommandLine) -> None:
    with read_only(desk.home) as through:
        there = CommandLine(desk.home, through=through)
        assert "cannot be written" in there.refused(*ADD)
        assert "cannot be written" in there.refused("timer", "add", "--in", "10m", "--note", "x")
        assert on_record(there) == [1]
    assert desk.ok(*ADD)["report"] == 2


# ------------------------------------------------------------------------------------------- the database


def test_a_database_locked_for_long_is_refused_and_for_a_moment_waited_for(desk: CommandLine) -> None:
    other = sqlite3.connect(database(desk), isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    line = desk.refused(*ADD)
    assert "locked" in line
    assert "nothing was changed" in line
    Timer(2.0, lambda: other.execute("ROLLBACK")).start()
    assert desk.ok(*ADD)["report"] == 2
    other.close()
    assert on_record(desk) == [1, 2]


def damaged_pages(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[8192:] = b"\xde\xad" * ((len(content) - 8192) // 2)
    file.write_bytes(content)


def cut_off(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:20_000])


def no_database(file: Path) -> None:
    file.write_text("值班日记，不是数据库。" * 500, "utf-8")


def of_another_program(file: Path) -> None:
    file.unlink()
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("CREATE TABLE report (id INTEGER PRIMARY KEY)")
    other.execute("PRAGMA application_id = 7")
    other.close()


def newer(file: Path) -> None:
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("UPDATE dutydesk_schema SET version_num = '9999'")
    other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    other.close()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (damaged_pages, "is damaged"),
        (cut_off, "is damaged"),
        (no_database, "is not a dutydesk database"),
        (of_another_program, "is not a dutydesk database"),
        (newer, "newer dutydesk"),
    ],
)
def test_a_file_that_is_not_ours_or_not_whole_is_told_and_left_as_it_is(
    desk: CommandLine, spoil: Callable[[Path], None], said: str
) -> None:
    file = database(desk)
    spoil(file)
    before = file.read_bytes()
    assert said in desk.refused(*ADD)
    assert said in desk.refused("report", "list")
    if spoil not in (damaged_pages, cut_off):
        assert said in desk.refused("init", "--admin", "wang", "--name", "王强")
    assert file.read_bytes() == before


def test_an_upgrade_killed_halfway_is_finished_by_the_next_command(tmp_path: Path) -> None:
    from dutydesk.store import migrate as migrating
    from dutydesk.store.schema import HEAD, VERSION_TABLE

    desk = CommandLine(tmp_path / "home")
    desk.home.mkdir(mode=0o700)
    file = database(desk)
    migrating._migrate_sqlite(file, str(file), to="0001")
    reports = 40_000
    raw = sqlite3.connect(file, isolation_level=None)
    raw.execute("BEGIN")
    raw.executemany(
        "INSERT INTO report (id, type, text, source, caller, phone, place, town, routing, received_at, "
        "logged_at, logged_by, console, drill) VALUES (?, 'fire', ?, 'phone', '', '', '', '', '', "
        "'2026-11-22T18:40:00.000000Z', '2026-11-22T18:40:00.000000Z', 'wang', 'desk-1', 0)",
        ((number, f"陶家镇第{number}号氨气泄漏，闻到刺鼻气味") for number in range(1, reports + 1)),
    )
    raw.execute("COMMIT")
    raw.close()

    def version(path: Path) -> str:
        looking = sqlite3.connect(path)
        found: str = looking.execute(f"SELECT version_num FROM {VERSION_TABLE}").fetchone()[0]
        looking.close()
        return found

    copy = file.with_name(f"{file.name}.before-{HEAD}")
    upgrading = subprocess.Popen(
        [*python(), "report", "list"], env=desk.env(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    assert wait_for(copy.exists, every=0.002)
    time.sleep(0.2)
    assert upgrading.poll() is None, "it was done before it could be killed"
    upgrading.kill()
    upgrading.communicate()
    assert version(file) == "0001"

    assert desk.ok("report", "list", "--limit", "1")[0]["id"] == reports
    assert version(file) == HEAD
    assert version(copy) == "0001"
    assert [one["id"] for one in desk.ok("report", "search", f"第{reports}号 氨气")] == [reports]
    desk.ok("init", "--admin", "wang", "--name", "王强")
    desk.ok("login", "wang")
    assert desk.ok(*ADD)["report"] == reports + 1


# ------------------------------------------------------------------------------------------- the gateways


def test_eight_hanging_endpoints_do_not_hold_up_a_healthy_one(desk: CommandLine) -> None:
    import http.server
    import socket
    import threading

    class Healthy(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:  # the test's output is not a log
            return

    hole = socket.create_server(("127.0.0.1", 0), backlog=64)  # takes connections and never answers
    healthy = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Healthy)
    threading.Thread(target=healthy.serve_forever, daemon=True).start()
    nowhere, good = hole.getsockname()[1], healthy.server_address[1]
    hung = [f"h{number}" for number in range(8)]
    drills = "timeout: 100s, purpose: drill"
    url = [f"{name}: {{url: 'json://127.0.0.1:{nowhere}/{name}/{{address}}', {drills}}}" for name in hung[:4]]
    own = [
        f"{name}: {{http: {{url: 'http://127.0.0.1:{nowhere}/{name}/{{address}}'}}, {drills}}}"
        for name in hung[4:]
    ]
    well = [f"well: {{url: 'json://127.0.0.1:{good}/{{address}}', purpose: drill}}"]
    write(desk, "channels.yaml", "\n".join([*url, *own, *well]) + "\n")
    addresses = ", ".join(f"{name}: a" for name in [*hung, "well"])
    write(
        desk, "contacts.yaml", f"contacts:\n- {{name: 甲, groups: [townships], addresses: {{{addresses}}}}}\n"
    )
    desk.ok("contact", "import", str(desk.home / "contacts.yaml"))
    drafted = desk.ok("broadcast", "draft", "--to", "townships", "--text", "请核实", "--drill")
    engine = start_engine(desk)
    try:
        assert wait_for(lambda: "active as" in engine_log(desk))
        desk.ok("broadcast", "release", str(drafted["broadcast"]))

        def looked_up(sql: str) -> dict[str, str]:
            raw = sqlite3.connect(database(desk))
            found = dict(raw.execute(sql).fetchall())
            raw.close()
            return found

        def states() -> dict[str, str]:
            return looked_up("SELECT channel, state FROM delivery")

        assert wait_for(lambda: states()["well"] == "accepted")
        times = looked_up(
            "SELECT 'queued', queued_at FROM delivery WHERE channel = 'well' UNION "
            "SELECT 'accepted', changed_at FROM delivery WHERE channel = 'well'"
        )
        took = datetime.fromisoformat(times["accepted"]) - datetime.fromisoformat(times["queued"])
        assert took < timedelta(seconds=10), took
        assert {states()[name] for name in hung} <= {"sending", "queued"}
    finally:
        end(engine)
        healthy.shutdown()
        healthy.server_close()
        hole.close()
    assert on_record(desk) == [1]


# -------------------------------------------------------------------------------------------- the officers


def test_a_wrong_pin_is_refused_and_the_session_goes_on(desk: CommandLine) -> None:
    assert "wrong" in desk.refused("login", "wang", DUTYDESK_PIN="0815-wrong")
    assert desk.ok(*ADD)["report"] == 2


def test_a_role_that_may_not_is_named_and_the_report_of_one_that_may_is_taken(desk: CommandLine) -> None:
    desk.ok("user", "add", "zhao", "--name", "赵刚", "--role", "supervisor")
    desk.ok("login", "zhao")
    for command in (
        ADD,
        ("timer", "add", "--in", "10m", "--note", "x"),
        ("incident", "grade", "1", "3"),
        ("run", "start", "1", "hazmat"),
        ("engine", "stop"),
    ):
        assert "赵刚" in desk.refused(*command)
    desk.ok("login", "wang")
    assert desk.ok(*ADD)["report"] == 2


def test_a_session_that_ran_out_is_told_and_a_new_one_goes_on(desk: CommandLine) -> None:
    tomorrow = (datetime.now(UTC) + timedelta(hours=13)).isoformat()
    line = desk.refused(*ADD, DUTYDESK_CLOCK=tomorrow)
    assert "ran out" in line
    assert "dutydesk login" in line
    desk.ok("login", "wang", DUTYDESK_CLOCK=tomorrow)
    assert desk.ok(*ADD, DUTYDESK_CLOCK=tomorrow)["report"] == 2


# ------------------------------------------------------------------------------------------------- helpers


def python() -> list[str]:
    import sys

    return [sys.executable, "-m", "dutydesk"]


def start_engine(desk: CommandLine) -> subprocess.Popen[bytes]:
    return subprocess.Popen([*python(), "engine", "run"], env=desk.env(), stdin=subprocess.DEVNULL)


def end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()


def engine_log(desk: CommandLine) -> str:
    return "".join(file.read_text("utf-8") for file in (desk.home / "logs").glob("engine*"))


def wait_for(found: Callable[[], bool], *, within: float = 60.0, every: float = 0.05) -> bool:
    """Whether it came true in time."""
    deadline = time.monotonic() + within
    while not found():
        if time.monotonic() > deadline:
            return False
        time.sleep(every)
    return True
