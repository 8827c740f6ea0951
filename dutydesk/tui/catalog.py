"""Every action of every screen, gathered: screens keep their own beside their code as plain data."""

from __future__ import annotations

from dutydesk.tui.actions import EVERYWHERE, Action
from dutydesk.tui.screens.board import actions as board_actions
from dutydesk.tui.screens.incident import actions as incident_actions
from dutydesk.tui.screens.intake import actions as intake_actions
from dutydesk.tui.screens.ledger import actions as ledger_actions
from dutydesk.tui.screens.notice import actions as notice_actions
from dutydesk.tui.screens.shift import actions as shift_actions

ACTIONS: tuple[Action, ...] = (
    *EVERYWHERE,
    *board_actions.ACTIONS,
    *incident_actions.ACTIONS,
    *intake_actions.ACTIONS,
    *ledger_actions.ACTIONS,
    *notice_actions.ACTIONS,
    *shift_actions.ACTIONS,
)
"""A screen's builder adds the screen's own tuple of actions here."""
