"""A real pseudo-terminal for end-to-end tests: spawns a command, types at it, reads its screen as a person
would."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType

import pyte
from wcwidth import wcwidth

KEYS = {
    "enter": b"\r",
    "escape": b"\x1b",
    "tab": b"\t",
    "backspace": b"\x7f",
    "up": b"\x1b[A",
    "down": b"\x1b[B",
    "right": b"\x1b[C",
    "left": b"\x1b[D",
    "home": b"\x1b[H",
    "end": b"\x1b[F",
    "pageup": b"\x1b[5~",
    "pagedown": b"\x1b[6~",
    "delete": b"\x1b[3~",
    **{f"f{n}": code for n, code in enumerate((b"\x1bOP", b"\x1bOQ", b"\x1bOR", b"\x1bOS"), 1)},
    **{
        f"f{n}": f"\x1b[{code}~".encode()
        for n, code in zip(range(5, 13), (15, 17, 18, 19, 20, 21, 23, 24), strict=True)
    },
    **{f"ctrl+{chr(96 + n)}": bytes([n]) for n in range(1, 27)},
}
ESCAPE_PAUSE = 0.15
"""Seconds after which a lone Esc is told from the start of a sequence."""


class Terminal:
    """A terminal of ``width`` by ``height`` with ``command`` running in it. Use as a context manager.

    A thread reads all the time, as a terminal does, until :meth:`stop_reading`. ``output`` is every byte it
    was sent, ``raw`` their number.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        width: int = 80,
        height: int = 24,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> None:
        self._screen = pyte.Screen(width, height)
        self._stream = pyte.ByteStream(self._screen)
        self._lock = threading.Lock()
        self._reading = threading.Event()
        self._reading.set()
        self._closed = False
        self.raw = 0
        self.output = bytearray()
        self.titles: list[str] = []
        self._master, slave = pty.openpty()
        self._size(slave, width, height)
        environ = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "TERM": "xterm-256color"}
        environ |= {"LC_ALL": "C.UTF-8", "COLORTERM": "truecolor"} | dict(env or {})
        self.process = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=cwd,
            env=environ,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(slave)
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def lines(self) -> list[str]:
        """The screen's lines, wide characters once."""
        with self._lock:
            return [self._line(y).rstrip() for y in range(self._screen.lines)]

    def on_ground(self, colour: str) -> list[str]:
        """The lines that begin on a ground of ``colour`` (``#26405a``)."""
        with self._lock:
            wanted = colour.removeprefix("#")
            found = [y for y in range(self._screen.lines) if self._screen.buffer[y][0].bg == wanted]
            return [self._line(y).rstrip() for y in found]

    @property
    def text(self) -> str:
        """The whole screen."""
        return "\n".join(self.lines)

    def type(self, text: str) -> None:
        """Types text as UTF-8."""
        self.send(text.encode())

    def press(self, *keys: str) -> None:
        """Presses keys by Textual's names (``f2``, ``enter``, ``ctrl+q``), or single characters."""
        for key in keys:
            self.send(KEYS.get(key, key.encode()))
            if key == "escape":
                time.sleep(ESCAPE_PAUSE)

    def send(self, data: bytes) -> None:
        """Sends bytes just as they are."""
        os.write(self._master, data)

    def wait_for(self, wanted: str | Callable[[Terminal], bool], timeout: float = 60.0) -> None:
        """Waits until the text is on the screen, or the condition holds; fails showing the screen."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if (wanted in self.text) if isinstance(wanted, str) else wanted(self):
                return
            time.sleep(0.02)
        raise AssertionError(f"not seen within {timeout} s: {wanted!r}; the screen:\n{self.text}")

    def resize(self, width: int, height: int) -> None:
        """Gives the terminal another size, and tells the program so."""
        with self._lock:
            self._screen.resize(height, width)
        self._size(self._master, width, height)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGWINCH)

    def stop_reading(self) -> None:
        """From now on the terminal takes nothing in, like a stalled link."""
        self._reading.clear()

    def read_again(self) -> None:
        """The link is back."""
        self._reading.set()

    @property
    def unread(self) -> int:
        """Bytes that the line holds and the terminal has not taken."""
        counted = fcntl.ioctl(self._master, termios.FIONREAD, b"\0" * 4)
        return int.from_bytes(counted, sys.byteorder)

    @property
    def at_rest(self) -> bool:
        """Whether every thread of the program sleeps: one that waits for a processor does not."""
        states = set()
        for stat in Path(f"/proc/{self.process.pid}/task").glob("*/stat"):
            with contextlib.suppress(OSError):  # a thread that has just ended
                states.add(stat.read_text().rpartition(")")[2].split()[0])
        return states <= {"S"}

    def paste(self, text: str) -> None:
        """Pastes text, as a terminal does that was asked to mark what is pasted."""
        self.send(b"\x1b[200~" + text.encode() + b"\x1b[201~")

    def hang_up(self) -> None:
        """The terminal's window is closed: the kernel tells the program, and takes the terminal away."""
        self._closed = True
        self._reading.set()
        self._thread.join(5)
        self._let_go()

    def wait(self, timeout: float = 60.0) -> int:
        """The exit code, once the program has ended."""
        return self.process.wait(timeout)

    def close(self) -> None:
        """Ends the program, by force if need be."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._closed = True
        self._reading.set()
        self._thread.join(5)
        self._let_go()

    def _let_go(self) -> None:
        if self._master >= 0:
            os.close(self._master)
            self._master = -1

    def _line(self, y: int) -> str:
        """A line's characters. Half a wide one, met in the middle of a frame, is a blank as on any terminal;
        pyte's own rendering fails on it."""
        cells = self._screen.buffer[y]
        shown: list[str] = []
        x = 0
        while x < self._screen.columns:
            character = cells[x].data
            shown.append(character or " ")
            x += max(1, wcwidth(character[:1])) if character else 1
        return "".join(shown)

    def _read(self) -> None:
        while not self._closed:
            self._reading.wait()
            if not select.select([self._master], [], [], 0.05)[0]:
                continue
            try:
                data = os.read(self._master, 65536)
            except OSError:
                return
            with self._lock:
                self.raw += len(data)
                self.output += data
                self._stream.feed(data)
                if self._screen.title and (not self.titles or self.titles[-1] != self._screen.title):
                    self.titles.append(self._screen.title)

    @staticmethod
    def _size(descriptor: int, width: int, height: int) -> None:
        fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
