"""What fits an incident after a report about it: its playbooks, and the runs that are walked on it
already."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import col, select

from dutydesk.desk.desk import Desk
from dutydesk.desk.incidents.stated import current_figures
from dutydesk.model.enums import Level, RunStatus
from dutydesk.playbooks.names import incident_facts
from dutydesk.store.database import Transaction
from dutydesk.store.rows import incident_value
from dutydesk.store.tables import IncidentRow, RunRow


@dataclass(frozen=True, slots=True)
class Walking:
    """A run under way. ``fits`` is false where the facts have been put right since it began: it goes on by
    its own copy, and a person decides."""

    run: int
    playbook: str
    fits: bool


@dataclass(frozen=True, slots=True)
class Afterwards:
    """``playbooks`` fit the incident as it is now; ``confirmed`` is the grade that a person gave it."""

    playbooks: tuple[str, ...]
    walking: tuple[Walking, ...]
    confirmed: Level | None


async def afterwards(tx: Transaction, desk: Desk, incident: IncidentRow) -> Afterwards:
    """How the incident stands once a report is in."""
    figures = await current_figures(tx, incident.id or 0)
    about = incident_value(incident)
    fitting = tuple(each.id for each in desk.playbooks.fitting(incident_facts(about, figures)))
    rows = await tx.all(
        select(RunRow)
        .where(col(RunRow.incident_id) == incident.id, col(RunRow.status) == RunStatus.WALKING)
        .order_by(col(RunRow.id))
    )
    walking = tuple(Walking(row.id or 0, row.playbook, row.playbook in fitting) for row in rows)
    return Afterwards(fitting, walking, about.confirmed_level)
