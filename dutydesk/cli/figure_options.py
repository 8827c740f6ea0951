"""One option for each kind of figure, shared by ``grade`` and ``report add``."""

from __future__ import annotations

import functools
import inspect
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from dutydesk.i18n import N_
from dutydesk.model.enums import FigureKind, FigureOrigin
from dutydesk.model.errors import BadInput
from dutydesk.model.figures import GREATEST_MAGNITUDE, LIMIT, Figure, possible
from dutydesk.model.text import Text
from dutydesk.model.visible import quoted

_PERSONS = Text("人", "persons")
_WAN = Text("万元", "10,000 yuan")
OPTIONS: dict[FigureKind, tuple[str, Text, str]] = {
    FigureKind.DEATHS: ("--deaths", _PERSONS, N_("Persons dead, or unknown.")),
    FigureKind.SERIOUS: ("--serious", _PERSONS, N_("Persons seriously injured, or unknown.")),
    FigureKind.INJURED: ("--injured", _PERSONS, N_("Persons injured, or unknown.")),
    FigureKind.MISSING: ("--missing", _PERSONS, N_("Persons missing, or unknown.")),
    FigureKind.TRAPPED: ("--trapped", _PERSONS, N_("Persons trapped, or unknown.")),
    FigureKind.EXPOSED: ("--exposed", _PERSONS, N_("Persons exposed to the danger, or unknown.")),
    FigureKind.EVACUATED: ("--evacuated", _PERSONS, N_("Persons evacuated, or unknown.")),
    FigureKind.THREATENED: ("--threatened", _PERSONS, N_("Persons who have to be moved, or unknown.")),
    FigureKind.AREA_HA: ("--area", Text("公顷", "hectares"), N_("Hectares burnt, or unknown.")),
    FigureKind.LOSS_WAN: ("--loss", _WAN, N_("Direct loss in 10,000 yuan, or unknown.")),
    FigureKind.POTENTIAL_LOSS_WAN: (
        *("--potential-loss", _WAN),
        N_("Direct loss that may come, in 10,000 yuan, or unknown."),
    ),
    FigureKind.STUCK_HOURS: (
        *("--stuck-hours", Text("小时", "hours")),
        N_("Hours that people are stuck in a lift, a ride or a ropeway, or unknown."),
    ),
    FigureKind.MAGNITUDE: (
        *("--magnitude", Text("级", "magnitude")),
        N_("An earthquake's magnitude, or unknown; it grades by where the epicentre lies."),
    ),
}
"""The option of each kind, its unit, and its help."""
UNKNOWN = ("unknown", "不明")


@dataclass(frozen=True, slots=True)
class FigureOptions:
    """The figures given as options, as typed."""

    given: tuple[tuple[FigureKind, str], ...]

    def figures(self) -> tuple[Figure, ...]:
        """The figures. Raises BadInput naming the option."""
        return tuple(_figure(kind, text) for kind, text in self.given)


def _figure(kind: FigureKind, text: str) -> Figure:
    if text.strip().lower() in UNKNOWN:
        return Figure(kind, None, unknown=True, origin=FigureOrigin.OFFICER)
    try:
        value = math.nan if "_" in text else float(text)
    except ValueError:
        value = math.nan
    if not possible(kind, value):
        if kind is FigureKind.MAGNITUDE:
            raise BadInput(
                "{option} takes a magnitude below {limit}, such as 4.2, or unknown; {text} is neither.",
                option=OPTIONS[kind][0],
                limit=f"{GREATEST_MAGNITUDE:.0f}",
                text=quoted(text),
            )
        if OPTIONS[kind][1] is _PERSONS and 0 <= value < LIMIT:
            raise BadInput(
                "{option} counts persons: {text} is no whole number.",
                option=OPTIONS[kind][0],
                text=quoted(text),
            )
        raise BadInput(
            "{option} takes a number ({unit}) below a thousand million, or unknown; {text} is neither.",
            option=OPTIONS[kind][0],
            unit=OPTIONS[kind][1],
            text=quoted(text),
        )
    return Figure(kind, value, origin=FigureOrigin.OFFICER)


def figure_options(command: Callable[..., None]) -> Callable[..., None]:
    """Gives ``command`` an option for each kind, and hands it their values as its ``figures`` argument."""
    signature = inspect.signature(command, eval_str=True)
    own = [parameter for name, parameter in signature.parameters.items() if name != "figures"]
    added = [
        inspect.Parameter(
            f"figure_{kind.value}",
            inspect.Parameter.KEYWORD_ONLY,
            default=None,
            annotation=Annotated[str | None, typer.Option(option, help=about, metavar="N")],
        )
        for kind, (option, _unit, about) in OPTIONS.items()
    ]

    @functools.wraps(command)
    def with_figures(**values: Any) -> None:
        given = tuple(
            (kind, text) for kind in OPTIONS if (text := values.pop(f"figure_{kind.value}", None)) is not None
        )
        command(**values, figures=FigureOptions(given))

    keyword = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in own]
    parameters = [*keyword, *added]
    with_figures.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    with_figures.__annotations__ = {p.name: p.annotation for p in parameters}
    del with_figures.__wrapped__
    return with_figures
