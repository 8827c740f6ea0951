"""The console's screens by their ids; a screen's module is imported when it is first gone to."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.screen import Screen

if TYPE_CHECKING:
    from dutydesk.model.views.board import Board

SCREENS: dict[str, str] = {
    "signin": "entry.signin:SigninScreen",
    "lock": "entry.lock:LockScreen",
    "board": "board.screen:BoardScreen",
    "intake": "intake.screen:IntakeScreen",
    "incident": "incident.screen:IncidentScreen",
    "notice": "notice.screen:NoticeScreen",
    "ledger": "ledger.screen:LedgerScreen",
    "shift": "shift.screen:ShiftScreen",
}
"""``module:class`` beneath this package."""


def factories(board: Board | None = None) -> dict[str, Callable[[], Screen[Any]]]:
    """What the app is handed. ``board`` is what the board's first frame shows, if that was read."""
    made = {screen: partial(_make, where) for screen, where in SCREENS.items()}
    return {**made, "board": partial(_make, SCREENS["board"], board)}


def _make(where: str, *given: Any) -> Screen[Any]:
    module, _, name = where.partition(":")
    made: Screen[Any] = getattr(importlib.import_module(f"{__name__}.{module}"), name)(*given)
    return made
