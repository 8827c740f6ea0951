"""Tells when a file that is being changed has come to rest: an editor empties it, or takes it away, before it
writes, and what stands there meanwhile nobody has meant."""

from __future__ import annotations

from typing import Final

SETTLES: Final = 0.5
"""Seconds for which it has to stay as it is."""
LONGEST_UNREST: Final = 10.0
"""Seconds after which what keeps changing is taken as it is."""
_NEVER: Final = float("-inf")


class AtRest:
    """Follows one thing by its stamp, which is another one after every change. ``now`` is in seconds of a
    clock that nobody sets."""

    def __init__(self) -> None:
        self._stamp: object = None
        self._since = _NEVER
        self._restless_since = _NEVER

    def reached(self, stamp: object, now: float) -> bool:
        """Whether what has changed to ``stamp`` may be read."""
        if self._restless_since == _NEVER:
            self._restless_since = self._since = now
        if stamp != self._stamp:
            self._stamp, self._since = stamp, now
        return now >= min(self._since + SETTLES, self._restless_since + LONGEST_UNREST)

    def settle(self) -> None:
        """It was read, or is as it was: the next change begins anew."""
        self._restless_since = _NEVER
