"""Which of an incident's stated figures count now. None is deleted: those that differ stand side by side."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from dutydesk.model.enums import FigureKind
from dutydesk.model.figures import Figure, StatedFigure


def review(
    stated: Sequence[StatedFigure], corrected_reports: Collection[int] = ()
) -> tuple[StatedFigure, ...]:
    """``stated`` with the flag ``superseded`` set where it applies; order and flags already set are kept.

    Superseded: a figure of a report in ``corrected_reports``, or one whose own source (``report_source``)
    stated the same kind again later; of one moment the higher report id is the later.
    """
    latest: dict[tuple[str, FigureKind], tuple[object, int]] = {}
    for item in stated:
        if item.superseded or item.report in corrected_reports:
            continue
        if item.figure.unknown and (item.report_source, item.figure.kind) in latest:
            continue  # a source that no longer knows has not taken back its number
        key = (item.report_source, item.figure.kind)
        moment = (item.stated_at, item.report)
        if key not in latest or moment >= latest[key] or _is_unknown(stated, key, latest[key]):
            latest[key] = moment
    return tuple(
        replace(
            item,
            superseded=item.superseded
            or item.report in corrected_reports
            or latest.get((item.report_source, item.figure.kind)) != (item.stated_at, item.report),
        )
        for item in stated
    )


def current(stated: Sequence[StatedFigure], corrected_reports: Collection[int] = ()) -> tuple[Figure, ...]:
    """The figures that count: of each kind the highest among the latest of each source.

    Sources differ, and until a person settles it the graver number is the one to act on. A number always
    beats an unknown; a kind that is nowhere known stays unknown.
    """
    best: dict[FigureKind, Figure] = {}
    for item in review(stated, corrected_reports):
        if item.superseded:
            continue
        figure = item.figure
        held = best.get(figure.kind)
        if held is None or _graver(figure, held):
            best[figure.kind] = figure
    order = list(FigureKind)
    return tuple(best[kind] for kind in sorted(best, key=order.index))


def _graver(figure: Figure, held: Figure) -> bool:
    if figure.value is None:
        return False
    return held.value is None or figure.value > held.value


def _is_unknown(
    stated: Sequence[StatedFigure], key: tuple[str, FigureKind], moment: tuple[object, int]
) -> bool:
    return all(
        item.figure.unknown
        for item in stated
        if (item.report_source, item.figure.kind) == key and (item.stated_at, item.report) == moment
    )
