"""What ``--json`` prints: one document, keys in English, whole numbers whole, times with their offset. Others
build on these shapes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tests.cli.desk_process import CommandLine

CALL = "成渝环线陶家段一辆液氯槽车侧翻泄漏，驾驶员被困，2人送医，正紧急疏散下风向村民五百余人。"
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d")
_TIME_KEYS = ("due", "at", "expires")


def moments(value: Any) -> Iterator[object]:
    """Every time in a document, by its key. A payload of the journal is as it was stored."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if (key.endswith("_at") or key in _TIME_KEYS) and inner is not None:
                yield inner
            if key != "payload":
                yield from moments(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from moments(inner)


def document(desk: CommandLine, *words: str, stdin: bytes | None = None) -> Any:
    """The document of a command that has to succeed and say nothing else."""
    done = desk(*words, "--json", stdin=stdin)
    assert (done.code, done.err) == (0, ""), words
    for moment in moments(done.document):
        assert _TIME.fullmatch(str(moment)), (words, moment)
    return done.document


@pytest.fixture
def sink() -> Iterator[str]:
    """A gateway that takes everything at its URL and refuses ``/no/…``."""

    class Gateway(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(403 if self.path.startswith("/no/") else 200)
            self.end_headers()

        def log_message(self, *_: object) -> None:  # the test's output is not a log
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def write_channels(desk: CommandLine, gateway: str) -> None:
    file = desk.home / "channels.yaml"
    file.touch(mode=0o600)
    file.write_text(
        f"hook: {{url: 'json://{gateway}/{{address}}'}}\n"
        f"closed: {{http: {{url: 'http://{gateway}/no/{{address}}', body: {{text: '{{{{ body }}}}'}}}}}}\n",
        "utf-8",
    )


def import_people(desk: CommandLine, place: Path) -> None:
    file = place / "people.csv"
    file.write_text(
        "name,org,duty,groups,hook,closed\n甲,陶家镇,值班,townships,a,\n乙,西彭镇,,townships,,b\n甲,华岩镇,,,c,\n",
        "utf-8",
    )
    assert document(desk, "contact", "import", str(file))["added"] == 3


def test_a_report_and_its_incident(dutydesk: CommandLine) -> None:
    logged = document(dutydesk, "report", "add", "--text", "-", "--area", "1.5", stdin=CALL.encode())
    assert {"report", "incident", "figures", "proposed", "timers", "playbooks", "routing"} <= set(logged)
    values = {figure["kind"]: figure["value"] for figure in logged["figures"]}
    assert values == {"trapped": 1, "injured": 2, "evacuated": 500, "area_ha": 1.5}
    assert not isinstance(values["trapped"], float)
    assert all(set(figure) == {"kind", "value", "unknown", "source"} for figure in logged["figures"])
    for timer in logged["timers"]:
        assert {"id", "rule", "subject", "anchor", "due", "state", "level", "source", "verified"} <= set(
            timer
        )
    unknown = document(
        dutydesk, "report", "add", "--type", "fire", "--text", "厂房起火", "--deaths", "unknown"
    )
    assert unknown["figures"] == [{"kind": "deaths", "value": None, "unknown": True, "source": "officer"}]
    document(dutydesk, "run", "start", "1", "hazmat")
    document(dutydesk, "incident", "note", "1", "-", stdin="已到现场".encode())
    whole = document(dutydesk, "incident", "show", "1")
    assert {"figures", "timers", "reports", "runs", "broadcasts", "status", "drill"} <= set(whole)
    assert [run["playbook"] for run in whole["runs"]] == ["hazmat"]
    assert "phases" not in str(whole["runs"])
    assert [report["id"] for report in document(dutydesk, "report", "search", "液氯")] == [1]
    assert document(dutydesk, "journal", "tail", "--limit", "1")[0]["payload"] == {"text": "已到现场"}
    for words in (
        ("report", "list"),
        ("incident", "list"),
        ("run", "list"),
        ("run", "show", "1"),
        ("user", "list"),
    ):
        assert document(dutydesk, *words)


def test_a_notice_and_its_deliveries(dutydesk: CommandLine, tmp_path: Path, sink: str) -> None:
    write_channels(dutydesk, sink)
    import_people(dutydesk, tmp_path)
    assert document(dutydesk, "contact", "list")[0]["addresses"] == {"hook": "a"}
    drafted = document(
        dutydesk, "broadcast", "draft", "--to", "townships", "--text", "-", "--drill", stdin="请核实".encode()
    )
    assert drafted["recipients"] == 2
    assert "请核实" in drafted["preview"][0]["body"]
    number = str(drafted["broadcast"])
    assert document(dutydesk, "broadcast", "release", number)["deliveries"] == 2
    status = document(dutydesk, "broadcast", "status", number)
    assert status["counts"] == {"queued": 2}
    for row in status["deliveries"]:
        assert {"id", "contact", "channel", "address", "state", "attempts", "doubtful", "reason"} <= set(row)
    assert set(document(dutydesk, "engine", "status")) == {
        *("running", "pid", "heartbeat_age_s", "armed", "overdue", "queued")
    }


def test_a_trial_of_a_channel_and_of_a_contact(dutydesk: CommandLine, tmp_path: Path, sink: str) -> None:
    write_channels(dutydesk, sink)
    import_people(dutydesk, tmp_path)
    assert document(dutydesk, "channel", "test", "hook")["outcome"] == "accepted"
    assert document(dutydesk, "contact", "test", "1") == document(dutydesk, "contact", "test", "1")
    refused = dutydesk("contact", "test", "乙", "--json")
    assert (refused.code, refused.document[0]["outcome"]) == (1, "refused")
    assert "closed" in refused.err
    assert "403" in dutydesk.refused("channel", "test", "closed", "--address", "b")
    assert "1 3" in dutydesk.refused("contact", "test", "甲")
    assert "丙" in dutydesk.refused("contact", "test", "丙")


def test_who_may_not_is_told_in_the_words_of_the_desk(dutydesk: CommandLine) -> None:
    document(dutydesk, "user", "add", "zhao", "--name", "赵刚", "--role", "supervisor")
    document(dutydesk, "login", "zhao")
    for language, words in (("zh", ("督查", "值班操作")), ("en", ("supervisor", "operate"))):
        line = dutydesk.refused("timer", "add", "--in", "5m", "--note", "x", DUTYDESK_LANG=language)
        assert all(word in line for word in words), line


def test_what_changes_nothing_else_prints_its_document_too(dutydesk: CommandLine) -> None:
    assert document(dutydesk, "user", "pin", "wang") == {"login": "wang"}
    assert "has ended" in dutydesk.refused("timer", "add", "--in", "5m", "--note", "x")
    document(dutydesk, "login", "wang")
    assert document(dutydesk, "logout") == {"signed_out": True}
    assert document(dutydesk, "grade", "--type", "fire", "--deaths", "3")["proposed"]["level"] == 3


def test_a_playbook_that_cannot_be_read_hides_no_fault_of_the_others(
    dutydesk: CommandLine, tmp_path: Path
) -> None:
    books = tmp_path / "books"
    books.mkdir()
    (books / "a.yaml").write_bytes(b"id: \xff\n")
    (books / "b.yaml").write_text("id: B\nversion: 1\n", "utf-8")
    (tmp_path / "empty").mkdir()
    paths = ("/nowhere", str(books), str(tmp_path / "empty"))
    done = dutydesk("playbook", "check", *paths, DUTYDESK_LANG="zh")
    assert done.code == 1
    assert f"{books}/b.yaml:1: " in done.out
    assert "不合格式" in done.out
    for line, said in zip(done.err.splitlines(), ("/nowhere", "UTF-8", "没有 .yaml 文件"), strict=True):
        assert said in line
    as_json = dutydesk("playbook", "check", *paths, "--json")
    assert as_json.code == 1
    assert not as_json.document["ok"]
