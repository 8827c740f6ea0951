"""Keeps a loop going through a locked database, a full disk or a fault of its own: logged, waited out, tried
again. Only the loss of the lease ends it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final, Protocol, TypeVar

from dutydesk.desk.engine.lease import LeaseLost
from dutydesk.model.errors import DeskError

T = TypeVar("T")

FIRST_WAIT: Final = 0.1
LONGEST_WAIT: Final = 2.0
GIVES_UP_AFTER_STOP: Final = 3
"""How many more failures are borne once the engine is stopping."""

_log = logging.getLogger(__name__)


class Stopping(Protocol):
    """Whether the engine is coming to an end."""

    @property
    def stopping(self) -> bool: ...


async def steadily(what: str, work: Callable[[], Awaitable[T]], until: Stopping) -> T | None:
    """The result of ``work``, called again and again until it succeeds; ``None`` when it still fails while
    the engine is stopping. ``what`` names it in the log. Raises LeaseLost.
    """
    wait = FIRST_WAIT
    failed_stopping = 0
    while True:
        try:
            return await work()
        except LeaseLost:
            raise
        except DeskError as fault:
            _log.error("%s failed, trying again in %.1f s: %s", what, wait, fault)
        except Exception:
            # A fault of the engine's own: it is written down whole, and the other timers still want firing.
            _log.exception("%s failed, trying again in %.1f s", what, wait)
        if until.stopping:
            failed_stopping += 1
            if failed_stopping >= GIVES_UP_AFTER_STOP:
                return None
        await asyncio.sleep(wait)
        wait = min(wait * 2, LONGEST_WAIT)
