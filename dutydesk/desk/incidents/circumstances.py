"""The circumstances that the district's tables know, by name: what an officer may state or strike out."""

from __future__ import annotations

from collections.abc import Mapping

from dutydesk.model.errors import NotFound
from dutydesk.model.grading import GradingRule
from dutydesk.model.reference import Reference
from dutydesk.model.text import Text
from dutydesk.model.visible import quoted


def known_markers(reference: Reference, *wanted: str) -> Mapping[str, Text]:
    """Every marker of the tables with what it is called, in the order of the files; one that the district
    gave no name is called by its code. Raises NotFound where one of ``wanted`` is none."""
    named = {marker.id: marker.name for marker in reference.markers.values()}
    used = [name for table in reference.grading_tables for rule in table.rules for name in _of(rule)]
    used += [rule.marker for rule in reference.near_miss_rules if rule.marker]
    known = named | {name: Text(name, name) for name in used if name not in named}
    for name in wanted:
        if name not in known:
            raise NotFound(
                "There is no marker {name}; the markers are: {names}.",
                name=quoted(name),
                names=" ".join(known),
            )
    return known


def markers_for(reference: Reference, event_type: str) -> Mapping[str, Text]:
    """The markers that can change the grade or the near miss of ``event_type``; all while it is not known."""
    known = known_markers(reference)
    if not event_type:
        return known
    tables = [table for table in reference.grading_tables if event_type in table.types]
    fitting = {name for table in tables for rule in table.rules for name in _of(rule)}
    if event_type in reference.near_miss_types:
        fitting |= {rule.marker for rule in reference.near_miss_rules}
    return {name: text for name, text in known.items() if name in fitting}


def _of(rule: GradingRule) -> tuple[str, ...]:
    return (*((rule.marker,) if rule.marker else ()), *rule.unless)
