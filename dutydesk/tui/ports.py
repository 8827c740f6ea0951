"""What the console needs of the desk. The composition root hands in something of this shape."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from dutydesk.desk.desk import Desk
    from dutydesk.desk.views.board import Names
    from dutydesk.model.clock import Clock
    from dutydesk.model.officers import Actor
    from dutydesk.model.views.board import Board


@dataclass(frozen=True, slots=True)
class BarFacts:
    """What the status bar tells. ``engine_seen`` is the engine's last heartbeat in real time, ``None`` when
    it has none; ``engine_starting``: one was just started and is given a moment; ``engine_expected`` is false
    before there is a desk for it. ``demo``: nothing here is real."""

    place: str = ""
    officer: str = ""
    shift: str = ""
    drill: bool = False
    engine_seen: datetime | None = None
    engine_starting: bool = False
    engine_expected: bool = True
    demo: bool = False


class DeskPort(Protocol):
    """The desk as the console sees it: :class:`dutydesk.tui.gateway.Gateway`, or a test's stand-in."""

    @property
    def desk(self) -> Desk:
        """The open desk, which the use cases are handed. Raises StoreError before it is open."""
        ...

    @property
    def actor(self) -> Actor:
        """Who is signed in, for the use cases. Raises NotAllowed when nobody is."""
        ...

    @property
    def clock(self) -> Clock:
        """Tells the time."""
        ...

    @property
    def zone(self) -> tzinfo:
        """The district's time zone."""
        ...

    async def board(self) -> Board:
        """All that the board shows."""
        ...

    async def names(self) -> Names:
        """What rules, steps, types and answers are called."""
        ...

    async def bar(self) -> BarFacts:
        """What the status bar tells."""
        ...

    async def wait_change(self, timeout: float) -> bool:  # noqa: ASYNC109 - the reader's own contract
        """Waits up to ``timeout`` seconds; true when something was committed in the meantime."""
        ...
