"""Engine processes by host and number, and whether one still lives. Light: asked before anything heavy is
imported.

A host is ``NAME/FINGERPRINT`` (see ``machine``). One that is a name alone comes from where no fingerprint can
be had, or from a lease written before there were any: of its processes nothing is known.
"""

from __future__ import annotations

import os
import platform
import secrets
from dataclasses import dataclass
from pathlib import Path

from dutydesk.desk.engine.machine import fingerprint


@dataclass(frozen=True, slots=True)
class Holder:
    """One engine process. ``id`` is ``HOST:PID:TOKEN``, unlike that of any other with the same ``pid``."""

    id: str
    pid: int
    host: str


def this_process() -> Holder:
    """A holder for this process, new at each call."""
    host = this_host()
    return Holder(f"{host}:{os.getpid()}:{secrets.token_hex(4)}", os.getpid(), host)


def this_name() -> str:
    """The name of this machine, for people to read."""
    return (platform.node() or "localhost").replace(":", "-").replace("/", "-")


def this_host() -> str:
    """How this machine, since it started and within this container, goes in a lease."""
    mark = fingerprint()
    return this_name() if mark is None else f"{this_name()}/{mark}"


def here(host: str) -> bool:
    """Whether the processes of ``host`` are known to be those that this process sees."""
    return "/" in host and host == this_host()


def dead(host: str, pid: int) -> bool:
    """Whether that process is known to have ended: one of another host, or of one not known, never is."""
    return here(host) and not alive(pid)


def host_of(holder_id: str) -> str:
    """The host in a holder's id."""
    return holder_id.partition(":")[0]


def alive(pid: int, *, proc: Path = Path("/proc")) -> bool:
    """Whether a process of this host still runs; one that has ended and was not yet reaped does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        if os.readlink(proc / "self") != str(os.getpid()):  # noqa: PTH115 - a number, no path
            return True  # this /proc shows the numbers of another container
        told = (proc / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return True  # no /proc here, or it ended just now: the lease's own time decides
    return told.rpartition(")")[2].split()[:1] not in (["Z"], ["X"])
