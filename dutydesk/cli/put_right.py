"""What a report did to an incident that was there before it: facts put right, clocks moved and called off."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from dutydesk.cli.door import Door
from dutydesk.model.facts import FACTS

if TYPE_CHECKING:
    from dutydesk.desk.intake.reports import LoggedReport
    from dutydesk.desk.timers.changes import Moved


def tell_put_right(door: Door, logged: LoggedReport) -> None:
    """Nobody looks for a clock that is gone, or at a fact that was right yesterday: each is named."""
    for each in logged.facts:
        if each.fact in FACTS:
            door.warn(
                "Put right: {fact}, {was} -> {now}",
                fact=_fact(door, each.fact),
                was=_said(door, each.fact, each.was),
                now=_said(door, each.fact, each.now),
            )
    for kept in logged.kept:
        door.warn(
            "Stays as it is: {fact}, {stays}. Report {reports} still says so; "
            "correct that one too if it is wrong.",
            fact=_fact(door, kept.fact),
            stays=_said(door, kept.fact, kept.stays),
            reports=" ".join(map(str, kept.reports)) or "-",
        )
    if logged.facts and logged.armed:
        door.warn("New clocks: {rules}", rules=" ".join(logged.armed))
    sooner = [each for each in logged.moved if each.due < each.was]
    later = [each for each in logged.moved if each.due > each.was]
    if sooner:
        door.warn("Due earlier now: {rules}", rules=_moved(door, sooner))
    if later:
        door.warn("Due later now, by the corrected time: {rules}", rules=_moved(door, later))
    for reason in dict.fromkeys(each.reason for each in logged.called_off):
        rules = " ".join(each.rule for each in logged.called_off if each.reason == reason)
        door.warn("Called off ({reason}): {rules}", reason=door.word(reason), rules=rules)
    if logged.owed:
        door.warn(
            "Late already and still owed, though the corrected facts do not call for it: {rules}",
            rules=" ".join(logged.owed),
        )
    _tell_grade(door, logged)
    for run in logged.walking:
        if not run.fits:
            door.warn(
                "Run {run} goes on with {playbook}, which does not fit the corrected facts.",
                run=run.run,
                playbook=run.playbook,
            )


def _tell_grade(door: Door, logged: LoggedReport) -> None:
    proposed = logged.proposal.proposed.level
    if logged.confirmed is None or logged.confirmed == proposed or logged.incident is None:
        return
    door.warn(
        "The confirmed grade {confirmed} stays; by what is stated now it would be {proposed}. "
        "`dutydesk incident grade {incident} LEVEL` changes it.",
        confirmed=int(logged.confirmed),
        proposed="-" if proposed is None else int(proposed),
        incident=logged.incident,
    )


def _fact(door: Door, name: str) -> str:
    return FACTS[name].in_(door.language)


def _said(door: Door, fact: str, value: str | datetime | None) -> str:
    if isinstance(value, datetime):
        return door.clock_time(value)
    known = door.reference.event_types.get(value or "") if fact == "type" else None
    return known.name.in_(door.language) if known is not None else value or "-"


def _moved(door: Door, clocks: list[Moved]) -> str:
    return " ".join(
        f"{each.rule} ({door.clock_time(each.was)} -> {door.clock_time(each.due)})" for each in clocks
    )
