"""A consistent copy of a database in use."""

from __future__ import annotations

import os
from pathlib import Path

from dutydesk.model.errors import Refused, StoreError
from dutydesk.store.dialect import sqlite_connect
from dutydesk.store.errors import opening
from dutydesk.store.state import sqlite_state
from dutydesk.store.urls import parse


def backup(url: str, target: Path) -> None:
    """Copies the database of ``url`` to the file ``target`` (mode 0600) while others go on using it.

    Raises Refused for PostgreSQL, whose own tool does this, and when ``target`` exists or is the database
    itself; StoreError when it cannot be read or written, or when the copy does not pass its check.
    """
    source = parse(url)
    if source.path is None:
        raise Refused(
            "A PostgreSQL database is copied by its own tools: use pg_dump for {where}.", where=source.where
        )
    if target.exists():
        raise Refused("{target} exists already: name a new file for the copy.", target=str(target))
    if sqlite_state(source.path) == "absent":
        raise StoreError(
            "There is no desk database at {where}: run `dutydesk init` first.", where=source.where
        )
    copy_file(source.path, target)


def copy_file(source: Path, target: Path) -> None:
    """Copies the SQLite database ``source`` in one consistent state; ``target`` appears only when it is
    whole and checked, replacing what stood there."""
    partial = target.with_name(f"{target.name}.part")
    with opening(str(target)):
        partial.unlink(missing_ok=True)
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        try:
            with opening(str(source)):
                reading = sqlite_connect(source, read_only=True)
            writing = sqlite_connect(partial)
            try:
                reading.backup(writing)
                writing.execute("PRAGMA journal_mode = DELETE")
                check = writing.execute("PRAGMA quick_check").fetchone()[0]
            finally:
                writing.close()
                reading.close()
            if check != "ok":
                raise StoreError(
                    "The copy of {where} is damaged ({what}): check the disk.", where=str(source), what=check
                )
            _sync(partial)
            partial.replace(target)
            _sync(target.parent)
        finally:
            partial.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
