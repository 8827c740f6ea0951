"""Real local gateways: an HTTP server that behaves as told by the first step of the path."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web


@dataclass
class Taken:
    """One request as it came over the wire."""

    method: str
    raw_path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Sink:
    """``url`` ends without a slash. What came in is in ``taken``."""

    port: int = 0
    taken: list[Taken] = field(default_factory=list)
    release: asyncio.Event = field(default_factory=asyncio.Event)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{self.host}"

    async def answer(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        self.taken.append(Taken(request.method, request.raw_path, dict(request.headers), body))
        self.arrived.set()
        behaviour = request.path.split("/")[1]
        if "hang" in request.path:
            await self.release.wait()
            return web.Response(status=503)
        return await self._behave(behaviour, request)

    async def _behave(self, behaviour: str, request: web.Request) -> web.StreamResponse:
        match behaviour:
            case "gate":
                await self.release.wait()
                return web.json_response({"errcode": 0})
            case "once":
                return web.Response(status=200 if len(self.taken) == 1 else 500)
            case "drop":
                assert request.transport is not None
                request.transport.abort()
                return web.Response()
            case "cut":
                response = web.StreamResponse(headers={"Content-Length": "1000"})
                await response.prepare(request)
                await response.write(b'{"errcode"')
                assert request.transport is not None
                request.transport.abort()
                return response
            case "drip":
                response = web.StreamResponse()
                await response.prepare(request)
                while not self.release.is_set():
                    await response.write(b" ")
                    await asyncio.sleep(0.02)
                return response
            case "huge":
                return web.Response(body=b"x" * 5_000_000)
            case "garbage":
                return web.Response(text="<html>请登录</html>")
            case "moved":
                return web.Response(status=302, headers={"Location": f"{self.url}/ok"})
            case "busy":
                return web.Response(status=429, headers={"Retry-After": "7"})
            case "refuse":
                echo = request.path.split("/")[-1]
                return web.json_response({"errcode": 40058, "errmsg": f"bad number {echo}"})
            case "wait":
                return web.json_response({"errcode": 45009, "errmsg": "api freq out of limit"})
            case status if status.isdecimal():
                return web.Response(status=int(status), text="nothing for you")
            case _:
                return web.json_response({"errcode": 0, "code": 0, "errmsg": "ok", "data": {"id": "M-7"}})


@asynccontextmanager
async def running_sink() -> AsyncIterator[Sink]:
    """A sink on a free port of this machine."""
    sink = Sink()
    app = web.Application(client_max_size=10_000_000)
    app.router.add_route("*", "/{rest:.*}", sink.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.2, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, backlog=1024)
    await site.start()
    sink.port = runner.addresses[0][1]
    try:
        yield sink
    finally:
        sink.release.set()
        await runner.cleanup()
