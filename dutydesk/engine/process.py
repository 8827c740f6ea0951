"""The engine process over one home directory: its log, its desk, its run."""

from __future__ import annotations

import asyncio
import logging
from typing import Final

from dutydesk.desk.opening import open_desk
from dutydesk.engine.run import EngineOptions, run
from dutydesk.home.logs import start_log
from dutydesk.home.paths import Home
from dutydesk.home.settings import Settings
from dutydesk.model.clock import SystemClock
from dutydesk.model.errors import StoreError
from dutydesk.store.urls import parse

OPENING_TRIES: Final = 20
OPENING_WAIT: Final = 0.5

_log = logging.getLogger(__name__)


async def run_process(home: Home, settings: Settings, *, exit_if_running: bool = False) -> None:
    """Runs the engine of ``home`` until it is told to stop.

    A database that is locked or not reachable is tried for ten seconds. Raises StoreError after that, at once
    where there is no database file, and ConfigError when the log cannot be written.
    """
    start_log(home, "engine")
    desk = None
    for tried in range(1, OPENING_TRIES + 1):
        try:
            desk = await open_desk(home, settings)
            break
        except StoreError as fault:
            _log.error("cannot open the desk (%d): %s", tried, fault)
            if tried == OPENING_TRIES or not _may_come(settings.database_url):
                raise
            await asyncio.sleep(OPENING_WAIT)
    if desk is None:
        return
    options = EngineOptions(
        channels_file=home.channels_file,
        stale_after=settings.stale_after,
        wall=SystemClock(),
        exit_if_running=exit_if_running,
    )
    try:
        await run(desk, options)
    finally:
        await desk.close()
        for warning in desk.warnings:
            _log.warning("%s", warning)


def _may_come(url: str) -> bool:
    """Whether a database that cannot be opened now may be opened in a moment."""
    path = parse(url).path
    return path is None or path.exists()
