"""The channels as ``channels.yaml`` states them at this moment, open for sending. A changed file is taken up
at the next send; what is under way ends on the channels it began on."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from dutydesk.engine.channels_file import ChannelsFile, Specs
from dutydesk.i18n import N_
from dutydesk.model.clock import Clock
from dutydesk.model.errors import ConfigError, DeskError
from dutydesk.model.notices import OutgoingMessage, Receipt
from dutydesk.notify.retry import RetryPolicy
from dutydesk.notify.senders import Senders, Turn

OTHER_ROOM = 200
"""How many deliveries of a channel that is not there are refused at once."""

AHEAD = 7
"""How many times its lane a channel may have waiting. A crash makes possible doubles of those too, so it is
no more than what keeps the lane busy, and a channel with a rate has no more than it lets out soon."""

_UNUSABLE = N_("{file}: nothing goes out by {channels} until the settings there are changed; report this.")

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Opened:
    """One reading of the file. It is closed when another has replaced it and its last send has ended."""

    specs: Specs
    senders: Senders
    sending: int = 0


class Gateways:
    """The channels of one file. ``ready`` is false while the file has been faulty from the start, or is being
    changed: then nothing is claimed, because what it means is not known."""

    def __init__(self, file: Path, *, wall: Clock) -> None:
        self._file = ChannelsFile(file)
        self._wall = wall
        self._now: _Opened | None = None
        self._before: list[_Opened] = []

    @property
    def ready(self) -> bool:
        return self._now is not None and self._file.resting

    @property
    def first(self) -> bool:
        """Whether no reading of the file is in force yet."""
        return self._now is None

    @property
    def resting(self) -> bool:
        """Whether the file is not being changed at this moment."""
        return self._file.resting

    @property
    def fault(self) -> DeskError | None:
        """Why the file as it is now is not in force, or a channel of it is not."""
        unusable = self._now.senders.unusable if self._now else {}
        if self._file.fault is not None or not unusable:
            return self._file.fault
        channels = "; ".join(f"{name} ({why})" for name, why in unusable.items())
        return ConfigError(_UNUSABLE, file=self._file.name, channels=channels)

    @property
    def names(self) -> tuple[str, ...]:
        """The channels in force."""
        return tuple(self._now.specs) if self._now else ()

    @property
    def longest_timeout(self) -> float:
        """Seconds that the most patient channel allows for one send."""
        specs = self._now.specs.values() if self._now else ()
        return max((spec.timeout for spec in specs), default=0.0)

    @property
    def policies(self) -> dict[str, RetryPolicy]:
        """How each channel tries again."""
        return {name: spec.retry_policy for name, spec in self._now.specs.items()} if self._now else {}

    def room(self) -> dict[str, int]:
        """How many more sends each channel may be handed now: as many as it could begin, and some that wait
        for their turn, so that a lane does not run empty while the next are claimed."""
        if self._now is None:
            return {}
        senders = self._now.senders
        return {name: senders.room(name, ahead=spec.lane * AHEAD) for name, spec in self._now.specs.items()}

    def lane(self, channel: str) -> int:
        """How many sends ``channel`` carries at once; 1 for one that is not there."""
        found = self._now.specs.get(channel) if self._now else None
        return 1 if found is None else found.lane

    async def refresh(self) -> bool:
        """Takes up the file where it is another one than last time, and says whether it did; what was read
        before stays in force while it is faulty."""
        try:
            specs = self._file.look()
            if specs is None:
                return False
            await self._open(specs)
        except BaseException:
            self._file.forget()
            raise
        _log.info("channels: %s", " ".join(specs) or "none")
        return True

    async def _open(self, specs: Specs) -> None:
        senders = Senders(specs, clock=self._wall, unusable=self._file.unusable)
        await senders.__aenter__()
        if self._now is not None:
            self._before.append(self._now)
        self._now = _Opened(specs, senders)
        await self._close_unused()

    async def send(self, channel: str, message: OutgoingMessage, *, turn: Turn) -> Receipt:
        """As :meth:`Senders.send`. Raises RuntimeError before the first good reading of the file."""
        async with self._in_use() as opened:
            return await opened.senders.send(channel, message, turn=turn)

    async def close(self) -> None:
        """Closes everything; what is still being sent is cut off."""
        for opened in [*self._before, *([self._now] if self._now else [])]:
            await opened.senders.__aexit__(None, None, None)
        self._before.clear()
        self._now = None

    @asynccontextmanager
    async def _in_use(self) -> AsyncIterator[_Opened]:
        opened = self._now
        if opened is None:
            raise RuntimeError("channels.yaml was never read")
        opened.sending += 1
        try:
            yield opened
        finally:
            opened.sending -= 1
            await self._close_unused()

    async def _close_unused(self) -> None:
        unused = [opened for opened in self._before if not opened.sending]
        self._before = [opened for opened in self._before if opened.sending]
        for opened in unused:
            await opened.senders.__aexit__(None, None, None)
