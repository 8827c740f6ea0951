"""The texts of a playbook's step, filled in for the incident as it stands: what to say, what to read out."""

from __future__ import annotations

from dataclasses import dataclass

from dutydesk.desk.desk import Desk
from dutydesk.desk.notices import wordings
from dutydesk.desk.views.work import Work
from dutydesk.model.notices import Contact
from dutydesk.model.text import Language
from dutydesk.playbooks.walk import StepWalk, Walk
from dutydesk.rules.figures import current
from dutydesk.store.views import contacts


@dataclass(frozen=True, slots=True)
class StepText:
    """``say`` is for a call, ``text`` for a report; empty for other kinds. ``people`` are those to call, with
    their addresses; empty where the playbook describes somebody in words."""

    say: str = ""
    text: str = ""
    whom: str = ""
    people: tuple[Contact, ...] = ()


async def step_text(
    desk: Desk, work: Work, walk: Walk, step: StepWalk, *, officer: str, language: Language
) -> StepText:
    """What is to be said at ``step`` now. What is not known is said to be 待核实. Raises BadInput."""
    names = wordings.text_names(
        desk,
        work.incident,
        current(work.figures),
        narrative=work.narrative,
        officer=officer,
        walk=walk,
        language=language,
    )
    one = step.step
    whom = ""
    people: tuple[Contact, ...] = ()
    if one.whom is not None:
        people = tuple(await contacts.contacts(desk.reader, one.whom.group)) if one.whom.group else ()
        whom = one.whom.name.in_(language) or _called(desk, one.whom.group, one.whom.organisation, language)
    return StepText(
        say=wordings.filled(one.say, names, language) if one.say.zh else "",
        text=wordings.filled(one.text, names, language) if one.text.zh else "",
        whom=whom,
        people=people,
    )


def _called(desk: Desk, group: str, organisation: str, language: Language) -> str:
    known = desk.reference.organisations.get(organisation) or desk.reference.groups.get(group)
    return known.name.in_(language) if known is not None else organisation or group
