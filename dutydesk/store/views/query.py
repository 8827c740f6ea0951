"""Puts a query together from fixed pieces; every value is a bound parameter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from dutydesk.model.instants import from_stored, to_stored
from dutydesk.store.reader import Reader, Rows


class Query:
    """``SELECT`` with conditions that are there or not. ``{}`` in a condition stands for its value."""

    def __init__(self, select: str) -> None:
        self._select = select
        self._conditions: list[str] = []
        self._tail = ""
        self.params: list[object] = []

    def where(self, condition: str, *values: object) -> Query:
        """Adds a condition that must hold as well."""
        self._conditions.append(condition.format(*(self._bind(value) for value in values)))
        return self

    def where_in(self, column: str, values: Iterable[object]) -> Query:
        """``column`` is one of ``values``; of none, if there are none."""
        places = ", ".join(self._bind(value) for value in values)
        self._conditions.append(f"{column} IN ({places})" if places else "1 = 0")
        return self

    def end(self, order: str, limit: int | None = None) -> Query:
        """The order, and how many rows at most."""
        self._tail = f" ORDER BY {order}"
        if limit is not None:
            self._tail += f" LIMIT {self._bind(max(0, limit))}"
        return self

    @property
    def sql(self) -> str:
        """The text, with ``$1`` to ``$n``."""
        conditions = f" WHERE {' AND '.join(self._conditions)}" if self._conditions else ""
        return f"{self._select}{conditions}{self._tail}"

    @property
    def pair(self) -> tuple[str, Sequence[object]]:
        """As ``Reader.batch`` takes it."""
        return self.sql, self.params

    async def rows(self, reader: Reader) -> Rows:
        """Its rows."""
        return await reader.rows(self.sql, *self.params)

    def _bind(self, value: object) -> str:
        self.params.append(to_stored(value) if isinstance(value, datetime) else value)
        return f"${len(self.params)}"


def instant(value: Any) -> datetime | None:
    """A stored moment that may be missing."""
    return None if value is None else from_stored(value)


def columns(alias: str, names: str) -> str:
    """``a, b`` of ``alias`` as ``alias.a, alias.b``."""
    return ", ".join(f'{alias}."{name.strip()}"' for name in names.split(","))
