"""What the board and the status bar show, by plain reads: no ORM on the way to the first paint."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from dutydesk.desk.desk import Desk
from dutydesk.model.enums import TimerKind, TimerState
from dutydesk.model.text import Text
from dutydesk.model.timers import Timer
from dutydesk.model.views.board import Board
from dutydesk.store.views import board as views

TIMERS_SHOWN: Final = 60
INCIDENTS_SHOWN: Final = 200
REPORTS_SHOWN: Final = 60
PRESSING: Final = 200
UNANSWERED: Final = (TimerState.ARMED, TimerState.FIRED)


@dataclass(frozen=True, slots=True)
class Names:
    """What codes are called. ``rules`` by the timer's rule, ``steps`` by playbook and step, ``types`` by
    code, ``playbooks`` by id, ``answers`` by playbook, step and option. Needs reference data and playbooks,
    so it is asked for after the first paint."""

    rules: Mapping[str, Text]
    steps: Mapping[tuple[str, str], Text]
    types: Mapping[str, Text]
    playbooks: Mapping[str, Text] = field(default_factory=dict)
    answers: Mapping[tuple[str, str, str], Text] = field(default_factory=dict)

    def duty(self, timer: Timer) -> Text | None:
        """What a clock is about: the rule's name or the step's title; ``None`` for an officer's reminder."""
        if timer.kind == TimerKind.STEP:
            playbook, _, step = timer.rule.partition("/")
            return self.steps.get((playbook, step))
        return self.rules.get(timer.rule)


NO_NAMES: Final = Names({}, {}, {})
"""Before they are loaded."""


def names(desk: Desk) -> Names:
    """The names; loads the reference data and the playbooks where that was not done yet."""
    reference = desk.reference
    return Names(
        rules={rule.id: rule.name for rule in reference.deadline_rules.values()},
        steps={
            (book.id, step.id): step.title
            for book in desk.playbooks.playbooks.values()
            for step in book.steps()
        },
        types={code: kind.name for code, kind in reference.event_types.items()},
        playbooks={book.id: book.title for book in desk.playbooks.playbooks.values()},
        answers={
            (book.id, step.id, option.id): option.label
            for book in desk.playbooks.playbooks.values()
            for step in book.steps()
            if step.fact
            for option in book.facts_by_id()[step.fact].options
        },
    )


async def board(desk: Desk) -> Board:
    """The clocks, open incidents and newest reports, each list as long as a screen can use."""
    return await views.board(
        desk.reader, timers=TIMERS_SHOWN, incidents=INCIDENTS_SHOWN, reports=REPORTS_SHOWN
    )


async def type_of_report(desk: Desk, report: int) -> str:
    """The event type a report was logged with; empty when nobody could tell. Raises NotFound."""
    from dutydesk.store.views import reports  # not on the way to the first paint

    return (await reports.report(desk.reader, report)).type


async def pressing(desk: Desk, before: datetime) -> list[Timer]:
    """The running timers due before ``before`` of which nobody has said that it is in hand, the most overdue
    first. Of more than PRESSING the most overdue, which have sounded, are left out, and no other."""
    from dutydesk.store.views import timers  # not on the way to the first paint

    return await timers.due_before(desk.reader, before, states=UNANSWERED, limit=PRESSING)
