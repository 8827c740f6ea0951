"""The same command line over a PostgreSQL, named by its URL alone."""

from __future__ import annotations

from dataclasses import replace

from tests.cli.desk_process import CommandLine


def test_a_call_is_taken_worked_and_found_on_postgresql(bare: CommandLine, empty_postgresql_url: str) -> None:
    desk = replace(bare, environment={"DUTYDESK_DATABASE_URL": empty_postgresql_url})
    assert "dutydesk init" in desk.refused("report", "list")
    assert desk.ok("init", "--admin", "wang", "--name", "王强")["created"] is True
    assert desk.ok("init", "--admin", "wang", "--name", "王强")["created"] is False
    desk.ok("login", "wang")
    text = "陶家镇液氯槽车泄漏[/紧急]\x00\x1b[31m，2人受伤"
    logged = desk.ok("report", "add", "--text", "-", stdin=text.encode())
    assert (logged["report"], logged["type"]) == (1, "hazmat")
    assert "␀␛[31m" in desk.ok("report", "show", "1")["text"]
    assert [one["id"] for one in desk.ok("report", "search", "液氯")] == [1]
    assert desk.ok("report", "search", '" OR *') == []
    assert desk.ok("run", "start", "1", "hazmat")["run"] == 1
    assert desk.ok("incident", "grade", "1", "3")["level"] == 3
    assert "9" * 24 in desk.refused("report", "show", "9" * 24)
    assert desk.ok("incident", "close", "1", "--reason", "处置完毕")["incident"] == 1
    verdict = desk.ok("journal", "verify")
    assert verdict["ok"] is True
    assert verdict["entries"] == desk.ok("journal", "digest")["seq"]
    assert not (bare.home / "dutydesk.db").exists()
