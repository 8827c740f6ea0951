"""The demo's gateway: takes every message on the loopback address and passes none on."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from typing import Final

HOST: Final = "127.0.0.1"
REFUSED: Final = "00000000018"
"""The made-up number whose messages this gateway refuses, so that a refusal can be seen."""
SLOW: Final = "00000000015"
"""The one it takes its time for."""
SECONDS: Final = 6.0
LONGEST: Final = 64 * 1024


class Sink:
    """``async with Sink() as sink``: ``sink.url`` is where to post to; ``sink.taken`` are the last bodies."""

    def __init__(self) -> None:
        self.taken: deque[str] = deque(maxlen=500)
        self._server: asyncio.Server | None = None
        self._number = 0

    async def __aenter__(self) -> Sink:
        self._server = await asyncio.start_server(self._serve, HOST, 0)
        return self

    async def __aexit__(self, *_error: object) -> None:
        if self._server is not None:
            self._server.close()

    @property
    def url(self) -> str:
        """Where it listens; only this machine can reach it."""
        assert self._server is not None
        port: int = self._server.sockets[0].getsockname()[1]
        return f"http://{HOST}:{port}/sms"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = next(
                    (
                        int(line.partition(b":")[2])
                        for line in head.split(b"\r\n")
                        if line.lower().startswith(b"content-length:")
                    ),
                    0,
                )
                body = (await reader.readexactly(min(length, LONGEST))).decode("utf-8", "replace")
                writer.write(_response(await self._answer(body)))
                await writer.drain()
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError, ValueError):
            # The other side has gone, or does not speak HTTP: there is nobody to answer.
            return
        finally:
            writer.close()

    async def _answer(self, body: str) -> dict[str, object]:
        if SLOW in body:
            await asyncio.sleep(SECONDS)
        if REFUSED in body:
            return {"errcode": 1002, "errmsg": "number not in service"}
        self._number += 1
        self.taken.append(body)
        return {"errcode": 0, "id": f"demo-{self._number}"}


def _response(answer: dict[str, object]) -> bytes:
    body = json.dumps(answer).encode()
    return (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
        b"Content-Length: " + str(len(body)).encode() + b"\r\n\r\n" + body
    )
