"""Files that hold secrets: read only when nobody else can, written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from pathlib import Path

from dutydesk.model.errors import ConfigError, NotFound
from dutydesk.model.os_reasons import reason


def read_private(path: Path) -> str:
    """The text of ``path`` (UTF-8).

    Raises NotFound when it is absent, and ConfigError when it is no plain file, belongs to another user,
    has any permission for group or others, or is not UTF-8.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError as error:
        raise NotFound("There is no file {file}.", file=str(path)) from error
    except OSError as error:
        raise ConfigError("Cannot read {file}: {why}.", file=str(path), why=reason(error)) from error
    try:
        # The open file is judged, not the path: nothing can be swapped in between.
        _refuse_open_to_others(path, os.fstat(descriptor))
        with os.fdopen(descriptor, "rb", closefd=False) as opened:
            content = opened.read()
    finally:
        os.close(descriptor)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError("{file} is not UTF-8: save it in UTF-8.", file=str(path)) from error


def write_private(path: Path, content: str | bytes) -> None:
    """Puts ``content`` at ``path``, 0600, on disk before this returns; a crash leaves old or new.

    Raises ConfigError when it cannot be written; the old file is then untouched.
    """
    data = content.encode() if isinstance(content, str) else content
    try:
        descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise _cannot_write(path, error) from error
    try:
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(data)
            opened.flush()
            os.fsync(descriptor)
        Path(temporary).replace(path)
        _sync_directory(path.parent)
    except OSError as error:
        raise _cannot_write(path, error) from error
    finally:
        with contextlib.suppress(FileNotFoundError):
            Path(temporary).unlink()


def remove_private(path: Path) -> bool:
    """Removes ``path``; whether there was one. Raises ConfigError when it cannot be removed."""
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise ConfigError("Cannot remove {file}: {why}.", file=str(path), why=reason(error)) from error
    _sync_directory(path.parent)
    return True


def _cannot_write(path: Path, error: OSError) -> ConfigError:
    return ConfigError("Cannot write {file}: {why}.", file=str(path), why=reason(error))


def _refuse_open_to_others(path: Path, found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise ConfigError("{file} is not a plain file.", file=str(path))
    if os.name != "posix":
        return
    if found.st_uid != os.geteuid():
        raise ConfigError("{file} belongs to another user: make a file of your own.", file=str(path))
    mode = stat.S_IMODE(found.st_mode)
    if mode & 0o077:
        raise ConfigError(
            "Others may use {file} (mode {mode}), which holds secrets: type `chmod 600 {file}`.",
            file=str(path),
            mode=f"{mode:04o}",
        )


def _sync_directory(directory: Path) -> None:
    """The rename itself must survive a power cut."""
    if os.name != "posix":
        return
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
