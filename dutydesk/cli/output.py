"""What a command prints: one JSON document, or aligned lines for a person."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from dutydesk.cli.failures import let_go
from dutydesk.model.errors import Refused
from dutydesk.model.figures import Figure, StatedFigure
from dutydesk.model.markers import Marker
from dutydesk.model.os_reasons import reason
from dutydesk.model.text import Text
from dutydesk.model.visible import visible_line


def plain(value: object, zone: ZoneInfo) -> Any:
    """``value`` as JSON knows it: times ISO 8601 with the zone's offset, spans in seconds."""
    if value is None or isinstance(value, (bool, str, int, float)):
        return (
            int(value) if isinstance(value, IntEnum) else str(value) if isinstance(value, StrEnum) else value
        )
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Text):
        return {"zh": value.zh, "en": value.en}
    if isinstance(value, Figure):
        said = {"value": _number(value.value), "unknown": value.unknown}
        return {"kind": str(value.kind), **said, "source": str(value.origin)}
    if isinstance(value, StatedFigure):
        beside = {
            "report": value.report,
            "report_source": value.report_source,
            "caller": value.caller,
            "stated_at": plain(value.stated_at, zone),
            "superseded": value.superseded,
        }
        return {**plain(value.figure, zone), **beside}
    if isinstance(value, Marker):
        return {"name": value.name, "state": str(value.state), "source": str(value.origin)}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name), zone) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item, zone) for key, item in value.items()}
    if isinstance(value, Iterable):
        return [plain(item, zone) for item in value]
    raise TypeError(f"no JSON form for {type(value).__name__}")


def _number(value: float | None) -> float | int | None:
    """``3`` for three persons, ``1.5`` for one and a half hectares."""
    return int(value) if value is not None and value == int(value) else value


def document(value: object, zone: ZoneInfo) -> None:
    """Prints ``value`` as the one JSON document of stdout."""
    line(json.dumps(plain(value, zone), ensure_ascii=False, indent=2))


def line(text: str) -> None:
    """``text`` on stdout. Raises Refused where it cannot be written, BrokenPipeError where it is not read."""
    try:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        let_go(1)
        raise Refused(
            "The output could not be written ({why}); what the command did stays done.", why=reason(error)
        ) from error


def one_line(text: str) -> str:
    """``text`` as a terminal may safely show it, on one line."""
    return visible_line(text)


def width(text: str) -> int:
    """Cells that ``text`` takes in a terminal: Chinese is two wide."""
    from wcwidth import wcswidth

    return max(wcswidth(text), 0)


def table(rows: Sequence[Sequence[object]], *, gap: str = "  ") -> None:
    """Prints rows in aligned columns; the last column is left ragged, one with nothing in it left out."""
    cells = [[visible_line(str(cell)) for cell in row] for row in rows]
    if not cells:
        return
    told = [column for column in range(len(cells[0])) if any(row[column] for row in cells)]
    cells = [[row[column] for column in told] for row in cells]
    if not told:
        return
    widths = [max(width(row[column]) for row in cells) for column in range(len(cells[0]))]
    lines: list[str] = []
    for row in cells:
        padded = [cell + " " * (widths[i] - width(cell)) for i, cell in enumerate(row[:-1])]
        lines.append(gap.join([*padded, row[-1]]).rstrip())
    line("\n".join(lines))
