"""Every screen, its panes and its questions, by the keys that lead there once an incident is in front."""

from __future__ import annotations

from typing import Final

PLACES: Final[tuple[tuple[str, ...], ...]] = (
    ("f3",), ("f3", "right"), ("f3", "right", "right"), ("f2",), ("f2", "ctrl+g"), ("f2", *["tab"] * 9),
    ("f6",), ("f6", "enter"), ("f6", "1", "x"), ("f7",), ("f7", "2"), ("f5",), ("f5", "tab"), ("f5", "2"),
    ("f5", "1"), ("f5", "1", "enter"), ("f5", "1", "enter", "tab"), ("f4",), ("f4", "8"), ("f4", "7"),
    ("f4", "6"), ("f4", "enter"), ("f4", "delete"), ("f4", "2"), ("f4", "3"), ("f4", "4"), ("f4", "5"),
    ("f4", "0"), ("f3", "f1"), ("f3", "f8"), ("f3", "/"), ("f11",),
)  # fmt: skip
"""The lock comes last: only the PIN leads on from it."""
