"""Hands out kept connections that have nothing left over from the exchange before: an answer that came
unasked would be read as the answer to the next message."""

from __future__ import annotations

import asyncio
from typing import Any
from weakref import WeakSet

import aiohttp
from aiohttp.connector import Connection
from aiohttp.tracing import Trace


class SpokeFirst(aiohttp.ClientConnectionError):
    """The server answers before it is asked. Nothing was sent to it."""


class CleanConnector(aiohttp.TCPConnector):
    """As its base, but does not use a connection again that was closed while it was idle, or on which
    something came then."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._known: WeakSet[asyncio.Transport] = WeakSet()

    async def connect(
        self,
        req: aiohttp.ClientRequest,
        traces: list[Trace],
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 -- as its base has it
    ) -> Connection:
        """Raises SpokeFirst, and what its base raises."""
        while True:
            connection = await super().connect(req, traces, timeout)
            transport = connection.transport
            fresh = transport is None or transport not in self._known
            if transport is not None:
                self._known.add(transport)
            try:
                await _take_in_what_came()
            except BaseException:
                connection.close()
                raise
            if _is_clean(connection):
                return connection
            connection.close()
            if fresh:
                raise SpokeFirst


async def _take_in_what_came() -> None:
    """Lets the loop read what the system holds: in the first round it looks, in the second it reads."""
    await asyncio.sleep(0)
    await asyncio.sleep(0)


def _is_clean(connection: Connection) -> bool:
    protocol = connection.protocol
    return protocol is not None and protocol.is_connected() and not protocol.should_close
