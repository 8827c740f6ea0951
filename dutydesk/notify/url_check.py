"""Tries a channel's URL when ``channels.yaml`` is read: one by which nothing could be sent, or nothing to its
recipient, is refused there with its line, and not found out with the first notice."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from dutydesk.i18n import N_
from dutydesk.notify.address import HOLE, PATH_SCHEMAS

WEB_SCHEMAS: Final = frozenset({"http", "https"})
_WITH_A_HOST: Final = WEB_SCHEMAS | PATH_SCHEMAS
HOST_SCHEMAS: Final = _WITH_A_HOST | {"mailto", "mailtos", "mqtt", "mqtts"}
"""Schemas behind which a host and a port stand. In the others even that may be a key or a token."""

_SCHEMA: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*")
_HOST: Final = re.compile(r"[\w.\-]+|[0-9a-f:.]+(%[\w.\-]+)?")
"""A name, or an address of either kind. What else stands there belongs to a password that was not quoted."""
_QUOTE: Final = N_(
    "this is no URL that can be read: in a user name or a password write @ as %40, : as %3A, / as %2F, "
    "? as %3F, # as %23, [ as %5B, ] as %5D, \\ as %5C"
)


def fault_of(template: str) -> str:
    """Why ``template`` cannot be a channel's URL, as a sentence of the catalogue; empty when it can. Never
    quotes it."""
    schema, separator, rest = template.partition("://")
    schema = schema.lower()
    if not separator or not _SCHEMA.fullmatch(schema):
        return N_("a URL begins with a schema such as json:// or mailto://")
    if not template.isprintable():
        return N_("a character in this URL cannot be seen, such as a line's end: take it out")
    authority = re.split(r"[/?]", rest, maxsplit=1)[0]
    host, path = authority.rpartition("@")[2], rest[len(authority) :].partition("?")[0]
    # Where no host is stated, Apprise takes the first step of the path for one.
    if HOLE in host or (not host and HOLE in path):
        return N_("{address} cannot stand for the host: put it in the path or in a parameter")
    if re.search(r"[?&][^=&]*\{address\}[^=&]*(=|&|$)", rest[len(authority) :]):
        return N_("{address} cannot stand for a parameter's name")
    if re.search(r"[{}]", template.replace(HOLE, "")):
        return N_("only {address} may stand in braces")
    return _fault_when_tried(schema, template.replace(HOLE, "x"), authority) or _fault_of_parts(schema, rest)


def _fault_when_tried(schema: str, url: str, authority: str) -> str:
    if "#" in authority or (schema in _WITH_A_HOST and "\\" in authority):
        return _QUOTE
    try:
        split = urlsplit(url)
        port = split.port if schema in HOST_SCHEMAS else None
    except ValueError:
        return _QUOTE
    if schema in _WITH_A_HOST:
        host = split.hostname or ""
        if not _HOST.fullmatch(host) or port == 0:
            return _QUOTE
        if schema in WEB_SCHEMAS and not host.isascii():
            return N_("a host's name in other letters is written in its xn-- form")
    return ""


def _fault_of_parts(schema: str, rest: str) -> str:
    if schema not in _WITH_A_HOST:
        return ""
    if "#" in rest:
        return N_("what stands behind # is never sent: write # as %23")
    if schema in PATH_SCHEMAS and any(
        HOLE in value and name[:1] not in "+-:" for name, value in _query(rest)
    ):
        return N_("{address} is not sent in this parameter: put it in the path, or in one named -NAME")
    return ""


def _query(rest: str) -> list[tuple[str, str]]:
    """The parameters; without any name counts one that has none."""
    pairs = (piece.partition("=") for piece in rest.partition("?")[2].split("&"))
    return [(name or "?", value) for name, _, value in pairs]
