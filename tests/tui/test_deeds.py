"""The journal as an officer reads it: every deed has a name, and no line shows a table's key."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import dutydesk
from dutydesk.desk.views import board, ledger
from dutydesk.desk.views.board import NO_NAMES
from dutydesk.i18n import use
from dutydesk.model.clock import ManualClock
from dutydesk.model.deeds import DEEDS
from dutydesk.model.views.ledger import LedgerLine
from dutydesk.playbooks.walk import Action
from dutydesk.tui import deeds
from tests.tui.snapshots.scene import NOW, build, settings_of

PACKAGE = Path(dutydesk.__file__).parent
ACTION = re.compile(
    r"(?:broadcast|channel|contacts|delivery|deliveries|draft|engine|incident|officer|report|run|session|shift"
    r"|timer|timers)\.[a-z_]+"
)
KEY = re.compile(r"\b(?:run|timer|timers|incident|report|broadcast|delivery|deliveries|officer|shift):?\d*$")


def journalled() -> Iterator[str]:
    """The actions that the code writes, where they are written out."""
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "journal"
            ):
                for each in ast.walk(node.args[0]) if node.args else ():
                    if isinstance(each, ast.Constant) and "." in str(each.value).strip("."):
                        yield str(each.value)


def test_every_deed_has_a_name_in_both_languages() -> None:
    found = {*journalled(), *(f"run.{action}" for action in Action)}
    assert len(found) > 25
    assert found <= DEEDS.keys()


async def test_a_night_reads_in_words_in_both_languages(tmp_path: Path) -> None:
    from dutydesk.desk.opening import open_desk

    home = await build(tmp_path / "home", "full")
    desk = await open_desk(home, settings_of(home), clock=ManualClock(NOW))
    names = board.names(desk)
    lines = [line for line in await ledger.ledger_page(desk, limit=1000) if line.kind == "journal"]
    await desk.close()
    assert len(lines) > 100
    for language in ("zh", "en"):
        use(language)
        for line in lines:
            said = deeds.told(line, names)
            assert said, line
            assert not KEY.search(said), (line, said)
    use("zh")
    skipped = [deeds.told(line, names) for line in lines if line.what.startswith("run.")]
    assert any("氯气、液氯" in said for said in skipped)  # an option by its label
    assert {line.incident for line in lines if line.what == "timer.met"} <= {1, 2, 3, 4}


def test_an_entry_that_was_tampered_with_is_still_shown() -> None:
    for payload in (
        "",
        "{",
        "[]",
        '{"told": 3, "timers": "x", "late_s": "y"}',
        '{"level": {}}',
        '{"told": [4]}',
    ):
        for action in DEEDS:
            line = LedgerLine("journal", 1, NOW, "wang", action, "timer:9", None, payload)
            assert isinstance(deeds.told(line, NO_NAMES), str)
