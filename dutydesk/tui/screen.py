"""The frame that every screen of the desk shares: status bar, banner, body, one line of news, command line,
keys."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding
from textual.geometry import Size
from textual.message import Message
from textual.screen import Screen
from textual.worker import Worker

from dutydesk.model.text import Text
from dutydesk.tui.actions import Action, key_name
from dutydesk.tui.alarms import Alarm
from dutydesk.tui.compositor import DeskCompositor
from dutydesk.tui.ports import BarFacts, DeskPort
from dutydesk.tui.widgets.banner import Banner, NoticeLine
from dutydesk.tui.widgets.commandline import CommandLine
from dutydesk.tui.widgets.countdowns import Countdowns
from dutydesk.tui.widgets.footer import KeyFooter
from dutydesk.tui.widgets.painting import relabel
from dutydesk.tui.widgets.statusbar import StatusBar

if TYPE_CHECKING:
    from dutydesk.tui.app import DutyDeskApp


class DeskChanged(Message):
    """Somebody, perhaps another console or the engine, has committed something."""


def bindings(actions: tuple[Action, ...], *, priority: bool = False) -> list[Binding]:
    """Textual's bindings for actions. F-keys and Ctrl keys come before what has the focus, as no text needs
    them; the rest only when the focused widget has no use for the key."""
    return [
        Binding(
            ",".join(action.keys),
            f"app.do({action.id!r})",
            action.name.en,
            show=False,
            id=action.id,
            priority=priority and action.keys[0][0] == "f" and action.keys[0][1:].isdigit(),
        )
        for action in actions
        if action.keys
    ]


class DeskScreen(Screen[None]):
    """A subclass gives :meth:`body` and :meth:`load`, and a method ``action_<id>`` for each of its
    actions."""

    SCREEN_ID: ClassVar[str] = "board"
    """Its id among :data:`dutydesk.tui.actions.SCREENS`."""
    ABOUT: ClassVar[Text] = Text("", "")
    """What the screen is for; a widget may have an ``ABOUT`` of its own."""
    AUTO_FOCUS = "#main"

    DEFAULT_CSS = """
    DeskScreen { background: $background; color: $ink; layout: vertical; }
    DeskScreen > #body { height: 1fr; }
    """

    asked_at: float | None = None
    """Since when (monotonic seconds) what the officer asked to see is being fetched; ``None`` when it is
    there."""

    _loading: Worker[None] | None = None
    _behind = False

    def __init__(self) -> None:
        super().__init__()
        self._compositor = DeskCompositor()

    @property
    def desk_app(self) -> DutyDeskApp:
        """The app, by its own type."""
        return cast("DutyDeskApp", self.app)

    @property
    def desk(self) -> DeskPort:
        """What the desk offers."""
        return self.desk_app.desk

    def compose(self) -> ComposeResult:
        app = self.desk_app
        self._take_shape(app.size)
        ack = app.registry["alarm.ack"].keys
        yield StatusBar(app.now, app.desk.zone, wall=app.wall, id="bar")
        yield Banner(key_name(ack[0]) if ack else "", id="banner")
        yield from self.body()
        yield NoticeLine(id="news")
        yield CommandLine(lambda: app.commands, lambda: app.registry.of(self.SCREEN_ID), id="command")
        yield KeyFooter(app.registry.footer(self.SCREEN_ID), off=app.why_not, do=app.do, id="keys")

    def _take_shape(self, size: Size) -> None:
        """Takes the classes of its breakpoints before there is anything in it whose looks depend on them:
        Textual sets them once everything is laid out, and then has it all to do again."""
        shape = (
            *self._get_breakpoint_classes(size.width, self.HORIZONTAL_BREAKPOINTS or []),
            *self._get_breakpoint_classes(size.height, self.VERTICAL_BREAKPOINTS or []),
        )
        self.add_class(*shape)

    def _compositor_refresh(self) -> None:
        """Draws nothing while updates are batched, as they are until the first frame: Textual would draw the
        whole screen and throw it away."""
        if not self.app._batch_count:
            super()._compositor_refresh()

    def body(self) -> ComposeResult:
        """The screen's own widgets; the one with the id ``main`` gets the focus."""
        raise NotImplementedError

    async def load(self) -> None:
        """Fetches what the screen shows and shows it. Called when it opens, when it comes back to the front
        and when anything has been committed; an older call still under way is cancelled."""

    def tick(self) -> None:
        """A second has passed."""
        self.query_one("#bar", StatusBar).redraw()
        for clocks in self.walk_children(Countdowns):
            clocks.tick()

    def back(self) -> bool:
        """Esc: takes one step back within the screen; false when there is none."""
        return False

    async def keep(self) -> None:
        """The console is about to end: puts what is being typed where the next one finds it."""

    def relabel(self) -> None:
        """The language has changed."""
        relabel(self)

    def tell_bar(self, facts: BarFacts) -> None:
        """Passes the facts of the status bar on."""
        self.query_one("#bar", StatusBar).tell(facts)

    def tell_news(self, text: str, role: str) -> None:
        """Shows one line of news."""
        self.query_one("#news", NoticeLine).tell(text, role)

    def tell_alarm(self, alarm: Alarm | None, others: int) -> None:
        """Shows the gravest alarm."""
        self.query_one("#banner", Banner).tell(alarm, others)

    def reload(self) -> None:
        """Loads again what the officer wants to see now: keys about it wait for it. A load under way is
        called off."""
        self.asked_at = time.monotonic()
        self._start_loading()

    def _start_loading(self) -> None:
        self._loading = self.run_worker(self._load, group="load", exclusive=True)

    async def _load(self) -> None:
        self._behind = True
        while self._behind:
            self._behind = False
            await self.desk_app.guarded(self.load())
            self.asked_at = None

    def on_resize(self) -> None:
        """What has the focus stays in sight in however small a window."""
        if self.focused is not None:
            self.call_after_refresh(self.focused.scroll_visible, animate=False)

    def on_screen_resume(self) -> None:
        self.desk_app.fill(self)
        if self.focused is None and isinstance(self.AUTO_FOCUS, str):
            self.set_focus(self.query(self.AUTO_FOCUS).first() if self.query(self.AUTO_FOCUS) else None)
        self.reload()

    def on_desk_changed(self) -> None:
        """A load under way is let finish and followed by another one: however fast others commit, and
        however long a load takes, the screen keeps up."""
        if self._loading is None or self._loading.is_finished:
            self._start_loading()
        else:
            self._behind = True
