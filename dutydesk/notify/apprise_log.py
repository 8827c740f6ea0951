"""Listens to what Apprise says of a send, and lets none of it out: its log lines carry webhook secrets and
addresses. Its reason for a failure is only to be had there."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Iterator
from typing import Final

from dutydesk.model.enums import Outcome

_HTTP_STATUS: Final = re.compile(
    r"error[=: ]+(\d{3})\b|failed: (\d{3})\b|HTTP[ /]?(?:1\.\d )?(\d{3})\b", re.IGNORECASE
)
_FAULT: Final = "Socket Exception"
"""So begins a line with a fault that was raised here."""
_SMTP_CODE: Final = re.compile(r"Socket Exception: (?:\{.+?: )?\((\d{3}), b['\"]")
_NO_CONNECTION: Final = r"(?:NewConnectionError|ConnectTimeoutError|NameResolutionError)\("
_NOTHING_LEFT: Final = re.compile(
    # The URL in such a line is quoted: it has no blank and cannot look like the cause.
    r"Socket Exception: HTTPS?ConnectionPool\(host='[^']*', port=\d+\): "
    r"Max retries exceeded with url: \S* \(Caused by (?:"
    rf"{_NO_CONNECTION}"
    rf"|ProxyError\('[\w .]+', (?:{_NO_CONNECTION}|OSError\('Tunnel connection failed)"
    # Every other fault of TLS looks the same before the request and after it.
    r"|SSLError\(SSLCertVerificationError\()"
    r"|Socket Exception: \[Errno -?\d+\] "
    r"(?:Connection refused|Name or service not known|Temporary failure in name resolution)"
)
"""The faults that prove that there never was a connection for the message to leave by."""
_NOT_HANDED_OVER: Final = "Connection error while submitting email"
"""Said by the e-mail plugin, before the fault, of one that came while it connected or signed in."""
_NOT_DONE: Final = ("There are no Email recipients", "not configured", "No message body")
_TAKEN: Final = re.compile(
    r"(?:Sent|Send|Queued|Rang|Posting|Uploaded)\b|.*\bsent successfully"
    # The mail server took the mail for another of its recipients.
    r"|SMTP recipient .* was refused: ",
    re.DOTALL,
)
"""What Apprise says where something of the message is out."""
_TELLING: Final = ("urllib3", "requests", "charset_normalizer", "requests_oauthlib", "oauthlib")
"""The loggers of what Apprise sends by."""
_MOST: Final = 100
"""Lines of one send that are listened to."""


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

    def __init__(self, said: Said) -> None:
        super().__init__()
        self._said = said

    def filter(self, record: logging.LogRecord) -> bool:
        lines = self._said.lines
        if lines is not None and len(lines) < _MOST and self._tells(record):
            lines.append(record.getMessage()[:2000])
        return False

    def _tells(self, record: logging.LogRecord) -> bool:
        text = str(record.msg)
        if record.levelno == logging.INFO:
            return _TAKEN.match(text) is not None
        return record.levelno >= logging.WARNING or text.startswith(_FAULT)


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
    for noisy in _TELLING:
        # These write the path of a URL, urllib3 in a warning of an answer's headers too.
        logging.getLogger(noisy).setLevel(logging.CRITICAL)
    return said


def outcome_of(lines: list[str]) -> tuple[Outcome, str]:
    """What a failed send came to by what Apprise said of it, with the service's code where it gave one.

    It counts as not sent, or as refused, only where everything that was said proves it: a plugin may send
    several requests, and what one of them took is out.
    """
    if len(lines) >= _MOST or any(_TAKEN.match(line) for line in lines):
        return Outcome.UNKNOWN, ""
    faults = list(_faults_in(lines))
    for outcome in (Outcome.UNKNOWN, Outcome.TRY_AGAIN, Outcome.REFUSED):
        for fault in faults:
            if fault[0] is outcome:
                return fault
    if any(sign in line for line in lines for sign in _NOT_DONE):
        return Outcome.REFUSED, ""
    return Outcome.UNKNOWN, ""


def _faults_in(lines: list[str]) -> Iterator[tuple[Outcome, str]]:
    for before, line, after in zip(["", *lines], lines, [*lines[1:], ""], strict=False):
        if line.startswith(_FAULT):
            yield _fault(line, handed_over=not before.startswith(_NOT_HANDED_OVER))
        elif not after.startswith(_FAULT) and (found := _HTTP_STATUS.search(line)):
            # What goes before a fault tells the same in other words, with a host or an address in it.
            code = next(group for group in found.groups() if group)
            yield _by_status(int(code)), code


def _fault(line: str, *, handed_over: bool) -> tuple[Outcome, str]:
    if found := _SMTP_CODE.match(line):
        outcome = _by_reply(int(found[1]))
        return outcome, "" if outcome is Outcome.UNKNOWN else found[1]
    if not handed_over or _NOTHING_LEFT.match(line):
        return Outcome.TRY_AGAIN, ""
    return Outcome.UNKNOWN, ""


def _by_reply(code: int) -> Outcome:
    """RFC 5321: 4xx is for now, 5xx is for good. Another code where one of these was due proves nothing."""
    if 400 <= code < 500:
        return Outcome.TRY_AGAIN
    return Outcome.REFUSED if 500 <= code < 600 else Outcome.UNKNOWN


def _by_status(code: int) -> Outcome:
    if code in (408, 425, 429, 503):
        return Outcome.TRY_AGAIN
    if code >= 500 or code < 300:
        return Outcome.UNKNOWN
    return Outcome.REFUSED
