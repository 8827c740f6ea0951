"""The circumstances that an officer states or strikes out, as options of ``report add`` and ``grade``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from dutydesk.model.enums import FigureOrigin
from dutydesk.model.errors import BadInput
from dutydesk.model.markers import Marker, MarkerState
from dutydesk.model.visible import quoted

MarkerOption = Annotated[
    list[str] | None,
    typer.Option(
        "--marker", metavar="NAME", help="A stated circumstance of the tables, such as crane_overturned."
    ),
]
NoMarkerOption = Annotated[
    list[str] | None,
    typer.Option(
        "--no-marker", metavar="NAME", help="A circumstance that does not hold, whatever the text says."
    ),
]


def markers(stated: Sequence[str] | None, struck: Sequence[str] | None = None) -> tuple[Marker, ...]:
    """The officer's word on circumstances. Raises BadInput for one that is both stated and struck out."""
    for name in stated or ():
        if name in (struck or ()):
            raise BadInput("{name} is both stated and struck out: say one of the two.", name=quoted(name))
    given = [(MarkerState.STATED, name) for name in stated or ()]
    given += [(MarkerState.STRUCK, name) for name in struck or ()]
    return tuple(Marker(name, state, FigureOrigin.OFFICER) for state, name in dict.fromkeys(given))
