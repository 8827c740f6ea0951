"""What, where and since when an incident is, as its reports have it: put right in the same transaction as the
report that corrects it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime

from sqlmodel import col, select

from dutydesk.desk.desk import Desk
from dutydesk.rules import facts as rules
from dutydesk.rules.event_types import infer_type
from dutydesk.rules.facts import Facts, Telling
from dutydesk.rules.titles import title_of, title_of_correction
from dutydesk.store.database import Transaction
from dutydesk.store.tables import FilingRow, IncidentRow, ReportRow

STATED = ("type", "place", "town", "occurred_at")
"""The facts that a report states by itself; title and routing follow from them."""

Fact = str | datetime | None


@dataclass(frozen=True, slots=True)
class Changed:
    """A fact of an incident that a report has put right. ``fact`` is the field's name."""

    fact: str
    was: Fact
    now: Fact


@dataclass(frozen=True, slots=True)
class Kept:
    """A fact that stays as it is although a correction states another: other reports that still stand say so.
    ``reports`` are their numbers."""

    fact: str
    stated: Fact
    stays: Fact
    reports: tuple[int, ...]


async def tellings_about(tx: Transaction, desk: Desk, incident: int) -> tuple[Telling, ...]:
    """What each report about an incident states, and each that waits unfiled and is corrected by one of
    them."""
    filed = await tx.all(select(FilingRow).where(col(FilingRow.incident_id) == incident))
    taken_in = {row.report_id: row.filed_at for row in filed}
    found: dict[int, ReportRow] = {}
    wanted: set[int] = set(taken_in)
    while wanted:
        rows = await tx.all(select(ReportRow).where(col(ReportRow.id).in_(wanted)))
        found |= {row.id or 0: row for row in rows}
        wanted = {row.corrects for row in rows if row.corrects is not None} - set(found)
    return tuple(_telling(desk, row, taken_in.get(number)) for number, row in sorted(found.items()))


def put_right(
    desk: Desk, incident: IncidentRow, tellings: Sequence[Telling], *, new: Collection[int]
) -> tuple[Changed, ...]:
    """Lets ``incident`` follow its reports, of which those in ``new`` have just come in; returns what
    changed.

    Only what the new reports make a difference to is touched: a type that an officer gave at filing stays
    until somebody corrects it.
    """
    told = _as_opened(desk, incident, tellings, new)
    before = [telling for telling in told if telling.report not in new]
    now = _facts(desk, told)
    was = _facts(desk, before) if _opening(before) is not None else None
    changed: list[Changed] = []
    for field in fields(Facts):
        fresh, held = getattr(now, field.name), getattr(incident, field.name)
        if was is None and field.name == "type" and held:
            continue  # the officer who opens it says what it is
        if fresh != held and (was is None or fresh != getattr(was, field.name)):
            setattr(incident, field.name, fresh)
            changed.append(Changed(field.name, held, fresh))
    return tuple(changed)


def kept_against(incident: IncidentRow, tellings: Sequence[Telling], report: int) -> tuple[Kept, ...]:
    """What ``report``, a correction, states and the incident does not follow."""
    said = next(telling for telling in tellings if telling.report == report)
    corrected = {telling.corrects for telling in tellings}
    found: list[Kept] = []
    for fact in STATED:
        stated, stays = getattr(said, fact), getattr(incident, fact)
        if stated and stated != stays:
            by = tuple(
                telling.report
                for telling in tellings
                if getattr(telling, fact) == stays and telling.report not in corrected
            )
            found.append(Kept(fact, stated, stays, by))
    return tuple(found)


def _as_opened(
    desk: Desk, incident: IncidentRow, tellings: Sequence[Telling], new: Collection[int]
) -> Sequence[Telling]:
    """``tellings`` with the type that the incident was opened with, where an officer gave it at filing and no
    report states it."""
    before = [telling for telling in tellings if telling.report not in new]
    opening = _opening(before)
    if opening is None or _facts(desk, before).type == incident.type:
        return tellings
    return [replace(each, type=incident.type) if each is opening else each for each in tellings]


def _opening(tellings: Sequence[Telling]) -> Telling | None:
    """The report that the incident was opened with."""
    filed = [(each.taken_in_at, each.report, each) for each in tellings if each.taken_in_at is not None]
    return min(filed, key=lambda each: each[:2])[2] if filed else None


def _facts(desk: Desk, tellings: Iterable[Telling]) -> Facts:
    reference = desk.reference
    return rules.facts(tellings, types=reference.event_types, towns=reference.towns.values())


def _telling(desk: Desk, row: ReportRow, taken_in_at: datetime | None) -> Telling:
    def tells(text: str) -> bool:
        return infer_type(text, desk.reference.event_types.values()) is not None

    return Telling(
        report=row.id or 0,
        received_at=row.received_at,
        taken_in_at=taken_in_at,
        corrects=row.corrects,
        type=row.type,
        title=title_of(row.text) if row.corrects is None else title_of_correction(row.text, tells),
        place=row.place,
        town=row.town,
        routing=row.routing,
        occurred_at=row.occurred_at,
    )
