"""What a line-drawing widget draws: pieces of text with the role each plays, laid out in columns.

A role is a word such as ``late`` or ``level1``; the theme in use says how it looks
(:mod:`dutydesk.tui.themes`). So a formatter knows no colour, and a changed line can be compared with the
one on the screen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from dutydesk.tui.text import clip, pad, plain, width_of

Role: TypeAlias = str


class Piece(NamedTuple):
    """A run of text in one role."""

    text: str
    role: Role = "text"


Line: TypeAlias = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One column's content in a row. ``width`` is in cells; 0 takes what the text needs.

    ``flex`` shares what is left over (give it to the narrative, as the last cell); ``least`` is what a
    flexing cell wants at the least. Where the row is too narrow, cells go in the order of ``drop`` (the
    highest first, 0 never). ``gap`` is the blanks after it.
    """

    text: str
    role: Role = "text"
    width: int = 0
    align: Literal["left", "right", "center"] = "left"
    flex: int = 0
    least: int = 6
    drop: int = 0
    gap: int = 2


def lay_out(cells: Sequence[Cell], width: int) -> Line:
    """The row in exactly ``width`` terminal cells, columns aligned, text made harmless (:func:`plain`)."""
    kept = [(cell, plain(cell.text)) for cell in cells]
    while True:
        fixed = sum(_wanted(cell, text) for cell, text in kept) + sum(cell.gap for cell, _ in kept[:-1])
        droppable = max((cell.drop for cell, _ in kept), default=0)
        if fixed <= width or droppable == 0:
            break
        kept = [each for each in kept if each[0].drop != droppable]
    spare = max(0, width - fixed)
    shares = sum(cell.flex for cell, _ in kept)
    pieces: list[Piece] = []
    used = 0
    for index, (cell, text) in enumerate(kept):
        own = _wanted(cell, text)
        if cell.flex:
            share = spare * cell.flex // shares
            own, spare, shares = own + share, spare - share, shares - cell.flex
        own = min(own, width - used)
        gap = min(cell.gap if index < len(kept) - 1 else 0, width - used - own)
        pieces.append(Piece(pad(text, own, cell.align) + " " * gap, cell.role))
        used += own + gap
    if used < width:
        pieces.append(Piece(" " * (width - used)))
    return tuple(piece for piece in pieces if piece.text)


def fit(line: Line, width: int, fill: Role = "text") -> Line:
    """``line`` made harmless and brought to exactly ``width`` cells."""
    pieces: list[Piece] = []
    used = 0
    for text, role in line:
        shown = plain(text)
        if used + width_of(shown) > width:
            shown = clip(shown, width - used)
        if shown:
            pieces.append(Piece(shown, role))
            used += width_of(shown)
    if used < width:
        pieces.append(Piece(" " * (width - used), fill))
    return tuple(pieces)


def changed_cells(old: Line, new: Line) -> tuple[int, int] | None:
    """The first cell and the count of cells in which two lines differ; ``None`` when they look the same.

    Both are taken to be of the same width, as :func:`fit` leaves them.
    """
    if old == new:
        return None
    # Pieces that are the same at either end need no look at their characters. The ones next to what differs
    # do: a character of no width goes with its neighbour.
    shortest = min(len(old), len(new))
    lead = next((i for i in range(shortest) if old[i] != new[i]), shortest)
    tail = next((i for i in range(shortest - lead) if old[-1 - i] != new[-1 - i]), shortest - lead)
    if len(old) == len(new) == lead + tail + 1:
        ticked = _ticked(old[lead], new[lead])
        if ticked is not None:
            return ticked[0] + sum(width_of(text) for text, _ in old[:lead]), ticked[1]
    lead, tail = max(0, lead - 1), max(0, tail - 1)
    while lead and not width_of(old[lead].text):
        lead -= 1
    while tail and not width_of(old[-1 - tail].text):
        tail -= 1
    skipped = sum(width_of(text) for text, _ in old[:lead])
    found = _differing(old[lead : len(old) - tail], new[lead : len(new) - tail])
    return None if found is None else (found[0] + skipped, found[1])


def _ticked(old: Piece, new: Piece) -> tuple[int, int] | None:
    """Where two pieces differ that are of one role, ASCII and of one length, as a clock's are: there a cell
    is a character. ``None`` for all others, and where the last character differs: a character of no width at
    the head of the next piece would belong to it."""
    before, after = old.text, new.text
    if old.role != new.role or len(before) != len(after) or not (before.isascii() and after.isascii()):
        return None
    differing = [i for i, pair in enumerate(zip(before, after, strict=True)) if pair[0] != pair[1]]
    if differing[-1] == len(after) - 1:
        return None
    return differing[0], differing[-1] - differing[0] + 1


def _differing(old: Line, new: Line) -> tuple[int, int] | None:
    before, after = _spread(old), _spread(new)
    if sum(width for width, _, _ in before) != sum(width for width, _, _ in after):
        return 0, max(sum(width for width, _, _ in before), sum(width for width, _, _ in after))
    start = 0
    for left, right in zip(before, after, strict=False):
        if left != right:
            break
        start += left[0]
    end = 0
    for left, right in zip(reversed(before), reversed(after), strict=False):
        if left != right:
            break
        end += left[0]
    total = sum(width for width, _, _ in after)
    return (start, total - start - end) if start + end < total else None


def _wanted(cell: Cell, text: str) -> int:
    if cell.width:
        return cell.width
    return min(cell.least, width_of(text)) if cell.flex else width_of(text)


def _spread(line: Line) -> list[tuple[int, str, Role]]:
    """Every character with its width; a zero-width one stays with the one before it, or else after it."""
    characters: list[tuple[int, str, Role]] = []
    leading = ""
    for text, role in line:
        for character in text:
            width = width_of(character)
            if width == 0 and characters:
                previous = characters.pop()
                characters.append((previous[0], previous[1] + character, previous[2]))
            elif width == 0:
                leading += character
            else:
                characters.append((width, leading + character, role))
                leading = ""
    return characters
