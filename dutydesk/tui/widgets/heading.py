"""A section's heading: bold words on a quiet band, for no line-drawing glyph is of one width everywhere."""

from __future__ import annotations

from dutydesk.i18n import _
from dutydesk.tui.lines import Cell, Line, lay_out
from dutydesk.tui.widgets.painting import Bar


class Heading(Bar):
    """``msgid`` is a sentence of the catalogue (``N_``); :meth:`note` puts a word at the right."""

    def __init__(self, msgid: str, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._msgid = msgid
        self._note = ""
        self._note_role = "muted"

    def note(self, text: str, role: str = "muted") -> None:
        """Shows ``text`` at the right end."""
        self._note, self._note_role = text, role
        self.redraw()

    def line(self, width: int) -> Line:
        return lay_out(
            [Cell(f" {_(self._msgid)}", "heading", flex=1), Cell(f"{self._note} ", self._note_role)], width
        )
