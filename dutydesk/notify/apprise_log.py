"""Listens to what Apprise says of a send, and lets none of it out: its log lines carry webhook secrets and
addresses. Its reason for a failure is only to be had there."""

from __future__ import annotations

import logging
import re
import threading
from typing import Final

from dutydesk.model.enums import Outcome

_HTTP_STATUS: Final = re.compile(
    r"error[=: ]+(\d{3})\b|failed: (\d{3})\b|HTTP[ /]?(?:1\.\d )?(\d{3})\b", re.IGNORECASE
)
_SMTP_CODE: Final = re.compile(r"\(([2345]\d{2}), b?['\"]|refused: ([2345]\d{2}) ")
_NOTHING_LEFT: Final = (
    "NewConnectionError",
    "ConnectTimeoutError",
    "NameResolutionError",
    "SSLError",
    "CERTIFICATE_VERIFY_FAILED",
    "Connection refused",
    "No route to host",
    "Network is unreachable",
    "Name or service not known",
    "Temporary failure in name resolution",
    # Said by the e-mail plugin of a fault before the message was handed over: connecting or signing in.
    "Connection error while submitting email",
)
_NOT_DONE: Final = ("There are no Email recipients", "not configured", "No message body")


class Said(threading.local):
    """What was said on this thread since ``begin``; nothing where no send is under way."""

    def __init__(self) -> None:
        self.lines: list[str] | None = None

    def begin(self) -> None:
        self.lines = []

    def end(self) -> list[str]:
        lines, self.lines = self.lines or [], None
        return lines


class Listener(logging.Filter):
    """Sits on Apprise's logger, where a filter sees every record before any handler, and passes none on."""

    _WORTH: Final = ("Socket Exception", "Connecting")

    def __init__(self, said: Said) -> None:
        super().__init__()
        self._said = said

    def filter(self, record: logging.LogRecord) -> bool:
        lines = self._said.lines
        if lines is not None and len(lines) < 20:
            text = str(record.msg)
            if record.levelno >= logging.WARNING or text.startswith(self._WORTH):
                lines.append(record.getMessage()[:2000])
        return False


def listen() -> Said:
    """Puts the listener on Apprise's logger, once for the process."""
    logger = logging.getLogger("apprise")
    for present in logger.filters:
        if isinstance(present, Listener):
            return present._said
    said = Said()
    logger.addFilter(Listener(said))
    # Only at this level does Apprise say why a connection failed. The listener lets nothing out.
    logger.setLevel(logging.DEBUG)
    for noisy in ("urllib3", "requests", "charset_normalizer"):
        # These write the path of a URL, which may be a secret.
        logging.getLogger(noisy).setLevel(logging.WARNING)
    return said


def outcome_of(lines: list[str]) -> tuple[Outcome, str]:
    """What a failed send came to by what Apprise said of it, with the service's code where it gave one."""
    text = "\n".join(lines)
    code = _code_in(text)
    if code is not None:
        return _by_code(code, smtp=_SMTP_CODE.search(text) is not None), str(code)
    if any(sign in text for sign in _NOTHING_LEFT):
        return Outcome.TRY_AGAIN, ""
    if any(sign in text for sign in _NOT_DONE):
        return Outcome.REFUSED, ""
    return Outcome.UNKNOWN, ""


def _code_in(text: str) -> int | None:
    for pattern in (_SMTP_CODE, _HTTP_STATUS):
        if found := pattern.search(text):
            return int(next(group for group in found.groups() if group))
    return None


def _by_code(code: int, *, smtp: bool) -> Outcome:
    if smtp:
        # RFC 5321: 4xx is for now, 5xx is for good.
        return Outcome.TRY_AGAIN if 400 <= code < 500 else Outcome.REFUSED
    if code in (408, 425, 429, 503):
        return Outcome.TRY_AGAIN
    if code >= 500 or code < 300:
        return Outcome.UNKNOWN
    return Outcome.REFUSED
