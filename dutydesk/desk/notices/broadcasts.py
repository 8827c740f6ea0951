"""Notices: drafted, approved by a second person, released, corrected, cancelled. Sending is the engine's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import col, select

from dutydesk.desk.desk import Desk
from dutydesk.desk.kept_text import kept_line
from dutydesk.desk.notices import corrections, outbox, preview, standing
from dutydesk.desk.notices.recipients import Recipient, recipients_of
from dutydesk.desk.officers.authority import require
from dutydesk.desk.runs import links
from dutydesk.desk.timers import clocks
from dutydesk.desk.views.notices import PreviewLine
from dutydesk.model.enums import (
    BroadcastKind,
    BroadcastState,
    Permission,
    TimerKind,
    Urgency,
)
from dutydesk.model.errors import BadInput, NotAllowed, NotFound, Refused
from dutydesk.model.names import name_of
from dutydesk.model.officers import Actor
from dutydesk.model.text import Text
from dutydesk.model.visible import visible
from dutydesk.notify.compose import message
from dutydesk.store.database import Transaction
from dutydesk.store.tables import BroadcastRow, ContactRow, DeliveryRow, IncidentRow, MemberRow

LONGEST_TEXT = 4000


@dataclass(frozen=True, slots=True)
class NoticeForm:
    """What an officer asks to be told to whom. ``channels`` empty: every channel a recipient has.

    ``lenient``: a group that nobody is in is told in the answer instead of refused, as long as somebody is
    left; a playbook names more groups than a district may have filled.
    """

    groups: tuple[str, ...]
    text: str
    drill: bool
    template: str = ""
    incident: int | None = None
    confirm: bool = False
    urgent: bool = False
    correction_text: str = ""
    channels: tuple[str, ...] = ()
    run: int | None = None
    step: str = ""
    corrects: int | None = None
    lenient: bool = False


@dataclass(frozen=True, slots=True)
class Drafted:
    broadcast: int
    recipients: int
    preview: tuple[PreviewLine, ...]
    unreachable: tuple[str, ...] = ()
    empty_groups: tuple[str, ...] = ()


async def draft(desk: Desk, actor: Actor, form: NoticeForm) -> Drafted:
    """Keeps a notice and shows what everybody would get. Sends nothing.

    Raises BadInput (no text, no group), NotFound (a group nobody is in), Refused (a live notice about a
    drill, or a drill notice about a real incident).
    """
    require(actor, Permission.OPERATE)
    text = _text(form.text, drill=form.drill, correction=form.corrects is not None)
    correction_text = visible(form.correction_text).strip()
    if correction_text:
        correction_text = _text(correction_text, drill=form.drill, correction=True)
    if not form.groups:
        raise BadInput("A notice needs an audience: name at least one group.")
    channels = preview.Channels.of(desk)
    async with (await desk.store()).transaction(actor) as tx:
        if form.incident is not None:
            _same_world(await tx.get(IncidentRow, form.incident), drill=form.drill)
        people, empty = await _audience(tx, form)
        row = BroadcastRow(
            id=await tx.next_id(BroadcastRow),
            kind=BroadcastKind.CORRECTION if form.corrects else BroadcastKind.NOTICE,
            incident_id=form.incident,
            run_id=form.run,
            step=form.step,
            groups=list(form.groups),
            channels=[kept_line(name) for name in form.channels],
            template=form.template,
            text=text,
            correction_text=correction_text,
            drill=form.drill,
            confirm=form.confirm,
            urgency=Urgency.URGENT if form.urgent else Urgency.ROUTINE,
            state=BroadcastState.DRAFT,
            corrects=form.corrects,
            created_at=tx.now,
            created_by=actor.login,
        )
        await tx.insert([row])
        if form.run is not None:
            await links.notice_under_way(tx, desk, form.run, form.step, row)
        tx.journal(
            "broadcast.drafted",
            f"broadcast:{row.id}",
            {
                "groups": row.groups,
                "drill": row.drill,
                "incident": row.incident_id,
                "recipients": len(people),
                "text": text,
            },
        )
        return Drafted(
            broadcast=row.id or 0,
            recipients=len(people),
            preview=preview.lines(row, people, channels),
            unreachable=tuple(person.name for person in people if not person.addresses),
            empty_groups=empty,
        )


async def approve(desk: Desk, actor: Actor, broadcast: int) -> None:
    """A second person's approval of a live notice: never the drafter's own. Raises Refused for a drill, which
    goes out without one."""
    require(actor, Permission.APPROVE)
    async with (await desk.store()).transaction(actor) as tx:
        row = await _broadcast(tx, broadcast)
        if row.drill and row.state == BroadcastState.DRAFT:
            raise Refused(
                "Broadcast {id} is a drill and needs no approval: `dutydesk broadcast release {id}` "
                "sends it.",
                id=broadcast,
            )
        if row.state != BroadcastState.DRAFT:
            raise Refused(
                "Broadcast {id} is already {state}: nothing to approve.", id=broadcast, state=_named(row)
            )
        if row.created_by == actor.login:
            raise NotAllowed(
                "Broadcast {id} was drafted by {login}: a second person has to approve it.",
                id=broadcast,
                login=actor.login,
            )
        row.state = BroadcastState.APPROVED
        row.approved_at = tx.now
        row.approved_by = actor.login
        tx.session.add(row)
        tx.journal("broadcast.approved", f"broadcast:{row.id}", {})


async def release(desk: Desk, actor: Actor, broadcast: int) -> int:
    """Puts a notice into the outbox and returns the number of deliveries. A live one must be approved.

    The rows are committed here; the engine sends them.
    """
    require(actor, Permission.OPERATE)
    async with (await desk.store()).transaction(actor) as tx:
        row = await _broadcast(tx, broadcast)
        needed = BroadcastState.DRAFT if row.drill else BroadcastState.APPROVED
        if row.state not in (needed, BroadcastState.APPROVED):
            if row.state == BroadcastState.DRAFT:
                raise Refused(
                    "Broadcast {id} is live: a second person has to approve it first "
                    "(`dutydesk broadcast approve {id}`).",
                    id=broadcast,
                )
            raise Refused("Broadcast {id} is already {state}.", id=broadcast, state=_named(row))
        people = (
            await corrections.told_before(tx, row.corrects)
            if row.corrects is not None
            else await recipients_of(tx, row.groups, channels=row.channels)
        )
        if not people:
            raise Refused("Broadcast {id} has no recipient any more: nothing was released.", id=broadcast)
        if row.corrects is not None:
            row.corrects = await corrections.last_text(tx, row.corrects)
        _mark_released(tx, row)
        tx.session.add(row)
        if row.corrects is not None:
            await standing.take_back(tx, row.corrects, outbox.REPLACED)
        deliveries = await _enqueue(tx, desk, row, people)
        if row.run_id is not None:
            await links.notice_released(tx, desk, row)
        tx.journal(
            "broadcast.released",
            f"broadcast:{row.id}",
            {"deliveries": len(deliveries), "drill": row.drill, "approved_by": row.approved_by},
        )
        return len(deliveries)


async def cancel(desk: Desk, actor: Actor, broadcast: int) -> int:
    """Withdraws a notice; what is not yet under way is not sent. Returns how many deliveries that spares: not
    those of which an earlier attempt may have arrived."""
    require(actor, Permission.OPERATE)
    async with (await desk.store()).transaction(actor) as tx:
        row = await _broadcast(tx, broadcast)
        if row.state == BroadcastState.CANCELLED:
            raise Refused("Broadcast {id} is already {state}.", id=broadcast, state=_named(row))
        row.state = BroadcastState.CANCELLED
        tx.session.add(row)
        spared = len(await standing.take_back(tx, broadcast, ""))
        if row.run_id is not None and row.released_at is None:
            await links.notice_withdrawn(tx, desk, row)
        tx.journal("broadcast.cancelled", f"broadcast:{row.id}", {"spared": spared})
        return spared


async def correct(desk: Desk, actor: Actor, broadcast: int, *, text: str = "") -> Drafted:
    """Corrects a released notice towards everybody it was sent to. Whom it has not gone out to yet gets the
    correction alone. Where it was corrected before, what waits of that correction is taken back in turn.

    The correction prepared with the notice was approved with it and goes out at once; another ``text`` is a
    new draft that needs its own approval. Raises Refused when there is neither, where the prepared one is out
    already, and where the notice was withdrawn before anybody could have it.
    """
    require(actor, Permission.OPERATE)
    wanted = visible(text).strip()
    channels = preview.Channels.of(desk)
    async with (await desk.store()).transaction(actor) as tx:
        row = await _broadcast(tx, broadcast)
        if row.state not in (BroadcastState.RELEASED, BroadcastState.CANCELLED) or row.released_at is None:
            raise Refused("Broadcast {id} was never released: cancel it instead.", id=broadcast)
        if not wanted and not row.correction_text:
            raise Refused(
                "Broadcast {id} was drafted without a correction: give its text with --text.", id=broadcast
            )
        since = await corrections.released_since(tx, broadcast)
        prepared = not wanted
        if prepared:
            _not_sent_yet(row, since)
        people = await corrections.told_before(tx, broadcast)
        if not people:
            raise Refused("Broadcast {id} reached nobody: there is nothing to correct.", id=broadcast)
        last = since[-1] if since else row
        if wanted:
            wanted = _text(wanted, drill=row.drill, correction=True)
        correction = BroadcastRow(
            id=await tx.next_id(BroadcastRow),
            kind=BroadcastKind.CORRECTION,
            incident_id=row.incident_id,
            groups=row.groups,
            channels=row.channels,
            text=row.correction_text if prepared else wanted,
            drill=row.drill,
            confirm=row.confirm,
            urgency=Urgency.URGENT,
            state=BroadcastState.APPROVED if prepared else BroadcastState.DRAFT,
            corrects=last.id,
            created_at=tx.now,
            created_by=actor.login,
            approved_at=row.approved_at if prepared else None,
            approved_by=row.approved_by if prepared else "",
        )
        if prepared:
            _mark_released(tx, correction)
        await tx.insert([correction])
        if prepared:
            await standing.take_back(tx, last.id or 0, outbox.REPLACED)
            await _enqueue(tx, desk, correction, people)
        tx.journal(
            "broadcast.corrected",
            f"broadcast:{row.id}",
            {"correction": correction.id, "released": prepared, "recipients": len(people)},
        )
        return Drafted(
            broadcast=correction.id or 0,
            recipients=len(people),
            preview=preview.lines(correction, people, channels),
        )


def _text(text: str, *, drill: bool, correction: bool) -> str:
    """``text`` as it is kept. Raises BadInput for one that is empty, too long, or could not go out."""
    kept = visible(text).strip()
    if not kept:
        raise BadInput("A notice needs a text.")
    if len(kept) > LONGEST_TEXT:
        raise BadInput(
            "The notice has {length} characters; {longest} is the most.",
            length=len(kept),
            longest=LONGEST_TEXT,
        )
    message(text=kept, drill=drill, correction=correction)
    return kept


def _not_sent_yet(row: BroadcastRow, since: Sequence[BroadcastRow]) -> None:
    """Raises Refused where the correction prepared with ``row`` is among those out ``since``: the second copy
    of it would not be marked as one."""
    for each in since:
        if each.state == BroadcastState.RELEASED and each.text == row.correction_text:
            raise Refused(
                "Broadcast {id} was corrected by {correction} already: give another text with --text.",
                id=row.id,
                correction=each.id,
            )


def _mark_released(tx: Transaction, row: BroadcastRow) -> None:
    row.state = BroadcastState.RELEASED
    row.released_at = tx.now
    row.released_by = tx.actor.login


async def _enqueue(
    tx: Transaction, desk: Desk, row: BroadcastRow, people: Sequence[Recipient]
) -> list[DeliveryRow]:
    deliveries = await outbox.enqueue(tx, row, people)
    if row.confirm:
        await clocks.arm_internal(
            tx,
            desk,
            "NOTICE_UNCONFIRMED",
            kind=TimerKind.NOTICE,
            subject=row.text,
            incident=row.incident_id,
            broadcast=row.id,
            drill=row.drill,
            armed_by=tx.actor.login,
        )
    return deliveries


async def _audience(tx: Transaction, form: NoticeForm) -> tuple[tuple[Recipient, ...], tuple[str, ...]]:
    if form.corrects is not None:
        return await corrections.told_before(tx, form.corrects), ()
    people = await recipients_of(tx, form.groups, channels=form.channels)
    members = await tx.all(
        select(MemberRow)
        .join(ContactRow, col(ContactRow.id) == col(MemberRow.contact_id))
        .where(col(MemberRow.group_code).in_(form.groups), col(ContactRow.removed).is_(False))
    )
    filled = {member.group_code for member in members}
    empty = tuple(group for group in form.groups if group not in filled)
    if empty and not (form.lenient and people):
        raise NotFound(
            "Nobody is in {groups}; `dutydesk group list` shows the groups and how many are in each.",
            groups=" ".join(empty),
        )
    return people, empty


def _same_world(incident: IncidentRow, *, drill: bool) -> None:
    if incident.drill and not drill:
        raise Refused("Incident {id} is a drill: its notices are drill notices (--drill).", id=incident.id)
    if drill and not incident.drill:
        raise Refused("Incident {id} is real: a drill notice cannot be about it (--live).", id=incident.id)


def _named(row: BroadcastRow) -> Text:
    """What the state of ``row`` is called."""
    return name_of(BroadcastState(row.state))


async def _broadcast(tx: Transaction, broadcast: int) -> BroadcastRow:
    row = await tx.find(BroadcastRow, broadcast)
    if row is None:
        raise NotFound("There is no broadcast {id}.", id=broadcast)
    return row
