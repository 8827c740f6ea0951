"""Closed vocabularies. Each value is the word used in code, YAML, tables and JSON alike."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Level(IntEnum):
    """Severity, 1 the gravest. 突发事件应对法 art. 3; NP25 1.3."""

    PARTICULARLY_SERIOUS = 1
    SERIOUS = 2
    RELATIVELY_SERIOUS = 3
    ORDINARY = 4

    def at_least(self, other: int) -> bool:
        """Whether this level is as grave as ``other`` or graver (1 is graver than 4)."""
        return int(self) <= int(other)


class EventClass(StrEnum):
    NATURAL = "natural"
    ACCIDENT = "accident"
    PUBLIC_HEALTH = "public_health"
    SOCIAL_SAFETY = "social_safety"


class FigureKind(StrEnum):
    """Casualty and loss indicators. Units: persons, except where the name says otherwise."""

    DEATHS = "deaths"
    SERIOUS = "serious"
    INJURED = "injured"
    MISSING = "missing"
    TRAPPED = "trapped"
    EXPOSED = "exposed"
    EVACUATED = "evacuated"
    THREATENED = "threatened"
    AREA_HA = "area_ha"
    LOSS_WAN = "loss_wan"
    POTENTIAL_LOSS_WAN = "potential_loss_wan"
    STUCK_HOURS = "stuck_hours"
    MAGNITUDE = "magnitude"


class FigureOrigin(StrEnum):
    """Where a figure or a marker comes from: read out of the narrative, or stated by the officer."""

    TEXT = "text"
    OFFICER = "officer"


class ReportSource(StrEnum):
    PHONE = "phone"
    HOTLINE_12350 = "12350"
    POLICE_110 = "110"
    FAX = "fax"
    SYSTEM = "system"


class IncidentStatus(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class Anchor(StrEnum):
    """The moment a deadline counts from."""

    OCCURRED = "occurred"
    RECEIVED = "received"
    TOLD = "told"
    GRADED = "graded"


class TimerKind(StrEnum):
    DEADLINE = "deadline"
    """A duty to report, statutory or local."""
    CADENCE = "cadence"
    """A follow-up that comes round again."""
    STEP = "step"
    """A playbook step's due time."""
    NOTICE = "notice"
    """A notice that waits for its recipients' confirmation."""
    REMINDER = "reminder"
    """An officer's own."""
    INTERNAL = "internal"
    """The desk's own rule, such as confirming a proposed grade."""


class TimerState(StrEnum):
    ARMED = "armed"
    FIRED = "fired"
    ACKNOWLEDGED = "acknowledged"
    MET = "met"
    MISSED = "missed"
    CANCELLED = "cancelled"

    @property
    def running(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self in (TimerState.ARMED, TimerState.FIRED, TimerState.ACKNOWLEDGED)


class BroadcastState(StrEnum):
    DRAFT = "draft"
    APPROVED = "approved"
    RELEASED = "released"
    CANCELLED = "cancelled"


class BroadcastKind(StrEnum):
    NOTICE = "notice"
    ESCALATION = "escalation"
    CORRECTION = "correction"


class DeliveryState(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    CONFIRMED = "confirmed"
    RETRYING = "retrying"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    FAILED = "failed"
    CANCELLED = "cancelled"
    STALE = "stale"

    @property
    def under_way(self) -> bool:
        """Whether the engine still owes this delivery an attempt."""
        return self in (DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.RETRYING)

    @property
    def reached(self) -> bool:
        """Whether the gateway, at least, has taken it."""
        return self in (DeliveryState.ACCEPTED, DeliveryState.DELIVERED, DeliveryState.CONFIRMED)


class Outcome(StrEnum):
    """What one attempt at sending came to."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    """For good: sending the same again will be refused again."""
    TRY_AGAIN = "try_again"
    """Not taken now; nothing left this machine or the gateway asked to wait."""
    UNKNOWN = "unknown"
    """Nobody knows whether it left, such as after a time-out."""


class Urgency(IntEnum):
    """The outbox sends the lower number first."""

    URGENT = 0
    ROUTINE = 5


class RunStatus(StrEnum):
    WALKING = "walking"
    FINISHED = "finished"
    STOPPED = "stopped"


class StepKind(StrEnum):
    DO = "do"
    ASK = "ask"
    CALL = "call"
    NOTIFY = "notify"
    REPORT = "report"


class StepState(StrEnum):
    WAITING = "waiting"
    """Its phase or its condition has not come round yet."""
    READY = "ready"
    UNDER_WAY = "under_way"
    DONE = "done"
    SKIPPED = "skipped"
    NOT_APPLICABLE = "not_applicable"
    """Its ``when`` turned out false."""


class FactType(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    TIME = "time"


class Role(StrEnum):
    OPERATOR = "operator"
    SHIFT_CHIEF = "shift_chief"
    DUTY_LEADER = "duty_leader"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


class Permission(StrEnum):
    """What a desk command may ask of an officer."""

    READ = "read"
    OPERATE = "operate"
    """Take reports, work incidents, runs and timers, draft and release notices."""
    APPROVE = "approve"
    """Approve another officer's live notice."""
    MANAGE_CONTACTS = "manage_contacts"
    MANAGE_OFFICERS = "manage_officers"
