"""posting, a Textual program of the same size and polish, installed into an environment of its own under
``.bench/`` to be measured beside."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

from bench._pty import ROOT

_HOME = ROOT / ".bench" / "posting"
_WANTED = ("posting", "tree-sitter<0.26")
"""With tree-sitter 0.26 it crashes."""
FIRST_SCREEN = "Collection"


def posting() -> Path | str:
    """Its command, installed if need be, or one line why it cannot be."""
    command = _HOME / "bin" / "posting"
    if not command.exists():
        venv.create(_HOME, with_pip=True, clear=True)
        ended = subprocess.run(
            [_HOME / "bin" / "python", "-m", "pip", "install", "--disable-pip-version-check", "-q", *_WANTED],
            capture_output=True,
            text=True,
            check=False,
        )
        if ended.returncode or not command.exists():
            said = (ended.stderr.strip().splitlines() or ["no command posting"])[-1]
            return f"posting could not be installed: {said}"
    if sys.platform == "win32":
        return "posting is measured in a pseudo-terminal, which Windows has not"
    return command
