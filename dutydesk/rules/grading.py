"""What level the stated figures prove, and why. A proposal only: a named person confirms a grade."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from dutydesk.model.enums import FigureKind, Level
from dutydesk.model.figures import Figure
from dutydesk.model.grading import Basis, Grade, GradingRule, GradingTable, NearMissRule, Proposal
from dutydesk.model.text import Text

Values = Mapping[FigureKind, float]

UNGRADED = Grade(None, Text(""))
"""No stated figure grades this type. Nothing stated is not nothing happened."""


def propose(
    event_type: str,
    figures: Sequence[Figure],
    *,
    tables: Sequence[GradingTable],
    near_miss_rules: Sequence[NearMissRule] = (),
    near_miss_types: Collection[str] = (),
    markers: Collection[str] = (),
    suspected: Collection[str] = (),
    struck: Collection[str] = (),
) -> Proposal:
    """The grade that ``figures`` prove for ``event_type``, and the graver one if the missing are dead.

    The gravest level that any indicator reaches counts (O493 art. 3; FFR art. 40). The statutes grade deaths
    and not the missing, while reports must state both (O493 art. 12); so ``possible`` counts the missing
    among the dead. ``near_miss`` is 较大涉险事故 (O21 art. 26), for the types listed only. Of two figures of
    one kind the higher counts. A type that no table grades gets level ``None``.

    ``suspected`` are markers that may hold (不排除泄漏): they count for ``possible`` as those stated do, and
    for the near miss, whose tests are of danger and not of damage. ``struck`` are those of which an officer
    says that they do not hold.
    """
    values = known(figures)
    graded_by = [table for table in tables if event_type in table.types]
    worst = with_missing_dead(values)
    met = (
        [rule for rule in near_miss_rules if near_miss_holds(rule, values, {*markers, *suspected})]
        if event_type in near_miss_types
        else []
    )
    sure, perhaps = _Circumstances(markers), _Circumstances(markers, suspected, struck, perhaps=True)
    undecided = [rule for rule in _holding(graded_by, worst, perhaps) if not _marked(rule, sure)]
    return Proposal(
        type=event_type,
        proposed=_gravest(graded_by, values, sure),
        possible=_gravest(graded_by, worst, perhaps),
        near_miss=bool(met),
        near_miss_basis=tuple(Basis(rule.id, rule.source, rule.verified) for rule in met),
        to_find_out=tuple(dict.fromkeys(rule.marker for rule in undecided)),
    )


@dataclass(frozen=True, slots=True)
class _Circumstances:
    """The markers that a grade is found by; ``perhaps`` asks for what is possible, not for what is proved."""

    stated: Collection[str]
    suspected: Collection[str] = ()
    struck: Collection[str] = ()
    perhaps: bool = False


def known(figures: Sequence[Figure]) -> Values:
    """The stated numbers by kind, the higher of two. An unknown figure is no number at all."""
    values: dict[FigureKind, float] = {}
    for figure in figures:
        if figure.value is not None:
            values[figure.kind] = max(figure.value, values.get(figure.kind, figure.value))
    return MappingProxyType(values)


def with_missing_dead(values: Values) -> Values:
    """``values`` as they would be if every missing person were dead."""
    missing = values.get(FigureKind.MISSING, 0.0)
    if missing <= 0:
        return values
    return MappingProxyType(
        {**values, FigureKind.DEATHS: values.get(FigureKind.DEATHS, 0.0) + missing, FigureKind.MISSING: 0.0}
    )


def near_miss_holds(rule: NearMissRule, values: Values, markers: Collection[str]) -> bool:
    """Whether one test of 较大涉险事故 is met: its indicators sum to ``low``, or its marker is stated."""
    if rule.marker and rule.marker in markers:
        return True
    stated = [values[kind] for kind in rule.indicators if kind in values]
    return bool(stated) and sum(stated) >= rule.low


def _gravest(tables: Sequence[GradingTable], values: Values, given: _Circumstances) -> Grade:
    """The gravest level of all ``tables``, with every rule that proves it."""
    holding = _holding(tables, values, given)
    if not holding:
        return UNGRADED
    level = min(rule.level for rule in holding)
    proving = [rule for rule in holding if rule.level == level]
    names = next(table.level_names for table in tables if proving[0] in table.rules)
    return Grade(
        level=Level(level),
        name=names[int(level)],
        basis=tuple(Basis(rule.id, rule.source, rule.verified) for rule in proving),
    )


def _holding(tables: Sequence[GradingTable], values: Values, given: _Circumstances) -> list[GradingRule]:
    """Every rule of ``tables`` that holds, in their order."""
    found: list[GradingRule] = []
    for table in tables:
        counted = with_missing_dead(values) if table.deaths_include_missing else values
        found += [rule for rule in table.rules if _holds(rule, counted, given)]
    return found


def _holds(rule: GradingRule, values: Values, given: _Circumstances) -> bool:
    if not _marked(rule, given):
        return False
    if rule.indicator is None:
        return bool(rule.marker)
    value = values.get(rule.indicator)
    if value is None:
        return False
    return value >= rule.low and (rule.high is None or value < rule.high)


def _marked(rule: GradingRule, given: _Circumstances) -> bool:
    """Whether the circumstances of ``rule`` are as it asks."""
    stated = not rule.marker or rule.marker in given.stated
    ruled_out = any(marker in given.stated for marker in rule.unless)
    if given.perhaps and rule.possible_until_known:
        return stated or not (ruled_out or rule.marker in given.struck)
    return not ruled_out and (stated or (given.perhaps and rule.marker in given.suspected))
