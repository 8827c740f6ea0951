"""Carries out the actions that are the same on every screen; see :data:`dutydesk.tui.actions.EVERYWHERE`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dutydesk import i18n
from dutydesk.i18n import _
from dutydesk.model.text import Text
from dutydesk.tui import leaving, themes
from dutydesk.tui.actions import Action
from dutydesk.tui.widgets.commandline import CommandLine
from dutydesk.tui.widgets.painting import relabel

if TYPE_CHECKING:
    from dutydesk.tui.app import DutyDeskApp


class Everywhere:
    """The method ``action_<id>`` of each such action, and ``why_not_<id>`` where it may be off. What the
    screen in front has by the same name goes before it."""

    def __init__(self, app: DutyDeskApp) -> None:
        self._app = app

    # --- going from screen to screen --------------------------------------------------------------

    def action_go_intake(self) -> None:
        self._app.shown.call_at = self._app.now()
        self._app.go("intake")

    def action_go_board(self) -> None:
        self._app.go("board")

    def action_go_incident(self) -> None:
        self._app.go("incident")

    def action_go_notice(self) -> None:
        self._app.go("notice")

    def action_go_ledger(self) -> None:
        self._app.go("ledger")

    def action_go_shift(self) -> None:
        self._app.go("shift")

    def action_back(self) -> None:
        """One step: out of the command line, back within the screen, or to the screen before."""
        front = self._app.front
        if front is None:
            return
        line = front.query_one(CommandLine)
        if line.is_open:
            line.close()
        elif not front.back():
            self._app.go_back()

    # --- finding out what can be done -------------------------------------------------------------

    def action_help(self) -> None:
        from dutydesk.tui.widgets.help import HelpPanel  # dialogs come after the first paint

        app = self._app
        places = (getattr(place, "ABOUT", None) for place in (app.focused, app.front))
        about = next((each for each in places if isinstance(each, Text)), Text(""))
        app.push_screen(HelpPanel(about, app.registry.of(app.current_mode), app.why_not))

    def action_palette(self) -> None:
        from dutydesk.tui.widgets.help import palette_dialog

        app = self._app
        app.push_screen(palette_dialog(app.registry.of(app.current_mode), app.why_not), self._picked)

    def _picked(self, action: Action | None) -> None:
        if action is not None:
            self._app.do(action.id)

    def action_command(self) -> None:
        if self._app.front is not None:
            self._app.front.query_one(CommandLine).open()

    # --- how it looks -----------------------------------------------------------------------------

    def action_language(self) -> None:
        i18n.use("en" if i18n.language() == "zh" else "zh")
        for screen in self._app.screen_stack:
            again = getattr(screen, "relabel", None)
            again() if callable(again) else relabel(screen)
        if self._app.front is not None:
            self._app.front.reload()

    def action_theme(self) -> None:
        names = themes.NAMES
        self._app.theme = names[(names.index(self._app.theme) + 1) % len(names)]

    def action_redraw(self) -> None:
        self._app.refresh(layout=True)

    # --- alarms and second thoughts ---------------------------------------------------------------

    def action_alarm_ack(self) -> None:
        self._app.acknowledge_alarm()

    def why_not_alarm_ack(self) -> str:
        return "" if self._app.ladder.top else _("No alarm stands.")

    async def action_undo(self) -> None:
        await self._app.undo()

    def why_not_undo(self) -> str:
        return "" if self._app.undoable else _("There is nothing to take back.")

    # --- coming and going -------------------------------------------------------------------------

    def action_lock(self) -> None:
        self._app.lock()

    async def action_sign_out(self) -> None:
        leave = getattr(self._app.desk, "sign_out", None)
        if leave is not None:
            await self._app.write(leave())
            self._app.dismiss_officer()

    async def action_quit(self) -> None:
        await leaving.leave(self._app)
