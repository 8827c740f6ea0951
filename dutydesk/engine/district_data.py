"""The district's own data as they change under a running engine: whoever corrects whom to tell must not have
to think of restarting it."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from dutydesk.desk.engine import files
from dutydesk.engine.at_rest import AtRest
from dutydesk.engine.work import Work
from dutydesk.model.errors import ConfigError

_Stamp = tuple[tuple[str, int, int, int], ...]
_log = logging.getLogger(__name__)


class DistrictData:
    """What is in force was read at ``_stamp``; faulty data leave it in force."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._rest = AtRest()
        self._stamp = _stamp(work.desk.reference_dir)

    async def refresh(self) -> None:
        """Takes up the overrides where they have changed. Raises LeaseLost, StoreError."""
        work = self._work
        stamp = _stamp(work.desk.reference_dir)
        if stamp != self._stamp and not self._rest.reached(stamp, asyncio.get_running_loop().time()):
            return
        self._rest.settle()
        if stamp == self._stamp:
            return
        try:
            reference = await asyncio.to_thread(work.desk.read_reference)
        except ConfigError as fault:
            _log.error("the district's data are not taken up: %s", fault)
            await files.tell_faulty(work.desk, work.actor, work.me, "reference", fault)
        except Exception:
            # A fault of the desk's own: the timers want firing all the same.
            _log.exception("the district's data could not be read")
        else:
            changed = [name for name, *_ in stamp]
            await files.tell_taken_up(work.desk, work.actor, work.me, "reference", {"files": changed})
            work.desk.adopt(reference)
            _log.info("the district's data were taken up anew")
        self._stamp = stamp


def _stamp(directory: Path | None) -> _Stamp:
    if directory is None:
        return ()
    found: list[tuple[str, int, int, int]] = []
    try:
        for path in directory.iterdir():
            if path.suffix in (".yaml", ".yml"):
                stat = path.stat()
                found.append((path.name, stat.st_ino, stat.st_size, stat.st_mtime_ns))
    except OSError:
        return tuple(sorted(found))  # it is being changed: the next look finds another stamp
    return tuple(sorted(found))
