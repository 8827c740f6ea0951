"""Makes an exported picture show Chinese as a terminal does.

The exporter gives a piece of text a width by its count of characters, not of cells, so a browser squeezes
Chinese to half; here every wide character stands in its own two cells. Blanks at the head of a piece, which
some viewers drop, become its place.
"""

from __future__ import annotations

import html
import re
from typing import Final

from rich.cells import cell_len

CELL: Final = 12.2
"""Width of a cell in the units of the exporter."""
_TEXT: Final = re.compile(r'(<text [^>]*?x=")([0-9.]+)("[^>]*?textLength=")[0-9.]+("[^>]*>)([^<]*)</text>')
_PIECE: Final = re.compile(r" +|[!-\x7f]+(?: [!-\x7f]+)*|.", re.DOTALL)


def spread(svg: str) -> str:
    """The same picture, with every piece of text where its cells are."""
    return _TEXT.sub(_in_cells, svg)


def _in_cells(match: re.Match[str]) -> str:
    before, x, middle, after, content = match.groups()
    text = html.unescape(content).replace("\xa0", " ")
    if cell_len(text) == len(text) and text == text.strip():
        return match.group()
    at = float(x)
    parts: list[str] = []
    for piece in _PIECE.findall(text):
        width = cell_len(piece) * CELL
        if piece.strip():
            said = html.escape(piece).replace(" ", "&#160;")
            parts.append(f"{before}{at:.1f}{middle}{width:.1f}{after}{said}</text>")
        at += width
    return "\n".join(parts)
