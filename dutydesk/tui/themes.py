"""How the desk looks: four quiet themes. One accent for each grade, one for a drill, red for what is late.

A role (see :mod:`dutydesk.tui.lines`) has a colour in every theme, and every grade and lateness is also said
in words: colour is never the only sign.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rich.style import Style
from textual.theme import BUILTIN_THEMES, Theme

ROLES = (
    "text",
    "strong",
    "muted",
    "heading",
    "key",
    "good",
    "soon",
    "late",
    "level1",
    "level2",
    "level3",
    "level4",
    "live",
    "drill",
    "doubt",
)
"""Every role that a formatter may use. ``doubt`` is what is unverified, unknown or proposed only."""

GROUNDS = ("plain", "chosen", "chosen_idle", "bar", "alarm", "alarm_drill", "notice")
"""What a line lies on. ``chosen`` is the selected row of the focused list, ``chosen_idle`` of another one."""


@dataclass(frozen=True, slots=True)
class Palette:
    """The styles of one theme: a foreground for every role, a background for every ground."""

    roles: Mapping[str, Style]
    grounds: Mapping[str, Style]
    uniform: frozenset[str]
    """Grounds on which every role has the ground's own colours, because no other would be readable there."""

    def style(self, role: str, ground: str = "plain") -> Style:
        """The style of ``role`` on ``ground``."""
        if ground in self.uniform:
            return self.grounds[ground]
        return self.grounds[ground] + self.roles[role]


@dataclass(frozen=True, slots=True)
class _Colours:
    """The few colours a theme is made of; names of the terminal's own sixteen in the 16-colour theme."""

    text: str
    muted: str
    strong: str
    accent: str
    background: str
    surface: str
    panel: str
    chosen: str
    good: str
    soon: str
    late: str
    level1: str
    level2: str
    level3: str
    level4: str
    drill: str
    alarm: str
    alarm_text: str
    dark: bool = True
    native: bool = False


DARK = _Colours(
    text="#c9d1d9",
    muted="#7d8792",
    strong="#f0f3f6",
    accent="#79b0d8",
    background="#11161c",
    surface="#161c23",
    panel="#1e262f",
    chosen="#26405a",
    good="#7fb58a",
    soon="#e0b15c",
    late="#ff7b72",
    level1="#ff7b72",
    level2="#f0965a",
    level3="#e3c564",
    level4="#7fb2e5",
    drill="#c39ae0",
    alarm="#a4161a",
    alarm_text="#ffffff",
)
LIGHT = _Colours(
    text="#24292f",
    muted="#646d77",
    strong="#000000",
    accent="#1a5c8f",
    background="#fafaf7",
    surface="#f3f3ee",
    panel="#e6e7e1",
    chosen="#c3d9ec",
    good="#2b6e3b",
    soon="#8a5a00",
    late="#b3141a",
    level1="#b3141a",
    level2="#a84300",
    level3="#7a5c00",
    level4="#1457a0",
    drill="#6f3a99",
    alarm="#b3141a",
    alarm_text="#ffffff",
    dark=False,
)
CONTRAST = _Colours(
    text="#ffffff",
    muted="#d0d0d0",
    strong="#ffffff",
    accent="#80dfff",
    background="#000000",
    surface="#000000",
    panel="#262626",
    chosen="#0040c0",
    good="#60ff60",
    soon="#ffff40",
    late="#ff8080",
    level1="#ff8080",
    level2="#ffb060",
    level3="#ffff40",
    level4="#80c8ff",
    drill="#ff9cff",
    alarm="#ff0000",
    alarm_text="#ffffff",
)
SIXTEEN = _Colours(
    text="ansi_default",
    muted="ansi_default",
    strong="ansi_default",
    accent="ansi_cyan",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    chosen="ansi_blue",
    good="ansi_green",
    soon="ansi_yellow",
    late="ansi_red",
    level1="ansi_red",
    level2="ansi_yellow",
    level3="ansi_yellow",
    level4="ansi_cyan",
    drill="ansi_magenta",
    alarm="ansi_red",
    alarm_text="ansi_bright_white",
    native=True,
)
COLOURS: Mapping[str, _Colours] = {
    "dutydesk-dark": DARK,
    "dutydesk-light": LIGHT,
    "dutydesk-contrast": CONTRAST,
    "dutydesk-16": SIXTEEN,
}
NAMES = tuple(COLOURS)
DEFAULT = NAMES[0]


def variables(colours: _Colours) -> dict[str, str]:
    """The theme's own CSS variables: ``$text-quiet``, ``$chosen``, ``$late``, ``$level-1`` and the like."""
    return {
        "ink": colours.text,
        "quiet": colours.muted,
        "strong": colours.strong,
        "chosen": colours.chosen,
        "soon": colours.soon,
        "late": colours.late,
        "level-1": colours.level1,
        "level-2": colours.level2,
        "level-3": colours.level3,
        "level-4": colours.level4,
        "drill": colours.drill,
        "alarm": colours.alarm,
        "alarm-text": colours.alarm_text,
    }


def themes() -> tuple[Theme, ...]:
    """The themes for ``App.register_theme``."""
    made = []
    for name, each in COLOURS.items():
        native = BUILTIN_THEMES["ansi-dark"].variables if each.native else {}
        extra = (
            native
            | variables(each)
            | {
                "block-cursor-foreground": each.strong if not each.native else "ansi_white",
                "block-cursor-background": each.chosen,
                "block-cursor-text-style": "none",
                "input-cursor-background": each.accent,
                "input-cursor-foreground": each.background if not each.native else "ansi_black",
                "input-selection-background": each.chosen,
                "scrollbar": each.chosen,
                "scrollbar-hover": each.accent,
                "scrollbar-active": each.accent,
                "scrollbar-background": each.surface,
                "scrollbar-background-hover": each.surface,
                "scrollbar-background-active": each.surface,
                "scrollbar-corner-color": each.surface,
            }
        )
        made.append(
            Theme(
                name=name,
                primary=each.accent,
                secondary=each.muted,
                warning=each.soon,
                error=each.late,
                success=each.good,
                accent=each.accent,
                foreground=each.text,
                background=each.background,
                surface=each.surface,
                panel=each.panel,
                dark=each.dark,
                ansi=each.native,
                variables=extra,
            )
        )
    return tuple(made)


def palette(name: str) -> Palette:
    """The line styles of the theme ``name``; of the default one when it is not ours."""
    return _PALETTES.get(name, _PALETTES[DEFAULT])


def _rich(colour: str) -> str | None:
    return colour.removeprefix("ansi_") if colour != "ansi_default" else "default"


def _palette(each: _Colours) -> Palette:
    def ink(colour: str, *, bold: bool = False, dim: bool = False) -> Style:
        return Style(color=_rich(colour), bold=bold or None, dim=dim or None)

    def ground(colour: str, text: str, *, bold: bool = False, reverse: bool = False) -> Style:
        return Style(color=_rich(text), bgcolor=_rich(colour), bold=bold or None, reverse=reverse or None)

    uniform = {"alarm", "alarm_drill", "notice"} | ({"chosen"} if each.native else set())
    return Palette(
        uniform=frozenset(uniform),
        roles={
            "text": ink(each.text),
            "strong": ink(each.strong, bold=True),
            "muted": ink(each.muted, dim=each.native),
            "heading": ink(each.accent, bold=True),
            "key": ink(each.accent, bold=True),
            "good": ink(each.good),
            "soon": ink(each.soon, bold=True),
            "late": ink(each.late, bold=True),
            "level1": ink(each.level1, bold=True),
            "level2": ink(each.level2, bold=True),
            "level3": ink(each.level3),
            "level4": ink(each.level4),
            "live": ink(each.strong),
            "drill": ink(each.drill, bold=True),
            "doubt": Style(color=_rich(each.muted), italic=True),
        },
        grounds={
            "plain": ground(each.background, each.text),
            "chosen": ground(each.chosen, each.text if not each.native else "ansi_white"),
            "chosen_idle": ground(each.panel, each.text),
            "bar": ground(each.panel, each.text),
            "alarm": ground(each.alarm, each.alarm_text, bold=True),
            "alarm_drill": ground(
                each.drill, each.background if not each.native else "ansi_black", bold=True
            ),
            "notice": ground(
                each.soon, each.background if each.dark and not each.native else "black", bold=True
            ),
        },
    )


_PALETTES = {name: _palette(each) for name, each in COLOURS.items()}
