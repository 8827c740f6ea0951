"""Judges a gateway's answer: taken, refused for good, asked to wait, or not to be known."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from dutydesk.model.enums import Outcome
from dutydesk.model.notices import Receipt
from dutydesk.model.text import Language, Text
from dutydesk.notify import reasons
from dutydesk.notify.http_spec import AnswerRule, HttpSpec
from dutydesk.notify.redact import redacted

ANSWER_LIMIT: Final = 65_536
"""Bytes of an answer that are read."""

_CHINESE: Final = frozenset({"gbk", "gb2312", "gb18030", "cp936"})
_WIDE: Final = frozenset({"utf-16", "utf-16le", "utf-16be", "utf-32", "utf-32le", "utf-32be"})
_ASKS_TO_WAIT: Final = frozenset({408, 425, 429, 503})
"""What says that the request was not carried out (RFC 9110, 6585 and 8470)."""
_NOTHING: Final = object()

MakeReceipt = Callable[[Outcome, Text], Receipt]


@dataclass(frozen=True, slots=True)
class Answer:
    """``raw`` is ``None`` when the body is longer than ANSWER_LIMIT or was cut short. ``charset`` is the one
    that the gateway states."""

    status: int
    raw: bytes | None
    retry_after: float | None = None
    charset: str = ""

    @property
    def text(self) -> str:
        """The body. Many a Chinese gateway answers in GBK, some without saying so. What is no text in either
        stands in it as replacement characters."""
        raw = self.raw or b""
        for encoding in self._encodings:
            try:
                return raw.decode(encoding)
            except UnicodeDecodeError:
                continue
        return raw.decode(self._encodings[0], errors="replace")

    @property
    def readable(self) -> bool:
        """Whether the body came whole and is text: only then does it tell what does *not* stand in it."""
        return self.raw is not None and any(_decodes(self.raw, encoding) for encoding in self._encodings)

    @property
    def _encodings(self) -> tuple[str, ...]:
        stated = self.charset.lower()
        if stated in _CHINESE:
            return ("gb18030",)
        if stated in _WIDE:
            return (stated,)
        return ("utf-8-sig", "gb18030")


def _decodes(raw: bytes, encoding: str) -> bool:
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def judge(spec: HttpSpec, answer: Answer, *, hidden: Iterable[str], language: Language) -> Receipt:
    """What ``answer`` means. Its detail gives the gateway's own code and reason, redacted."""
    document = _document(answer.text)

    def receipt(outcome: Outcome, why: Text, gateway_id: str = "") -> Receipt:
        if outcome is Outcome.ACCEPTED:
            return Receipt(outcome, why.in_(language).format(status=answer.status), gateway_id)
        code = redacted(_shown(_at(document, spec.code)), hidden)
        reason = redacted(_shown(_at(document, spec.reason)), hidden)
        detail = why.in_(language).format(status=answer.status, code=code, reason=reason, limit=ANSWER_LIMIT)
        wait = answer.retry_after if outcome is Outcome.TRY_AGAIN else None
        return Receipt(outcome, " ".join(detail.split()), "", wait)

    said_otherwise = True
    for rule, outcome, why in (
        (spec.try_again, Outcome.TRY_AGAIN, reasons.ASKED_TO_WAIT),
        (spec.refused, Outcome.REFUSED, reasons.REFUSED_BODY),
    ):
        verdict = _verdict(rule, answer, document)
        if verdict:
            return receipt(outcome, why)
        said_otherwise = said_otherwise and verdict is False
    in_order = 200 <= answer.status < 300
    rule = spec.accepted
    taken = in_order if rule is None else (in_order or bool(rule.status)) and _verdict(rule, answer, document)
    if taken and (said_otherwise or (rule is not None and rule.reads_body)):
        gateway_id = redacted(_shown(_at(document, spec.gateway_id)), hidden, numbers=False)
        return receipt(Outcome.ACCEPTED, reasons.ANSWERED_OK, gateway_id)
    if taken or taken is None:
        return receipt(Outcome.UNKNOWN, _unread(answer))
    if not in_order:
        return _by_status(answer.status, receipt)
    if rule is None or not rule.reads_body:
        return receipt(Outcome.REFUSED, reasons.REFUSED_STATUS)
    if _explains(spec, document):
        return receipt(Outcome.REFUSED, reasons.REFUSED_BODY)
    return receipt(Outcome.UNKNOWN, reasons.UNREADABLE)


def _unread(answer: Answer) -> Text:
    return reasons.TOO_LONG if answer.raw is None else reasons.UNREADABLE


def _explains(spec: HttpSpec, document: Any) -> bool:
    """Whether an answer that is not the accepted one is a refusal, and not something else altogether: it has
    the value that is looked at, or the code or the reason that the gateway gives."""
    rule = spec.accepted
    paths = (spec.code, spec.reason, *(rule.body if rule else ()))
    if rule is not None and not rule.body:
        return True
    return any(_plain(_at(document, path)) for path in paths)


def _by_status(status: int, receipt: MakeReceipt) -> Receipt:
    if status in _ASKS_TO_WAIT:
        outcome, reason = Outcome.TRY_AGAIN, reasons.GATEWAY_TROUBLE
    elif status >= 500 or status < 200:
        # It failed at some point, or passed the message on and heard nothing: nobody knows how far it came.
        # Below 200 it has not given its answer at all.
        outcome, reason = Outcome.UNKNOWN, reasons.GATEWAY_TROUBLE
    elif 300 <= status < 400 and status != 304:
        outcome, reason = Outcome.REFUSED, reasons.REDIRECTED
    else:
        outcome, reason = Outcome.REFUSED, reasons.REFUSED_STATUS
    return receipt(outcome, reason)


def retry_after(header: str | None, now: datetime) -> float | None:
    """Seconds that a ``Retry-After`` header asks for, given as seconds or as a date; ``None`` when
    unusable."""
    if not header:
        return None
    if re.fullmatch(r"\d{1,9}", header.strip()):
        return float(header)
    try:
        when = parsedate_to_datetime(header)
    except (ValueError, OverflowError):
        return None
    if when.tzinfo is None:
        return None
    return max(0.0, (when - now).total_seconds())


def _document(text: str) -> Any:
    if text.lstrip()[:1] not in ("{", "["):
        return _NOTHING
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return _NOTHING


def _at(document: Any, path: str) -> Any:
    """The value at a dotted path of a JSON document; a number steps into a list."""
    if not path or document is _NOTHING:
        return _NOTHING
    for step in path.split("."):
        if isinstance(document, dict) and step in document:
            document = document[step]
        elif isinstance(document, list) and step.isdecimal() and int(step) < len(document):
            document = document[int(step)]
        else:
            return _NOTHING
    return document


def _shown(value: Any) -> str:
    if value is _NOTHING or value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)[:400]


def _verdict(rule: AnswerRule | None, answer: Answer, document: Any) -> bool | None:
    """Whether the answer is as ``rule`` states; ``None`` when that stands in a body that cannot be read."""
    if rule is None or (rule.status and answer.status not in rule.status):
        return False
    if not rule.reads_body:
        return True
    if answer.status == 204:
        return False  # it has no body in which anything could stand
    verdicts = []
    if rule.body:
        verdicts.append(None if document is _NOTHING else _has_all(rule, document))
    if rule.text:
        found = re.search(rule.text, answer.text) is not None
        verdicts.append(found if answer.readable or (found and answer.raw is not None) else None)
    if False in verdicts:
        return False
    return None if None in verdicts else True


def _has_all(rule: AnswerRule, document: Any) -> bool:
    for path, wanted in rule.body.items():
        found = _at(document, path)
        choices = wanted if isinstance(wanted, tuple) else (wanted,)
        if not any(_same(found, choice) for choice in choices):
            return False
    return True


def _plain(value: Any) -> bool:
    return value is not _NOTHING and value is not None and not isinstance(value, dict | list)


def _same(found: Any, wanted: Any) -> bool:
    """Equal, where a gateway's "0" is its 0 and true is not 1."""
    if (
        found is _NOTHING
        or isinstance(found, bool)
        or isinstance(wanted, bool)
        or found is None
        or wanted is None
    ):
        return found is wanted
    if isinstance(found, dict | list):
        return False
    return bool(found == wanted) or str(found) == str(wanted)
