"""Words on the screen: one line, or a text to be read, wrapped by the rules of Chinese punctuation."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from dutydesk.i18n import _
from dutydesk.tui.lines import Line, Piece, Role
from dutydesk.tui.text import plain, plain_lines, wrap
from dutydesk.tui.widgets.linelist import LineList


class Say(Static):
    """A sentence of the catalogue, said anew when the language changes. Fields are plain text."""

    DEFAULT_CSS = "Say { height: auto; width: auto; }"

    def __init__(
        self,
        msgid: str,
        *,
        classes: str | None = None,
        id: str | None = None,  # noqa: A002 - Textual's own name
        **fields: object,
    ) -> None:
        super().__init__(classes=classes, id=id, markup=False)
        self._msgid = msgid
        self._fields = fields

    def on_mount(self) -> None:
        self.relabel()

    def say(self, msgid: str, **fields: object) -> None:
        """Says something else."""
        self._msgid, self._fields = msgid, fields
        self.relabel()

    def relabel(self) -> None:
        """The language has changed."""
        self.update(Content(plain(_(self._msgid, **self._fields))))


class Reader(LineList[tuple[int, str, Role]]):
    """A text to read, scrolled by the arrows. ``[/x]`` and escape characters in it are just characters."""

    def __init__(self, *, empty: str = "", base: str = "plain", id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(
            self._draw_line, key=lambda row: row[0], empty=empty, base=base, choosable=lambda _: False, id=id
        )
        self._paragraphs: tuple[tuple[str, Role], ...] = ()
        self._wrapped_at = 0

    def read(self, text: str, role: Role = "text") -> None:
        """Shows ``text``."""
        self.read_all([(text, role)])

    def read_all(self, paragraphs: list[tuple[str, Role]]) -> None:
        """Shows several paragraphs, each in a role of its own."""
        self._paragraphs = tuple(paragraphs)
        self._set()

    def on_resize(self) -> None:
        if self._width() != self._wrapped_at:
            self._set()

    def action_move(self, by: int) -> None:
        """Scrolls: there is nothing to choose in a text."""
        self.scroll_to(y=max(0, self.scroll_offset.y + by), animate=False)

    def _set(self) -> None:
        self._wrapped_at = self._width()
        if not self._wrapped_at:
            return
        lines = [
            (line, role)
            for text, role in self._paragraphs
            for line in wrap(plain_lines(text), max(2, self._wrapped_at - 1))
        ]
        self.show([(number, line, role) for number, (line, role) in enumerate(lines)])

    @staticmethod
    def _draw_line(row: tuple[int, str, Role], _width: int) -> Line:
        return (Piece(row[1], row[2]),)
