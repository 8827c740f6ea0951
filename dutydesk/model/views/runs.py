"""The runs of playbooks, as stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dutydesk.model.enums import RunStatus


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A run as stored. ``source`` is the exact YAML it started with; the walker makes a walk of it."""

    id: int
    incident: int
    playbook: str
    source: str
    source_hash: str
    status: RunStatus
    drill: bool
    steps_done: int
    steps_total: int
    next_step: str
    started_at: datetime
    started_by: str
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RunEventRecord:
    """One thing that happened in a run, as stored; ``value`` is what its JSON says."""

    id: int
    run: int
    step: str
    action: str
    value: object
    reason: str
    at: datetime
    by: str
