"""Makes the request of the HTTP adapter: every value from outside is filled into its own place and stays
there."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final
from urllib.parse import quote, urlencode

from dutydesk.model.errors import BadInput
from dutydesk.model.notices import OutgoingMessage
from dutydesk.notify import address as addresses
from dutydesk.notify.hidden import secrets_in
from dutydesk.notify.presets import Adapter, Signature
from dutydesk.notify.templates import compiled, fill

Facts = Mapping[str, object]
Fill = Callable[[Facts], Any]

_PLAIN: Final = {f"{{{{ {name} }}}}": name for name in ("address", "title", "body")}


@dataclass(frozen=True, slots=True)
class Request:
    """One request, ready to be written. ``url`` is fully quoted."""

    method: str
    url: str
    headers: dict[str, str]
    data: bytes | None


class RequestMaker:
    """Templates compiled once, filled for each message."""

    def __init__(self, adapter: Adapter) -> None:
        spec = adapter.http
        self._spec = spec
        self._query = {name: _filler(text) for name, text in spec.query.items()}
        self._headers = {name: _filler(text) for name, text in spec.headers.items()}
        self._form = None if spec.form is None else {name: _filler(text) for name, text in spec.form.items()}
        self._body = None if spec.content is None else _filler(spec.content)
        self._body_is_text = isinstance(spec.content, str)
        self._content_type = self._default_content_type(spec.content)
        self.hidden: Final = tuple(sorted(set(secrets_in(adapter))))

    def make(self, message: OutgoingMessage, title: str, text: str, signature: Signature) -> Request:
        """The request that carries ``text`` (one part of the message).

        Raises UnusableAddress, or BadInput when a template cannot be filled.
        """
        facts: Facts = {
            "address": addresses.checked(message.address),
            "title": title,
            "body": text,
            "delivery": message.delivery,
            "broadcast": message.broadcast,
            "drill": message.drill,
            "urgent": message.urgent,
        }
        url = addresses.in_url(self._spec.url, message.address)
        query = {name: make(facts) for name, make in self._query.items()} | signature.query
        if query:
            url += ("&" if "?" in url else "?") + urlencode(query, quote_via=quote)
        headers = {name: _one_line(make(facts)) for name, make in self._headers.items()}
        data = self._data(facts, signature)
        if data is not None and not any(name.lower() == "content-type" for name in headers):
            headers["Content-Type"] = self._content_type
        return Request(self._spec.method, url, headers, data)

    def _data(self, facts: Facts, signature: Signature) -> bytes | None:
        if self._form is not None:
            return urlencode({name: make(facts) for name, make in self._form.items()}).encode()
        if self._body is None:
            return None
        body = self._body(facts)
        if self._body_is_text:
            return str(body).encode()
        if signature.body:
            body = {**body, **signature.body}
        return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()

    def _default_content_type(self, body: object) -> str:
        if self._form is not None:
            return "application/x-www-form-urlencoded"
        if isinstance(body, str) and body.lstrip()[:1] not in ("{", "["):
            return "text/plain; charset=utf-8"
        return "application/json; charset=utf-8"


def _one_line(value: str) -> str:
    if not value.isprintable():
        raise BadInput("A header's value must stand on one line.")
    return value


def _filler(value: object) -> Fill:
    """Fills the texts of a JSON-like value; what has no template in it stays as it is."""
    if isinstance(value, str):
        if (name := _PLAIN.get(value.strip())) is not None:
            return itemgetter(name)
        if "{{" not in value and "{%" not in value and "{#" not in value:
            return lambda _facts: value
        template = compiled(value)
        return lambda facts: fill(template, facts)
    if isinstance(value, dict):
        inner = {key: _filler(each) for key, each in value.items()}
        return lambda facts: {key: make(facts) for key, make in inner.items()}
    if isinstance(value, list | tuple):
        items = [_filler(each) for each in value]
        return lambda facts: [make(facts) for make in items]
    return lambda _facts: value
