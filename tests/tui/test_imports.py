from __future__ import annotations

import subprocess
import sys

HEAVY = {
    "sqlalchemy",
    "sqlmodel",
    "pydantic",
    "apprise",
    "aiohttp",
    "sqlite3",
    "aiosqlite",
    "alembic",
    "typer",
    "cel",
}


def test_the_console_paints_before_anything_heavy_is_imported() -> None:
    code = "import sys, dutydesk.tui.app; print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not HEAVY & set(done.stdout.split())


def test_the_terminal_is_checked_before_textual_is_imported() -> None:
    code = "import sys, dutydesk.tui.terminal; print('textual' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
