"""The short form of the torture, and the proof that its proof would find what it looks for; ``make torture``
is the long form."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from tests.torture.evidence import Evidence
from tests.torture.proof import violations
from tests.torture.shift import torture
from tests.torture.sink import DRILL_BEGINS

TAMPERINGS: Mapping[str, tuple[str, str]] = {
    "reports gone": (
        "DELETE FROM report WHERE id <= (SELECT min(id) + 5 FROM report)",
        "LOST: acknowledged as rep",
    ),
    "figures gone": (
        "DELETE FROM figure WHERE id <= (SELECT min(id) + 5 FROM figure)",
        "is not what was given",
    ),
    "a filing gone": (
        "DELETE FROM filing WHERE report_id = (SELECT min(report_id) FROM filing)",
        "is filed under",
    ),
    "a clock gone": ("DELETE FROM timer WHERE kind = 'deadline'", "armed"),
    "a reminder gone": ("DELETE FROM timer WHERE kind = 'reminder'", "LOST: acknowledged as timer"),
    "a timer that never fired": (
        "UPDATE timer SET state = 'armed', fired_at = NULL WHERE fired_at IS NOT NULL",
        "never fired",
    ),
    "a timer fired twice": (
        "INSERT INTO journal SELECT (SELECT max(seq) FROM journal) + 1, at, actor, console, action, subject, "
        "payload, prev_hash, hash FROM journal WHERE action = 'timers.fired' LIMIT 1",
        "2 times in the journal",
    ),
    "an entry altered": ("UPDATE journal SET actor = 'nobody' WHERE seq = 5", "BROKEN: entry 5"),
    "an entry exchanged": (
        "UPDATE journal SET hash = (SELECT hash FROM journal WHERE seq = 3) WHERE seq = 4",
        "BROKEN: entry 4",
    ),
    "a report the search lost": (
        "INSERT INTO report_search (report_search) VALUES ('delete-all')",
        "the search does not find",
    ),
    "a recipient forgotten": (
        "DELETE FROM delivery WHERE id IN (SELECT max(id) FROM delivery GROUP BY broadcast_id)",
        "LOST: broadcast",
    ),
    "a recipient exchanged": (
        "UPDATE delivery SET address = 'stranger' WHERE id = 1",
        "'stranger': 1",
    ),
    "an attempt gone": ("DELETE FROM attempt WHERE id = (SELECT max(id) FROM attempt)", "ATTEMPT: delivery"),
    "an attempt without an end": ("UPDATE attempt SET ended_at = NULL WHERE id = 1", "never ended"),
    "an attempt with the wrong mark": (
        "UPDATE attempt SET doubtful = NOT doubtful WHERE id = 1",
        "has the wrong mark",
    ),
    "a delivery with the wrong mark": (
        "UPDATE delivery SET doubtful = NOT doubtful WHERE id = 1",
        "has the wrong mark for",
    ),
    "a result the journal does not know": (
        "DELETE FROM journal WHERE action = 'deliveries.recorded'",
        "UNTOLD: delivery",
    ),
    "a notice not released": (
        "UPDATE broadcast SET released_by = ''",
        "NOT SO: the journal has broadcast.re",
    ),
    "an entry gone": ("DELETE FROM journal WHERE action = 'timer.armed'", "not in the journal"),
    "a number skipped": (
        "UPDATE journal SET seq = seq + 1 WHERE seq = (SELECT max(seq) FROM journal)",
        "numbered",
    ),
}


@pytest.mark.timeout(600)  # three quarters of a minute on a machine that has nothing else to do
async def test_a_shift_killed_at_random_instants_loses_nothing(tmp_path: Path) -> None:
    result = await torture(tmp_path / "home", kills=12, seed=secrets.randbelow(10**6))
    assert not result.violations, f"seed {result.seed}:\n" + "\n".join(result.violations)
    assert result.kills.total() == 12
    assert result.counts["reports"] > 0
    assert result.counts["fired"] > 0
    assert result.counts["deliveries"] > 0
    assert result.evidence is not None
    for what, (statement, found) in TAMPERINGS.items():
        told = violations(tampered(tmp_path, result.evidence, statement))
        assert any(found in violation for violation in told), (what, told)
    drills = {
        number: [replace(one, body=f"{DRILL_BEGINS}{one.body}") for one in arrivals]
        for number, arrivals in result.evidence.arrivals.items()
    }
    assert any("DRILL" in one for one in violations(replace(result.evidence, arrivals=drills)))
    thrice = {number: arrivals * 3 for number, arrivals in result.evidence.arrivals.items()}
    assert any("on record are" in one for one in violations(replace(result.evidence, arrivals=thrice)))
    unmarked = {
        number: [replace(one, body="", taken=True) for one in (arrivals * 2)]
        for number, arrivals in result.evidence.arrivals.items()
    }
    assert any("UNMARKED" in one for one in violations(replace(result.evidence, arrivals=unmarked)))
    assert any("never reached" in one for one in violations(replace(result.evidence, arrivals={})))


def tampered(place: Path, evidence: Evidence, statement: str) -> Evidence:
    """The same evidence over a database that lost or gained something."""
    file = place / "tampered.db"
    raw = sqlite3.connect(file, isolation_level=None)
    evidence.raw.backup(raw)
    for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        raw.execute(f"DROP TRIGGER {name}")
    assert raw.execute(statement).rowcount > 0, statement
    raw.close()
    return Evidence.of(file, evidence.told, evidence.arrivals, evidence.settled_at)
