"""PINs are kept as argon2id hashes and checked off the event loop, for a check costs tens of milliseconds."""

from __future__ import annotations

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from dutydesk.model.errors import BadInput

SHORTEST = 4
LONGEST = 128
_hasher = PasswordHasher()


def checked(pin: str) -> str:
    """The PIN if it can be taken. Raises BadInput, which never carries the PIN."""
    if not SHORTEST <= len(pin) <= LONGEST:
        raise BadInput("A PIN has {shortest} to {longest} characters.", shortest=SHORTEST, longest=LONGEST)
    if not _is_text(pin):
        raise BadInput("The PIN holds bytes that are no text: choose one of letters and digits.")
    return pin


def _is_text(pin: str) -> bool:
    """Whether it can be hashed; what came in as bytes of another encoding cannot."""
    try:
        pin.encode()
    except UnicodeEncodeError:
        return False
    return True


async def hashed(pin: str) -> str:
    """The argon2id hash of ``pin``."""
    return await asyncio.to_thread(_hasher.hash, checked(pin))


def _matches(pin_hash: str, pin: str) -> bool:
    if not _is_text(pin):
        return False
    try:
        return _hasher.verify(pin_hash, pin)
    except (VerifyMismatchError, InvalidHashError):
        return False


async def matches(pin_hash: str, pin: str) -> bool:
    """Whether ``pin`` is the one behind ``pin_hash``."""
    return await asyncio.to_thread(_matches, pin_hash, pin)
