"""An officer's typed answer to a question of a playbook, times typed short among them."""

from __future__ import annotations

from dutydesk.desk.desk import Desk
from dutydesk.model.enums import FactType
from dutydesk.playbooks.playbook import FactDef
from dutydesk.rules.times import parse_short


def typed_answer(desk: Desk, fact: FactDef, typed: str) -> str:
    """``typed`` as :func:`dutydesk.desk.runs.runs.answer` takes it: a short time (``0215``, ``-20m``) becomes
    the moment it means. Raises BadInput for a time that is none."""
    if fact.type is not FactType.TIME:
        return typed
    return parse_short(typed, desk.clock.now(), desk.zone).isoformat()
