"""Grading over the district's tables: the rules are pure, this hands them the data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dutydesk.model.errors import NotFound
from dutydesk.model.figures import Figure
from dutydesk.model.grading import Grade, Proposal
from dutydesk.model.markers import Marker, MarkerState, names
from dutydesk.model.reference import Reference
from dutydesk.model.text import Text
from dutydesk.model.visible import quoted
from dutydesk.rules import grading


def propose(
    reference: Reference, event_type: str, figures: Iterable[Figure], *, markers: Iterable[Marker] = ()
) -> Proposal:
    """What ``figures`` and ``markers`` prove for ``event_type``. Raises NotFound for a type the district
    does not have."""
    if event_type and event_type not in reference.event_types:
        raise NotFound(
            "There is no event type {code}; the types are: {codes}.",
            code=quoted(event_type),
            codes=" ".join(reference.event_types),
        )
    said = tuple(markers)
    return grading.propose(
        event_type,
        tuple(figures),
        tables=reference.grading_tables,
        near_miss_rules=reference.near_miss_rules,
        near_miss_types=reference.near_miss_types,
        markers=names(said, MarkerState.STATED),
        suspected=names(said, MarkerState.SUSPECTED),
        struck=names(said, MarkerState.STRUCK),
    )


def proposal_document(proposal: Proposal) -> Mapping[str, object]:
    """A proposal in the words of the command line: ``type``, ``proposed``, ``possible``, ``near_miss``."""
    return {
        "type": proposal.type,
        "proposed": grade_document(proposal.proposed),
        "possible": grade_document(proposal.possible),
        "to_find_out": proposal.to_find_out,
        "near_miss": proposal.near_miss,
        "near_miss_basis": proposal.near_miss_basis,
    }


def grade_document(grade: Grade) -> Mapping[str, object]:
    """A grade as ``{"level", "name", "basis": [{"rule", "source", "verified"}]}``."""
    return {"level": grade.level, "name": grade.name.zh, "name_en": grade.name.en, "basis": grade.basis}


def level_name(reference: Reference, event_type: str, level: int | None) -> Text:
    """What the type's own table calls a level (一般, or 小型 for a geological hazard); empty without one."""
    if level is None:
        return Text("")
    tables = reference.grading_tables
    of_type = next((table for table in tables if event_type in table.types), tables[0])
    return of_type.level_names[int(level)]
