"""How the markers of an incident stand, of all that its reports said one after another."""

from __future__ import annotations

from collections.abc import Iterable

from dutydesk.model.enums import FigureOrigin
from dutydesk.model.markers import Marker, MarkerState


def merged(read_out: Iterable[Marker], given: Iterable[Marker]) -> tuple[Marker, ...]:
    """One report's markers: those read out of its text, with the officer's own word in their place."""
    kept = {marker.name: marker for marker in read_out}
    for marker in given:
        kept[marker.name] = Marker(marker.name, marker.state, FigureOrigin.OFFICER)
    return tuple(kept.values())


def standing(said: Iterable[Marker]) -> tuple[Marker, ...]:
    """How each marker stands after ``said``, markers in the order in which they were told.

    The last word counts: an officer's striking out ends what was told before it, and a later report may
    state it anew. A mere suspicion takes nothing back that was stated.
    """
    held: dict[str, Marker] = {}
    for marker in said:
        before = held.get(marker.name)
        stated = before is not None and before.state is MarkerState.STATED
        if marker.state is not MarkerState.SUSPECTED or not stated:
            held[marker.name] = marker
    return tuple(held.values())
