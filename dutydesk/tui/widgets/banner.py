"""The alarm that must be acknowledged: two lines that stay until somebody has."""

from __future__ import annotations

from dutydesk.i18n import _
from dutydesk.tui.alarms import Alarm, Rung
from dutydesk.tui.lines import Cell, Line, lay_out
from dutydesk.tui.widgets.painting import Bar


class Banner(Bar):
    """Shows the gravest standing alarm; takes no room without one. ``key`` is the key that acknowledges."""

    DEFAULT_CSS = "Banner { display: none; } Banner.-up { display: block; }"

    def __init__(self, key: str, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._key = key
        self._alarm: Alarm | None = None
        self._others = 0

    def tell(self, alarm: Alarm | None, others: int = 0) -> None:
        """Shows ``alarm``, with ``others`` behind it; a mere line is not for the banner."""
        self._alarm = alarm if alarm is not None and alarm.rung >= Rung.BANNER else None
        self._others = others
        self.set_class(self._alarm is not None, "-up")
        self.redraw()

    def ground(self) -> str:
        return "alarm_drill" if self._alarm is not None and self._alarm.drill else "alarm"

    def line(self, width: int) -> Line:
        if self._alarm is None:
            return ()
        more = _("and {count} more", count=self._others) if self._others else ""
        prefix = _("DRILL ALARM") if self._alarm.drill else _("ALARM")
        return lay_out(
            [
                Cell(f" {prefix}"),
                Cell(self._alarm.text, flex=1),
                Cell(more, drop=1),
                Cell(_("{key} acknowledge", key=self._key) + " "),
            ],
            width,
        )


class NoticeLine(Bar):
    """One line for what just happened: done, refused, or why a key is off. Empty most of the time."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._text = ""
        self._role = "text"

    def tell(self, text: str, role: str = "text") -> None:
        """Shows ``text``, in place of what was there."""
        self._text, self._role = text, role
        self.redraw()

    def ground(self) -> str:
        return "plain"

    def line(self, width: int) -> Line:
        return lay_out([Cell(f" {self._text}" if self._text else "", self._role, flex=1)], width)
