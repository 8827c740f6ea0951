"""What a desk has on record once the first call is over, and what it has to be, whoever's hands it went
through: the command line's or the console's."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.scene.call import (
    CALL,
    FOLLOW_UP,
    IN_WRITING,
    PHONE,
    WALK,
    WHO_CONFIRMED,
    WHY_CLOSED,
    WHY_RAISED,
    Worked,
)

Rows = tuple[tuple[Any, ...], ...]


@dataclass(frozen=True)
class Account:
    """Rows in the order in which they came to be, without moments and drawn codes. A duty says how many
    minutes after its anchor it was due; a step's clock is given for the steps that the script works."""

    reports: Rows
    figures: Rows
    incident: Rows
    grades: Rows
    duties: Rows
    step_clocks: Rows
    steps: Rows
    notices: Rows
    deliveries: Rows
    deeds: Rows


def account_of(home: Path) -> Account:
    """Reads a SQLite desk beside whatever works on it."""
    with sqlite3.connect(f"file:{home / 'dutydesk.db'}?mode=ro", uri=True) as database:

        def rows(query: str) -> Rows:
            return tuple(tuple(row) for row in database.execute(query))

        worked = ", ".join(f"'{step.step}'" for step in (*WALK, *IN_WRITING))
        return Account(
            reports=rows(
                "SELECT report.id, incident_id, type, text, source, phone, town, occurred_at, drill,"
                " logged_by FROM report LEFT JOIN filing ON report_id = report.id ORDER BY report.id"
            ),
            figures=rows(
                "SELECT report_id, kind, value, unknown, origin FROM figure ORDER BY report_id, kind"
            ),
            incident=rows(
                "SELECT id, type, title, town, status, drill, confirmed_level, confirmed_by, proposed_level,"
                " near_miss, closed_by, close_reason FROM incident"
            ),
            grades=rows(
                "SELECT computed, level, possible, near_miss, reason, graded_by FROM grade ORDER BY id"
            ),
            duties=rows(
                "SELECT rule, anchor, CASE WHEN rule <> 'FOLLOWUP_CHANGE'"  # by the end of the day
                " THEN CAST(ROUND((julianday(due_at) - julianday(anchor_at)) * 1440) AS INTEGER) END,"
                " state, verified, met_by, reason FROM timer WHERE step = '' ORDER BY rule, id"
            ),
            step_clocks=rows(
                f"SELECT step, state, met_by, reason FROM timer WHERE step IN ({worked}) ORDER BY step, id"
            ),
            steps=tuple(
                (step, action, json.loads(value) if value else None, reason, by)
                for step, action, value, reason, by in rows(
                    "SELECT step, action, value, reason, by FROM run_event WHERE action <> 'fact' ORDER BY id"
                )
            ),
            notices=rows(
                "SELECT kind, step, template, text, drill, confirm, state, created_by, approved_by,"
                " released_by FROM broadcast ORDER BY id"
            ),
            deliveries=rows(
                "SELECT contact, channel, address, state, attempts, doubtful, confirmed_by FROM delivery"
                " ORDER BY id"
            ),
            deeds=rows(
                "SELECT actor, action,"
                " COALESCE((SELECT rule FROM timer WHERE 'timer:' || id = journal.subject), journal.subject)"
                " FROM journal WHERE actor NOT LIKE 'engine%' AND action NOT LIKE 'engine.%'"
                " AND action NOT LIKE 'session.%' ORDER BY seq"
            ),
        )


_TITLE: Final = "成渝环线陶家段一辆液氯槽车侧翻泄漏"
_NOTICE: Final = (
    f"【{_TITLE}】11月23日02:30，陶家镇发生危险化学品类突发事件。\n"
    "初步情况：死亡2人，受伤3人，被困1人，疏散转移500人。建议等级：一般（以确认为准）。\n"
    "请立即核实情况、按职责先期处置，并回告值班室。"
)
_RUN_DEEDS: Final = {"answer": "run.answered", "skip": "run.skipped", "notify": "broadcast.drafted"}
_UNREACHED: Final = ("no_answer", "left_message")


def _events(step: Worked) -> Rows:
    """What the run keeps of a step."""
    match step.how:
        case "answer":
            return ((step.step, "answered", step.value, "", "wang"),)
        case "skip":
            return ((step.step, "skipped", None, step.value, "wang"),)
        case "call":
            came_to = "under_way" if step.value in _UNREACHED else "done"
            return ((step.step, came_to, step.value, "", "wang"),)
        case "notify":
            return tuple((step.step, came_to, "broadcast:1", "", "wang") for came_to in ("under_way", "done"))
        case _:
            return ((step.step, "done", None, "", "wang"),)


THE_FIRST_CALL: Final = Account(
    reports=(
        (1, 1, "hazmat", CALL, "phone", PHONE, "陶家", "2026-11-22T18:30:00.000000Z", 0, "wang"),
        (2, 1, "", FOLLOW_UP, "phone", "", "", None, 0, "wang"),
    ),
    figures=(
        (1, "deaths", 2, 0, "text"),
        (1, "evacuated", 500, 0, "text"),
        (1, "injured", 3, 0, "text"),
        (1, "trapped", 1, 0, "text"),
        (2, "deaths", 3, 0, "text"),
    ),
    incident=((1, "hazmat", _TITLE, "陶家", "closed", 0, 3, "wang", 3, 1, "wang", WHY_CLOSED),),
    grades=(
        (1, 4, 4, 1, "", ""),
        (0, 4, 4, 1, "", "wang"),
        (1, 3, 3, 1, "", ""),
        (0, 3, 3, 1, WHY_RAISED, "wang"),
    ),
    duties=(
        ("CQ_GOV_1H", "occurred", 60, "met", 1, "wang", ""),
        ("FOLLOWUP_CHANGE", "told", None, "cancelled", 1, "", WHY_CLOSED),
        ("FOLLOWUP_DAILY", "told", 1440, "cancelled", 1, "", WHY_CLOSED),
        ("GRADE_CONFIRM", "told", 10, "met", 0, "wang", ""),
        ("GRADE_CONFIRM", "told", 10, "met", 0, "wang", ""),
        ("LOCAL_PHONE_30M", "received", 30, "met", 0, "wang", ""),
        ("LOCAL_WRITTEN_60M", "received", 60, "met", 0, "wang", ""),
        ("NOTICE_UNCONFIRMED", "told", 10, "armed", 0, "", ""),
        ("WSA_EMB_2H", "told", 120, "met", 1, "wang", ""),
        ("WSA_EMB_PHONE_1H", "told", 60, "cancelled", 1, "", WHY_CLOSED),
    ),
    step_clocks=tuple(
        sorted(
            (step.step, "cancelled", "", step.value if step.how == "skip" else WHY_CLOSED)
            if step.how == "skip" or step.value in _UNREACHED
            else (step.step, "met", "wang", "")
            for step in (*WALK, *IN_WRITING)
        )
    ),
    steps=tuple(event for step in (*WALK, *IN_WRITING) for event in _events(step)),
    notices=(
        (
            "notice",
            "notify_townships",
            "first_notice",
            _NOTICE,
            0,
            1,
            "released",
            "wang",
            "li",
            "wang",
        ),
    ),
    deliveries=(
        ("陶家值班", "hook", "taojia", "confirmed", 1, 0, WHO_CONFIRMED),
        ("西彭值班", "hook", "xipeng", "accepted", 1, 0, ""),
        ("周局", "mail", "zhou@example.org", "accepted", 1, 0, ""),
    ),
    deeds=(
        ("wang", "officer.first", "officer:wang"),
        ("wang", "contacts.imported", "contacts"),
        ("wang", "officer.added", "officer:li"),
        ("wang", "report.logged", "report:1"),
        ("wang", "incident.graded", "incident:1"),
        ("wang", "run.started", "run:1"),
        *(
            (
                "wang",
                "run.under_way" if step.value in _UNREACHED else _RUN_DEEDS.get(step.how, "run.done"),
                "broadcast:1" if step.how == "notify" else "run:1",
            )
            for step in WALK
        ),
        ("li", "broadcast.approved", "broadcast:1"),
        ("wang", "broadcast.released", "broadcast:1"),
        ("wang", "delivery.confirmed", "delivery:1"),
        ("wang", "run.answered", "run:1"),
        ("wang", "run.done", "run:1"),
        ("wang", "report.logged", "report:2"),
        ("wang", "incident.graded", "incident:1"),
        ("wang", "timer.met", "CQ_GOV_1H"),
        ("wang", "incident.closed", "incident:1"),
    ),
)
