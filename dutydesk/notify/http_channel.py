"""Carries a message by the HTTP adapter: one session a channel, and an honest word on whether the message
left."""

from __future__ import annotations

import asyncio
import socket
from types import SimpleNamespace, TracebackType
from typing import Any, Final, Self

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from dutydesk.model.clock import Clock
from dutydesk.model.enums import Outcome
from dutydesk.model.errors import BadInput
from dutydesk.model.notices import OutgoingMessage, Receipt
from dutydesk.model.text import Language, Text
from dutydesk.notify import reasons
from dutydesk.notify.address import UnusableAddress
from dutydesk.notify.answer import ANSWER_LIMIT, Answer, judge, retry_after
from dutydesk.notify.http_connector import CleanConnector
from dutydesk.notify.http_request import Request, RequestMaker
from dutydesk.notify.presets import Adapter, Signature
from dutydesk.notify.redact import redacted
from dutydesk.notify.spec import ChannelSpec
from dutydesk.notify.threads import DaemonPool, NoThread

_KEEP_ALIVE: Final = 4.0
"""Seconds an idle connection is kept: below the usual 5 s of servers, so that a send seldom meets one that is
just being closed, which would leave its result unknown."""


class _ConnectionLost(aiohttp.ClientError):
    """The connection went away under a request."""


async def _send_once(
    request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """aiohttp repeats a GET or PUT whose connection was lost. To a gateway that is a second message, so the
    loss is raised as something that it does not repeat."""
    try:
        return await send(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as fault:
        raise _ConnectionLost from fault


class _Resolver(AbstractResolver):
    """Looks names up on the channel's own threads, so that a hung name server holds up no other channel."""

    def __init__(self, pool: DaemonPool) -> None:
        self._pool = pool

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        try:
            job = self._pool.submit(
                lambda: socket.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM)
            )
            found = await job.future
        except NoThread as fault:
            raise OSError("no thread to look the name up on") from fault
        return [
            ResolveResult(
                hostname=host,
                host=str(where[0]),
                port=int(where[1]),
                family=kind,
                proto=proto,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for kind, _, proto, _, where in found
        ]

    async def close(self) -> None:
        self._pool.close()


class HttpChannel:
    """One channel of the HTTP adapter, as an async context."""

    def __init__(
        self, name: str, spec: ChannelSpec, adapter: Adapter, *, clock: Clock, language: Language
    ) -> None:
        self._name = name
        self._spec = spec
        self._adapter = adapter
        self._clock = clock
        self._language: Language = language
        self._maker = RequestMaker(adapter)
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        trace = aiohttp.TraceConfig()
        trace.on_request_headers_sent.append(_mark_sent)
        connector = CleanConnector(
            limit=0,
            ssl=self._adapter.http.verify,
            resolver=_Resolver(DaemonPool(4, f"{self._name}-dns")),
            ttl_dns_cache=60,
            keepalive_timeout=_KEEP_ALIVE,
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=None, sock_read=None),
            cookie_jar=aiohttp.DummyCookieJar(),
            trace_configs=[trace],
            middlewares=[_send_once],
            auto_decompress=True,
            headers={"User-Agent": "dutydesk"},
            max_line_size=16_384,
            max_field_size=16_384,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def carry(self, message: OutgoingMessage, title: str, text: str) -> Receipt:
        """Sends ``text``, one part of ``message``. Raises nothing for what the world does."""
        signer = self._adapter.signer
        try:
            signature = Signature() if signer is None else signer(self._clock.now())
            request = self._maker.make(message, title, text, signature)
            url = URL(request.url, encoded=True)
        except UnusableAddress:
            return self._receipt(Outcome.REFUSED, reasons.BAD_ADDRESS)
        except BadInput as fault:
            what = redacted(str(fault), (*self._maker.hidden, message.address))
            return self._receipt(Outcome.REFUSED, reasons.TEMPLATE_FAILED, what=what)
        except ValueError:
            return self._receipt(Outcome.REFUSED, reasons.NOT_UNDERSTOOD)
        return await self._exchange(request, url, message)

    async def _exchange(self, request: Request, url: URL, message: OutgoingMessage) -> Receipt:
        mark = SimpleNamespace(sent=False)
        seconds = f"{self._spec.timeout:g}"
        try:
            async with asyncio.timeout(self._spec.timeout):
                answer = await self._ask(request, url, mark)
        except TimeoutError:
            if mark.sent:
                return self._receipt(Outcome.UNKNOWN, reasons.NO_ANSWER, seconds=seconds)
            return self._receipt(Outcome.TRY_AGAIN, reasons.NO_CONNECTION_IN_TIME, seconds=seconds)
        except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError):
            return self._receipt(Outcome.REFUSED, reasons.NOT_UNDERSTOOD)
        except UnicodeError:
            if mark.sent:
                raise
            # A host with an empty part, or one too long, is no name that could be looked up.
            return self._receipt(Outcome.REFUSED, reasons.NOT_UNDERSTOOD)
        except (aiohttp.ClientError, OSError) as fault:
            return self._lost(fault, sent=mark.sent)
        hidden = (*self._maker.hidden, message.address)
        return judge(self._adapter.http, answer, hidden=hidden, language=self._language)

    async def _ask(self, request: Request, url: URL, mark: SimpleNamespace) -> Answer:
        if self._session is None:
            raise RuntimeError("the channel is not open")
        async with self._session.request(
            request.method,
            url,
            headers=request.headers,
            data=request.data,
            allow_redirects=False,
            trace_request_ctx=mark,
        ) as response:
            wait = retry_after(response.headers.get("Retry-After"), self._clock.now())
            try:
                raw = await _bounded(response)
            except (TimeoutError, aiohttp.ClientError, OSError):
                if 200 <= response.status < 300:
                    raise
                raw = None  # the status alone says enough
            if raw is None:
                response.close()
            return Answer(response.status, raw, wait, response.charset or "")

    def _lost(self, fault: Exception, *, sent: bool) -> Receipt:
        if sent:
            return self._receipt(Outcome.UNKNOWN, reasons.CONNECTION_LOST)
        if isinstance(fault, aiohttp.ClientConnectorDNSError):
            return self._receipt(Outcome.TRY_AGAIN, reasons.NOT_RESOLVED)
        if isinstance(fault, aiohttp.ClientSSLError | aiohttp.ClientConnectorCertificateError):
            return self._receipt(Outcome.TRY_AGAIN, reasons.NOT_TRUSTED)
        return self._receipt(Outcome.TRY_AGAIN, reasons.CANNOT_CONNECT)

    def _receipt(self, outcome: Outcome, why: Text, **words: object) -> Receipt:
        return Receipt(outcome, why.in_(self._language).format(**words))


async def _mark_sent(_session: Any, context: Any, _params: Any) -> None:
    context.trace_request_ctx.sent = True


async def _bounded(response: aiohttp.ClientResponse) -> bytes | None:
    """The body, or ``None`` when it is longer than ANSWER_LIMIT."""
    pieces: list[bytes] = []
    length = 0
    async for piece in response.content.iter_any():
        length += len(piece)
        if length > ANSWER_LIMIT:
            return None
        pieces.append(piece)
    return b"".join(pieces)
