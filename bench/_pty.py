"""A program in a pseudo-terminal, timed from outside: when did which bytes arrive. It draws no screen of its
own, which on a small machine would be measured along."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).parents[1]
_RUNNING_ENV = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8"}


class Pty:
    """``command`` in a terminal of ``width`` by ``height``. Use as a context manager. ``began`` is when it
    was started, on ``time.perf_counter``; so are all times that the methods return. What it writes is read
    only while one of the methods runs."""

    def __init__(
        self, command: Sequence[str], env: Mapping[str, str], *, width: int = 120, height: int = 40
    ) -> None:
        self.seen = b""
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
        self.began = time.perf_counter()
        self.process = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=ROOT,
            env={**env, **_RUNNING_ENV},
            start_new_session=True,
        )
        os.close(slave)

    def __enter__(self) -> Pty:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._master)

    def send(self, keys: str) -> float:
        """Types ``keys``, forgetting what was written before; when."""
        self.read_for(0)
        self.seen = b""
        at = time.perf_counter()
        os.write(self._master, keys.encode())
        return at

    def until(self, text: str, timeout: float = 20.0) -> float:
        """When ``text`` had been written since the last ``send``. Raises RuntimeError with the last of what
        was written instead."""
        wanted, deadline = text.encode(), time.perf_counter() + timeout
        while wanted not in self.seen:
            if time.perf_counter() > deadline or not self._take(deadline):
                raise RuntimeError(f"{text!r} was not seen; the last bytes: {self.seen[-600:]!r}")
        return time.perf_counter()

    def burst(self, *, gap: float = 0.03, timeout: float = 5.0) -> tuple[float, float]:
        """When the first and the last bytes came of what is written next, up to ``gap`` seconds of nothing.
        Raises RuntimeError when nothing comes."""
        first = last = 0.0
        deadline = time.perf_counter() + timeout
        while self._take(deadline if not first else min(deadline, last + gap)):
            last = time.perf_counter()
            first = first or last
        if not first:
            raise RuntimeError("nothing was painted")
        return first, last

    def read_for(self, seconds: float) -> int:
        """Reads for so long; the number of bytes that came."""
        before, deadline = len(self.seen), time.perf_counter() + seconds
        while self._take(deadline):
            pass
        return len(self.seen) - before

    def _take(self, deadline: float) -> bool:
        """Reads what comes next; false when nothing has by the deadline, or the program has ended."""
        wait = max(0.0, deadline - time.perf_counter())
        if not select.select([self._master], [], [], wait)[0]:
            return False
        try:
            data = os.read(self._master, 65536)
        except OSError:
            return False
        self.seen += data
        return bool(data)


def between_ticks() -> float:
    """Seconds to wait until the middle of a second, when no clock is about to tick."""
    within = time.time() % 1.0
    return 0.0 if 0.2 <= within <= 0.7 else (1.2 - within) % 1.0
