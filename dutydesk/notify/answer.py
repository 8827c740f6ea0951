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
        """The body. Many a Chinese gateway answers in GBK, some without saying so."""
        raw = self.raw or b""
        if self.charset.lower() in _CHINESE:
            return raw.decode("gb18030", errors="replace")
        for encoding in ("utf-8-sig", "gb18030"):
            try:
                return raw.decode(encoding)
            except UnicodeDecodeError:
                continue
        return raw.decode("utf-8", errors="replace")


def judge(spec: HttpSpec, answer: Answer, *, hidden: Iterable[str], language: Language) -> Receipt:
    """What ``answer`` means. Its detail gives the gateway's own code and reason, redacted."""
    text = answer.text
    document = _document(text)

    def receipt(outcome: Outcome, why: Text, gateway_id: str = "") -> Receipt:
        if outcome is Outcome.ACCEPTED:
            return Receipt(outcome, why.in_(language).format(status=answer.status), gateway_id)
        code = redacted(_shown(_at(document, spec.code)), hidden)
        reason = redacted(_shown(_at(document, spec.reason)), hidden)
        detail = why.in_(language).format(status=answer.status, code=code, reason=reason, limit=ANSWER_LIMIT)
        wait = answer.retry_after if outcome is Outcome.TRY_AGAIN else None
        return Receipt(outcome, " ".join(detail.split()), "", wait)

    if spec.try_again is not None and _matches(spec.try_again, answer.status, text, document):
        return receipt(Outcome.TRY_AGAIN, reasons.ASKED_TO_WAIT)
    if spec.refused is not None and _matches(spec.refused, answer.status, text, document):
        return receipt(Outcome.REFUSED, reasons.REFUSED_BODY)
    if spec.accepted is None:
        taken = 200 <= answer.status < 300
    else:
        in_order = bool(spec.accepted.status) or 200 <= answer.status < 300
        taken = in_order and _matches(spec.accepted, answer.status, text, document)
    if taken:
        gateway_id = redacted(_shown(_at(document, spec.gateway_id)), hidden, numbers=False)
        return receipt(Outcome.ACCEPTED, reasons.ANSWERED_OK, gateway_id)
    if 200 <= answer.status < 300:
        return _not_taken(spec, answer, document, receipt)
    return _by_status(answer.status, receipt)


def _not_taken(spec: HttpSpec, answer: Answer, document: Any, receipt: MakeReceipt) -> Receipt:
    """A 2xx answer that is not the accepted one."""
    rule = spec.accepted
    if rule is not None and rule.reads_body:
        if answer.raw is None:
            return receipt(Outcome.UNKNOWN, reasons.TOO_LONG)
        if rule.body and document is _NOTHING:
            return receipt(Outcome.UNKNOWN, reasons.UNREADABLE)
        return receipt(Outcome.REFUSED, reasons.REFUSED_BODY)
    return receipt(Outcome.REFUSED, reasons.REFUSED_STATUS)


def _by_status(status: int, receipt: MakeReceipt) -> Receipt:
    if status in _ASKS_TO_WAIT:
        outcome, reason = Outcome.TRY_AGAIN, reasons.GATEWAY_TROUBLE
    elif status >= 500 or status < 200:
        # It failed at some point, or passed the message on and heard nothing: nobody knows how far it came.
        # Below 200 it has not given its answer at all.
        outcome, reason = Outcome.UNKNOWN, reasons.GATEWAY_TROUBLE
    elif 300 <= status < 400:
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
    except ValueError:
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


def _matches(rule: AnswerRule, status: int, text: str, document: Any) -> bool:
    if rule.status and status not in rule.status:
        return False
    for path, wanted in rule.body.items():
        found = _at(document, path)
        choices = wanted if isinstance(wanted, tuple) else (wanted,)
        if not any(_same(found, choice) for choice in choices):
            return False
    return not (rule.text and re.search(rule.text, text) is None)


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
