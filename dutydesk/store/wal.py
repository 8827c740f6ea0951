"""SQLite's write-ahead log: every connection that writes makes sure of it. A copy of a database (a backup put
back, a file from another program) comes without it, and then a reader and a writer shut each other out."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from dutydesk.i18n import N_
from dutydesk.model.errors import StoreError

NO_WAL: Final = N_(
    "The file system that holds {where} cannot keep the write-ahead log the desk needs ({what}): put the "
    "database on a disk of this machine, or use PostgreSQL; nothing was changed."
)
_CANNOT: Final = (
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_READONLY,
)
"""What using the log for the first time ends with where its two files cannot be kept or shared."""


def keep_wal(connection: sqlite3.Connection, path: Path) -> None:
    """Puts the file ``path``, open for writing on ``connection`` and in no transaction, on the write-ahead
    log where it is not. Raises StoreError when its file system cannot hold one, and then puts the file back;
    sqlite3.Error when it cannot be written, or stays locked."""
    if connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
        return
    mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    if mode != "wal":
        raise StoreError(NO_WAL, where=str(path), what=f"journal_mode {mode}")
    try:
        # The log is made only by who uses it: without this, the first report would find that out.
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        primary = error.sqlite_errorcode & 0xFF
        if primary == sqlite3.SQLITE_BUSY:  # whoever holds the lock holds it in the log
            return
        if primary not in _CANNOT:
            raise
        connection.close()
        _put_back(path)
        raise StoreError(NO_WAL, where=str(path), what=str(error)) from error


def _put_back(path: Path) -> None:
    """As far as it goes: a file marked for a log that cannot be kept would not even be read."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(path, isolation_level=None)) as alone:
        alone.execute("PRAGMA locking_mode = EXCLUSIVE")  # needs no memory shared with others
        alone.execute("PRAGMA journal_mode = DELETE")
