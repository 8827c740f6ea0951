"""A command from Enter to its end, beside ``python -c pass``: the version, a listing, and a report put on
record, in rounds that take turns. None of them may import textual."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench._calls import calls
from bench._home import dutydesk, finished, set_up
from bench.table import Row, ms

ROUNDS = 9
_LOOK = """
import sys
sys.argv = ["dutydesk", *sys.argv[1:]]
from dutydesk.__main__ import main
try:
    main()
except SystemExit as ended:
    if ended.code:
        raise
print(*sorted({"textual", "rich", "apprise", "sqlalchemy", "pydantic"} & sys.modules.keys()), file=sys.stderr)
sys.stderr.flush()
"""
"""Runs a command inside an interpreter that then tells which heavy packages it had to import."""


def run() -> list[Row]:
    """The ratios, without a bar but for this one: textual is not imported."""
    with tempfile.TemporaryDirectory() as directory:
        env = set_up(Path(directory))
        text = next(iter(calls(1))).text
        commands = {
            "--version": ["--version"],
            "timer list": ["timer", "list"],
            "report add": ["report", "add", "--text", text],
        }
        bare: list[float] = []
        times: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(ROUNDS):
            bare.append(_timed(env, [sys.executable, "-c", "pass"]))
            for name, arguments in commands.items():
                times[name].append(_timed(env, dutydesk(*arguments)))
        loaded = {name: _loaded(env, arguments) for name, arguments in commands.items()}
    nothing = statistics.median(bare)
    rows: list[Row] = []
    for name, seconds in times.items():
        ours = statistics.median(seconds)
        rows.append(
            Row(
                f"start-up: dutydesk {name}",
                ms(ours),
                f"{ms(nothing)} (python -c pass)",
                f"{ours / nothing:.1f}",
                "no textual",
                "textual" not in loaded[name],
                f"heavy packages imported: {' '.join(sorted(loaded[name])) or 'none'}",
            )
        )
    return rows


def _timed(env: Mapping[str, str], command: Sequence[str]) -> float:
    began = time.perf_counter()
    finished(env, command)
    return time.perf_counter() - began


def _loaded(env: Mapping[str, str], arguments: Sequence[str]) -> set[str]:
    ended = subprocess.run(
        [sys.executable, "-c", _LOOK, *arguments], env=env, capture_output=True, text=True, check=False
    )
    if ended.returncode:
        raise RuntimeError(ended.stderr)
    return set(ended.stderr.splitlines()[-1].split()) if ended.stderr.strip() else set()
