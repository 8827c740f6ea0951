"""Which schema this program speaks, and what state a database is in, without loading Alembic."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from dutydesk.model.errors import StoreError

HEAD = "0003"
"""The newest migration. Revisions are four digits, so that they compare as text."""

APPLICATION_ID = 0x64757479
"""What ``PRAGMA application_id`` says of our SQLite files: "duty"."""

VERSION_TABLE = "dutydesk_schema"

SchemaState = Literal["absent", "current", "old", "newer", "foreign"]


def judge(tables: Collection[str], version: str | None, *, application_id: int | None = None) -> SchemaState:
    """``tables`` are all that the database holds, ``version`` is what ``VERSION_TABLE`` says.

    ``application_id`` is ``None`` for PostgreSQL, which has none.
    """
    ours = application_id in (None, APPLICATION_ID)
    if not ours and (application_id != 0 or tables):
        return "foreign"
    if VERSION_TABLE not in tables or version is None:
        return "foreign" if {"report", "journal"} & set(tables) else "absent"
    if version == HEAD:
        return "current"
    return "old" if version < HEAD else "newer"


def require_current(state: SchemaState, where: str) -> None:
    """Raises StoreError unless ``state`` is ``current``."""
    match state:
        case "current":
            return
        case "absent":
            raise StoreError("There is no desk database at {where}: run `dutydesk init` first.", where=where)
        case "old":
            raise StoreError(
                "The database {where} is of an older version: run `dutydesk init` to upgrade it; "
                "a copy of it is kept beside it.",
                where=where,
            )
        case "newer":
            raise StoreError(
                "The database {where} was written by a newer dutydesk: install that version or a later one.",
                where=where,
            )
        case "foreign":
            raise foreign(where)


def foreign(where: str) -> StoreError:
    """The refusal of a database that is not the desk's."""
    return StoreError(
        "{where} is not a dutydesk database; nothing in it was touched: name another one.", where=where
    )
