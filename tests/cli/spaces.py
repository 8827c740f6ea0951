"""Disks that are full or cannot be written, for real: mounts in a namespace of their own, gone with it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def namespace(*mounts: str) -> Iterator[tuple[str, ...]]:
    """Carries out ``mounts``, shell commands, in a fresh mount namespace, and gives what runs a command in
    there. Skips the test where this machine does not allow that."""
    holder = subprocess.Popen(
        ["unshare", "-rm", "sh", "-c", " && ".join([*mounts, "echo there", "exec sleep 600"])],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdout is not None
        assert holder.stderr is not None
        if holder.stdout.readline().strip() != "there":
            pytest.skip(f"no mount namespace on this machine: {holder.stderr.read().strip()}")
        yield ("nsenter", "--preserve-credentials", "-U", "-m", "-t", str(holder.pid), "--")
    finally:
        holder.kill()
        holder.communicate()


@contextmanager
def small_disk(place: Path, kilobytes: int) -> Iterator[tuple[str, ...]]:
    """A disk of so many kilobytes at ``place``."""
    with namespace(f"mount -t tmpfs -o size={kilobytes}k,mode=700 tmpfs '{place}'") as through:
        yield through


@contextmanager
def read_only(place: Path) -> Iterator[tuple[str, ...]]:
    """``place`` on a disk that nobody, root included, can write."""
    with namespace(f"mount --bind '{place}' '{place}'", f"mount -o remount,bind,ro '{place}'") as through:
        yield through
