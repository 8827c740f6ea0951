"""Tells whether an Apprise URL uses the address that is filled into it. Apprise leaves out what it does not
know, such as a parameter with a slip in its name, and then sends to whomever the URL names otherwise: a mail
goes to its own sender, and counts as taken."""

from __future__ import annotations

from typing import Any, Final

_DEPTH: Final = 6
_NEXT: Final = str.maketrans("0123456789", "1234567890")


class AddressUnused(ValueError):
    """The service would send in the same way whatever the address is. Never quotes it."""


def another(address: str) -> str:
    """An address of the same form, so that a service takes it where it takes ``address``."""
    for at in range(len(address) - 1, -1, -1):
        letter = address[at]
        if letter.isascii() and letter.isalnum():
            other = letter.translate(_NEXT) if letter.isdigit() else ("b" if letter in "aA" else "a")
            return address[:at] + other + address[at + 1 :]
    return address + "1"


def tells_apart(plugin: Any, other: Any) -> bool:
    """Whether two plugins, made of the URL with two addresses, are to send in different ways. ``other`` is
    ``None`` where the second address was not taken: then it was looked at."""
    if other is None:
        return True
    return bool(_looks(plugin) != _looks(other) or plugin.url() != other.url())


def _looks(plugin: Any) -> object:
    return _plain(vars(plugin), _DEPTH)


def _plain(value: object, depth: int) -> object:
    """``value`` without what is another one in each object."""
    if isinstance(value, str | bytes | int | float | bool | None):
        return value
    if depth == 0:
        return type(value).__name__
    if isinstance(value, dict):
        return {str(key): _plain(inner, depth - 1) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner, depth - 1) for inner in value]
    if isinstance(value, set | frozenset):
        return sorted(map(str, value))
    return type(value).__name__
