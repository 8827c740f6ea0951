"""Which values of a channel's settings may be secrets, so that no log, receipt or crash file repeats them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote_plus

from dutydesk.notify.address import HOLE
from dutydesk.notify.presets import Adapter, adapter_of
from dutydesk.notify.spec import ChannelSpec
from dutydesk.notify.url_check import HOST_SCHEMAS

LONG: Final = 8
"""Letters from which on a step of a path, or a word of a text, may be a token."""


def secrets_of(spec: ChannelSpec) -> tuple[str, ...]:
    """Every fixed value of a channel's settings that may be a secret, for logs to be kept free of them."""
    found = _url_secrets(spec.url) if spec.url is not None else secrets_in(adapter_of(spec))
    return tuple(dict.fromkeys(found))


def secrets_in(adapter: Adapter) -> Iterator[str]:
    """Every fixed value of a channel of the HTTP adapter that may be a secret."""
    spec = adapter.http
    yield from _url_secrets(spec.url)
    for text in (*spec.headers.values(), *spec.query.values(), *(spec.form or {}).values()):
        if "{{" not in text and len(text) >= 6:
            yield text
            yield from (word for word in text.split() if len(word) >= LONG)
    yield from _fixed_texts(spec.content)
    yield from (secret for secret in adapter.secrets if secret and HOLE not in secret)


def _url_secrets(url: str) -> Iterator[str]:
    """Read by its marks alone, so that no URL is too odd to keep its password to itself."""
    schema, _, rest = url.partition("://")
    authority = re.split(r"[/?]", rest, maxsplit=1)[0]
    path, _, query = rest[len(authority) :].partition("?")
    user, _, host = authority.rpartition("@")
    words = list(user.split(":", 1))
    if schema.lower() not in HOST_SCHEMAS:
        words += [host, *(word for word in host.split(":") if len(word) >= LONG)]
    words += [piece.partition("=")[2] for piece in query.split("&")]
    words += [segment for segment in path.split("/") if len(segment) >= LONG]
    for word in words:
        if word and HOLE not in word:
            yield from dict.fromkeys((word, unquote_plus(word)))


def _fixed_texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        if "{{" not in value and len(value) >= 6:
            yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _fixed_texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _fixed_texts(inner)
