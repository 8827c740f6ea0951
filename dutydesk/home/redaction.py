"""Takes telephone numbers, addresses, tokens and secrets out of a text before it reaches a log or a crash
file. It would rather take out too much: a log is for what happened, the journal for whom."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote

MASK: Final = "***"
SHORTEST_SECRET: Final = 4

_LOCAL_SCHEMES: Final = frozenset({"sqlite", "file"})
_HOST_SCHEMES: Final = frozenset(
    {
        "http",
        "https",
        "ws",
        "wss",
        "ftp",
        "postgres",
        "postgresql",
        "postgresql+asyncpg",
        "smtp",
        "smtps",
        "mqtt",
    }
)
"""Schemes whose host is a host. In the others (``bark://KEY``) even that may be the secret."""

# Every repetition that begins a pattern is bounded or left out: over a long word it would be tried from each
# of its letters, and a log line must not cost minutes.
_URL: Final = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]{0,31})://(?P<rest>[^\s\"'<>，。；）】]*)")
_NAMED_SECRET: Final = re.compile(
    r"(?P<name>(?:token|secret|passwd|password|pwd|api[_-]?key|access[_-]?key|signature|cookie)[\w.-]{0,64}"
    r"|(?<![A-Za-z0-9])(?:key|sign|pin|auth))"
    r"(?P<gap>[\"']?\s*[=:：]\s*[\"']?)(?P<value>[^\s\"'&,;，；}\])]+)",
    re.IGNORECASE,
)
_AUTHORIZATION: Final = re.compile(r"\b(?P<how>Bearer|Basic)\s+[A-Za-z0-9._~+/=-]+", re.IGNORECASE)
_PARAMETERS: Final = re.compile(r"\[parameters:.*?\](?=\s*(?:\n|$|\())|\[parameters:.*", re.DOTALL)
_MAIL: Final = re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_SEPARATORS: Final = r"[-\s.·‐‑–—－()（）]{0,2}"
_MOBILE: Final = re.compile(
    rf"(?<!\d)(?:[+＋]?(?:00)?86{_SEPARATORS})?[1１][3-9３-９]\d(?:{_SEPARATORS}\d){{8}}(?!\d)"
)
_LANDLINE: Final = re.compile(
    rf"(?<!\d)[(（]?(?:[+＋]?(?:00)?86{_SEPARATORS}0?|[0０])(?:10|2\d|[3-9]\d{{2}}){_SEPARATORS}"
    rf"[2-9](?:{_SEPARATORS}\d){{6,7}}(?!\d)"
)
# Without an area code a number looks like any other. What stays: pieces of a longer number, a decimal or a
# hex digest, money and sizes, a day (20261126), a span of years, and the process id that heads a log line.
_GAP: Final = r"[-\s·‐‑–—－]{0,3}"
_BEFORE: Final = r"(?<![\dA-Fa-fxX¥￥$])(?<!\d\.)"
_AFTER: Final = (
    r"(?!(?!ext)[\dA-Fa-f]|\.\d|\s?(?:元|块钱|yuan\b|bytes?\b|[kKMG]i?B\b|ms\b|s\b)"
    r"| (?:DEBUG|INFO|WARNING|ERROR|CRITICAL) )"
)
_DAY: Final = r"(?!20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)|20\d\d\s?[-–—－~]\s?20\d\d(?!\d))"
_HOTLINE: Final = re.compile(rf"{_BEFORE}[48４８][0０]{{2}}(?:{_GAP}\d){{7}}{_AFTER}")
_LOCAL: Final = re.compile(rf"{_BEFORE}{_DAY}[2-9２-９]\d{{2,3}}{_GAP}\d{{4}}{_AFTER}")


class Redactor:
    """Knows the secrets of one process, besides the patterns everybody knows."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets: set[str] = set()
        self._pattern: re.Pattern[str] | None = None
        for secret in secrets:
            self.register(secret)

    def register(self, secret: str) -> None:
        """Has ``secret`` (and its spelling inside a URL) taken out from now on. What is shorter than four
        characters would take out half of every text, and is left to the patterns."""
        for spelling in {secret, quote(secret, safe="")}:
            if len(spelling) >= SHORTEST_SECRET and spelling.strip("*"):
                self._secrets.add(spelling)
        ordered = sorted(self._secrets, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, ordered))) if ordered else None

    def redact(self, text: str) -> str:
        """``text`` without what must not be kept."""
        text = self._without_secrets(text)
        text = _PARAMETERS.sub(f"[parameters: {MASK}]", text)
        text = _AUTHORIZATION.sub(lambda found: f"{found['how']} {MASK}", text)
        text = _URL.sub(_host_only, text)
        text = _NAMED_SECRET.sub(lambda found: f"{found['name']}{found['gap']}{MASK}", text)
        text = _MAIL.sub(MASK, text)
        text = _MOBILE.sub(MASK, text)
        text = _LANDLINE.sub(MASK, text)
        text = _HOTLINE.sub(MASK, text)
        text = _LOCAL.sub(MASK, text)
        return self._without_secrets(text)

    def _without_secrets(self, text: str) -> str:
        return self._pattern.sub(MASK, text) if self._pattern else text


def _host_only(found: re.Match[str]) -> str:
    scheme, rest = found["scheme"], found["rest"]
    if scheme.lower() in _LOCAL_SCHEMES:
        return found[0]
    if scheme.lower() not in _HOST_SCHEMES:
        return f"{scheme}://{MASK}"
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    host = authority.rsplit("@", 1)[-1]
    return f"{scheme}://{host}" if host == rest else f"{scheme}://{host}/{MASK}"


_process: Final = Redactor()


def register_secret(secret: str) -> None:
    """Has ``secret`` taken out of every log line and crash file of this process."""
    _process.register(secret)


def redact(text: str) -> str:
    """``text`` without telephone numbers, mail addresses, tokens, URLs' paths and registered secrets."""
    return _process.redact(text)
