"""``python -m bench [NAME …]``: every module here that has a ``run`` is measured, one after the other, and
one Markdown table is printed. A run of all of them also writes ``docs/bench.md`` and the table of the
READMEs."""

from __future__ import annotations

import argparse
import compileall
import importlib
import os
import pkgutil
import platform
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

import bench
import dutydesk
from bench.chinese import HEADS as CHINESE_HEADS
from bench.chinese import in_chinese
from bench.table import Row, markdown, plain

Run = Callable[[], list[Row]]

ROOT = Path(__file__).parents[1]
DOCUMENT = ROOT / "docs" / "bench.md"
BEGIN, END = "<!-- make bench: begin -->", "<!-- make bench: end -->"
"""Between these the READMEs have the table."""
ORDER = ("logging", "timers", "sending", "search", "startup", "console", "keys")
"""As the table is read; what is not named here comes last."""
SHOWN = ("textual", "sqlalchemy", "aiosqlite", "aiohttp", "apprise", "apscheduler")


def found(names: list[str]) -> Iterator[tuple[str, Run]]:
    """The measurements by name; all of them where none is named."""
    there = [info.name for info in pkgutil.iter_modules(bench.__path__) if not info.name.startswith("_")]
    for unknown in sorted(set(names) - set(there)):
        sys.exit(f"there is no bench {unknown}; there are: {' '.join(sorted(there))}")
    for module in sorted(there, key=lambda name: (ORDER.index(name) if name in ORDER else 99, name)):
        if names and module not in names:
            continue
        run: Run | None = getattr(importlib.import_module(f"bench.{module}"), "run", None)
        if run is not None:
            yield module, run


def document(rows: list[Row], seconds: float) -> str:
    """The page of a whole run: the table, and what it was measured on."""
    versions = ", ".join(f"{name} {version(name)}" for name in SHOWN)
    return f"""# Measured side by side

`make bench` wrote this page. Both sides of a line were measured in the same run, in rounds that take turns;
the figures are medians of the rounds unless the line says p95 or p99. Trust the ratios, not the milliseconds:
the machine was a small one. A bar that was missed says **NOT**; a line without a bar is information.

{markdown(row.cells for row in rows)}

Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {platform.system()}
{platform.machine()}, {os.cpu_count()} cores; {versions}. The whole run took {seconds:.0f} s.
What each line measures, and how, is said at the head of its module in `bench/`.
"""


def put_into(page: str, table: str) -> str:
    """``page`` with ``table`` in place of the one between its marks."""
    head, begin, rest = page.partition(BEGIN)
    _old, end, tail = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"the page lacks {BEGIN} or {END}")
    return f"{head}{BEGIN}\n\n{table}\n\n{END}{tail}"


def tables(rows: Sequence[Sequence[str]]) -> dict[Path, str]:
    """The table of each README, in its language."""
    chinese = markdown((in_chinese(cells) for cells in rows), CHINESE_HEADS)
    return {ROOT / "README.md": markdown(rows), ROOT / "README.zh.md": chinese}


def main() -> int:
    """Measures and prints; 1 when a bar is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("names", nargs="*", help="modules of bench/; all where none is named")
    parser.add_argument("--plain", action="store_true", help="columns in line instead of Markdown")
    chosen = parser.parse_args()
    # As an installed package is. Where Python writes no caches, every start would compile ours, not theirs.
    compileall.compile_dir(dutydesk.__path__[0], quiet=1)
    rows: list[Row] = []
    began = time.perf_counter()
    for name, run in found(chosen.names):
        started = time.perf_counter()
        rows += run()
        print(f"{name}: {time.perf_counter() - started:.1f} s", file=sys.stderr)
    if not chosen.names:
        DOCUMENT.write_text(document(rows, time.perf_counter() - began), encoding="utf-8")
        for readme, table in tables([row.cells for row in rows]).items():
            page = readme.read_text(encoding="utf-8")
            readme.write_text(put_into(page, table), encoding="utf-8")
    print(plain(rows) if chosen.plain else markdown(row.cells for row in rows))
    return 1 if any(row.ok is False for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
