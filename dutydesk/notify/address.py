"""Puts a recipient's address into a channel's URL so that it stays one value: an address from outside can
change neither host nor path, and adds no parameter."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

HOLE: Final = "{address}"

PATH_SCHEMAS: Final = frozenset({"json", "jsons", "xml", "xmls", "form", "forms"})
"""Apprise schemas that put their quoted path on the wire as it is: there any address stays one step of the
path."""

_SPLITTERS: Final = frozenset("/\\?#&%,;<>\"'|{}[]`^ ")
"""What Apprise services take as the end of one target and the start of the next, or of something else."""

_ONE_MAIL: Final = re.compile(r"[A-Za-z0-9._+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)*")
_TWO_NUMBERS: Final = re.compile(r"\d{7,}\W+\d{7,}")
"""Apprise finds telephone numbers and e-mail addresses anywhere in a text: of two it takes both, or one of
them alone."""


_IN_A_URL: Final = "".join(map(chr, range(0x21, 0x7F)))
"""What stands in a channel's URL as it was written."""


class UnusableAddress(ValueError):
    """The address is empty, too long, or has characters that the channel cannot carry. Never quotes it."""


def checked(address: str) -> str:
    """``address`` without blanks around it.

    Raises UnusableAddress when it is empty, longer than 500 characters, has control characters, or is ``.``
    or ``..``, which a server would take for a step in the path.
    """
    address = address.strip()
    if not address or len(address) > 500 or address in (".", "..") or not address.isprintable():
        raise UnusableAddress
    return address


def in_url(template: str, address: str) -> str:
    """An http(s) URL with the address percent-quoted wherever ``{address}`` stands, and what no request line
    carries (blanks, Chinese) quoted too."""
    return quote(template.replace(HOLE, quote(checked(address), safe="")), safe=_IN_A_URL)


def in_apprise_url(template: str, address: str) -> str:
    """An Apprise URL with the address quoted as its schema needs it.

    Raises UnusableAddress for an address that a service would split into several, or of which it would take
    a part.
    """
    address = checked(address)
    schema = template.partition("://")[0].lower()
    query = template.partition("?")[2]
    forbidden = _SPLITTERS
    if schema not in PATH_SCHEMAS:
        if _TWO_NUMBERS.search(address) or ("@" in address[1:] and not _ONE_MAIL.fullmatch(address)):
            raise UnusableAddress
    else:
        # Apprise unquotes parameters twice: a percent sign would not arrive as one.
        forbidden = frozenset("%") if HOLE in query else frozenset()
    if forbidden & set(address):
        raise UnusableAddress
    return template.replace(HOLE, quote(address, safe=""))
