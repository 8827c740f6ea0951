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


LATER = {
    "textual.widgets._text_area",
    "dutydesk.model.deadlines",
    "dutydesk.model.views.ledger",
    "dutydesk.model.views.runs",
    "dutydesk.desk.views.watch",
    "dutydesk.tui.crash",
    "dutydesk.tui.screens.intake.screen",
}
"""No library, but work all the same: every value class of the model takes half a millisecond to make."""


def test_the_board_is_on_its_way_with_no_other_screens_parts() -> None:
    code = "import sys, dutydesk.tui.console, dutydesk.tui.screens.board.screen; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not LATER & set(done.stdout.split())


def test_the_terminal_is_checked_before_textual_is_imported() -> None:
    code = "import sys, dutydesk.tui.terminal; print('textual' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
