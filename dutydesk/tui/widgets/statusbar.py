"""The line at the top: where, what time, who, the engine's heartbeat, drill or live. It is the first thing
that turns into an alarm when the engine stops."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo

from dutydesk.i18n import _
from dutydesk.tui import words
from dutydesk.tui.lines import Cell, Line, lay_out
from dutydesk.tui.ports import BarFacts
from dutydesk.tui.text import width_of
from dutydesk.tui.times import clock
from dutydesk.tui.widgets.painting import Bar

STALE_AFTER = 5.0
"""Seconds without a heartbeat after which the engine counts as stopped: it beats once a second."""


class StatusBar(Bar):
    """Told facts by :meth:`tell`; moves by :meth:`redraw` once a second."""

    def __init__(
        self,
        now: Callable[[], datetime],
        zone: tzinfo,
        *,
        wall: Callable[[], datetime] | None = None,
        id: str | None = None,  # noqa: A002 - Textual's own name
    ) -> None:
        """``now`` is the desk's time; ``wall`` is real time, which the engine's heartbeat goes by."""
        super().__init__(id=id)
        self._now = now
        self._wall = wall or now
        self._zone = zone
        self._facts = BarFacts()
        self._told = False

    def tell(self, facts: BarFacts) -> None:
        """Takes in new facts."""
        self._facts = facts
        self._told = True
        self.redraw()

    @property
    def engine_age(self) -> float | None:
        """Seconds since the engine's last heartbeat; ``None`` when there is none on record."""
        seen = self._facts.engine_seen
        return None if seen is None else max(0.0, (self._wall() - seen).total_seconds())

    @property
    def alarmed(self) -> bool:
        """Whether the engine has stopped, as far as its heartbeat tells. The first one of a desk is given a
        moment; that another one starts in place of one that fell silent is no all-clear."""
        if not self._told or not self._facts.engine_expected:
            return False
        if self.engine_age is None:
            return not self._facts.engine_starting
        return self.engine_age > STALE_AFTER

    def ground(self) -> str:
        return "alarm" if self.alarmed else "bar"

    def line(self, width: int) -> Line:
        facts, age = self._facts, self.engine_age
        time = clock(self._now(), self._zone)
        word, role = words.drill(facts.drill)
        if not self._told:
            word = ""  # until the desk has said which it is, neither is claimed
        elif facts.demo:
            word, role = words.say(words.DEMO), "drill"
        if self.alarmed:
            room = width - width_of(time) - width_of(word) - 4
            trouble = self._trouble(age)
            if width_of(trouble) > room and not facts.engine_starting:
                trouble = _("Run: dutydesk engine run")  # in a small window, what to do before how long
            cells = [Cell(f" {time}", "strong", gap=1), Cell(trouble, "strong", flex=1, gap=1)]
            return lay_out([*cells, Cell(f"{word} ", role)], width)
        engine = _("engine {seconds}s", seconds=int(age)) if age is not None else ""
        if facts.engine_starting and age is None:
            engine = _("engine starts")
        return lay_out(
            [
                Cell(f" {facts.place or _('Duty desk')}", "strong", drop=3),
                Cell(time, "strong"),
                Cell(facts.shift, "text", drop=2),
                Cell(facts.officer, "text", flex=1),
                Cell(engine, "muted", drop=1),
                Cell(f"{word} ", role),
            ],
            width,
        )

    def _trouble(self, age: float | None) -> str:
        if age is None:
            return _("NO ENGINE, clocks stand still. Run: dutydesk engine run")
        seconds = int(age)
        if self._facts.engine_starting:
            return _("ENGINE SILENT {seconds}s, clocks may stand still. Starting another.", seconds=seconds)
        return _(
            "ENGINE SILENT {seconds}s, clocks may stand still. Run: dutydesk engine run", seconds=seconds
        )
