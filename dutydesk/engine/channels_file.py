"""``channels.yaml`` as it changes under a running engine: read when it has come to rest, and kept as it last
was while it is faulty or gone."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from dutydesk.engine.at_rest import AtRest
from dutydesk.home.private import read_private
from dutydesk.home.redaction import register_secret
from dutydesk.i18n import N_
from dutydesk.model.blame import whereabouts
from dutydesk.model.errors import ConfigError, DeskError, FaultyFile, NotFound
from dutydesk.notify import channels
from dutydesk.notify.hidden import secrets_of
from dutydesk.notify.spec import ChannelSpec

RETRY: Final = 5.0
"""Seconds after which a file that could not be read is tried again: that may pass without a change to it."""

Specs = Mapping[str, ChannelSpec]
_Stamp = tuple[int, int, int, int, int]
_NEVER: Final = float("-inf")
_GONE: Final = N_("{file} is gone; the channels it stated stay in force.")
_STRANGE: Final = N_("{file} cannot be taken up ({why}): change it back, and report this.")

_log = logging.getLogger(__name__)


class ChannelsFile:
    """``fault`` is why the file as it is now is not in force; ``None`` when it is. ``resting`` is false while
    it is being changed: what it states is not known then. ``unusable`` has the channels of the last reading
    that must not be opened, because their secrets cannot be told, with the place of the fault."""

    def __init__(self, path: Path) -> None:
        self.fault: DeskError | None = None
        self.resting = True
        self.unusable: Mapping[str, str] = {}
        self._path = path
        self._taken: Specs | None = None
        self._read: _Stamp | None = None
        self._read_at = _NEVER
        self._rest = AtRest()

    @property
    def name(self) -> str:
        """Of the file, without where it is."""
        return self._path.name

    def look(self) -> Specs | None:
        """The channels that are to be in force from now on; ``None`` where nothing is to change."""
        now = asyncio.get_running_loop().time()
        stamp = _stamp(self._path)
        changed = self._read_at == _NEVER or stamp != self._read
        if self._read_at != _NEVER and changed and not self._rest.reached(stamp, now):
            self.resting = False
            return None
        self.resting = True
        self._rest.settle()
        if not changed and not self._may_have_passed(now):
            return None
        self._read, self._read_at = stamp, now
        return self._take_up()

    def forget(self) -> None:
        """What was read last could not be put to use: it is read again at the next look."""
        self._read_at = _NEVER

    def _may_have_passed(self, now: float) -> bool:
        """Whether a fault that lies not in what the file says is to be looked at again."""
        if self.fault is None or isinstance(self.fault, FaultyFile):
            return False
        return now >= self._read_at + RETRY

    def _take_up(self) -> Specs | None:
        try:
            specs: Specs = channels.load(read_private(self._path), self._path.name)
        except NotFound:
            if self._taken:
                self.fault = ConfigError(_GONE, file=self._path.name)
                return None
            specs = {}
        except ConfigError as fault:
            self.fault = fault
            return None
        except Exception as strange:  # noqa: BLE001, RUF100 -- its text may hold a secret
            _log.error("%s: %s", self._path.name, whereabouts(strange))
            self.fault = ConfigError(_STRANGE, file=self._path.name, why=whereabouts(strange))
            return None
        self.unusable = _without_known_secrets(specs)
        self.fault = None
        self._taken = specs
        return specs


def _without_known_secrets(specs: Specs) -> dict[str, str]:
    """Makes the secrets of every channel known to the log; returns those where that failed, and why."""
    failed = {}
    for name, spec in specs.items():
        try:
            for secret in secrets_of(spec):
                register_secret(secret)
        except Exception as strange:  # noqa: BLE001, RUF100 -- its text may hold what is secret
            failed[name] = whereabouts(strange)
    return failed


def _stamp(file: Path) -> _Stamp | None:
    try:
        found = os.stat(file)  # noqa: PTH116 -- its five numbers are all that is wanted
    except OSError:
        return None
    return (found.st_ino, found.st_size, found.st_mtime_ns, found.st_mode, found.st_uid)
