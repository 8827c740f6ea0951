"""Threads for blocking sends: a bounded number for each pool, and daemons, so that a hung send can never keep
the process from ending (the executor of the standard library waits for its threads at exit)."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class NoThread(RuntimeError):
    """The work was not taken: the pool is closed, or no thread can be had. It never runs."""


@dataclass(frozen=True, slots=True)
class Job(Generic[T]):
    """A piece of work handed to a pool. ``future`` belongs to the loop that handed it over."""

    work: Callable[[], T]
    future: asyncio.Future[T]
    loop: asyncio.AbstractEventLoop

    def run(self) -> None:
        """Does the work and hands over what came of it, on the thread that calls this."""
        result: T | None = None
        fault: BaseException | None = None
        try:
            result = self.work()
        except BaseException as raised:  # noqa: BLE001, RUF100 -- handed to the waiting task
            fault = raised
            if not isinstance(raised, Exception) or isinstance(raised, StopIteration):
                # As itself it would end the loop, look like a cancelled wait, or be refused by the future.
                fault = RuntimeError(type(raised).__name__)
        # The loop may be gone by the time a hung send comes back: then nobody waits for it.
        with contextlib.suppress(RuntimeError):
            self.loop.call_soon_threadsafe(self._settle, result, fault)

    def _settle(self, result: T | None, fault: BaseException | None) -> None:
        if self.future.done():
            return
        if fault is not None:
            self.future.set_exception(fault)
        else:
            self.future.set_result(result)  # type: ignore[arg-type]


class DaemonPool:
    """At most ``size`` threads, started as they are needed."""

    def __init__(self, size: int, name: str) -> None:
        self._size = size
        self._name = name
        self._jobs: deque[Job[Any]] = deque()
        self._change = threading.Condition()
        self._threads = 0
        self._idle = 0
        self._closed = False

    def submit(self, work: Callable[[], T]) -> Job[T]:
        """Has ``work`` run on a thread. Cancelling its future leaves a thread that has begun to its work,
        whose result is then dropped; :meth:`withdraw` keeps it from being begun.

        Raises NoThread when the work was not taken.
        """
        loop = asyncio.get_running_loop()
        job = Job(work, loop.create_future(), loop)
        with self._change:
            if self._closed:
                raise NoThread("the pool is closed")
            if self._idle <= len(self._jobs) and self._threads < self._size:
                self._start_thread()
            self._jobs.append(job)
            self._change.notify()
        return job

    def withdraw(self, job: Job[T]) -> bool:
        """Whether no thread has taken ``job`` up; then none ever will, and its future is cancelled."""
        with self._change:
            if job not in self._jobs:
                return False
            self._jobs.remove(job)
        job.future.cancel()
        return True

    def close(self) -> None:
        """Lets idle threads end; does not wait for hung ones. What was not begun never is: its future raises
        NoThread."""
        with self._change:
            self._closed = True
            left = tuple(self._jobs)
            self._jobs.clear()
            self._change.notify_all()
        for job in left:
            if not job.future.done():
                job.future.set_exception(NoThread("the pool was closed"))

    def _start_thread(self) -> None:
        """Raises NoThread when none can be had and no other will ever come to the work."""
        name = f"{self._name}-{self._threads + 1}"
        try:
            threading.Thread(target=self._work, name=name, daemon=True).start()
        except RuntimeError as fault:
            if not self._threads:
                raise NoThread("no thread can be started") from fault
        else:
            self._threads += 1

    def _work(self) -> None:
        while (job := self._next()) is not None:
            job.run()

    def _next(self) -> Job[Any] | None:
        """The next work; ``None`` when the pool is closed."""
        with self._change:
            self._idle += 1
            while not self._jobs and not self._closed:
                self._change.wait()
            self._idle -= 1
            return self._jobs.popleft() if self._jobs else None
