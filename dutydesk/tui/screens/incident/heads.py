"""The two lines that say which incident this is, and the line of panes."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from dutydesk.i18n import _, language
from dutydesk.model.enums import TimerKind
from dutydesk.model.text import Text
from dutydesk.tui import times, words
from dutydesk.tui.lines import Cell, Line, Piece, Role, lay_out
from dutydesk.tui.screens.incident import words as here
from dutydesk.tui.widgets.painting import Bar

if TYPE_CHECKING:
    from dutydesk.desk.views.work import Work

PANES: dict[str, Text] = {
    "walk": Text("流程", "Walk"),
    "clocks": Text("时限", "Clocks"),
    "figures": Text("数字", "Figures"),
    "notices": Text("通知", "Notices"),
    "timeline": Text("经过", "Timeline"),
}
"""In the order of their digits."""


class IncidentHead(Bar):
    """Line 0: number, title, type, place, drill or live. Line 1: the grade in words and whose it is, the
    times."""

    def __init__(self, place: int, zone: tzinfo, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._place = place
        self._zone = zone
        self._work: Work | None = None
        self._now: datetime | None = None

    def tell(self, work: Work | None, now: datetime) -> None:
        """Shows ``work``."""
        self._work, self._now = work, now
        self.redraw()

    def ground(self) -> str:
        return "plain"

    def line(self, width: int) -> Line:
        work, now = self._work, self._now
        if work is None or now is None:
            said = _("Choose an incident: arrows, Enter.") if self._place == 0 else ""
            return lay_out([Cell(f" {said}", "muted", flex=1)], width)
        return self._title(work, width) if self._place == 0 else self._grade(work, now, width)

    def _title(self, work: Work, width: int) -> Line:
        about = work.incident
        where = "  ".join(each for each in (about.town, about.place) if each and each not in about.title)
        closed = _("closed") if about.closed_at is not None else ""
        drill, role = words.drill(about.drill)
        return lay_out(
            [
                Cell(f" {about.id:03}", "muted", gap=1),
                Cell(about.title, "strong", flex=2, least=16),
                Cell(words.say(work.type_name), "text", drop=1),
                Cell(where, "text", flex=1, least=8, drop=2),
                Cell(closed, "doubt"),
                Cell(f"{drill} ", role),
            ],
            width,
        )

    def _grade(self, work: Work, now: datetime, width: int) -> Line:
        about = work.incident
        cells = [Cell("", width=4, gap=1)]
        if about.confirmed_level is not None:
            by = work.officers.get(about.confirmed_by, about.confirmed_by)
            at = times.short(about.confirmed_at, now, self._zone) if about.confirmed_at else ""
            role: Role = f"level{int(about.confirmed_level)}"
            cells.append(Cell(words.say(work.level_names[about.confirmed_level]), role, gap=1))
            cells.append(Cell(_("confirmed by {who} {at}", who=by, at=at), "text"))
            if about.proposed_level is not None and about.proposed_level < about.confirmed_level:
                name = words.say(work.level_names[about.proposed_level])
                cells.append(Cell(_("the figures now say {level}: confirm", level=name), "late"))
            elif about.proposed_level is not None and about.proposed_level > about.confirmed_level:
                name = words.say(work.level_names[about.proposed_level])
                cells.append(Cell(_("the figures say {level}", level=name), "muted", drop=2))
        elif about.proposed_level is not None:
            role = f"level{int(about.proposed_level)}"
            cells.append(Cell(words.say(work.level_names[about.proposed_level]), role, gap=1))
            cells.append(Cell(_("proposed, nobody confirmed it"), "doubt"))
        else:
            cells.append(Cell(words.say(words.UNGRADED), "doubt"))
        effective = about.effective_level
        graver = effective is None or (about.possible_level or effective) < effective
        if about.possible_level is not None and graver:
            name = words.say(work.level_names[about.possible_level])
            cells.append(Cell(_("possibly {level}", level=name), f"level{int(about.possible_level)}", drop=1))
        if about.near_miss:
            cells.append(Cell(_("serious near miss"), "soon", drop=2))
        received = times.short(about.received_at, now, self._zone)
        cells.append(Cell("", flex=1, least=0, gap=0))
        if about.occurred_at is not None:
            occurred = times.short(about.occurred_at, now, self._zone)
            cells.append(Cell(_("occurred {at}", at=occurred), "muted", drop=4, gap=1))
        cells.append(Cell(_("received {at}", at=received) + " ", "muted", drop=3))
        return lay_out(cells, width)


class PaneLine(Bar):
    """The panes with their digits; the one in front stands out, with counts of what each holds."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._front = "walk"
        self._counts: dict[str, tuple[str, Role]] = {}

    def tell(self, front: str, counts: dict[str, tuple[str, Role]]) -> None:
        """Shows which pane is in front."""
        self._front, self._counts = front, counts
        self.redraw()

    def line(self, width: int) -> Line:  # noqa: ARG002 - cut where it is painted
        pieces: list[Piece] = []
        for number, (pane, name) in enumerate(PANES.items(), start=1):
            front = pane == self._front
            count, role = self._counts.get(pane, ("", "muted"))
            pieces.append(Piece(f" {number}", "key"))
            pieces.append(Piece(f" {name.in_(language())}", "heading" if front else "muted"))
            pieces.append(Piece(f" {count}  " if count else "  ", role))
        return tuple(pieces)


def counts_of(work: Work, now: datetime) -> dict[str, tuple[str, Role]]:
    """What each pane holds, in figures; lateness also in a word."""
    steps = [walked.walk for walked in work.runs]
    late = sum(timer.due < now for timer in work.running)
    running = sum(timer.kind is not TimerKind.STEP for timer in work.running)
    said = f"{running}" + (f" {words.say(here.LATE)} {late}" if late else "")
    unreached = sum(not one.state.reached for status in work.notices for one in status.deliveries)
    total = sum(len(status.deliveries) for status in work.notices)
    return {
        "walk": (f"{sum(w.done for w in steps)}/{sum(w.total for w in steps)}" if steps else "", "text"),
        "clocks": (said if running or late else "", "late" if late else "text"),
        "figures": (str(len({each.figure.kind for each in work.figures}) or ""), "text"),
        "notices": (f"{total - unreached}/{total}" if total else "", "soon" if unreached else "text"),
        "timeline": (f"{len(work.timeline)}+" if work.older else "", "text"),
    }
