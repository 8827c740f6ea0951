"""One private, rotating log for each kind of process; every line is redacted, tracebacks too."""

from __future__ import annotations

import logging
import logging.handlers
import os
from datetime import UTC, datetime
from typing import Final

from dutydesk.home.paths import Home
from dutydesk.home.redaction import redact
from dutydesk.model.errors import ConfigError
from dutydesk.model.os_reasons import reason

MAX_BYTES: Final = 2_000_000
KEPT_FILES: Final = 5
_QUIET: Final = ("apprise", "aiosqlite", "sqlalchemy", "asyncio", "alembic", "aiohttp", "urllib3")
"""Libraries whose DEBUG and INFO lines print what they send."""


class RedactingFormatter(logging.Formatter):
    """Redacts the finished line, so that arguments and exception texts are covered as well. Times are UTC."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802, ARG002
        return f"{datetime.fromtimestamp(record.created, UTC):%Y-%m-%dT%H:%M:%S.%f}"


class _PrivateHandler(logging.handlers.RotatingFileHandler):
    """Every file it opens, the next one after a rotation too, is 0600."""

    def _open(self):  # type: ignore[no-untyped-def]
        descriptor = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        if os.name == "posix":
            os.fchmod(descriptor, 0o600)
        return os.fdopen(descriptor, "a", encoding="utf-8", errors="backslashreplace")

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """A line that cannot be written, on a full disk say, is lost. The library would print it, with its
        arguments and nothing taken out, to wherever standard error leads."""


def start_log(home: Home, process: str, *, level: int = logging.INFO) -> logging.Handler:
    """Sends this process's log to ``HOME/logs/PROCESS.log`` (``console``, ``engine``, ``cli``), and nothing
    to the terminal. Starting again replaces the handler. Raises ConfigError when it cannot be written.
    """
    path = home.private_dir(home.log_dir) / f"{process}.log"
    try:
        handler = _PrivateHandler(path, maxBytes=MAX_BYTES, backupCount=KEPT_FILES)
    except OSError as error:
        raise ConfigError("Cannot write {file}: {why}.", file=str(path), why=reason(error)) from error
    handler.setFormatter(RedactingFormatter("%(asctime)sZ %(process)d %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    for old in [each for each in root.handlers if isinstance(each, _PrivateHandler)]:
        root.removeHandler(old)
        old.close()
    root.addHandler(handler)
    root.setLevel(level)
    for library in map(logging.getLogger, _QUIET):
        if library.level == logging.NOTSET:  # somebody may be listening to it at a level of their own
            library.setLevel(max(level, logging.WARNING))
    return handler
