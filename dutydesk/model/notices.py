"""Broadcasts, their deliveries and the attempts at them, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dutydesk.model.enums import BroadcastKind, BroadcastState, DeliveryState, Outcome


@dataclass(frozen=True, slots=True)
class Broadcast:
    id: int
    kind: BroadcastKind
    incident: int | None
    text: str
    correction_text: str
    drill: bool
    confirm: bool
    state: BroadcastState
    groups: tuple[str, ...]
    created_at: datetime
    created_by: str
    approved_by: str = ""
    released_by: str = ""
    released_at: datetime | None = None
    corrects: int | None = None
    run: int | None = None
    step: str = ""
    channels: tuple[str, ...] = ()
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Delivery:
    """One recipient on one channel. ``doubtful`` marks a possible double. ``code`` confirms it."""

    id: int
    broadcast: int
    contact: str
    org: str
    channel: str
    address: str
    code: str
    state: DeliveryState
    attempts: int
    doubtful: bool
    reason: str
    queued_at: datetime
    changed_at: datetime
    confirmed_by: str = ""


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """What a channel is handed: one message to one address. ``title`` may be unused by a channel."""

    delivery: int
    broadcast: int
    address: str
    title: str
    body: str
    drill: bool
    urgent: bool


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a channel says of one attempt. ``detail`` never carries a secret or an address."""

    outcome: Outcome
    detail: str = ""
    gateway_id: str = ""
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    id: int
    name: str
    org: str
    duty: str
    groups: tuple[str, ...]
    addresses: tuple[tuple[str, str], ...]
    sample: bool = False
