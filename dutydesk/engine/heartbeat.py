"""The heartbeat: shows that the engine lives, hears the order to stop, and notices when the desk's database
is gone."""

from __future__ import annotations

import asyncio
import logging
import os
from functools import partial
from pathlib import Path

from dutydesk.desk.engine import lease
from dutydesk.engine.steady import steadily
from dutydesk.engine.work import Work

_log = logging.getLogger(__name__)


class DatabaseFile:
    """The SQLite file as it was when the engine started; nothing to watch for PostgreSQL."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._identity = None if path is None else _identity(path)

    @property
    def gone(self) -> bool:
        """Whether the file was removed or another one put in its place: writing on would reach nobody. One
        that cannot be looked at for a moment is not gone."""
        if self._path is None:
            return False
        try:
            return _identity(self._path) != self._identity
        except FileNotFoundError:
            return True
        except OSError:
            return False


async def run_heartbeat(work: Work, file: DatabaseFile, *, until: asyncio.Event) -> None:
    """Beats until ``until`` is set, which is after the loops have ended. Raises LeaseLost."""
    while not until.is_set():
        if file.gone:
            _log.warning("the database is gone: nothing is left to do")
            work.pulse.stop()
            return
        asked = await steadily("the heartbeat", partial(_beat, work), work.pulse)
        if asked and not work.pulse.stopping:
            _log.info("asked to stop")
            work.pulse.stop()
        try:
            async with asyncio.timeout(lease.HEARTBEAT_EVERY.total_seconds()):
                await until.wait()
        except TimeoutError:
            continue


async def _beat(work: Work) -> bool:
    began = work.tenure.moment()
    asked = await lease.beat(await work.desk.store(), work.actor, work.me, work.wall)
    work.tenure.renew(began)
    return asked


def _identity(path: Path) -> tuple[int, int]:
    found = os.stat(path)  # noqa: PTH116 -- two of its numbers are all that is wanted
    return (found.st_dev, found.st_ino)
