"""Writes to the terminal: at once what it takes at once, and from a thread that may block for as long as it
likes what it does not.

When a terminal stops being read (a stalled SSH link), Textual's own writer blocks the event loop after thirty
writes, and with it every write of the console. Here whole frames are dropped instead, and the screen is
painted anew once the terminal reads again.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections import deque
from collections.abc import Callable

BACKLOG = 256 * 1024
"""Bytes that may wait behind a frame, less than a minute of ticking. A single frame is never too large."""
_PART = 2048


class TerminalWriter(threading.Thread):
    """Takes text at any speed, writes it as UTF-8 at the terminal's, never blocking the one who writes.

    ``at_once`` is another descriptor of the same terminal that does not block: handing every frame to the
    thread would make it wait for whatever the event loop does next. ``recovered`` is called from the thread
    when the terminal reads again after frames were dropped; ``lost`` when it is gone.
    """

    def __init__(
        self,
        descriptor: int,
        *,
        recovered: Callable[[], None],
        lost: Callable[[], None],
        at_once: int | None = None,
        backlog: int = BACKLOG,
    ) -> None:
        super().__init__(daemon=True, name="dutydesk-output")
        self._descriptor = descriptor
        self._at_once = at_once
        self._recovered = recovered
        self._lost = lost
        self._limit = backlog
        self._waiting: deque[bytes] = deque()
        self._size = 0
        self._rest = b""  # of a frame of which a part has gone out: never dropped, it may end in a sequence
        self._writing = False
        self._changed = threading.Condition()
        self._stopping = False
        self._dropped = False
        self._gone = False

    @property
    def stalled(self) -> bool:
        """Whether frames are being dropped because the terminal does not read."""
        return self._dropped

    def write(self, text: str, *, keep: bool = False) -> None:
        """Queues ``text``, a whole number of escape sequences. ``keep`` is for what must never be dropped."""
        data = text.encode("utf-8", errors="replace")
        with self._changed:
            if self._gone or self._stopping or (self._dropped and not keep):
                return
            if self._waiting and self._size + len(data) > self._limit and not keep:
                self._waiting.clear()
                self._size = 0
                self._dropped = True
                self._changed.notify()  # the thread may not have got round to what it was woken for
                return
            if not (self._waiting or self._rest or self._writing):
                self._rest = self._write_at_once(data)
            else:
                self._waiting.append(data)
                self._size += len(data)
            if self._waiting or self._rest:
                self._changed.notify()

    def run(self) -> None:
        """Writes until it is stopped and nothing waits, or until the terminal is gone."""
        while True:
            with self._changed:
                self._writing = False
                while not (self._rest or self._waiting or self._stopping or self._dropped):
                    self._changed.wait()
                # Asked only now: frames may have been dropped between the waking and its coming to pass.
                recovered = self._dropped and not (self._waiting or self._rest)
                self._dropped = self._dropped and not recovered
                data = self._next()
                self._writing = bool(data)
                if not data and not recovered:
                    return
            if recovered:
                self._recovered()
            try:
                while data:
                    data = data[os.write(self._descriptor, data[:_PART]) :]
            except OSError:
                with self._changed:
                    self._gone = True
                    self._waiting.clear()
                self._lost()
                return

    def _next(self) -> bytes:
        if self._rest:
            data, self._rest = self._rest, b""
            return data
        data = self._waiting.popleft() if self._waiting else b""
        self._size -= len(data)
        return data

    def _write_at_once(self, data: bytes) -> bytes:
        """What of ``data`` the terminal does not take now."""
        if self._at_once is None:
            return data
        try:
            return data[os.write(self._at_once, data) :]
        except OSError:  # it takes nothing, or it is gone, which the thread will find
            return data

    def stop(self, patience: float = 2.0) -> None:
        """Lets what waits go out, for at most ``patience`` seconds: leaving must not hang on a dead link."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        with contextlib.suppress(RuntimeError):  # never started, or called from the thread itself
            self.join(patience)
