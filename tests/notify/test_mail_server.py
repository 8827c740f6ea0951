"""Given a mail server that fails at each stage of the exchange, when a mail is sent, then what is not known
to have stayed here counts as a doubt, never as not sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from dutydesk.model.enums import Outcome
from tests.notify.conftest import Message
from tests.notify.test_apprise_channel import mailto, send

HANGS, HANGS_UP = "hangs", "hangs up"
STAGES = {
    "GREETING": "220 hello",
    "MAIL": "250 ok",
    "RCPT": "250 ok",
    "DATA": "354 go on",
    "MESSAGE": "250 ok",
}


class Server:
    """Answers as usual, but ``says`` at ``stage``. ``mails`` are the messages that came in whole."""

    def __init__(self, stage: str, says: str) -> None:
        self.mails = 0
        self._answers = STAGES | {stage: says}
        self._over = asyncio.Event()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[int]:
        """Its port."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        async with server:
            yield server.sockets[0].getsockname()[1]
            self._over.set()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        going_on = await self._answer("GREETING", writer)
        while going_on and (line := await reader.readline()):
            verb = line.split()[0].decode().upper().split(":")[0]
            going_on = await self._answer(verb, writer)
            if verb == "DATA" and going_on and self._answers["DATA"].startswith("354"):
                await reader.readuntil(b"\r\n.\r\n")
                self.mails += 1
                going_on = await self._answer("MESSAGE", writer)
        writer.close()

    async def _answer(self, stage: str, writer: asyncio.StreamWriter) -> bool:
        says = self._answers.get(stage, "250 ok")
        if says == HANGS:
            await self._over.wait()
        if says in (HANGS, HANGS_UP):
            return False
        writer.write(f"{says}\r\n".encode())
        await writer.drain()
        return True


@pytest.mark.parametrize(
    ("stage", "says", "outcome", "mails"),
    [
        ("GREETING", "421 busy", Outcome.TRY_AGAIN, 0),
        ("GREETING", "554 not here", Outcome.REFUSED, 0),
        ("MAIL", "451 later", Outcome.TRY_AGAIN, 0),
        ("MAIL", "550 not from you", Outcome.REFUSED, 0),
        ("RCPT", HANGS_UP, Outcome.UNKNOWN, 0),
        ("DATA", HANGS, Outcome.UNKNOWN, 0),
        ("DATA", "451 greylisted", Outcome.TRY_AGAIN, 0),
        ("DATA", "554 no", Outcome.REFUSED, 0),
        ("MESSAGE", HANGS, Outcome.UNKNOWN, 1),
        ("MESSAGE", HANGS_UP, Outcome.UNKNOWN, 1),
        ("MESSAGE", "451 later", Outcome.TRY_AGAIN, 1),
        ("MESSAGE", "554 spam", Outcome.REFUSED, 1),
        ("QUIT", HANGS_UP, Outcome.ACCEPTED, 1),
    ],
)
async def test_where_it_fails_decides(
    stage: str, says: str, outcome: Outcome, mails: int, message: Message
) -> None:
    server = Server(stage, says)
    async with server.running() as port:
        receipt = await send(mailto(port), message("li@example.org"), timeout=3)
    assert receipt.outcome is outcome, receipt.detail
    assert server.mails == mails
