"""The console's app: composes, routes and switches screens. It knows no rule and no SQL; see
``docs/decisions``."""

from __future__ import annotations

import asyncio
import inspect
import sys
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, TypeAlias, TypeVar, cast

from textual import events
from textual.app import App
from textual.binding import BindingType
from textual.screen import Screen
from textual.worker import WorkerFailed, active_worker, get_current_worker

from dutydesk import i18n
from dutydesk.i18n import _
from dutydesk.model.errors import DeskError
from dutydesk.model.text import Language
from dutydesk.tui import leaving, pulse, themes
from dutydesk.tui.actions import EVERYWHERE, Action, Registry
from dutydesk.tui.alarms import Alarm, Ladder, Rung
from dutydesk.tui.catalog import ACTIONS
from dutydesk.tui.commands import commands
from dutydesk.tui.driver import BadKeyboardBytes, DeskDriver, TerminalLost, TerminalRecovered
from dutydesk.tui.everywhere import Everywhere
from dutydesk.tui.ports import BarFacts, DeskPort
from dutydesk.tui.screen import DeskScreen, bindings
from dutydesk.tui.shown import Shown
from dutydesk.tui.text import plain
from dutydesk.tui.typeahead import Passed, TypeAhead
from dutydesk.tui.widgets.commandline import CommandLine
from dutydesk.tui.writes import Writes

T = TypeVar("T")
Service: TypeAlias = Callable[["DutyDeskApp"], Coroutine[Any, Any, None]]
BARRED = frozenset({"signin", "lock"})
"""Screens that only a PIN leads away from."""
NEWS_LASTS = 2.0
"""Seconds for which news are told again on a screen that comes to the front."""


class DutyDeskApp(App[None], inherit_bindings=False):
    """Hand in a desk and the screens by their ids; ``screens`` maps to factories, so that a screen's module
    is imported when it is first gone to. ``keys`` are the officer's own (action id to key)."""

    ENABLE_COMMAND_PALETTE = False
    TITLE = "dutydesk"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(EVERYWHERE, priority=True)]
    CSS = """
    * { scrollbar-size-vertical: 1; }
    Tooltip { display: none; }
    """

    def __init__(
        self,
        desk: DeskPort,
        screens: Mapping[str, Callable[[], Screen[Any]]],
        *,
        start: str = "board",
        language: Language = "zh",
        theme: str = themes.DEFAULT,
        keys: Mapping[str, str] | None = None,
        actions: Sequence[Action] = ACTIONS,
        crash_dir: Path | None = None,
        wall: Callable[[], datetime] | None = None,
        services: Sequence[Service] = (),
    ) -> None:
        """``wall`` is real time, where the desk's clock may be a rehearsal's. ``services`` run as long as the
        app, each in a worker of its own; what they raise ends the app."""
        self.DEFAULT_MODE = start  # type: ignore[misc] # one screen to lay out before the first paint, not two
        super().__init__(driver_class=DeskDriver)
        i18n.use(language)
        self.desk = desk
        self.wall = wall or desk.clock.now
        self.last_input = self.wall()
        self._services = tuple(services)
        self.registry = Registry(actions, keys)
        self.commands = commands(self)
        self.ladder = Ladder()
        self.writes = Writes(self._orphaned)
        self.typeahead = TypeAhead(self)
        self.everywhere = Everywhere(self)
        self.shown = Shown()
        self._screens_by_id = dict(screens)
        for screen, factory in screens.items():
            self.add_mode(screen, factory)
        self._back: list[str] = []
        self._said: tuple[float, str, str] | None = None
        self._locked_from = "board"
        self._facts: BarFacts | None = None
        self._undo: tuple[str, Callable[[], Awaitable[None]]] | None = None
        self._crash_dir = crash_dir
        for each in themes.themes():
            self.register_theme(each)
        self.theme = theme if theme in themes.NAMES else themes.DEFAULT
        self.set_keymap(
            {action: ",".join(wanted.replace(",", " ").split()) for action, wanted in (keys or {}).items()}
        )

    # --- what screens call ------------------------------------------------------------------------

    def now(self) -> datetime:
        """The desk's time."""
        return self.desk.clock.now()

    async def write(self, work: Coroutine[Any, Any, T]) -> T:
        """Runs a command of the desk where no closing screen can cancel it, and returns its result.

        Raises what the command raises; an action that lets a DeskError pass has it shown.
        """
        if (worker := active_worker.get(None)) is not None:
            self.typeahead.writes(worker)
        return await self.writes.run(work)

    def news(self, text: str, role: str = "good") -> None:
        """Says in one line what just happened; ``text`` may come from outside. A screen that comes to the
        front in the next moment says it too, so that no word is lost with the screen it was said on."""
        self._said = (time.monotonic(), text, role)
        if self.front is not None:
            self.front.tell_news(text, role)

    def refused(self, error: DeskError) -> None:
        """Says why something was refused, in the officer's language."""
        self.news(i18n.use(i18n.language()).error(error), "late")

    def can_undo(self, what: str, how: Callable[[], Awaitable[None]]) -> None:
        """Remembers how to take the last step back; ``what`` is said when it is."""
        self._undo = (what, how)

    @property
    def undoable(self) -> bool:
        """Whether the last step can be taken back."""
        return self._undo is not None

    async def undo(self) -> None:
        """Takes the last step back, once."""
        if self._undo is not None:
            (what, how), self._undo = self._undo, None
            await self.write(_as_coroutine(how))
            self.news(_("Taken back: {what}", what=what))

    def alarm(self, alarm: Alarm) -> None:
        """Raises an alarm to its rung of the ladder."""
        shown = self.ladder.top
        if not self.ladder.raise_(alarm):
            if self.ladder.top != shown:  # how late it is has changed
                self._show_alarm()
            return
        if alarm.rung == Rung.LINE:
            self.news(alarm.text, "late")
        if alarm.rung >= Rung.BELL:
            self.bell()
        self._show_alarm()

    def settled(self, key: object) -> None:
        """What an alarm was about is over."""
        self.ladder.settle(key)
        self._show_alarm()

    def acknowledge_alarm(self) -> None:
        """The officer has seen the gravest alarm: it makes room for the next one."""
        self.ladder.acknowledge()
        self._show_alarm()

    def window_title(self, title: str) -> None:
        """Puts ``title``, made harmless, on the terminal's window."""
        if self._driver is not None and not self.is_headless:
            self._driver.write(f"\x1b]2;{plain(title)}\x07")

    @property
    def front(self) -> DeskScreen | None:
        """The desk's screen in front, beneath whatever dialog stands on it; ``None`` once the app closes and
        its screens are gone, which what runs beside them may find at any await."""
        stack = self._screen_stacks.get(self.current_mode)
        return stack[0] if stack and isinstance(stack[0], DeskScreen) else None

    def go(self, screen: str) -> None:
        """Switches to the screen with this id; Esc comes back. Behind a lock nothing moves."""
        if screen != self.current_mode and not self.barred:
            if self.current_mode in self._screens_by_id:
                self._back = [each for each in self._back if each != self.current_mode] + [self.current_mode]
            self.switch_mode(screen)

    def go_back(self) -> None:
        """Switches to the screen before this one, where there was one."""
        if self._back:
            self.switch_mode(self._back.pop())

    def show_incident(self, incident: int, run: int | None = None) -> None:
        """Goes to the incident screen with this incident, and with this run of a playbook in front."""
        self.shown.incident, self.shown.run = incident, run
        self._show("incident")

    def show_notice(self, broadcast: int | None = None) -> None:
        """Goes to the notice screen with this notice, or with a new one."""
        self.shown.broadcast = broadcast
        self._show("notice")

    def show_intake(self, follows: int) -> None:
        """Goes to the intake screen for a follow-up report (续报) on the incident ``follows``."""
        self.shown.follows = follows
        self._show("intake")

    def show_report(self, report: int) -> None:
        """Goes to the ledger with this report open."""
        self.shown.report = report
        self._show("ledger")

    def show_search(self, words: str) -> None:
        """Goes to the ledger with what it has on ``words``."""
        self.shown.search = words
        self._show("ledger")

    @property
    def barred(self) -> bool:
        """Whether nobody is signed in, or the console is locked."""
        return self.current_mode in BARRED

    def lock(self) -> None:
        """Hides names and texts until the PIN is typed; clocks and alarms stay in sight."""
        if not self.barred:
            self._locked_from = self.current_mode
            self.switch_mode("lock")

    def admit(self) -> None:
        """The PIN was right: to the screen that was locked, or to the board."""
        self.last_input = self.wall()
        if self.barred:
            self.switch_mode(self._locked_from)
            self._locked_from = "board"

    def dismiss_officer(self) -> None:
        """Somebody has signed out: nothing of theirs stays in sight."""
        self._back.clear()
        self._locked_from = "board"
        self.switch_mode("signin")

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, (events.Key, events.Paste, events.MouseDown)):
            self.last_input = self.wall()
        typed = isinstance(event, (events.Key, events.Paste)) and not event.is_forwarded
        if typed and not self._screen_stacks.get(self.current_mode):
            return  # the console closes: there is nothing left that a key could be for
        if not typed or not self.typeahead.holds(cast("events.Key | events.Paste", event)):
            await super().on_event(event)

    def on_passed(self, event: Passed) -> None:
        event.arrived.set()

    async def push_screen_wait(  # type: ignore[override]
        self, screen: Screen[T], *, mode: str | None = None
    ) -> T:
        """Asks a question in a dialog and waits for its answer."""
        worker = get_current_worker()
        await self._flush_next_callbacks()
        answer = self.push_screen(screen, wait_for_dismiss=True, mode=mode)
        self.typeahead.asks(worker, screen)  # it stands from here on
        try:
            return await asyncio.shield(answer)
        finally:
            self.typeahead.answered(worker)

    def _show(self, screen: str) -> None:
        if screen == self.current_mode and self.front is not None:
            self.front.reload()
        self.go(screen)

    def do(self, action_id: str) -> None:
        """Carries an action out: on the screen in front, on the one beneath a dialog, or as everywhere.

        One that is off says why; a refusal is shown; one that awaits runs in a worker of the app's own.
        """
        action = self.registry[action_id]
        if why := self.why_not(action):
            self.typeahead.refused()
            self.news(why, "soon")
            return
        result = self._carrier(f"action_{action.method}")()
        if inspect.isawaitable(result):
            self.act(result)

    def act(self, work: Awaitable[Any]) -> None:
        """Carries out what an officer asked for in a worker of the app's own, and shows a refusal. What is
        typed behind it waits until it asks something or is done."""
        self.typeahead.follow(self.run_worker(self._acted(work), group="actions"))

    async def _acted(self, work: Awaitable[Any]) -> None:
        try:
            await work
        except DeskError as error:
            self.typeahead.refused(get_current_worker())
            self.refused(error)

    def action_do(self, action_id: str) -> None:
        self.do(action_id)

    def why_not(self, action: Action) -> str:
        """Why an action is off just now, or nothing."""
        if not action.on(self.current_mode) and self.current_mode in self._screens_by_id:
            return _("Not on this screen.")
        check = self._find(f"why_not_{action.method}")
        return check() if check is not None else ""

    async def guarded(self, work: Awaitable[Any]) -> None:
        """Awaits ``work`` and shows a refusal instead of raising it."""
        try:
            await work
        except DeskError as error:
            self.refused(error)

    def tell_facts(self, facts: BarFacts) -> None:
        """Shows the status bar's facts where they have changed."""
        if facts != self._facts:
            self._facts = facts
            if (front := self.front) is not None and front.is_mounted:
                front.tell_bar(facts)

    def fill(self, screen: DeskScreen) -> None:
        """Brings a screen that comes to the front up to date with bar and alarms."""
        if self._facts is not None:
            screen.tell_bar(self._facts)
        screen.tell_alarm(self.ladder.top, max(0, len(self.ladder) - 1))
        if self._said is not None and time.monotonic() - self._said[0] < NEWS_LASTS:
            screen.tell_news(*self._said[1:])

    # --- life -------------------------------------------------------------------------------------

    def on_mount(self) -> None:
        self.run_worker(pulse.tick(self), group="clock")
        self.run_worker(pulse.watch(self), group="watch")
        for service in self._services:
            self.run_worker(service(self), group="services")

    async def _shutdown(self) -> None:
        """What runs beside the screens ends before they are taken apart; it would go on over half a one."""
        self.workers.cancel_all()
        await super()._shutdown()

    def _carrier(self, name: str) -> Callable[[], Any]:
        found = self._find(name)
        if found is None:
            raise AttributeError(f"nothing carries out {name}")
        return found

    def _find(self, name: str) -> Callable[[], Any] | None:
        for place in (self.screen, self.front, self.everywhere):
            method = getattr(place, name, None)
            if callable(method):
                return method  # type: ignore[no-any-return]
        return None

    @property
    def facts(self) -> BarFacts | None:
        """The status bar's facts as last read."""
        return self._facts

    def _show_alarm(self) -> None:
        top = self.ladder.top
        if (front := self.front) is not None and front.is_mounted:
            front.tell_alarm(top, max(0, len(self.ladder) - 1))
        self.window_title(
            f"!! {top.text}" if top is not None and top.rung >= Rung.TITLE else self.TITLE or ""
        )

    def _orphaned(self, error: BaseException) -> None:
        if isinstance(error, DeskError):
            self.refused(error)
        elif isinstance(error, Exception):
            self._handle_exception(error)

    def _fatal_error(self) -> None:
        """Textual prints a traceback with local variables here; the desk leaves a redacted report instead."""
        error = self._exception or sys.exc_info()[1]
        if isinstance(error, WorkerFailed):
            error = error.error
        path = None
        if error is not None and self._crash_dir is not None:
            from dutydesk.tui import crash  # loaded by then, unless this is the very start

            path = crash.write(error, self._crash_dir, self.now())
        said = _("The console had to close; nothing entered is lost and the engine goes on.")
        self.panic(f"{said} {_('Report: {path}', path=path) if path else ''}".rstrip())

    # --- messages ---------------------------------------------------------------------------------

    def on_command_line_ran(self, event: CommandLine.Ran) -> None:
        if event.command is None:
            self.do(event.action)
            return
        try:
            result = event.command.run(event.rest)
        except DeskError as error:
            self.refused(error)
            return
        if inspect.isawaitable(result):
            self.act(result)

    def on_command_line_unknown(self, event: CommandLine.Unknown) -> None:
        self.news(_("There is no command {line}; F8 lists everything.", line=event.line), "soon")

    def on_bad_keyboard_bytes(self, _event: BadKeyboardBytes) -> None:
        self.news(_("The terminal sends characters that are not UTF-8: set its encoding to UTF-8."), "late")

    def on_terminal_recovered(self, _event: TerminalRecovered) -> None:
        self.refresh(layout=True)
        self._show_alarm()

    def on_terminal_lost(self, _event: TerminalLost) -> None:
        self.run_worker(leaving.leave_unasked(self), group="leaving")


async def _as_coroutine(how: Callable[[], Awaitable[None]]) -> None:
    await how()
