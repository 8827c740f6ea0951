"""An area for a text of several lines. Apart from the fields: what it is made of takes time to load, and the
board has none."""

from __future__ import annotations

from typing import Literal, Self

from textual import events
from textual.geometry import Region
from textual.widgets import TextArea
from textual.widgets.text_area import Edit, EditResult

from dutydesk.model.visible import visible


class DeskTextArea(TextArea):
    """An area for several lines in which a control or escape character is a picture of itself, whether it is
    pasted or comes with a text to go on with."""

    _held_back: bool | None = None
    """While a text is edited: whether the area has asked to be drawn."""

    def __init__(
        self,
        text: str = "",
        *,
        tab_behavior: Literal["focus", "indent"] = "focus",
        id: str | None = None,  # noqa: A002 - Textual's own name
    ) -> None:
        super().__init__(
            visible(text),
            id=id,
            tab_behavior=tab_behavior,
            compact=True,
            show_line_numbers=False,
            highlight_cursor_line=False,
        )
        self.match_cursor_bracket = False  # what is said on the telephone is no program

    def load_text(self, text: str) -> None:
        super().load_text(visible(text))

    def edit(self, edit: Edit) -> EditResult:
        """Draws the rows of the line that was changed and no others, where the rest stays as it stands: a
        key costs the same in a tall area as in a low one. Rows gained or lost change the area's virtual
        size, with which Textual draws all of it."""
        whole = not self.selection.is_empty or not self.text
        line = edit.top[0]
        self._held_back = False
        try:
            result = super().edit(edit)
        finally:
            held_back, self._held_back = self._held_back, None
        if not held_back:
            return result
        wrapped = self.wrapped_document
        if whole or not self.text or not line == edit.bottom[0] == result.end_location[0]:
            self.refresh()
        else:
            first = wrapped.location_to_offset((line, 0)).y
            last = wrapped.location_to_offset((line, len(self.document.get_line(line)))).y
            self.refresh_lines(first, last - first + 1)
        return result

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> Self:
        if self._held_back is not None and repaint and not (regions or layout or recompose):
            self._held_back = True
            return self
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def _on_paste(self, event: events.Paste) -> None:  # type: ignore[override] # Textual calls both, this first
        event.text = visible(event.text)
