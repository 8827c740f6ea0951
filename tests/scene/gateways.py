"""Where the notices of a scene go: a real local HTTP gateway and a real local SMTP server."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller


class Gateway:
    """A local HTTP gateway that keeps what it was sent, by address."""

    def __init__(self) -> None:
        self.received: list[tuple[str, dict[str, Any]]] = []
        received = self.received

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                received.append((self.path.rpartition("/")[2], json.loads(body)))
                answer = b'{"errcode": 0}'
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: object) -> None:
                """Silence: the test reads what was received."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def to(self, address: str) -> list[dict[str, Any]]:
        return [body for path, body in self.received if path == address]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Mailbox:
    """What a local SMTP server was handed."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.messages: list[tuple[list[str], bytes]] = []

    async def handle_DATA(  # noqa: N802 - the name is aiosmtpd's
        self, server: object, session: object, envelope: Any
    ) -> str:
        self.messages.append((list(envelope.rcpt_tos), envelope.content))
        return "250 OK"


@dataclass(frozen=True)
class Gateways:
    """Both of them, listening."""

    http: Gateway
    mail: Mailbox

    def write_channels(self, path: Path) -> None:
        """``channels.yaml`` with a channel to each: ``hook`` and ``mail``."""
        path.write_text(
            f"""
hook:
  http:
    url: http://127.0.0.1:{self.http.port}/send/{{address}}
    method: POST
    body: {{to: "{{{{ address }}}}", text: "{{{{ body }}}}"}}
    accepted: {{status: 200, json: {{errcode: 0}}}}
mail:
  url: mailto://127.0.0.1:{self.mail.port}?from=desk@example.org&to={{address}}
""",
            encoding="utf-8",
        )
        path.chmod(0o600)


@contextmanager
def listening() -> Iterator[Gateways]:
    """The gateways, as long as the block lasts."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    mail = Mailbox(port)
    smtp = Controller(mail, hostname="127.0.0.1", port=port)
    smtp.start()
    http = Gateway()
    try:
        yield Gateways(http, mail)
    finally:
        http.close()
        smtp.stop()
