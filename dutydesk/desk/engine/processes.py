"""Engine processes by host and number, and whether one still lives. Light: asked before anything heavy is
imported."""

from __future__ import annotations

import os
import platform
import secrets
from dataclasses import dataclass
from pathlib import Path


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


def this_host() -> str:
    """The name by which this machine goes in a lease."""
    return (platform.node() or "localhost").replace(":", "-")


def dead(host: str, pid: int) -> bool:
    """Whether that process is known to have ended: one of another host never is."""
    return host == this_host() and not alive(pid)


def host_of(holder_id: str) -> str:
    """The host in a holder's id."""
    return holder_id.partition(":")[0]


def alive(pid: int) -> bool:
    """Whether a process of this host still runs; one that has ended and was not yet reaped does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        after_name = (
            Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2]
        )
    except OSError:
        return True  # no /proc here, or it ended just now: the lease's own time decides
    return after_name.split()[:1] not in (["Z"], ["X"])
