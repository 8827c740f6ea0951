"""What a channel puts on the wire: the exact title and text parts, or why it carries nothing. A send and its
preview both ask here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from dutydesk.model.errors import BadInput
from dutydesk.model.notices import OutgoingMessage
from dutydesk.model.text import Language, Text
from dutydesk.notify import address as addresses
from dutydesk.notify import compose, reasons
from dutydesk.notify.presets import adapter_of
from dutydesk.notify.redact import redacted
from dutydesk.notify.spec import ChannelSpec, TitleUse


def closed_to(name: str, spec: ChannelSpec | None, *, drill: bool) -> Text | None:
    """Why the channel ``name`` carries no drill, or no live notice; ``None`` where it does. ``spec`` is
    ``None`` for a channel that is not there."""
    if spec is None:
        return _filled(reasons.NO_SUCH_CHANNEL, channel=redacted(name))
    if not spec.allows(drill=drill):
        return _filled(reasons.LIVE_ONLY if drill else reasons.DRILL_ONLY, channel=redacted(name))
    return None


@dataclass(frozen=True, slots=True)
class Preview:
    """What one recipient would get. ``trouble``: why nothing would be sent, else ``None``."""

    title: str
    parts: tuple[str, ...]
    trouble: Text | None


def preview(name: str, spec: ChannelSpec | None, message: OutgoingMessage) -> Preview:
    """``message`` as the channel ``name`` would carry it."""
    trouble = closed_to(name, spec, drill=message.drill)
    if spec is None:
        return Preview(message.title, (message.body,), trouble)
    try:
        title, parts = Wire.of(spec).form(message)
    except BadInput as fault:
        return Preview(message.title, (message.body,), _filled(reasons.TEMPLATE_FAILED, what=str(fault)))
    if trouble is None and not _usable(spec, message.address):
        trouble = reasons.BAD_ADDRESS
    return Preview(title, parts, trouble)


def _usable(spec: ChannelSpec, address: str) -> bool:
    try:
        if spec.url is not None:
            addresses.in_apprise_url(spec.url, address)
        else:
            addresses.checked(address)
    except addresses.UnusableAddress:
        return False
    return True


def _filled(why: Text, **words: str) -> Text:
    return Text(why.zh.format(**words), why.en.format(**words))


@dataclass(frozen=True, slots=True)
class Wire:
    """What a channel does to a message. ``max_bytes``: of UTF-8 in one part; ``None`` is no limit."""

    title: TitleUse
    max_bytes: int | None

    @classmethod
    def of(cls, spec: ChannelSpec) -> Self:
        """That of ``spec``, where a service's own limit holds beside the one stated."""
        title, limit = spec.title, spec.max_bytes
        if spec.url is None:
            adapter = adapter_of(spec)
            limit = min((each for each in (limit, adapter.max_bytes) if each is not None), default=None)
            if adapter.title_in_body and title is TitleUse.KEEP:
                title = TitleUse.BODY
        return cls(title, limit)

    def form(self, message: OutgoingMessage, *, language: Language = "zh") -> tuple[str, tuple[str, ...]]:
        """The title (empty where none is handed over) and the text parts. A drill gets its marks here if the
        caller left them out.

        Raises BadInput when ``max_bytes`` is too small for the text.
        """
        title = compose.marked_title(message.title, drill=message.drill, language=language)
        body = message.body
        if self.title is TitleUse.BODY and title:
            body = f"{title}\n{body}"
        body = compose.marked(body, drill=message.drill, language=language)
        kept = title if self.title is TitleUse.KEEP else ""
        return kept, compose.parts(body, self.max_bytes, drill=message.drill)
