"""Textual's Linux driver, made to survive what a duty room's terminal sends and fails to read."""

from __future__ import annotations

import asyncio
import os
import selectors
import signal
import sys
import time
from typing import TYPE_CHECKING, Final

from textual import events
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Size
from textual.message import Message

from dutydesk.tui.keyboard import Keyboard
from dutydesk.tui.output import TerminalWriter

if TYPE_CHECKING:
    from textual.app import App


class BadKeyboardBytes(Message):
    """The keyboard sent bytes that are not UTF-8: the terminal's encoding is set wrongly."""


class TerminalRecovered(Message):
    """The terminal reads again after output was dropped, or its window has another size or had one for a
    moment: everything must be painted anew."""


class TerminalLost(Message):
    """The terminal is gone, or the machine is going down: nobody can be asked anything any more."""


STANDS_STILL: Final = 0.1
"""Seconds after a change of its size until a window is painted anew."""
HALF_A_KEY: Final = 0.1
"""Seconds between two looks at whether a sequence that began goes on."""
ENDING: Final = (signal.SIGHUP, signal.SIGTERM)
"""What a closed window and a machine going down send. The first one lets the console keep what is being
typed; a second one ends it at once."""


class DeskDriver(LinuxDriver):
    """Differs from the stock driver in these ways: keys go through :class:`Keyboard`, output never blocks the
    event loop, the size comes from the terminal itself rather than from ``COLUMNS``, and a hang-up is told
    before it ends the program."""

    def __init__(
        self,
        app: App[object],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._writer: TerminalWriter | None = None
        self._leaving = False
        self._at_once = _opened_again(_output())
        self._repaint: asyncio.TimerHandle | None = None
        self._enough, self._no_more = os.pipe()
        """Readable when the keyboard is to be read no more."""

    def write(self, data: str) -> None:
        if self._writer is not None:
            self._writer.write(data, keep=self._leaving)

    def start_application_mode(self) -> None:
        self._leaving = False
        loop = asyncio.get_running_loop()
        for number in ENDING:
            loop.add_signal_handler(number, self._told_to_end)
        self._writer = TerminalWriter(
            _output(),
            recovered=lambda: self.send_message(TerminalRecovered()),
            lost=lambda: self.send_message(TerminalLost()),
            at_once=self._at_once,
        )
        self._writer.start()
        super().start_application_mode()  # type: ignore[no-untyped-call]
        # The stock driver's handler reads the size before it tells it, and one may interrupt another: of two
        # changes of size in one moment the older one was told last.
        loop.add_signal_handler(signal.SIGWINCH, self._window_changed)
        # The stock driver has made a writer thread of its own, which nothing is written to.
        if self._writer_thread is not None:
            self._writer_thread.stop()
            self._writer_thread = None

    def _window_changed(self) -> None:
        size = Size(*self._get_terminal_size())
        self.send_message(events.Resize(size, size))
        if self._repaint is not None:
            self._repaint.cancel()
        # A window that shrinks and grows again has the same size and lost half of its words.
        loop = asyncio.get_running_loop()
        self._repaint = loop.call_later(STANDS_STILL, self.send_message, TerminalRecovered())

    def _told_to_end(self) -> None:
        for number in ENDING:
            asyncio.get_running_loop().remove_signal_handler(number)
        self.send_message(TerminalLost())

    def stop_application_mode(self) -> None:
        self._leaving = True
        super().stop_application_mode()

    def disable_input(self) -> None:
        os.write(self._no_more, b".")  # the keyboard's thread may be waiting for a key
        super().disable_input()
        os.read(self._enough, 1)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.stop()
            self._writer = None
        if self._at_once is not None:
            os.close(self._at_once)
            self._at_once = None
        os.close(self._no_more)
        os.close(self._enough)

    def run_input_thread(self) -> None:
        """Reads keys until the driver stops, or the terminal hangs up. Wakes up for nothing but a key once
        no half of a sequence can be waiting for its other half."""
        keyboard = Keyboard(debug=self._debug)
        complained = False
        with selectors.DefaultSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            selector.register(self._enough, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                ready = selector.select(None if keyboard.at_rest(time.monotonic()) else HALF_A_KEY)
                if any(key.fd == self._enough for key, _ in ready):
                    return
                if ready:
                    data = self._read()
                    if data is None:
                        return
                    for message in keyboard.feed(data, time.monotonic()):
                        self.process_message(message)
                    if keyboard.garbled and not complained:
                        complained = True
                        self.send_message(BadKeyboardBytes())
                for message in keyboard.tick(time.monotonic()):
                    self.process_message(message)

    def _read(self) -> bytes | None:
        try:
            data = os.read(self.fileno, 4096)
        except OSError:
            data = b""
        if not data:
            self.send_message(TerminalLost())
            return None
        return data

    def process_message(self, message: Message) -> None:
        """Drops a mouse event outside the screen, for which Textual would take the focus away."""
        if isinstance(message, events.MouseEvent):
            width, height = self._get_terminal_size()
            if not (0 <= message.x < width and 0 <= message.y < height):
                return
        super().process_message(message)

    def _get_terminal_size(self) -> tuple[int, int]:
        try:
            width, height = os.get_terminal_size(_output())
        except OSError:
            return 80, 24
        return width or 80, height or 24

    def _enable_mouse_support(self) -> None:
        """Clicks and the wheel only: reporting every movement floods a slow link."""
        if self._mouse:
            self.write("\x1b[?1000h\x1b[?1002h\x1b[?1006h")

    def _disable_mouse_support(self) -> None:
        if self._mouse:
            self.write("\x1b[?1006l\x1b[?1002l\x1b[?1000l")


def _output() -> int:
    return sys.__stdout__.fileno() if sys.__stdout__ is not None else 1


def _opened_again(descriptor: int) -> int | None:
    """Another descriptor of the same terminal that does not block. It is opened anew: on a copy, not to
    block would hold for the shell as well, which shares the terminal with us."""
    try:
        return os.open(os.ttyname(descriptor), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
    except OSError:
        return None
