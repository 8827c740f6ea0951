"""The desk as one object: what every use case is handed. Heavy parts are made when first needed, so that
a listing, or the first paint of the board, pays for neither the ORM nor the rules."""

from __future__ import annotations

import asyncio
import logging
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from dutydesk.model.clock import Clock
from dutydesk.model.errors import ConfigError, NotFound

if TYPE_CHECKING:
    from dutydesk.model.reference import EventType, Reference
    from dutydesk.playbooks.catalogue import Catalogue
    from dutydesk.store.database import Store
    from dutydesk.store.reader import Reader

_log = logging.getLogger(__name__)


class Desk:
    """One open desk over one database.

    ``warnings`` are the one-line faults that were survived while opening, for a door to show.
    """

    def __init__(
        self,
        *,
        url: str,
        reader: Reader,
        clock: Clock,
        zone: ZoneInfo,
        reference_dir: Path | None = None,
        playbook_dir: Path | None = None,
        channels_file: Path | None = None,
        session_hours: float = 12.0,
    ) -> None:
        self.url = url
        self.reader = reader
        self.clock = clock
        self.zone = zone
        self.session_hours = session_hours
        self.warnings: list[ConfigError] = []
        self.reference_dir = reference_dir
        self._playbook_dir = playbook_dir
        self.channels_file = channels_file
        self._store: Store | None = None
        self._opening = asyncio.Lock()

    @cached_property
    def reference(self) -> Reference:
        """The district's data. A faulty override in the home directory must not keep a report from being
        logged at night: the shipped data then stand in, and ``warnings`` says so."""
        from dutydesk import reference

        try:
            return self.read_reference()
        except ConfigError as fault:
            self._warn(fault)
            return reference.load()

    def read_reference(self) -> Reference:
        """The district's data as the files state them now. Raises ConfigError."""
        from dutydesk import reference

        if self.reference_dir is None or not self.reference_dir.is_dir():
            return reference.load()
        return reference.load(self.reference_dir)

    def adopt(self, reference: Reference) -> None:
        """From now on ``reference`` is what the desk works by."""
        self.__dict__["reference"] = reference

    @cached_property
    def playbooks(self) -> Catalogue:
        """Every playbook, shipped and the home's own; a faulty one is left out and told in ``warnings``."""
        from dutydesk.desk.runs.playbook_files import load_catalogue

        catalogue, faults = load_catalogue(self._playbook_dir)
        for fault in faults:
            self._warn(fault)
        return catalogue

    async def store(self) -> Store:
        """The writing side, opened at the first write. Raises StoreError."""
        async with self._opening:  # several tasks may want it first
            if self._store is None:
                from dutydesk.store.database import Store

                self._store = await Store.open(self.url, clock=self.clock)
            return self._store

    async def close(self) -> None:
        """Lets go of the database. What was committed stays; nothing else is done on closing."""
        if self._store is not None:
            await self._store.close()
        await self.reader.close()

    def event_type(self, code: str) -> EventType:
        """The event type ``code``. Raises NotFound naming the codes there are."""
        try:
            return self.reference.event_types[code]
        except KeyError:
            raise NotFound(
                "There is no event type {code}; the types are: {codes}.",
                code=code,
                codes=" ".join(self.reference.event_types),
            ) from None

    def _warn(self, fault: ConfigError) -> None:
        _log.warning("left out: %s", fault)
        self.warnings.append(fault)
