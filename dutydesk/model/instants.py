"""One spelling of a moment for database, journal and JSON: UTC, microseconds, fixed width, sortable."""

from __future__ import annotations

from datetime import UTC, datetime

from dutydesk.model.errors import StoreError
from dutydesk.model.visible import quoted

WIDTH = 27


def to_stored(moment: datetime) -> str:
    """``2026-11-23T02:40:00.000000Z``. Raises ValueError for a naive time."""
    if moment.tzinfo is None:
        raise ValueError("a stored time must carry its zone")
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def from_stored(text: str) -> datetime:
    """The moment that :func:`to_stored` wrote. Raises StoreError for what it did not."""
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise StoreError(
            "The database holds {text} where a time has to be: another program has changed it; "
            "`dutydesk journal verify` tells whether the journal is whole.",
            text=quoted(text),
        ) from error
