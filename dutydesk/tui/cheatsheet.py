"""Writes the key sheets ``docs/keys.zh.md`` and ``docs/keys.md``: ``python -m dutydesk.tui.cheatsheet``."""

from __future__ import annotations

import sys
from pathlib import Path

from dutydesk.model.text import Language, Text
from dutydesk.tui.actions import SCREENS, Action, Registry, key_name
from dutydesk.tui.catalog import ACTIONS
from dutydesk.tui.commands import USAGES

TITLE = Text("按键表", "Keys")
INTRO = Text(
    "由操作登记表生成，不手工改。按键可在 `config.yaml` 的 `keys:` 里换，左边写操作名，右边写按键。",
    "Generated from the registry of actions; not edited by hand. Keys are changed in `config.yaml` under "
    "`keys:`, with the action on the left and the key on the right.",
)
HEADINGS = Text(
    "| 按键 | 操作 | 说明 | 拼音 | 可撤回 | 配置名 |", "| key | action | what it does | pinyin | undo | id |"
)
ALL = Text("随处可用", "Everywhere")
YES = Text("可", "yes")
LINE = Text("命令行", "The command line")
LINE_HEADINGS = Text("| 写法 | 说明 |", "| line | what it does |")


def sheet(language: Language) -> str:
    """The whole key sheet as Markdown."""
    registry = Registry(ACTIONS)
    everywhere = [action for action in registry if not action.screens]
    parts = [f"# {TITLE.in_(language)}", "", INTRO.in_(language), "", *_table(ALL, everywhere, language)]
    parts += [f"## {LINE.in_(language)}", "", LINE_HEADINGS.in_(language), "|---|---|"]
    parts += [f"| `{each.line.in_(language)}` | {each.about.in_(language)} |" for each in USAGES]
    parts.append("")
    for screen, name in SCREENS.items():
        own = [action for action in registry if screen in action.screens]
        if own:
            parts += _table(name, own, language)
    return "\n".join(parts).rstrip() + "\n"


def _table(name: Text, actions: list[Action], language: Language) -> list[str]:
    rows = [
        f"| {' '.join(f'`{key_name(key)}`' for key in action.keys)} | {action.name.in_(language)} "
        f"| {action.tip.in_(language)} | `{action.pinyin}` | {YES.in_(language) if action.undoable else ''} "
        f"| `{action.id}` |"
        for action in actions
    ]
    return [f"## {name.in_(language)}", "", HEADINGS.in_(language), "|---|---|---|---|---|---|", *rows, ""]


def paths() -> dict[Path, Language]:
    """Where the two sheets lie in a checkout."""
    docs = Path(__file__).resolve().parents[2] / "docs"
    return {docs / "keys.zh.md": "zh", docs / "keys.md": "en"}


def main() -> int:
    """Writes both sheets."""
    for path, language in paths().items():
        path.write_text(sheet(language), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
