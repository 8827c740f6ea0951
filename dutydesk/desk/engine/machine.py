"""By what one machine is told from another. The name is not enough: two duty rooms installed from one image
have the same one, and so have two containers; a process number means something only where it was given."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path
from typing import Final

_MACHINE_ID: Final = ("etc/machine-id", "var/lib/dbus/machine-id")
_BOOT_ID: Final = "proc/sys/kernel/random/boot_id"
_PIDS: Final = "proc/self/ns/pid"


def fingerprint(root: Path = Path("/"), *, platform: str = sys.platform) -> str | None:
    """What all processes that see each other's numbers have in common and no other has, in 16 hex digits:
    another one after each start of the machine, and in each container. ``None`` where too little can be
    learnt (an old kernel, a container that shows nothing): then nothing must be concluded from a number."""
    if platform == "linux":
        # The first two tell machines, or containers, apart by themselves; an image may carry one machine-id
        # to many of them, or none.
        boot, pids = _text(root / _BOOT_ID), _link(root / _PIDS)
        if not boot or not pids:
            return None
        machine = next(filter(None, (_text(root / name) for name in _MACHINE_ID)), "")
        return _digest(machine, boot, pids)
    address = _hardware_address()
    return None if address is None else _digest(platform, address)


def _digest(*parts: str) -> str:
    """The machine-id is not for others to see (machine-id(5)): only a hash of it leaves."""
    return hashlib.sha256("\n".join(("dutydesk engine", *parts)).encode()).hexdigest()[:16]


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""


def _link(path: Path) -> str:
    try:
        return os.readlink(path)  # noqa: PTH115 - the target is a name, no path
    except OSError:
        return ""


def _hardware_address() -> str | None:
    import uuid

    address = uuid.getnode()
    made_up = address >> 40 & 1  # RFC 9562, section 6.10: drawn by lot where no interface has one
    return None if made_up else f"{address:012x}"
