"""A desk's home directory of the bench's own: set up and signed in by the real command line, with no engine
that starts by itself."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

PIN = "260714"


def environment(home: Path) -> dict[str, str]:
    """What a command of this home is run with; nothing of the caller's own desk gets in."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DUTYDESK_")}
    return kept | {"DUTYDESK_HOME": str(home), "DUTYDESK_PIN": PIN, "DUTYDESK_ENGINE_AUTOSTART": "false"}


def set_up(home: Path) -> dict[str, str]:
    """Makes the database and the first officer, and signs in. Returns the environment to work in it."""
    env = environment(home)
    command(env, "init", "--admin", "bench", "--name", "值班员")
    # operating is what the bench does; the first officer alone need not be allowed to
    command(env, "login", "bench")
    return env


def dutydesk(*arguments: str) -> list[str]:
    """The command line as it is installed beside this interpreter."""
    return [str(Path(sys.executable).with_name("dutydesk")), *arguments]


def command(env: Mapping[str, str], *arguments: str) -> str:
    """Runs one command to its end. Raises RuntimeError with what it said when it fails."""
    return finished(env, dutydesk(*arguments))


def finished(env: Mapping[str, str], command: Sequence[str]) -> str:
    """The output of any command. Raises RuntimeError with what it said when it fails."""
    ended = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise RuntimeError(f"{' '.join(command)}: {ended.stderr or ended.stdout}")
    return ended.stdout
