"""What a database URL names. Read without SQLAlchemy, because the first paint comes before it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from dutydesk.model.errors import StoreError

_SQLITE = re.compile(r"sqlite(?:\+aiosqlite)?:///(?P<path>[^?]+)")
_POSTGRESQL = re.compile(r"postgres(?:ql)?(?:\+asyncpg)?://(?P<rest>.*)", re.DOTALL)
_USER = re.compile(r"[^:@/?]*")


@dataclass(frozen=True, slots=True)
class Target:
    """``path`` is the SQLite file, ``None`` for PostgreSQL. ``where`` is fit to be shown: no password."""

    path: Path | None
    dsn: str
    where: str


def parse(url: str) -> Target:
    """Reads ``sqlite:////abs/path`` or ``postgresql://…``. Raises StoreError for anything else."""
    if found := _SQLITE.fullmatch(url):
        path = Path(found["path"])
        if found["path"] != ":memory:":
            return Target(path, "", str(path))
    if found := _POSTGRESQL.fullmatch(url):
        rest = found["rest"]
        if _is_url(f"postgresql://{rest}"):
            return Target(None, f"postgresql://{rest}", _without_secrets(rest))
    scheme, colon, _ = url.partition("://")
    raise StoreError(
        "The database URL {url} is neither sqlite:////PATH nor postgresql://HOST/NAME: correct it.",
        url=f"{scheme}://…" if colon else url,
    )


def _is_url(url: str) -> bool:
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False


def _without_secrets(rest: str) -> str:
    """User, host and database. Whatever stands between the first ``:`` and the last ``@`` is the password,
    with whatever it has in it, and there may be another one among the parameters."""
    place, _, parameters = rest.partition("?")
    credentials, at, host = place.rpartition("@")
    user = _USER.match(credentials)
    socket = parse_qs(parameters).get("host", [""])[0]
    return f"postgresql://{user[0] if user else ''}{at}{socket or ''}{host}"


def sqlite_url(path: Path) -> str:
    """The URL of the SQLite file at ``path``, which is made absolute."""
    return f"sqlite:///{path.absolute()}"
