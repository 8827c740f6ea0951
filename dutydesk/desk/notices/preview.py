"""What every recipient gets, exactly as sent: of a notice that is drafted, of one that waits for its release,
and of one that is out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol, Self

from dutydesk.desk.desk import Desk
from dutydesk.desk.notices.corrections import was_told
from dutydesk.desk.notices.recipients import Recipient
from dutydesk.desk.views.notices import PreviewLine
from dutydesk.home.private import read_private
from dutydesk.model.errors import ConfigError, NotFound
from dutydesk.model.notices import Contact, Delivery, OutgoingMessage
from dutydesk.model.text import Text
from dutydesk.notify import wire
from dutydesk.notify.channels import load
from dutydesk.notify.compose import message
from dutydesk.notify.spec import ChannelSpec
from dutydesk.store.views import contacts, notices

CODE_IN_PREVIEW = "------"
"""Stands where the code will be, which is drawn at release."""

_UNREADABLE: Final = Text(
    "channels.yaml 读不了，暂不发送", "channels.yaml cannot be read; nothing is sent until it can"
)


@dataclass(frozen=True, slots=True)
class Channels:
    """The channels as their file states them now; ``specs`` is ``None`` where it cannot be told, ``trouble``
    why."""

    specs: Mapping[str, ChannelSpec] | None = None
    trouble: Text | None = None

    @classmethod
    def of(cls, desk: Desk) -> Self:
        """Those of ``desk``; a desk without a home knows of none."""
        if desk.channels_file is None:
            return cls()
        try:
            return cls(load(read_private(desk.channels_file), desk.channels_file.name))
        except NotFound:
            return cls({})
        except ConfigError:
            return cls(trouble=_UNREADABLE)


class Noticed(Protocol):
    """What of a notice decides what its recipients get."""

    @property
    def text(self) -> str: ...
    @property
    def drill(self) -> bool: ...
    @property
    def confirm(self) -> bool: ...
    @property
    def corrects(self) -> int | None: ...


async def preview(desk: Desk, broadcast: int) -> tuple[PreviewLine, ...]:
    """One line a recipient and channel; without a channel for those who have no address. Raises NotFound."""
    about = await notices.broadcast(desk.reader, broadcast)
    sent = await notices.deliveries(desk.reader, broadcast)
    channels = Channels.of(desk)
    if sent:
        return tuple(_line(about, each, each.code, channels, doubtful=each.doubtful) for each in sent)
    if about.corrects is not None:
        first = about
        while first.corrects is not None:
            first = await notices.broadcast(desk.reader, first.corrects)
        before = await notices.deliveries(desk.reader, first.id)
        return tuple(
            _line(about, each, CODE_IN_PREVIEW, channels)
            for each in before
            if each.channel and was_told(each.state, each.reason)
        )
    people: dict[int, Contact] = {}
    for group in about.groups:
        people |= {each.id: each for each in await contacts.contacts(desk.reader, group)}
    return tuple(
        line(about, person.name, person.org, channel, address, channels=channels)
        for _, person in sorted(people.items())
        for channel, address in _ways(person, about.channels)
    )


def lines(about: Noticed, people: Iterable[Recipient], channels: Channels) -> tuple[PreviewLine, ...]:
    """One line for each address of ``people``."""
    return tuple(
        line(about, person.name, person.org, channel, address, channels=channels)
        for person in people
        for channel, address in person.addresses
    )


def line(
    about: Noticed,
    contact: str,
    org: str,
    channel: str,
    address: str,
    *,
    channels: Channels,
    code: str = CODE_IN_PREVIEW,
    doubtful: bool = False,
) -> PreviewLine:
    """What one recipient gets. Raises BadInput where the text cannot go out to anybody."""
    title, body = message(
        text=about.text,
        drill=about.drill,
        doubtful=doubtful,
        correction=about.corrects is not None,
        code=code if about.confirm else "",
    )
    if not channel or channels.specs is None:
        trouble = channels.trouble if channel else None
        return PreviewLine(contact, org, channel, address, body, title, (body,), trouble)
    outgoing = OutgoingMessage(0, 0, address, title, body, about.drill, urgent=False)
    seen = wire.preview(channel, channels.specs.get(channel), outgoing)
    return PreviewLine(
        contact, org, channel, address, "\n".join(seen.parts), seen.title, seen.parts, seen.trouble
    )


def _ways(person: Contact, channels: Sequence[str]) -> list[tuple[str, str]]:
    ways = [each for each in person.addresses if not channels or each[0] in channels]
    return ways or [("", "")]


def _line(
    about: Noticed, to: Delivery, code: str, channels: Channels, *, doubtful: bool = False
) -> PreviewLine:
    return line(
        about, to.contact, to.org, to.channel, to.address, channels=channels, code=code, doubtful=doubtful
    )
