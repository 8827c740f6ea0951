"""What the screens are about: set before one comes to the front, read by it when it loads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(slots=True)
class Shown:
    """What the screens are about: set by ``show_…`` before the screen comes to the front, read by its
    ``load``. ``run`` and ``broadcast`` are ``None`` where none is meant in particular; ``search`` is
    what the ledger is to be searched for; ``follows`` is the incident that the next report taken follows up,
    and ``call_at`` the moment F2 was pressed. Who reads these sets them back to ``None``."""

    incident: int | None = None
    run: int | None = None
    broadcast: int | None = None
    report: int | None = None
    search: str | None = None
    follows: int | None = None
    call_at: datetime | None = None
