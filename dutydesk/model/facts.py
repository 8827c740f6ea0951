"""What the facts of an incident are called in both languages, by the field's name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from dutydesk.model.text import Text

FACTS: Final[Mapping[str, Text]] = {
    "type": Text("事件类型", "type"),
    "title": Text("标题", "title"),
    "place": Text("地点", "place"),
    "town": Text("镇街", "town"),
    "occurred_at": Text("事发时间", "occurred"),
    "received_at": Text("接报时间", "received"),
}
"""``routing`` is not among them: it goes with the town, and is told by itself."""
