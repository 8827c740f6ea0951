"""The real command line as a subprocess over a home directory, the way a script or a PBX hook uses it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PIN = "4711-night"


@dataclass(frozen=True)
class Done:
    """What one command came to."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document of stdout."""
        return json.loads(self.out)


@dataclass
class CommandLine:
    """``dutydesk`` over one home. ``environment`` is added to every command's; ``through`` is what runs it,
    such as the way into a namespace."""

    home: Path
    environment: dict[str, str] = field(default_factory=dict)
    through: tuple[str, ...] = ()

    def env(self, **more: str) -> Mapping[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("DUTYDESK_")}
        base = {
            "DUTYDESK_HOME": str(self.home),
            "DUTYDESK_PIN": PIN,
            "DUTYDESK_LANG": "en",
            "DUTYDESK_ENGINE_AUTOSTART": "0",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        return {**kept, **base, **self.environment, **more}

    def __call__(self, *arguments: str | bytes, stdin: bytes | None = None, **environment: str) -> Done:
        done = subprocess.run(
            [*self.through, sys.executable, "-m", "dutydesk", *arguments],
            env=self.env(**environment),
            input=stdin,
            stdin=None if stdin is not None else subprocess.DEVNULL,
            capture_output=True,
            timeout=120,
            check=False,
        )
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())

    def ok(self, *arguments: str | bytes, stdin: bytes | None = None, **environment: str) -> Any:
        """The document of a command that has to succeed."""
        done = self(*arguments, "--json", stdin=stdin, **environment)
        assert done.code == 0, f"{arguments}: {done.err or done.out}"
        return done.document

    def refused(self, *arguments: str | bytes, stdin: bytes | None = None, **environment: str) -> str:
        """The one line of a command that has to be refused."""
        done = self(*arguments, stdin=stdin, **environment)
        assert done.code == 1, f"{arguments}: exit {done.code}: {done.err or done.out}"
        assert "Traceback" not in done.err
        lines = done.err.strip().splitlines()
        assert len(lines) == 1, done.err
        return lines[0]
