"""The writer thread between the console and a terminal that may be slow, or stop reading."""

from __future__ import annotations

import fcntl
import os
import re
import threading
import time
from collections.abc import Iterator
from select import select

import pytest

from dutydesk.tui.output import TerminalWriter


class Line:
    """A pipe with a writer on it that counts what it reported."""

    def __init__(self, backlog: int, *, at_once: bool) -> None:
        self.out, self.into = os.pipe()
        self.recovered = threading.Event()
        self.lost = threading.Event()
        self.at_once = os.open(f"/proc/self/fd/{self.into}", os.O_WRONLY | os.O_NONBLOCK) if at_once else None
        self.writer = TerminalWriter(
            self.into,
            recovered=self.recovered.set,
            lost=self.lost.set,
            at_once=self.at_once,
            backlog=backlog,
        )

    @property
    def capacity(self) -> int:
        """Bytes that the pipe holds."""
        return fcntl.fcntl(self.out, fcntl.F_GETPIPE_SZ)

    def wait_until_full(self, seconds: float = 5.0) -> None:
        """Waits until nothing more goes into the pipe."""
        deadline = time.monotonic() + seconds
        while select([], [self.into], [], 0)[1]:
            assert time.monotonic() < deadline, "the pipe does not fill up"
            time.sleep(0.005)

    def read(self, wanted: bytes, seconds: float = 5.0) -> bytes:
        got = b""
        while wanted not in got and select([self.out], [], [], seconds)[0]:
            got += os.read(self.out, 65536)
        return got


@pytest.fixture(params=[False, True], ids=["by the thread", "at once"])
def line(request: pytest.FixtureRequest) -> Iterator[Line]:
    opened = Line(backlog=1000, at_once=request.param)
    yield opened
    os.close(opened.out)
    opened.writer.stop()
    os.close(opened.into)
    if opened.at_once is not None:
        os.close(opened.at_once)


def test_one_frame_larger_than_the_backlog_goes_out_whole(line: Line) -> None:
    line.writer.start()
    line.writer.write("x" * 5000 + "end")
    assert line.read(b"end") == b"x" * 5000 + b"end"
    assert not line.recovered.is_set()


def test_frames_dropped_before_the_thread_got_round_to_the_first_are_painted_anew(line: Line) -> None:
    line.writer.start()
    while not line.recovered.is_set():
        line.writer.write("a" * 2 * line.capacity)  # the thread is woken for it, and may not run before
        line.writer.write("b" * 900)
        line.writer.write("b" * 900)  # these are dropped
        if line.writer.stalled:
            line.read(b"never", 0.3)
            assert line.recovered.wait(5)
        line.read(b"never", 0.1)
    line.writer.write("anew")
    assert b"anew" in line.read(b"anew")


def test_frames_arrive_whole_and_in_order_however_slowly_they_are_read(line: Line) -> None:
    line.writer.start()
    got = b""
    for number in range(300):
        line.writer.write(f"<{number}:" + "x" * 900 + ">")
        if number % 7 == 0:
            got += os.read(line.out, 1500) if select([line.out], [], [], 0)[0] else b""
    got += line.read(b"never", 0.5)
    frames = re.findall(rb"<(\d+):(x*)>", got)
    assert b"".join(b"<%b:%b>" % frame for frame in frames) == got  # nothing in between is cut off
    numbers = [int(number) for number, _ in frames]
    assert numbers == sorted(numbers)
    assert all(len(text) == 900 for _, text in frames)


def test_a_line_that_does_not_read_drops_frames_and_says_so_when_it_reads_again(line: Line) -> None:
    line.writer.start()
    line.writer.write("c" * 2 * line.capacity)
    line.wait_until_full()  # the thread stands in its write
    line.writer.write("d" * 900)
    assert not line.writer.stalled
    line.writer.write("d" * 900)
    assert line.writer.stalled
    assert not line.recovered.is_set()
    line.read(b"never", 0.3)
    assert line.recovered.wait(5)
    line.writer.write("anew")
    assert b"anew" in line.read(b"anew")
