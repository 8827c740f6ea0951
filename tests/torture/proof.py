"""The proof after the tortured shift, on the bare database file, on what the sink counted, and on what every
command was answered. Each function returns its violations as sentences; an empty list is the proof."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator

from dutydesk.model.instants import from_stored
from tests.torture.evidence import Evidence
from tests.torture.proof_journal import chain, state_of_things
from tests.torture.proof_notices import attempts, notices
from tests.torture.script import Command, Fate

ACTIONS = {
    "report": ("report.logged", "report", "report"),
    "remind": ("timer.armed", "timer", "id"),
    "met": ("timer.met", "timer", "id"),
    "ack": ("timer.acknowledged", "timer", "id"),
    "grade": ("incident.graded", "incident", "incident"),
    "draft": ("broadcast.drafted", "broadcast", "broadcast"),
    "approve": ("broadcast.approved", "broadcast", "broadcast"),
    "release": ("broadcast.released", "broadcast", "broadcast"),
    "run": ("run.started", "run", "run"),
}
"""Kind of command → its journal entry's action, its subject's noun, the member of the answer with the
number."""


def violations(evidence: Evidence) -> list[str]:
    """Everything that is not as promised."""
    return [
        found
        for check in (
            crashes,
            file_is_sound,
            numbers,
            chain,
            acknowledgements,
            state_of_things,
            reports,
            found_again,
            reminders,
            timers,
            notices,
            attempts,
            runs,
        )
        for found in check(evidence)
    ]


def crashes(evidence: Evidence) -> Iterator[str]:
    for one in evidence.told:
        if one.fate is Fate.CRASHED:
            yield f"the command {one.line} crashed: {one.answer}"


def file_is_sound(evidence: Evidence) -> Iterator[str]:
    for (told,) in evidence.rows("PRAGMA integrity_check"):
        if told != "ok":
            yield f"the database is damaged: {told}"
    for broken in evidence.rows("PRAGMA foreign_key_check"):
        yield f"a row points nowhere: {tuple(broken)}"


def numbers(evidence: Evidence) -> Iterator[str]:
    """No number is skipped in any table that counts up."""
    tables = evidence.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
    for (table,) in tables:
        key = {row["name"]: row["type"] for row in evidence.rows(f'PRAGMA table_info("{table}")')}
        column = "seq" if table == "journal" else "id"
        if not key.get(column, "").startswith("INT") or table.startswith(("report_search", "journal_search")):
            continue
        count, first, last = evidence.rows(f'SELECT count(*), min({column}), max({column}) FROM "{table}"')[0]
        if count and (first, last) != (1, count):
            yield f"{table}: {count} rows numbered {first} to {last}"


def acknowledgements(evidence: Evidence) -> Iterator[str]:
    """What a command was told to be done has its journal entry; a refused one left nothing."""
    entries = Counter((action, subject) for action, subject, _ in evidence.journal)
    for kind, (action, noun, member) in ACTIONS.items():
        for one in evidence.acknowledged(kind):
            if not entries[(action, f"{noun}:{one.answer[member]}")]:
                yield f"acknowledged, and not in the journal: {one.line} {one.answer}"
    for (action, subject), times in entries.items():
        if action in ("report.logged", "timer.armed", "broadcast.released", "run.started") and times > 1:
            yield f"the journal has {action} of {subject} {times} times"


def reports(evidence: Evidence) -> Iterator[str]:
    """Each report is there with all its rows, or with none; the acknowledged ones are there."""
    kept = {row["id"]: row for row in evidence.rows("SELECT * FROM report")}
    by_tag = {
        tag: row for row in kept.values() for tag in [row["text"].partition("（")[2].partition("）")[0]]
    }
    if len(by_tag) != len(kept):
        yield f"{len(kept)} reports with {len(by_tag)} different tags: one was logged twice"
    for one in evidence.told:
        if one.kind != "report":
            continue
        row = by_tag.pop(one.tag, None)
        if row is None:
            if one.fate is Fate.ACKNOWLEDGED:
                yield f"LOST: acknowledged as report {one.answer['report']}, not there: {one.given['text']}"
            continue
        if one.fate is Fate.REFUSED:
            yield f"report {row['id']} is there although its command was refused: {one.answer}"
        if one.fate is Fate.ACKNOWLEDGED and one.answer["report"] != row["id"]:
            yield f"report {row['id']} was acknowledged as {one.answer['report']}"
        yield from _whole(evidence, one, row)
    for tag in by_tag:
        yield f"nobody gave the report {tag}"
    figures = {row[0] for row in evidence.rows("SELECT report_id FROM figure")}
    if figures - kept.keys():
        yield f"figures without their report: {figures - kept.keys()}"


def _whole(evidence: Evidence, one: Command, row: sqlite3.Row) -> Iterator[str]:
    number = row["id"]
    said = {r["kind"]: r["value"] for r in evidence.rows("SELECT * FROM figure WHERE report_id = ?", number)}
    if row["text"] != one.given["text"] or said != one.given["figures"]:
        yield f"report {number} is not what was given: {row['text']} {said} for {one.given}"
    entries = [
        payload for subject, payload in evidence.payloads("report.logged") if subject == f"report:{number}"
    ]
    if len(entries) != 1:
        yield f"report {number} has {len(entries)} journal entries"
        return
    filed = [r[0] for r in evidence.rows("SELECT incident_id FROM filing WHERE report_id = ?", number)]
    expected = [entries[0]["incident"]] if entries[0]["incident"] else []
    if filed != expected or bool(filed) == one.given["unfiled"]:
        yield f"report {number} is filed under {filed}, its entry says {expected}"
        return
    if one.given["unfiled"]:
        armed = [r["rule"] for r in evidence.rows("SELECT rule FROM timer WHERE report_id = ?", number)]
    else:
        armed = [r["rule"] for r in evidence.rows("SELECT rule FROM timer WHERE incident_id = ?", filed[0])]
        if not evidence.rows("SELECT 1 FROM grade WHERE incident_id = ? AND computed", filed[0]):
            yield f"incident {filed[0]} of report {number} has no computed grade"
    if not set(entries[0]["timers"]) <= set(armed) or not entries[0]["timers"]:
        yield f"report {number} armed {entries[0]['timers']}, and there are {armed}"
    for timer in one.answer.get("timers", ()):
        if not evidence.rows("SELECT 1 FROM timer WHERE id = ? AND rule = ?", timer["id"], timer["rule"]):
            yield f"timer {timer} acknowledged with report {number} is not there"


def found_again(evidence: Evidence) -> Iterator[str]:
    """Every report is found by a word of its text; each has this one."""
    kept = {row[0] for row in evidence.rows("SELECT id FROM report")}
    token = "".join(f"{ord(character):x}x" for character in "来电")
    rows = evidence.rows("SELECT rowid FROM report_search WHERE report_search MATCH ?", token)
    found = {row[0] for row in rows}
    if kept != found:
        yield f"reports that the search does not find, or that are not there: {sorted(kept ^ found)}"


def reminders(evidence: Evidence) -> Iterator[str]:
    kept = {row["note"]: row for row in evidence.rows("SELECT * FROM timer WHERE kind = 'reminder'")}
    armed = Counter(subject for subject, _ in evidence.payloads("timer.armed"))
    for one in evidence.told:
        if one.kind != "remind":
            continue
        row = kept.pop(one.given["note"], None)
        if row is None and one.fate is Fate.ACKNOWLEDGED:
            yield f"LOST: acknowledged as timer {one.answer['id']}, and not there: {one.given['note']}"
        if row is not None and armed.pop(f"timer:{row['id']}", 0) != 1:
            yield f"timer {row['id']} has no journal entry"
        if row is not None and one.fate is Fate.REFUSED:
            yield f"timer {row['id']} is there although its command was refused"
    for left in (*kept, *armed):
        yield f"nobody set the reminder {left}"


def timers(evidence: Evidence) -> Iterator[str]:
    """None lost, none fired twice, none fired early."""
    times: Counter[int] = Counter()
    for _, payload in evidence.payloads("timers.fired"):
        times.update(payload["timers"])
    for row in evidence.rows("SELECT * FROM timer"):
        number, due = row["id"], from_stored(row["due_at"])
        if row["state"] == "armed" and due <= evidence.settled_at:
            yield f"LOST: timer {number} was due at {due} and never fired"
        if (row["fired_at"] is not None) != (times[number] == 1) or times[number] > 1:
            told = f"fired at {row['fired_at']}, {times[number]} times in the journal"
            yield f"TWICE OR UNTOLD: timer {number} ({row['state']}) {told}"
        if row["fired_at"] is not None and from_stored(row["fired_at"]) < due:
            yield f"timer {number} fired before its time"
    tellings: Counter[tuple[int, int]] = Counter()
    for _, payload in evidence.payloads("timers.escalated"):
        tellings.update((timer, told["level"]) for told in payload["told"] for timer in told["timers"])
    for (number, level), count in tellings.items():
        if count > 1:
            yield f"timer {number} was told to level {level} {count} times"
    for number in times.keys() - {number for number, _ in tellings}:
        waits = "SELECT 1 FROM timer WHERE id = ? AND state IN ('armed', 'fired')"
        if evidence.rows(waits, number):
            yield f"timer {number} fired and nobody was told"


def runs(evidence: Evidence) -> Iterator[str]:
    """A run's row, its events and the journal agree."""
    entries: Counter[tuple[str, str]] = Counter()
    for action, subject, payload in evidence.journal:
        if action in ("run.done", "run.answered", "run.skipped"):
            entries[(subject, payload["step"])] += 1
    for row in evidence.rows(
        "SELECT run_id, step, action FROM run_event WHERE action IN ('done', 'answered', 'skipped')"
    ):
        entries[(f"run:{row['run_id']}", row["step"])] -= 1
    for (subject, step), left in entries.items():
        if left:
            yield f"{subject}: step {step} is {left:+d} times more in the journal than in the run"
    for one in evidence.acknowledged("step"):
        done = evidence.rows("SELECT steps_done FROM run WHERE id = ?", one.answer["run"])
        if not done or done[0][0] < one.answer["steps_done"]:
            yield f"run {one.answer['run']} was at step {one.answer['steps_done']} and now is at {done}"
