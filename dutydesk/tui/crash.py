"""A crash leaves a report that can be handed to a developer: no local variables, no names, no phone
numbers."""

from __future__ import annotations

import os
import platform
import re
import sys
import traceback
from datetime import datetime
from pathlib import Path

from dutydesk import __version__

_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|‘[^’]*’|“[^”]*”|「[^」]*」")
_DIGITS = re.compile(r"\d[\d\- ]{3,}\d")
_CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")


def redacted(message: str) -> str:
    """``message`` without what it may quote: texts in quotation marks, long numbers, Chinese."""
    for pattern, stand_in in ((_QUOTED, "'...'"), (_DIGITS, "#"), (_CHINESE, "<zh>")):
        message = pattern.sub(stand_in, message)
    return message[:500]


def report(error: BaseException, at: datetime) -> str:
    """The report's text: versions, the kinds and redacted words of the errors, and where they happened."""
    lines = [
        f"dutydesk {__version__}, Python {platform.python_version()}, {platform.system()}",
        f"TERM={os.environ.get('TERM', '')} at {at.isoformat()}",
    ]
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        lines += ["", f"{type(current).__module__}.{type(current).__qualname__}: {redacted(str(current))}"]
        lines += [
            f"  {frame.filename}:{frame.lineno} in {frame.name}"
            for frame in traceback.extract_tb(current.__traceback__)
        ]
        current = current.__cause__ or current.__context__
    return "\n".join(lines) + "\n"


def write(error: BaseException, directory: Path, at: datetime) -> Path | None:
    """Writes the report, readable by its owner only; ``None`` when even that fails, which is then said on
    stderr: whoever is crashing has nobody left to raise to."""
    path = directory / f"crash-{at.strftime('%Y%m%dT%H%M%S')}-{os.getpid()}.txt"
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(
            os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
        ) as file:
            file.write(report(error, at))
    except OSError as trouble:
        sys.stderr.write(f"dutydesk: the crash report could not be written: {trouble.strerror}\n")
        return None
    return path
