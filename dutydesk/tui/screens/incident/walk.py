"""The lines of the walk: a run, its phases, its steps as they stand, and the playbooks that could be
started."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Literal

from dutydesk.i18n import _, language
from dutydesk.model.enums import RunStatus, StepState
from dutydesk.tui import deeds, times, words
from dutydesk.tui.lines import Cell, Line, Role, lay_out
from dutydesk.tui.screens.incident import words as here

if TYPE_CHECKING:
    from dutydesk.desk.runs.runs import Walked
    from dutydesk.desk.views.work import Offered, Work
    from dutydesk.playbooks.playbook import Step
    from dutydesk.playbooks.walk import StepWalk

NEVER = datetime.max.replace(tzinfo=UTC)
"""The due time of what has none."""


@dataclass(frozen=True, slots=True)
class WalkRow:
    """A line of the walk: a run's or phase's heading, a step, or a playbook that could be started."""

    kind: Literal["run", "phase", "step", "offer"]
    key: tuple[str, ...]
    title: str
    walked: Walked | None = None
    step: StepWalk | None = None
    offer: Offered | None = None
    count: str = ""
    next: bool = False

    @property
    def choosable(self) -> bool:
        """Whether Enter does something about it."""
        return self.kind in ("step", "offer")

    @property
    def due(self) -> datetime:
        """Until when it should be done."""
        step = self.step
        return step.due if step is not None and step.open and step.due is not None else NEVER


def walk_rows(work: Work) -> list[WalkRow]:
    """Every run with its phases and the steps that apply, then the playbooks that could be started."""
    rows: list[WalkRow] = []
    for walked in work.runs:
        rows += _run_rows(walked)
    if work.offered and work.incident.closed_at is None:
        rows.append(WalkRow("phase", ("offers",), _("Could be started")))
        for each in work.offered:
            rows.append(WalkRow("offer", ("offer", each.id), words.say(each.title), offer=each))
    return rows


def _run_rows(walked: Walked) -> Iterator[WalkRow]:
    walk, run = walked.walk, str(walked.run)
    stopped = (
        ""
        if walked.status is RunStatus.WALKING
        else "  " + (_("finished") if walked.status is RunStatus.FINISHED else _("stopped"))
    )
    title = words.say(walk.playbook.title) + stopped
    yield WalkRow("run", (run,), title, walked, count=f"{walk.done}/{walk.total}")
    for phase in walk.playbook.phases:
        steps = [walk.steps[step.id] for step in phase.steps]
        shown = [step for step in steps if step.state is not StepState.NOT_APPLICABLE]
        if not shown:
            continue
        done = sum(step.settled for step in shown)
        yield WalkRow("phase", (run, "", phase.id), words.say(phase.title), count=f"{done}/{len(shown)}")
        for step in shown:
            yield WalkRow(
                "step",
                (run, step.step.id),
                words.say(step.step.title),
                walked,
                step,
                next=step.step.id == walk.next_step,
            )


_STEP_ROLES: dict[StepState, Role] = {
    StepState.WAITING: "muted",
    StepState.READY: "text",
    StepState.UNDER_WAY: "soon",
    StepState.DONE: "good",
    StepState.SKIPPED: "doubt",
    StepState.NOT_APPLICABLE: "muted",
}


def walk_line(
    row: WalkRow, width: int, now: datetime, seconds: bool, zone: tzinfo, *, saving: bool = False
) -> Line:
    """A row of the walk. What is next stands out; how late it is, is told in a word and in figures.
    ``saving``: a command about it is on its way to the database."""
    if row.kind in ("run", "phase"):
        role: Role = "heading" if row.kind == "run" else "muted"
        indent = " " if row.kind == "run" else "   "
        return lay_out([Cell(f"{indent}{row.title}", role, flex=1), Cell(f"{row.count} ", "muted")], width)
    if row.offer is not None:
        fits = _("fits, Enter starts it") if row.offer.fits else _("Enter starts it")
        return lay_out(
            [
                Cell("", width=2, gap=0),
                Cell(row.title, "strong" if row.offer.fits else "text", flex=1),
                Cell(fits + " ", "key" if row.offer.fits else "muted", drop=1),
            ],
            width,
        )
    step = row.step
    if step is None:
        return ()
    settled = step.settled or step.state is StepState.WAITING
    title: Role = "strong" if row.next else "muted" if settled else "text"
    value = said_value(row)
    state = words.say(here.SAVING if saving else words.STEPS[step.state])
    word, left, role = _due(step, now, seconds, zone)
    return lay_out(
        [
            Cell(" >" if row.next else "", "key", width=2, gap=1),
            Cell(state, "soon" if saving else _STEP_ROLES[step.state], width=_state_width(), gap=1),
            Cell(
                words.say(here.MUST) if step.step.must else "", "muted" if settled else "soon", width=2, gap=1
            ),
            Cell(row.title + (f"  {value}" if value else ""), title, flex=1, least=16),
            Cell(word, role, width=4, align="right", gap=1),
            Cell(left + " ", role, width=times.WIDTH + 1, align="right"),
        ],
        width,
    )


def said_value(row: WalkRow) -> str:
    """What was answered, or what came of a call, in words."""
    if row.step is None or row.walked is None or row.step.value is None:
        return ""
    return answer_said(row.walked, row.step.step, row.step.value)


def answer_said(walked: Walked, step: Step, value: object) -> str:
    """A step's value as an officer would say it."""
    fact = walked.walk.playbook.facts_by_id().get(step.fact)
    if fact is None:
        return deeds.answer(value)
    said = next((words.say(option.label) for option in fact.options if option.id == str(value)), "")
    said = said or deeds.answer(value)
    return said + (words.say(fact.unit) if fact.unit.zh and said else "")


def _due(step: StepWalk, now: datetime, seconds: bool, zone: tzinfo) -> tuple[str, str, Role]:
    if step.open and step.due is not None:
        left, role = times.remaining(step.due, now, seconds=seconds)
        return words.say(here.LATE if step.due < now else here.LEFT), left, role
    if step.settled and step.at is not None:
        return "", times.short(step.at, now, zone)[-5:], "muted"
    return "", "", "muted"


def _state_width() -> int:
    return 4 if language() == "zh" else 9
