"""The names a condition or a text may use: what every incident brings, beside the playbook's own facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from dutydesk.model.enums import FactType, FigureKind
from dutydesk.model.figures import CASUALTIES, LOSSES, Figure, any_above_zero
from dutydesk.model.reports import Incident
from dutydesk.playbooks.playbook import FactDef

Facts = Mapping[str, object]
"""Known values by name. A figure's name is dotted (``figures.deaths``). What is not known is absent."""


@dataclass(frozen=True, slots=True)
class Domain:
    """What values a name can take. ``options`` are a choice's ids, and empty for any other type."""

    type: FactType
    options: tuple[str, ...] = ()

    def takes(self, value: object) -> bool:
        """Whether ``value`` is of this domain."""
        match self.type:
            case FactType.BOOLEAN:
                return isinstance(value, bool)
            case FactType.NUMBER:
                return isinstance(value, int | float) and not isinstance(value, bool)
            case _:
                return isinstance(value, str) and (not self.options or value in self.options)


FIGURES: Final = "figures."

INCIDENT: Final[Mapping[str, Domain]] = {
    "type": Domain(FactType.TEXT),
    "town": Domain(FactType.TEXT),
    "routing": Domain(FactType.TEXT),
    "drill": Domain(FactType.BOOLEAN),
    "near_miss": Domain(FactType.BOOLEAN),
    "graded": Domain(FactType.BOOLEAN),
    "casualties": Domain(FactType.BOOLEAN),
    "losses": Domain(FactType.BOOLEAN),
    "level": Domain(FactType.NUMBER),
    "possible_level": Domain(FactType.NUMBER),
    "response_level": Domain(FactType.NUMBER),
} | {FIGURES + kind: Domain(FactType.NUMBER) for kind in FigureKind}
"""Names over the incident. ``level``, ``possible_level``, ``response_level`` and the figures may be unknown;
``graded`` says whether ``level`` is known; ``casualties`` and ``losses`` whether any is stated above zero, as
the deadline rules' triggers have it; ``town`` and ``routing`` are empty texts where there is none."""

TEXT_ONLY: Final = (
    "no",
    "title",
    "place",
    "town_name",
    "type_name",
    "level_name",
    "possible_level_name",
    "occurred",
    "received",
    "now",
    "text",
    "figures_text",
    "people_text",
    "loss_text",
    "area_text",
    "officer",
    "duty_room",
)
"""Names for texts alone: how the incident is called and spoken of. Times are given already spelt.
``figures_text`` says what was stated; ``people_text`` goes through the dead, missing, trapped, hurt and
exposed and says also which of them is not known, as a report upward must; ``loss_text`` and ``area_text`` say
one figure, or that it is not known."""


def domains(facts: Iterable[FactDef]) -> dict[str, Domain]:
    """Every name a condition may use in a playbook with these ``facts``."""
    own = {fact.id: Domain(fact.type, tuple(option.id for option in fact.options)) for fact in facts}
    return {**INCIDENT, **own}


def incident_facts(incident: Incident, figures: Iterable[Figure]) -> dict[str, object]:
    """What is known of ``incident``, under the names of :data:`INCIDENT`. ``figures``: those that count."""
    level, stated = incident.effective_level, tuple(figures)
    known: dict[str, object] = {
        "type": incident.type,
        "town": incident.town,
        "routing": incident.routing,
        "drill": incident.drill,
        "near_miss": incident.near_miss,
        "graded": level is not None,
        "casualties": any_above_zero(stated, CASUALTIES),
        "losses": any_above_zero(stated, LOSSES),
    }
    levels = {
        "level": level,
        "possible_level": incident.possible_level,
        "response_level": incident.response_level,
    }
    known |= {name: int(value) for name, value in levels.items() if value is not None}
    known |= {FIGURES + figure.kind: figure.value for figure in stated if figure.value is not None}
    return known
