"""The desk's tables. What is said once (reports, figures, journal) is never updated; triggers see to it."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Column, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from dutydesk.store.columns import Instant, JsonText


class Row(SQLModel):
    """What the tables share: they are made without SQLModel's attribute-by-attribute path, which costs more
    than writing the row. Raises TypeError for a name that is no column and for a missing one."""

    def __init__(self, **values: Any) -> None:
        required, defaults = _fields_of(type(self))
        if not required <= values.keys() <= required | defaults.keys():
            wrong = sorted((required - values.keys()) | (values.keys() - required - defaults.keys()))
            raise TypeError(f"{type(self).__name__}: missing or unknown: {', '.join(wrong)}")
        self.__dict__.update(defaults)
        self.__dict__.update(values)


@cache
def _fields_of(row: type[Row]) -> tuple[frozenset[str], dict[str, Any]]:
    """The fields that must be given, and the defaults of the others."""
    fields = row.model_fields
    required = frozenset(name for name, field in fields.items() if field.is_required())
    return required, {name: field.get_default() for name, field in fields.items() if name not in required}


def _instant(*, nullable: bool = False, index: bool = False) -> Any:
    return Field(default=None, sa_column=Column(Instant, nullable=nullable, index=index))


def _json() -> Any:
    return Field(sa_column=Column(JsonText, nullable=False))


def _text(default: Any = ...) -> Any:
    return Field(default, sa_column=Column(Text, nullable=False))


class OfficerRow(Row, table=True):
    __tablename__ = "officer"
    id: int | None = Field(default=None, primary_key=True)
    login: str = Field(unique=True)
    name: str
    roles: list[str] = _json()
    pin_hash: str
    wrong_pins: int = 0
    locked_until: datetime | None = _instant(nullable=True)
    disabled: bool = False
    created_at: datetime = _instant()


class SessionRow(Row, table=True):
    """``token_hash`` is the SHA-256 of the token in the session file."""

    __tablename__ = "session"
    token_hash: str = Field(primary_key=True)
    officer_id: int = Field(foreign_key="officer.id", index=True)
    console: str
    started_at: datetime = _instant()
    expires_at: datetime = _instant()
    ended_at: datetime | None = _instant(nullable=True)


class ReportRow(Row, table=True):
    """Never updated, never deleted. Which incident it is about is in ``filing``."""

    __tablename__ = "report"
    __table_args__ = (Index("ix_report_received_id", "received_at", "id"),)
    id: int | None = Field(default=None, primary_key=True)
    type: str
    text: str = _text()
    source: str
    caller: str = ""
    phone: str = ""
    place: str = ""
    town: str = ""
    routing: str = ""
    occurred_at: datetime | None = _instant(nullable=True)
    received_at: datetime = _instant()
    logged_at: datetime = _instant()
    logged_by: str
    console: str = ""
    drill: bool = False
    corrects: int | None = Field(default=None, foreign_key="report.id", index=True)
    gbt35561: str | None = None


class IncidentRow(Row, table=True):
    __tablename__ = "incident"
    id: int | None = Field(default=None, primary_key=True)
    type: str
    title: str
    place: str = ""
    town: str = ""
    routing: str = ""
    status: str = Field(index=True)
    drill: bool = False
    occurred_at: datetime | None = _instant(nullable=True)
    received_at: datetime = _instant()
    opened_at: datetime = _instant()
    opened_by: str
    confirmed_level: int | None = None
    confirmed_by: str = ""
    confirmed_at: datetime | None = _instant(nullable=True)
    proposed_level: int | None = None
    possible_level: int | None = None
    near_miss: bool = False
    response_level: int | None = None
    closed_at: datetime | None = _instant(nullable=True)
    closed_by: str = ""
    close_reason: str = ""


class FilingRow(Row, table=True):
    """Which incident a report is about."""

    __tablename__ = "filing"
    report_id: int = Field(primary_key=True, foreign_key="report.id")
    incident_id: int = Field(foreign_key="incident.id", index=True)
    filed_at: datetime = _instant()
    filed_by: str


class FigureRow(Row, table=True):
    """Never updated: a later figure stands beside an earlier one."""

    __tablename__ = "figure"
    id: int | None = Field(default=None, primary_key=True)
    report_id: int = Field(foreign_key="report.id", index=True)
    kind: str
    value: float | None = None
    unknown: bool = False
    origin: str


class MarkerRow(Row, table=True):
    """A circumstance as one report has it, read out of its text or an officer's word. Never updated."""

    __tablename__ = "marker"
    id: int | None = Field(default=None, primary_key=True)
    report_id: int = Field(foreign_key="report.id", index=True)
    name: str
    state: str
    origin: str


class GradeRow(Row, table=True):
    """Every grade an incident was proposed or given. ``computed`` rows have no officer."""

    __tablename__ = "grade"
    id: int | None = Field(default=None, primary_key=True)
    incident_id: int = Field(foreign_key="incident.id", index=True)
    computed: bool
    level: int | None = None
    possible: int | None = None
    near_miss: bool = False
    basis: list[dict[str, Any]] = _json()
    reason: str = ""
    graded_by: str = ""
    graded_at: datetime = _instant()


class TimerRow(Row, table=True):
    """``next_at`` is when the engine has to look at it again; NULL when never. ``level`` counts the
    escalation levels told. Claimed by setting ``next_at`` on in the same statement."""

    __tablename__ = "timer"
    __table_args__ = (
        Index(
            "ix_timer_next",
            "next_at",
            sqlite_where=text("next_at IS NOT NULL"),
            postgresql_where=text("next_at IS NOT NULL"),
        ),
        Index("ix_timer_state_due", "state", "due_at"),
    )
    id: int | None = Field(default=None, primary_key=True)
    kind: str
    rule: str
    subject: str
    anchor: str = ""
    anchor_at: datetime | None = _instant(nullable=True)
    due_at: datetime = _instant()
    next_at: datetime | None = _instant(nullable=True)
    state: str
    level: int = 0
    policy: str = ""
    source: str = ""
    verified: bool = False
    drill: bool = False
    incident_id: int | None = Field(default=None, foreign_key="incident.id", index=True)
    run_id: int | None = Field(default=None, foreign_key="run.id")
    step: str = ""
    broadcast_id: int | None = Field(default=None, foreign_key="broadcast.id")
    report_id: int | None = Field(default=None, foreign_key="report.id")
    note: str = _text("")
    reason: str = _text("")
    armed_at: datetime = _instant()
    armed_by: str
    fired_at: datetime | None = _instant(nullable=True)
    acknowledged_at: datetime | None = _instant(nullable=True)
    acknowledged_by: str = ""
    met_at: datetime | None = _instant(nullable=True)
    met_by: str = ""
    late_s: float | None = None


class RunRow(Row, table=True):
    """``source`` is the exact YAML the run started with, includes already written in."""

    __tablename__ = "run"
    id: int | None = Field(default=None, primary_key=True)
    incident_id: int = Field(foreign_key="incident.id", index=True)
    playbook: str
    source: str = _text()
    source_hash: str
    status: str
    drill: bool = False
    steps_done: int = 0
    steps_total: int = 0
    next_step: str = ""
    started_at: datetime = _instant()
    started_by: str
    ended_at: datetime | None = _instant(nullable=True)


class RunEventRow(Row, table=True):
    """What happened in a run, in order; the walker rebuilds the run from these. ``action``: ``done``,
    ``answered``, ``skipped``, ``noted``, ``under_way``, ``fact``, ``undone``."""

    __tablename__ = "run_event"
    id: int | None = Field(default=None, primary_key=True)
    run_id: int = Field(foreign_key="run.id", index=True)
    step: str
    action: str
    value: Any = Field(default=None, sa_column=Column(JsonText, nullable=True))
    reason: str = _text("")
    at: datetime = _instant()
    by: str


class NoteRow(Row, table=True):
    __tablename__ = "note"
    id: int | None = Field(default=None, primary_key=True)
    incident_id: int | None = Field(default=None, foreign_key="incident.id", index=True)
    run_id: int | None = Field(default=None, foreign_key="run.id")
    step: str = ""
    text: str = _text()
    at: datetime = _instant()
    by: str


class ContactRow(Row, table=True):
    __tablename__ = "contact"
    __table_args__ = (UniqueConstraint("name", "org"),)
    id: int | None = Field(default=None, primary_key=True)
    name: str
    org: str = ""
    duty: str = ""
    sample: bool = False
    removed: bool = False


class AddressRow(Row, table=True):
    __tablename__ = "address"
    contact_id: int = Field(primary_key=True, foreign_key="contact.id")
    channel: str = Field(primary_key=True)
    address: str


class MemberRow(Row, table=True):
    __tablename__ = "member"
    contact_id: int = Field(primary_key=True, foreign_key="contact.id")
    group_code: str = Field(primary_key=True, index=True)


class BroadcastRow(Row, table=True):
    __tablename__ = "broadcast"
    id: int | None = Field(default=None, primary_key=True)
    kind: str
    incident_id: int | None = Field(default=None, foreign_key="incident.id", index=True)
    run_id: int | None = Field(default=None, foreign_key="run.id")
    step: str = ""
    groups: list[str] = _json()
    channels: list[str] = _json()
    template: str = ""
    text: str = _text()
    correction_text: str = _text("")
    drill: bool
    confirm: bool = False
    urgency: int
    state: str
    corrects: int | None = Field(default=None, foreign_key="broadcast.id")
    created_at: datetime = _instant()
    created_by: str
    approved_at: datetime | None = _instant(nullable=True)
    approved_by: str = ""
    released_at: datetime | None = _instant(nullable=True)
    released_by: str = ""


class DeliveryRow(Row, table=True):
    """The outbox. The row is committed before any network call; ``lease_until`` bounds one attempt."""

    __tablename__ = "delivery"
    __table_args__ = (
        Index(
            "ix_delivery_due",
            "next_at",
            "urgency",
            sqlite_where=text("next_at IS NOT NULL"),
            postgresql_where=text("next_at IS NOT NULL"),
        ),
        Index("ix_delivery_state", "state"),
    )
    id: int | None = Field(default=None, primary_key=True)
    broadcast_id: int = Field(foreign_key="broadcast.id", index=True)
    contact_id: int | None = Field(default=None, foreign_key="contact.id")
    contact: str
    org: str = ""
    channel: str
    address: str
    code: str = Field(index=True)
    state: str
    urgency: int
    attempts: int = 0
    doubtful: bool = False
    reason: str = _text("")
    queued_at: datetime = _instant()
    changed_at: datetime = _instant()
    next_at: datetime | None = _instant(nullable=True)
    lease_holder: str = ""
    lease_until: datetime | None = _instant(nullable=True)
    confirmed_at: datetime | None = _instant(nullable=True)
    confirmed_by: str = ""


class AttemptRow(Row, table=True):
    __tablename__ = "attempt"
    id: int | None = Field(default=None, primary_key=True)
    delivery_id: int = Field(foreign_key="delivery.id", index=True)
    number: int
    started_at: datetime = _instant()
    ended_at: datetime | None = _instant(nullable=True)
    outcome: str = ""
    detail: str = _text("")
    gateway_id: str = ""
    doubtful: bool = False


class ShiftRow(Row, table=True):
    __tablename__ = "shift"
    id: int | None = Field(default=None, primary_key=True)
    started_at: datetime = _instant()
    started_by: str
    leader: str = ""
    officers: list[str] = _json()
    ended_at: datetime | None = _instant(nullable=True)
    ended_by: str = ""


class HandoverRow(Row, table=True):
    """Both sides sign. ``open_items`` is what was open when the outgoing side signed, as ``OpenItems.record``
    has it."""

    __tablename__ = "handover"
    id: int | None = Field(default=None, primary_key=True)
    shift_id: int = Field(foreign_key="shift.id", index=True)
    open_items: list[dict[str, Any]] = _json()
    remarks: str = _text("")
    signed_out_at: datetime | None = _instant(nullable=True)
    signed_out_by: str = ""
    signed_in_at: datetime | None = _instant(nullable=True)
    signed_in_by: str = ""


class DraftRow(Row, table=True):
    """An intake form being typed, saved as it is typed. ``logged_report`` is set when it became a report."""

    __tablename__ = "draft"
    __table_args__ = (
        Index(
            "ix_draft_open",
            "officer",
            sqlite_where=text("logged_report IS NULL AND NOT discarded"),
            postgresql_where=text("logged_report IS NULL AND NOT discarded"),
        ),
    )
    id: str = Field(primary_key=True)
    officer: str
    console: str
    fields: dict[str, Any] = _json()
    started_at: datetime = _instant()
    saved_at: datetime = _instant()
    logged_report: int | None = Field(default=None, foreign_key="report.id")
    discarded: bool = False


class JournalRow(Row, table=True):
    """Append-only; triggers refuse UPDATE and DELETE."""

    __tablename__ = "journal"
    __table_args__ = (Index("ix_journal_at_seq", "at", "seq"),)
    seq: int | None = Field(default=None, primary_key=True)
    at: datetime = _instant()
    actor: str
    console: str
    action: str
    subject: str = Field(index=True)
    payload: str = _text()
    prev_hash: str
    hash: str


class LeaseRow(Row, table=True):
    """Who is the active engine. ``real`` times are the wall clock's, whatever clock the desk runs on."""

    __tablename__ = "lease"
    name: str = Field(primary_key=True)
    holder: str
    pid: int
    host: str
    acquired_at: datetime = _instant()
    heartbeat_at: datetime = _instant()
    expires_at: datetime = _instant()
    stop_requested: bool = False
