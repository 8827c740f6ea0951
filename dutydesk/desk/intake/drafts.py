"""Intake drafts: saved while they are typed, so that a crash or a second call costs nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from dutydesk.desk.desk import Desk
from dutydesk.desk.officers.authority import require
from dutydesk.model.enums import Permission
from dutydesk.model.errors import NotFound, Refused
from dutydesk.model.officers import Actor
from dutydesk.store.database import Transaction
from dutydesk.store.tables import DraftRow


@dataclass(frozen=True, slots=True)
class Draft:
    """A form that is not a report yet. ``fields`` are as typed."""

    id: str
    officer: str
    console: str
    fields: Mapping[str, Any]
    started_at: datetime
    saved_at: datetime


async def save_draft(desk: Desk, actor: Actor, draft: str, fields: Mapping[str, Any]) -> None:
    """Keeps what is typed so far under the id ``draft``. Not journalled: it is not said to anybody yet."""
    require(actor, Permission.OPERATE)
    async with (await desk.store()).transaction(actor, journaled=False) as tx:
        row = await tx.find(DraftRow, draft)
        if row is None:
            row = DraftRow(
                id=draft,
                officer=actor.login,
                console=actor.console,
                fields=dict(fields),
                started_at=tx.now,
                saved_at=tx.now,
            )
            await tx.insert([row])
        elif row.logged_report is None:
            row.fields = dict(fields)
            row.saved_at = tx.now
            row.discarded = False
            tx.session.add(row)


async def discard_draft(desk: Desk, actor: Actor, draft: str) -> None:
    """Puts a draft away; it is kept and no longer offered."""
    require(actor, Permission.OPERATE)
    async with (await desk.store()).transaction(actor) as tx:
        row = await tx.find(DraftRow, draft)
        if row is None:
            raise NotFound("There is no draft {id}.", id=draft)
        row.discarded = True
        tx.session.add(row)
        tx.journal("draft.discarded", f"draft:{draft}", {"fields": row.fields})


async def open_drafts(desk: Desk, actor: Actor) -> tuple[Draft, ...]:
    """The officer's drafts that became neither a report nor were put away, the newest first."""
    async with (await desk.store()).transaction(actor, journaled=False) as tx:
        rows = await tx.all(
            select(DraftRow)
            .where(
                col(DraftRow.officer) == actor.login,
                col(DraftRow.logged_report).is_(None),
                col(DraftRow.discarded).is_(False),
            )
            .order_by(col(DraftRow.saved_at).desc())
        )
        return tuple(
            Draft(row.id, row.officer, row.console, row.fields, row.started_at, row.saved_at) for row in rows
        )


async def mark_logged(tx: Transaction, draft: str, report: int) -> None:
    """Ties a draft to the report it became, inside the report's own transaction. A draft that was never kept
    gets its row all the same: a keeping of it that is still on its way then finds it logged, and offers
    nothing a second time. Raises Refused for one that is a report already."""
    row = await tx.find(DraftRow, draft)
    if row is None:
        row = DraftRow(
            id=draft,
            officer=tx.actor.login,
            console=tx.actor.console,
            fields={},
            started_at=tx.now,
            saved_at=tx.now,
        )
    elif row.logged_report is not None:
        raise Refused("This call is on record already, as report {id}.", id=row.logged_report)
    row.logged_report = report
    tx.session.add(row)
