"""Turns what the database drivers raise into the desk's own one-line refusals, at the store's boundary."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from dutydesk.i18n import N_
from dutydesk.model.errors import DeskError, StoreError
from dutydesk.model.os_reasons import reason
from dutydesk.store.schema import foreign
from dutydesk.store.wal import NO_WAL

_LOCKED = N_(
    "The database {where} stayed locked by another program longer than the time-out: "
    "close that program or try again; nothing was changed."
)
_READ_ONLY = N_(
    "The database {where} cannot be written: check the permissions of the file and of its directory."
)
_FULL = N_("The disk that holds {where} is full: free some space and repeat; nothing was changed.")
_CORRUPT = N_(
    "The database {where} is damaged ({what}): stop dutydesk, keep the file, and put your newest copy in its "
    "place; an upgrade leaves one beside it, named .before-…."
)
_CANNOT_OPEN = N_("The database {where} cannot be opened: check that it exists and that you may read it.")
_UNREACHABLE = N_(
    "The database {where} cannot be reached ({what}): check that it runs and that its URL is right."
)
_NO_PLACE = N_("The database {where} cannot be opened: {what}; check its path.")
_IO = N_("The disk failed while using {where} ({what}): check the disk before going on.")
_NO_ROOM = N_(
    "{where} could not be written to the end ({what}): check that its disk is not full and that no limit on "
    "the size of files is in the way; nothing was changed."
)
_SILENT = N_(
    "The database {where} does not answer: nobody knows whether the last change was recorded; "
    "check the network, and look before you repeat it."
)
_REFUSED = N_("The database {where} refused the change ({what}); nothing was changed.")

_SQLITE_MESSAGES = {
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_PERM: _READ_ONLY,
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_CORRUPT: _CORRUPT,
    sqlite3.SQLITE_CANTOPEN: _CANNOT_OPEN,
    sqlite3.SQLITE_IOERR: _IO,
    sqlite3.SQLITE_PROTOCOL: NO_WAL,
}
_SQLITE_EXTENDED_MESSAGES = {
    sqlite3.SQLITE_IOERR_WRITE: _NO_ROOM,
    sqlite3.SQLITE_IOERR_TRUNCATE: _NO_ROOM,
    sqlite3.SQLITE_IOERR_SHMSIZE: _NO_ROOM,
    sqlite3.SQLITE_IOERR_SHMOPEN: NO_WAL,
    sqlite3.SQLITE_IOERR_SHMMAP: NO_WAL,
    sqlite3.SQLITE_IOERR_SHMLOCK: NO_WAL,
}
_NO_SCHEMA = ("no such table", "no such column", "no such index", "malformed database schema")
"""How SQLite says that somebody took away a part of the schema."""
# SQLSTATE classes, PostgreSQL documentation, appendix A
_SQLSTATE_MESSAGES = {
    "53100": _FULL,
    "55P03": _LOCKED,
    "25006": _READ_ONLY,
    "42501": _READ_ONLY,
    "XX001": _CORRUPT,
    "42P01": _CORRUPT,
    "42703": _CORRUPT,
}
_ERRNO_MESSAGES = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EFBIG: _FULL,
    errno.EROFS: _READ_ONLY,
    errno.EACCES: _READ_ONLY,
    errno.EPERM: _READ_ONLY,
    errno.ENOENT: _NO_PLACE,
    errno.ENOTDIR: _NO_PLACE,
    errno.EISDIR: _NO_PLACE,
    errno.ENAMETOOLONG: _NO_PLACE,
    errno.ELOOP: _NO_PLACE,
    errno.EIO: _IO,
}


def is_busy(error: BaseException) -> bool:
    """Whether ``error`` is SQLite saying that another connection holds the lock."""
    code: int | None = getattr(_driver_error(error), "sqlite_errorcode", None)
    return code is not None and code & 0xFF == sqlite3.SQLITE_BUSY


def refused_change(error: StoreError) -> bool:
    """Whether the database is well and took exception to what was to be written."""
    return error.msgid == _REFUSED


def translate(error: BaseException, where: str) -> DeskError | None:
    """The refusal for a driver's error, or ``None`` for an error that is none of the database's."""
    cause = _driver_error(error)
    if isinstance(cause, TimeoutError) and not cause.errno:
        return StoreError(_SILENT, where=where)
    what = " ".join(str(cause).split())
    if isinstance(cause, sqlite3.Error):
        code: int = getattr(cause, "sqlite_errorcode", None) or 0
        primary = code & 0xFF
        if primary == sqlite3.SQLITE_NOTADB:
            return foreign(where)
        if primary == sqlite3.SQLITE_ERROR and what.startswith(_NO_SCHEMA):
            return StoreError(_CORRUPT, where=where, what=what)
        message = _SQLITE_EXTENDED_MESSAGES.get(code) or _SQLITE_MESSAGES.get(primary, _REFUSED)
        return StoreError(message, where=where, what=what)
    if isinstance(cause, UnicodeDecodeError):  # the driver stumbles over its own message about a damaged page
        return StoreError(_CORRUPT, where=where, what="bytes that are no text")
    sqlstate = getattr(cause, "sqlstate", None)
    if isinstance(sqlstate, str):
        unreachable = sqlstate[:2] in ("08", "28", "3D", "57")
        default = _UNREACHABLE if unreachable else _REFUSED
        return StoreError(_SQLSTATE_MESSAGES.get(sqlstate, default), where=where, what=what)
    if type(cause).__module__.startswith("asyncpg"):
        return StoreError(_UNREACHABLE, where=where, what=what)
    if hasattr(error, "orig"):
        return StoreError(_REFUSED, where=where, what=what)
    return None


def translate_os(error: OSError, where: str) -> StoreError:
    """The refusal for an error of the operating system while opening or copying a database."""
    return StoreError(_ERRNO_MESSAGES.get(error.errno or 0, _UNREACHABLE), where=where, what=reason(error))


@contextmanager
def speaking_plainly(where: str) -> Iterator[None]:
    """Driver errors raised inside leave as a StoreError about ``where``; all others as they are."""
    try:
        yield
    except DeskError:
        raise
    except Exception as error:
        refusal = translate(error, where)
        if refusal is None:
            raise
        raise refusal from error


@contextmanager
def opening(where: str) -> Iterator[None]:
    """Like :func:`speaking_plainly`, and for the operating system's errors too."""
    with speaking_plainly(where):
        try:
            yield
        except OSError as error:
            raise translate_os(error, where) from error


def _driver_error(error: BaseException) -> BaseException:
    """The driver's own exception beneath SQLAlchemy's wrapping, told by shape to keep SQLAlchemy unloaded."""
    original = getattr(error, "orig", None)
    if isinstance(original, BaseException):
        inner = original.__cause__
        if not isinstance(original, sqlite3.Error) and isinstance(inner, BaseException):
            return inner
        return original
    return error
