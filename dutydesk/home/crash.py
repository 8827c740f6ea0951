"""What is left of a crash: a redacted report in a private file, and one line for the terminal."""

from __future__ import annotations

import platform
import sys
import traceback
from datetime import UTC, datetime
from os import getpid

from dutydesk.home.paths import Home
from dutydesk.home.private import write_private
from dutydesk.home.redaction import redact
from dutydesk.i18n import _
from dutydesk.model.errors import DeskError


def report(error: BaseException, home: Home | None) -> str:
    """Writes ``HOME/crash-*.txt`` (0600) and returns the line to show, in the language in use.

    The file has the traceback without local variables and without source text from outside, telephone
    numbers and secrets taken out. Never raises: where the file cannot be written, the line says so.
    """
    kind = type(error).__name__
    if home is None:
        return _("An internal error stopped this ({kind}); no home directory to keep a report in.", kind=kind)
    # The wall clock, not the desk's: a rehearsal's time would not tell when this machine failed.
    now = datetime.now(UTC)
    path = home.directory / f"crash-{now:%Y%m%dT%H%M%S%f}-{getpid()}.txt"
    try:
        write_private(path, _text(error, now))
    except DeskError as unwritten:
        return _(
            "An internal error stopped this ({kind}); its report could not be kept: {why}",
            kind=kind,
            why=str(unwritten),
        )
    return _(
        "An internal error stopped this ({kind}); what happened is in {file}.", kind=kind, file=str(path)
    )


def _text(error: BaseException, now: datetime) -> str:
    from dutydesk import __version__

    told = traceback.TracebackException.from_exception(error, capture_locals=False, limit=-60)
    lines = [
        f"dutydesk {__version__}, Python {platform.python_version()}, {sys.platform}, {now:%FT%TZ}",
        *told.format(chain=True),
    ]
    return redact("\n".join(line.rstrip("\n") for line in lines) + "\n")
