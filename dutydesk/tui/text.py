"""Text measured in terminal cells: clipped, padded and wrapped the way Chinese is set.

The desk draws no glyph of ambiguous width itself (no box drawing, no ellipsis character, no bullet): in a
Chinese terminal those may take two cells and push everything after them aside. Structure is shown by blanks,
background colour and ASCII. Narratives from outside may hold such glyphs, so they stand last in a row.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal
from unicodedata import category

from rich.cells import cell_len

from dutydesk.model.visible import visible

CUT = ".."
"""Ends a text that was cut; two ASCII dots, as the ellipsis character is of ambiguous width."""

NO_START = frozenset("，。、；：？！）】》」』〕〉…—～·”’%％℃°,.;:?!)]}>．")
"""Punctuation that no line may begin with (GB/T 15834-2011 5.1)."""
NO_END = frozenset("（【《「『〔〈“‘([{<￥$")
"""Punctuation that no line may end with (GB/T 15834-2011 5.1)."""

_UNITS = (
    "人次|万人|千人|百人|人|名|户|辆|艘|架|头|只|处|起|件|级|号|次|个|吨|千克|公斤|克|公里|千米|米|厘米|毫米|海里"
    "|平方公里|平方米|立方米|公顷|亩|万元|亿元|元|年|月|日|时|小时|分钟|分|秒|天|度|%|％|℃|°"
)
_ATOM = re.compile(
    rf"\d+(?:[.,:/\-]\d+)*(?:{_UNITS})?"  # a number stays with its unit, a time and a date in one piece
    r"|[A-Za-z0-9_@#&+./:\\~=\-]+"  # an ASCII word, an address, a plate
    r"|[^\S\n]+"
    r"|."
)
_UNKNOWN = frozenset({"Cn", "Co"})  # unassigned and private: nobody knows how wide a terminal draws them
_DROPPED = re.compile("[\ufe00-\ufe0f]")  # asks for a pictogram, which terminals measure differently


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """``text`` on one line, with nothing in it that could act on the terminal: control and escape characters
    are shown as pictures, breaks and tabs as one blank."""
    shown = _DROPPED.sub("", visible(text)).replace("\n", " ").replace("\t", " ")
    if shown.isprintable():  # nothing unassigned or private
        return shown
    return "".join(each if category(each) not in _UNKNOWN else f"<U+{ord(each):04X}>" for each in shown)


def plain_lines(text: str) -> str:
    """Like :func:`plain`, with the line breaks kept."""
    return "\n".join(plain(line) for line in visible(text).split("\n"))


def width_of(text: str) -> int:
    """How many terminal cells ``text`` takes."""
    return cell_len(text)


def head(text: str, cells: int) -> str:
    """The longest beginning of ``text`` that fits into ``cells``, cut between whole characters."""
    if cell_len(text) <= cells:
        return text
    taken = 0
    for index, character in enumerate(text):
        taken += cell_len(character)
        if taken > cells:
            return text[:index]
    return text


def clip(text: str, cells: int) -> str:
    """``text`` in at most ``cells``, ending with ``..`` where something was cut off."""
    if cell_len(text) <= cells:
        return text
    return head(text, cells) if cells <= len(CUT) else head(text, cells - len(CUT)) + CUT


def pad(text: str, cells: int, align: Literal["left", "right", "center"] = "left") -> str:
    """``text`` in exactly ``cells``: clipped when longer, filled with blanks when shorter."""
    shown = clip(text, cells)
    gap = max(0, cells - cell_len(shown))
    if align == "right":
        return " " * gap + shown
    if align == "center":
        return " " * (gap // 2) + shown + " " * (gap - gap // 2)
    return shown + " " * gap


def wrap(text: str, cells: int) -> list[str]:
    """Lines of at most ``cells`` (2 or more), set by the rules of Chinese punctuation.

    A line never begins with closing punctuation nor ends with an opening bracket or quotation mark; ASCII
    words and numbers with their units stay whole. Only what is wider than a whole line by itself is cut.
    Line breaks in ``text`` are kept; blanks at a break are dropped. At least one line, perhaps empty.
    """
    cells = max(2, cells)
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines.extend(_wrap_paragraph(paragraph, cells))
    return lines


def _wrap_paragraph(paragraph: str, cells: int) -> list[str]:
    lines: list[str] = []
    line, taken = "", 0
    for cluster in _clusters(paragraph, cells):
        width = cell_len(cluster)
        if taken + width <= cells:
            line, taken = line + cluster, taken + width
            continue
        if line.strip():
            lines.append(line.rstrip())
        if cluster.isspace():
            line, taken = "", 0
            continue
        line, taken = cluster, width
    if line.strip() or not lines:
        lines.append(line.rstrip())
    return lines


def _clusters(paragraph: str, cells: int) -> list[str]:
    """Pieces that no line break may part, none wider than ``cells``."""
    atoms: list[str] = []
    for atom in _ATOM.findall(paragraph):
        glued = (
            atoms
            and not atoms[-1].isspace()
            and not atom.isspace()
            and (atom[0] in NO_START or atoms[-1][-1] in NO_END or cell_len(atom) == 0)
        )
        if glued and cell_len(atoms[-1]) + cell_len(atom) <= cells:
            atoms[-1] += atom
        else:
            atoms.extend(_pieces(atom, cells))
    return atoms


def _pieces(atom: str, cells: int) -> list[str]:
    pieces: list[str] = []
    while cell_len(atom) > cells:
        piece = head(atom, cells)
        pieces.append(piece)
        atom = atom[len(piece) :]
    return [*pieces, atom] if atom else pieces
