"""The one registry of everything that a key can do: bindings, footer, palette, help and the printed key
sheet are all read from here, so that they cannot disagree.

F-keys, digits, arrows, Enter and Esc carry the critical path, because a Chinese input method eats letters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from dutydesk.model.errors import ConfigError
from dutydesk.model.text import Text
from dutydesk.resources import data_dir

SCREENS: Mapping[str, Text] = {
    "intake": Text("接报", "Intake"),
    "board": Text("态势", "Board"),
    "incident": Text("处置", "Incident"),
    "notice": Text("通知", "Notice"),
    "ledger": Text("台账", "Ledger"),
    "shift": Text("交接", "Shift"),
    "signin": Text("登录", "Sign-in"),
    "lock": Text("锁定", "Locked"),
}


@dataclass(frozen=True, slots=True)
class Action:
    """Something an officer can do by a key or by name.

    ``screens``: ids of :data:`SCREENS` where it applies; empty is everywhere. ``pinyin``: the initials of
    the Chinese name, for the palette. ``footer``: its place among the keys shown below (1 first, 0 not
    shown). ``undoable``: whether it can be taken back. ``signed_out``: also before anybody has signed in.
    The screen, or else :class:`~dutydesk.tui.everywhere.Everywhere`, carries it out in its method
    ``action_<id>``, with dots as underscores; a method ``why_not_<id>`` there may return a sentence why it
    is off just now.
    """

    id: str
    keys: tuple[str, ...]
    name: Text
    tip: Text
    pinyin: str
    screens: frozenset[str] = frozenset()
    footer: int = 0
    undoable: bool = False
    signed_out: bool = False

    @property
    def method(self) -> str:
        """The end of the names of the methods that carry it out."""
        return self.id.replace(".", "_")

    def on(self, screen: str) -> bool:
        """Whether it applies on the screen with this id."""
        if screen in ("signin", "lock"):
            return self.signed_out or screen in self.screens
        return not self.screens or screen in self.screens


def _a(
    action: str, keys: str, zh: str, en: str, pinyin: str, tip_zh: str, tip_en: str, **more: object
) -> Action:
    screens = more.pop("screens", "")
    return replace(
        Action(action, tuple(keys.split()), Text(zh, en), Text(tip_zh, tip_en), pinyin),
        screens=frozenset(str(screens).split()),
        **more,  # type: ignore[arg-type]
    )


EVERYWHERE: tuple[Action, ...] = (
    _a(
        "help", "f1", "帮助", "Help", "bz", "这里能做什么", "What can be done here", footer=1, signed_out=True
    ),
    _a(
        "go.intake",
        "f2",
        "接报",
        "Intake",
        "jb",
        "登记来电，接报时刻即按键时刻",
        "Take a report; the received time is now",
        footer=2,
    ),
    _a(
        "go.board",
        "f3",
        "态势",
        "Board",
        "ts",
        "时限、事件、来报",
        "Clocks, incidents, what came in",
        footer=3,
    ),
    _a(
        "go.incident",
        "f4",
        "处置",
        "Incident",
        "cz",
        "按流程处置当前事件",
        "Work the open incident",
        footer=4,
    ),
    _a(
        "go.notice", "f5", "通知", "Notice", "tz", "发通知，看回执", "Send a notice, see who has it", footer=5
    ),
    _a("go.ledger", "f6", "台账", "Ledger", "tz", "查接报和台账", "Search reports and the journal", footer=6),
    _a("go.shift", "f7", "交接", "Shift", "jj", "当班情况和交接班", "The shift and its handover", footer=7),
    _a(
        "command",
        "slash fullwidth_solidus ideographic_comma",
        "命令行",
        "Command line",
        "mlh",
        "一行命令：备注、查找、提醒",
        "One line: note, find, remind",
        footer=8,
    ),
    _a(
        "palette",
        "f8 ctrl+p",
        "全部操作",
        "All actions",
        "qbcz",
        "按中文、英文或拼音首字母找操作",
        "Find any action by name or pinyin initials",
        signed_out=True,
    ),
    _a(
        "language",
        "f9",
        "中文/English",
        "中文/English",
        "yy",
        "切换语言",
        "Switch the language",
        signed_out=True,
    ),
    _a(
        "theme",
        "f12",
        "配色",
        "Theme",
        "ps",
        "深色、浅色、高对比、16 色",
        "Dark, light, high contrast, 16 colours",
        signed_out=True,
    ),
    _a(
        "alarm.ack",
        "f10",
        "确认告警",
        "Acknowledge alarm",
        "qrgj",
        "收起这条告警；时限照走，再拖再报",
        "Take the alarm down; the clock runs on and comes back louder",
    ),
    _a("undo", "ctrl+z", "撤回", "Undo", "ch", "撤回刚才能撤回的一步", "Take back the last step that can be"),
    _a("back", "escape", "返回", "Back", "fh", "退回上一处", "Back to where you were", signed_out=True),
    _a(
        "redraw", "ctrl+l", "重画", "Redraw", "ch", "屏幕花了时重画", "Paint the screen anew", signed_out=True
    ),
    _a(
        "quit",
        "ctrl+q",
        "退出",
        "Quit",
        "tc",
        "退出席位；时限由引擎照常守着",
        "Leave the console; the engine keeps the clocks",
        signed_out=True,
    ),
    _a(
        "lock",
        "f11",
        "锁定",
        "Lock",
        "sd",
        "藏起姓名和内容，时限和告警照常；PIN 解锁",
        "Hide names and texts; clocks and alarms stay; the PIN unlocks",
    ),
    _a(
        "sign.out",
        "",
        "退出登录",
        "Sign out",
        "tcdl",
        "换人值守本席",
        "Let another officer take this console",
    ),
)
"""What every screen can do. A screen's own actions are added to the registry by the screen's module."""


class Registry:
    """All actions, with the officer's own keys where the configuration names some."""

    def __init__(self, actions: Iterable[Action] = EVERYWHERE, keys: Mapping[str, str] | None = None) -> None:
        """``keys`` maps action ids to keys (several by blanks or commas), instead of the built-in ones.

        Raises ConfigError for an action that does not exist, and for two actions on one key of one screen.
        """
        self._actions: dict[str, Action] = {}
        for action in actions:
            if action.id in self._actions:
                raise ValueError(f"two actions are called {action.id}")
            self._actions[action.id] = action
        for action_id, wanted in (keys or {}).items():
            if action_id not in self._actions:
                raise ConfigError(
                    "keys: there is no action {action}; {docs}/keys.md lists them all.",
                    action=action_id,
                    docs=data_dir("docs"),
                )
            chosen = tuple(wanted.replace(",", " ").split())
            self._actions[action_id] = replace(self._actions[action_id], keys=chosen)
        self._refuse_conflicts()

    def __iter__(self) -> Iterator[Action]:
        return iter(self._actions.values())

    def __getitem__(self, action_id: str) -> Action:
        return self._actions[action_id]

    def of(self, screen: str) -> tuple[Action, ...]:
        """What applies on a screen: its own first, then what applies everywhere."""
        here = [action for action in self._actions.values() if action.on(screen)]
        return tuple(sorted(here, key=lambda action: not action.screens))

    def footer(self, screen: str, limit: int = 8) -> tuple[Action, ...]:
        """The keys that matter here, in their order."""
        shown = sorted((action for action in self.of(screen) if action.footer), key=lambda each: each.footer)
        return tuple(shown[:limit])

    def _refuse_conflicts(self) -> None:
        for screen in SCREENS:
            taken: dict[str, Action] = {}
            for action in self.of(screen):
                for key in action.keys:
                    if key in taken:
                        raise ConfigError(
                            "keys: {key} is asked for by both {one} and {other}; give one another key.",
                            key=key,
                            one=taken[key].id,
                            other=action.id,
                        )
                    taken[key] = action


def matches(action: Action, query: str) -> int | None:
    """How well ``query`` fits an action, 0 best; ``None`` when it does not.

    Looks at the Chinese and English names, the pinyin initials and the id; letters may be left out between.
    """
    wanted = "".join(query.lower().split())
    if not wanted:
        return 0
    best: int | None = None
    for rank, name in enumerate((action.pinyin, action.name.zh.lower(), action.name.en.lower(), action.id)):
        score = _fuzzy(wanted, name.replace(" ", ""))
        if score is not None and (best is None or score * 4 + rank < best):
            best = score * 4 + rank
    return best


def _fuzzy(wanted: str, name: str) -> int | None:
    if name.startswith(wanted):
        return 0
    if wanted in name:
        return 1
    place, gaps = -1, 2
    for letter in wanted:
        found = name.find(letter, place + 1)
        if found < 0:
            return None
        gaps += found - place - 1
        place = found
    return gaps


_KEY_NAMES = {
    "escape": "Esc",
    "enter": "Enter",
    "space": "Space",
    "slash": "/",
    "fullwidth_solidus": "／",
    "ideographic_comma": "、",
    "question_mark": "?",
    "up": "Up",
    "down": "Down",
    "left": "Left",
    "right": "Right",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "delete": "Del",
    "insert": "Ins",
    "tab": "Tab",
}


def key_name(key: str) -> str:
    """A key as it is printed on a keyboard: ``F2``, ``Ctrl+Q``, ``/``."""
    *modifiers, last = key.split("+")
    named = _KEY_NAMES.get(last, last.upper() if len(last) == 1 or last[1:].isdigit() else last)
    return "+".join([*(each.capitalize() for each in modifiers), named])
