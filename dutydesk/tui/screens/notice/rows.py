"""How notices and their deliveries look in a row; what happened to them in words and figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from dutydesk.i18n import _, language
from dutydesk.model.enums import BroadcastKind, BroadcastState, DeliveryState
from dutydesk.model.notices import Broadcast, Delivery
from dutydesk.model.text import Text
from dutydesk.tui import times, words
from dutydesk.tui.lines import Cell, Line, Piece, Role, lay_out

UNREACHED = (DeliveryState.REFUSED, DeliveryState.UNKNOWN, DeliveryState.FAILED, DeliveryState.STALE)
ROLES: Mapping[DeliveryState, Role] = {
    DeliveryState.QUEUED: "muted",
    DeliveryState.SENDING: "muted",
    DeliveryState.ACCEPTED: "text",
    DeliveryState.DELIVERED: "text",
    DeliveryState.CONFIRMED: "good",
    DeliveryState.RETRYING: "soon",
    DeliveryState.REFUSED: "late",
    DeliveryState.UNKNOWN: "soon",
    DeliveryState.FAILED: "late",
    DeliveryState.CANCELLED: "muted",
    DeliveryState.STALE: "soon",
}
_KINDS: Mapping[BroadcastKind, Text] = {
    BroadcastKind.NOTICE: Text("", ""),
    BroadcastKind.ESCALATION: Text("升级", "escalation"),
    BroadcastKind.CORRECTION: Text("更正", "correction"),
}


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A notice of the list with the figures of its deliveries."""

    notice: Broadcast
    counts: Mapping[DeliveryState, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def at_least(self, *states: DeliveryState) -> int:
        """How many are in one of ``states``."""
        return sum(self.counts.get(state, 0) for state in states)


ROOMY = 100
"""Cells from which on names and organisations have room for most of them."""


def delivery_word(state: DeliveryState) -> tuple[str, Role]:
    """A delivery's state in a word; what a gateway took is not what a person has."""
    return words.say(words.DELIVERIES[state]), ROLES[state]


def state_word(notice: Broadcast) -> tuple[str, Role]:
    """Where a notice stands. A live draft says what it waits for."""
    if notice.state == BroadcastState.DRAFT and not notice.drill:
        return _("to be approved"), "soon"
    if notice.state in (BroadcastState.DRAFT, BroadcastState.APPROVED):
        return _("to be released"), "soon"
    return words.say(
        words.BROADCASTS[notice.state]
    ), "muted" if notice.state == BroadcastState.CANCELLED else "text"


def facts(line: NoticeLine) -> tuple[Piece, ...]:
    """The three facts apart, each of all, and then every doubt and trouble with its figure."""
    total = line.total
    if not total:
        return ()
    confirmed = line.at_least(DeliveryState.CONFIRMED)
    delivered = confirmed + line.at_least(DeliveryState.DELIVERED)
    accepted = delivered + line.at_least(DeliveryState.ACCEPTED)
    done: Role = "good" if confirmed == total else "strong"
    pieces = [
        Piece(f"{words.say(words.DELIVERIES[DeliveryState.ACCEPTED])} {accepted}/{total}", "text"),
        Piece(f"  {words.say(words.DELIVERIES[DeliveryState.DELIVERED])} {delivered}/{total}", "text"),
        Piece(f"  {words.say(words.DELIVERIES[DeliveryState.CONFIRMED])} {confirmed}/{total}", done),
    ]
    for state in (*UNREACHED, DeliveryState.RETRYING, DeliveryState.QUEUED, DeliveryState.SENDING):
        if number := line.counts.get(state, 0):
            word, role = delivery_word(state)
            pieces.append(Piece(f"  {word} {number}", role))
    return tuple(pieces)


def notice_line(line: NoticeLine, width: int, now: datetime, zone: tzinfo) -> Line:
    """A notice: drill or live, its number, where it stands, who has it, what it says."""
    notice = line.notice
    world, colour = words.drill(notice.drill)
    state, role = state_word(notice)
    chinese = language() == "zh"
    trouble = line.at_least(*UNREACHED)
    confirmed = line.at_least(DeliveryState.CONFIRMED)
    tally = f"{confirmed}/{line.total}" if line.total else ""
    return lay_out(
        [
            Cell(f" {world}", colour, width=6),
            Cell(f"{notice.id:03}", "muted", width=4, align="right"),
            Cell(state, role, width=6 if chinese else 14),
            Cell(tally, "good" if line.total and confirmed == line.total else "strong", 7, "right"),
            Cell(_("{count} in trouble", count=trouble) if trouble else "", "late", 8 if chinese else 13),
            Cell(times.short(notice.created_at, now, zone), "muted", width=11, align="right", drop=2),
            Cell(words.say(_KINDS[notice.kind]), "soon", width=4 if chinese else 10, drop=3),
            Cell(notice.text, "text", flex=1),
        ],
        width,
    )


def delivery_line(delivery: Delivery, width: int, now: datetime, zone: tzinfo) -> Line:
    """One recipient on one channel."""
    state, role = delivery_word(delivery.state)
    confirmed = delivery.state == DeliveryState.CONFIRMED
    told = delivery.confirmed_by if confirmed else words.reason(delivery.reason)
    if delivery.doubtful:
        told = _("possibly a double  {told}", told=told)
    roomy = width >= ROOMY
    return lay_out(
        [
            Cell(f" {state}", role, width=9 if language() == "zh" else 11),
            Cell(delivery.contact, "strong", width=16 if roomy else 12),
            Cell(delivery.org, "text", width=24 if roomy else 14, drop=2),
            Cell(delivery.channel, "muted", width=8),
            Cell(delivery.address, "muted", width=15, drop=3),
            Cell(times.short(delivery.changed_at, now, zone), "muted", width=11, align="right", drop=1),
            Cell(told, role if delivery.state in UNREACHED else "text", flex=1),
        ],
        width,
    )
