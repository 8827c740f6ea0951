"""What officers write beside a report (reasons, notes, names), as it is kept."""

from __future__ import annotations

from typing import Final

from dutydesk.model.errors import BadInput
from dutydesk.model.visible import visible

LONGEST_REASON: Final = 4_000
LONGEST_NOTE: Final = 20_000
LONGEST_LINE: Final = 200


def kept(text: str, most: int = LONGEST_REASON) -> str:
    """``text`` made harmless and trimmed. Raises BadInput where it has more than ``most`` characters."""
    harmless = visible(text).strip()
    if len(harmless) > most:
        raise BadInput(
            "The text has {length} characters; {longest} is the most.", length=len(harmless), longest=most
        )
    return harmless


def kept_line(text: str) -> str:
    """Like :func:`kept`, on one line, and no longer than a line may be."""
    return " ".join(kept(text, LONGEST_LINE).split())
