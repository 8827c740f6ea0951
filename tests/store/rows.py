"""Rows that the store's tests write, with only what a test is about left to say."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dutydesk.store.database import Transaction
from dutydesk.store.tables import FigureRow, FilingRow, IncidentRow, MarkerRow, ReportRow, TimerRow

CHLORINE = "液氯槽车在陶家镇侧翻泄漏，2人死亡，下风向群众正在疏散"


def report(now: datetime, text: str = CHLORINE, **values: Any) -> ReportRow:
    """A report taken now by telephone."""
    row: dict[str, Any] = {
        "type": "hazmat",
        "text": text,
        "source": "phone",
        "received_at": now,
        "logged_at": now,
        "logged_by": "wang",
        **values,
    }
    return ReportRow(**row)


def incident(now: datetime, title: str = "液氯槽车泄漏", **values: Any) -> IncidentRow:
    """An open incident."""
    row: dict[str, Any] = {
        "type": "hazmat",
        "title": title,
        "status": "open",
        "received_at": now,
        "opened_at": now,
        "opened_by": "wang",
        **values,
    }
    return IncidentRow(**row)


def timer(now: datetime, **values: Any) -> TimerRow:
    """An armed timer due now."""
    row: dict[str, Any] = {
        "kind": "deadline",
        "rule": "cq28-phone",
        "subject": "电话报告市应急局",
        "due_at": now,
        "next_at": now,
        "state": "armed",
        "armed_at": now,
        "armed_by": "wang",
        **values,
    }
    return TimerRow(**row)


async def log_call(transaction: Transaction, text: str = CHLORINE, **values: Any) -> int:
    """Logs one call with its figure and a new incident, journals it, and returns the report's number."""
    now = transaction.now
    taken, opened = report(now, text, **values), incident(now)
    await transaction.insert([taken, opened])
    if taken.id is None or opened.id is None:
        raise AssertionError("an inserted row has its number")
    await transaction.insert(
        [
            FilingRow(report_id=taken.id, incident_id=opened.id, filed_at=now, filed_by="wang"),
            FigureRow(report_id=taken.id, kind="deaths", value=2, origin="text"),
            MarkerRow(report_id=taken.id, name="toxic_release", state="stated", origin="text"),
            timer(now, incident_id=opened.id),
        ]
    )
    transaction.journal("report.logged", f"report:{taken.id}", {"report": taken.id, "incident": opened.id})
    return taken.id
