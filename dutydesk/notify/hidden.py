"""Which values of a channel's settings may be secrets, so that no log, receipt or crash file repeats them."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from dutydesk.notify import address as addresses
from dutydesk.notify.presets import Adapter, adapter_of
from dutydesk.notify.spec import ChannelSpec


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
            yield from (word for word in text.split() if len(word) >= 8)
    yield from _fixed_texts(spec.content)
    yield from (secret for secret in adapter.secrets if secret and addresses.HOLE not in secret)


def _url_secrets(url: str) -> Iterator[str]:
    split = urlsplit(url)
    yield from (word for word in (split.username, split.password) if word)
    yield from (value for _, value in parse_qsl(split.query) if addresses.HOLE not in value)
    yield from (
        segment for segment in split.path.split("/") if len(segment) >= 8 and addresses.HOLE not in segment
    )


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
