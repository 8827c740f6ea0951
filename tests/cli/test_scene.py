"""The first call, end to end, through the command line alone: a real engine process, a real local HTTP
gateway, a real local SMTP server, and a clock that every process shares."""

from __future__ import annotations

import email
import email.policy
import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.desk_process import CommandLine
from tests.scene.account import THE_FIRST_CALL, account_of
from tests.scene.call import (
    CALL,
    FOLLOW_UP,
    IN_WRITING,
    OCCURRED,
    PHONE,
    WALK,
    WHO_CONFIRMED,
    WHY_CLOSED,
    WHY_RAISED,
    Worked,
    clock_at,
    kill_engine,
    prepare,
)
from tests.scene.gateways import Gateways, listening


@pytest.fixture
def gateways() -> Iterator[Gateways]:
    with listening() as opened:
        yield opened


@pytest.fixture
def scene(tmp_path: Path, gateways: Gateways) -> Iterator[CommandLine]:
    """A desk at 02:40 in every process."""
    desk = prepare(tmp_path / "home", gateways)
    yield desk
    kill_engine(desk)


CODE = re.compile(r"(?<=确认码 )[A-Z][A-Z2-9]{5}")


def text_of(mail: bytes) -> str:
    """The plain text of a mail, as a person reads it."""
    part = email.message_from_bytes(mail, policy=email.policy.default).get_body(("plain",))
    assert part is not None
    text: str = part.get_content()
    return text.replace("\r\n", "\n").strip()


def until(check: Callable[[], Any], what: str, seconds: float = 90.0) -> Any:
    """Waits for another process, bounded."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := check():
            return found
        time.sleep(0.1)
    raise AssertionError(f"waited {seconds} s for {what}")


@pytest.mark.timeout(600)
def test_the_first_call_from_ring_to_close(scene: CommandLine, gateways: Gateways) -> None:
    # 接: on record before the caller hangs up.
    logged = scene.ok("report", "add", "--text", CALL, "--phone", PHONE, "--occurred", OCCURRED)
    assert {f["kind"]: f["value"] for f in logged["figures"]} == {
        "trapped": 1,
        "deaths": 2,
        "injured": 3,
        "evacuated": 500,
    }
    assert logged["proposed"]["level"] == 4
    assert logged["proposed"]["basis"][0]["verified"] is True
    assert logged["near_miss"] is True
    assert "hazmat" in logged["playbooks"]
    assert {t["rule"] for t in logged["timers"]} >= {"WSA_EMB_2H", "LOCAL_PHONE_30M", "GRADE_CONFIRM"}
    until(lambda: scene.ok("engine", "status")["running"], "the engine that the report started")

    # The officer confirms the grade and walks the playbook: asks, calls, reports to the city in time.
    scene.ok("incident", "grade", "1", "4")
    walked = scene.ok("run", "start", "1", "hazmat")
    assert "reason" in scene.refused("run", "skip", "1", "ask_water", "--reason", " ")
    for step in WALK:
        assert walked["next"] == step.step
        walked = work(scene, step)
    assert walked["notice"]["recipients"] == 3

    # 传: the notice to the townships and the leader on duty, approved by a second person.
    assert scene.refused("broadcast", "release", "1")
    scene.ok("login", "li")
    scene.ok("broadcast", "approve", "1")
    scene.ok("login", "wang")
    scene.ok("broadcast", "release", "1")
    status = until(
        lambda: all_in(scene.ok("broadcast", "status", "1"), "accepted"), "three accepted deliveries"
    )
    assert not any(delivery["doubtful"] for delivery in status["deliveries"])
    previewed = {line["address"]: line["body"] for line in walked["notice"]["preview"]}
    for town in ("taojia", "xipeng"):
        (text,) = [sent["text"] for sent in gateways.http.to(town) if "液氯" in sent["text"]]
        assert CODE.sub("------", text) == previewed[town]
    ((to, mail),) = [each for each in gateways.mail.messages if "液氯" in text_of(each[1])]
    assert to == ["zhou@example.org"]
    assert CODE.sub("------", text_of(mail)) == previewed["zhou@example.org"]
    assert not any("演练" in sent["text"] for _, sent in gateways.http.received)

    # Taojia reads its code out; the town that has not answered is still owed.
    (code,) = CODE.findall(next(b["text"] for b in gateways.http.to("taojia") if "液氯" in b["text"]))
    scene.ok("delivery", "confirm", code.lower(), "--by", WHO_CONFIRMED)
    status = scene.ok("broadcast", "status", "1")
    assert status["counts"] == {"accepted": 2, "confirmed": 1}
    assert [d["confirmed_by"] for d in status["deliveries"] if d["contact"] == "陶家值班"] == [WHO_CONFIRMED]

    # The first report in writing, out of turn, for the city's hour.
    for step in IN_WRITING:
        work(scene, step)

    # 跟: two become three; the grade is raised, the clocks tighten, and the city is told in time.
    second = scene.ok("report", "add", "--incident", "1", "--text", FOLLOW_UP)
    assert second["proposed"]["level"] == 3
    before = {t["rule"] for t in scene.ok("timer", "list", "--incident", "1")}
    assert "CQ_GOV_1H" not in before
    graded = scene.ok("incident", "grade", "1", "3", "--reason", WHY_RAISED)
    after = {t["rule"]: t for t in graded["timers"]}
    assert {"CQ_GOV_1H", "WSA_EMB_PHONE_1H"} <= set(after)
    assert datetime.fromisoformat(after["CQ_GOV_1H"]["due"]) == datetime.fromisoformat(OCCURRED) + timedelta(
        hours=1
    )
    met = scene.ok("timer", "met", str(after["CQ_GOV_1H"]["id"]))
    assert (met["state"], met["late"]) == ("met", None)

    # Closed, with everything told and everything in the journal.
    assert scene.ok("incident", "close", "1", "--reason", WHY_CLOSED)["incident"] == 1
    assert scene.ok("engine", "stop")["stopped"] is True
    assert scene.ok("engine", "status")["running"] is False
    assert scene.ok("journal", "verify")["ok"] is True
    assert account_of(scene.home) == THE_FIRST_CALL


@pytest.mark.timeout(600)
def test_a_clock_armed_before_everything_was_killed_fires_late_and_says_so(
    scene: CommandLine, gateways: Gateways
) -> None:
    reminder = scene.ok("timer", "add", "--in", "20m", "--note", "回拨现场")["id"]
    pid = until(lambda: scene.ok("engine", "status")["pid"], "the engine that the reminder started")
    os.kill(pid, signal.SIGKILL)
    scene.environment |= clock_at("2026-11-23T03:10:00+08:00")  # ten minutes past due, with nobody there
    assert scene.ok("engine", "status")["overdue"] == 1
    assert timer(scene, reminder)["state"] == "armed"
    scene.ok("timer", "add", "--in", "60m", "--note", "现场回话")
    fired = until(lambda: (t := timer(scene, reminder))["state"] == "fired" and t, "the reminder")
    assert fired["late"] > timedelta(minutes=9).total_seconds()
    until(
        lambda: any("回拨现场" in b["text"] for b in gateways.http.to("wang")),
        "the escalation to the operator",
    )
    scene.ok("timer", "ack", str(reminder))

    # What was stopped and what was not there to be stopped are told apart.
    assert scene("engine", "stop").out.startswith("The engine has stopped")
    assert scene("engine", "stop").out == "No engine was active.\n"


def work(scene: CommandLine, step: Worked) -> Any:
    """Works a step of run 1; the walk after it."""
    match step.how:
        case "answer":
            return scene.ok("run", "answer", "1", step.step, step.value)
        case "skip":
            return scene.ok("run", "skip", "1", step.step, "--reason", step.value)
        case "call":
            return scene.ok("run", "do", "1", step.step, "--value", step.value)
        case _:
            return scene.ok("run", "do", "1", step.step)


def all_in(status: dict[str, Any], state: str) -> dict[str, Any] | None:
    return status if all(d["state"] == state for d in status["deliveries"]) else None


def timer(scene: CommandLine, number: int) -> dict[str, Any]:
    found: dict[str, Any] = next(t for t in scene.ok("timer", "list", "--all") if t["id"] == number)
    return found
