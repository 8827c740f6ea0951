"""Opening a desk over a home directory: the composition root that both doors and the engine share."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from dutydesk.desk.desk import Desk
from dutydesk.home.clock import CLOCK_VARIABLE, clock_from
from dutydesk.home.paths import Home
from dutydesk.home.settings import Settings
from dutydesk.model.errors import StoreError
from dutydesk.store.reader import Reader
from dutydesk.store.schema import SchemaState
from dutydesk.store.state import database_state
from dutydesk.store.urls import parse

if TYPE_CHECKING:
    from dutydesk.model.clock import Clock


def prepare(home: Home, settings: Settings) -> None:
    """Makes the database, or brings an older one up to date. Raises StoreError."""
    from dutydesk.store.migrate import migrate

    home.secure()
    migrate(settings.database_url)


async def state_of(settings: Settings) -> SchemaState:
    """Whether the database is absent, current, old, newer or foreign. Raises StoreError."""
    return await database_state(parse(settings.database_url))


async def open_desk(home: Home, settings: Settings, *, clock: Clock | None = None) -> Desk:
    """The desk of ``home``. An older schema is brought up to date first, after a backup copy. Without a
    ``clock``, ``DUTYDESK_CLOCK`` tells which.

    Raises StoreError when there is no database yet, or it cannot be used.
    """
    url = settings.database_url
    state = await database_state(parse(url))
    if state == "absent":
        raise StoreError(
            "There is no desk in {home} yet: `dutydesk init --admin LOGIN --name NAME` sets one up.",
            home=home.directory,
        )
    if state == "old":
        prepare(home, settings)
    return Desk(
        url=url,
        reader=await Reader.open(url),
        clock=clock or clock_from(os.environ.get(CLOCK_VARIABLE)),
        zone=ZoneInfo(settings.timezone),
        reference_dir=home.reference_dir,
        playbook_dir=home.playbook_dir,
        channels_file=home.channels_file,
        session_hours=settings.session_hours,
    )
