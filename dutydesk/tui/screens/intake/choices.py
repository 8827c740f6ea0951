"""The lists behind the intake's fields: types, towns, sources, open incidents, kinds of figures, drafts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Final

from dutydesk.i18n import N_
from dutydesk.model.enums import FigureKind, ReportSource
from dutydesk.model.reference import EventType, Town
from dutydesk.model.reports import Incident
from dutydesk.model.text import Text
from dutydesk.tui import times, words
from dutydesk.tui.lines import Cell, Line, lay_out
from dutydesk.tui.widgets.dialogs import Choose

if TYPE_CHECKING:
    from dutydesk.desk.desk import Desk
    from dutydesk.desk.views.drafts import OpenDraft
    from dutydesk.tui.screen import DeskScreen

PICKED: Final = frozenset({"type", "town", "source", "incident"})
"""Fields of which Enter, while they are empty, shows a list."""


async def pick(screen: DeskScreen, name: str) -> str:
    """Lets one be chosen for the field ``name``; what is to stand in the field, or nothing."""
    desk, app = screen.desk.desk, screen.desk_app
    if name == "type":
        kind = await app.push_screen_wait(types(desk))
        return kind.name.zh if kind is not None else ""
    if name == "town":
        town = await app.push_screen_wait(towns(desk))
        return town.name.zh if town is not None else ""
    if name == "source":
        source = await app.push_screen_wait(sources())
        return words.say(words.SOURCES[source]) if source is not None else ""
    from dutydesk.desk.intake.duplicates import open_incidents

    found = await open_incidents(desk)
    incident = await app.push_screen_wait(incidents(found, app.now(), screen.desk.zone))
    return str(incident.id) if incident is not None else ""


def types(desk: Desk) -> Choose[EventType]:
    """Every type, narrowed down by number, name or pinyin initials."""
    from dutydesk.desk.intake.type_choices import all_types, find_types, initials

    everything = all_types(desk)
    numbers = {kind.code: number for number, kind in enumerate(everything, 1)}

    def draw(kind: EventType, width: int) -> Line:
        return lay_out(
            [
                Cell(str(numbers[kind.code]), "key", width=3, align="right"),
                Cell(words.say(kind.name), flex=1),
                Cell(initials(kind.name.zh), "muted", width=10),
            ],
            width,
        )

    return Choose(
        N_("What type is it?"),
        everything,
        draw,
        key=lambda kind: kind.code,
        find=lambda typed: find_types(desk, typed),
    )


def towns(desk: Desk) -> Choose[Town]:
    """Every town, narrowed down by name or pinyin initials; those run by another authority say so."""
    from dutydesk.desk.intake.typed_report import find_towns

    rules = desk.reference.routing_rules

    def draw(town: Town, width: int) -> Line:
        rule = rules.get(town.run_by)
        return lay_out(
            [
                Cell(town.pinyin, "key", width=5),
                Cell(words.say(town.name), flex=1),
                Cell(words.say(rule.name) if rule else "", "late"),
            ],
            width,
        )

    return Choose(
        N_("Which town or subdistrict?"),
        find_towns(desk, ""),
        draw,
        key=lambda town: town.code,
        find=lambda typed: find_towns(desk, typed),
    )


def sources() -> Choose[ReportSource]:
    """How the report came."""
    return Choose(
        N_("How did it come in?"),
        tuple(ReportSource),
        lambda source, width: _numbered(
            list(ReportSource).index(source), words.say(words.SOURCES[source]), width
        ),
        key=str,
    )


def additions(
    kinds: Sequence[FigureKind], markers: Sequence[str], called: Mapping[str, Text]
) -> Choose[FigureKind | str]:
    """The figures that were not read out, then the circumstances that nobody has stated, by their names."""
    left: list[FigureKind | str] = [*kinds, *markers]

    def draw(each: FigureKind | str, width: int) -> Line:
        name = words.FIGURES[each] if isinstance(each, FigureKind) else called[each]
        return _numbered(left.index(each), words.say(name), width)

    return Choose(N_("Which figure or circumstance?"), left, draw, key=str)


def incidents(found: Sequence[Incident], now: datetime, zone: tzinfo) -> Choose[Incident]:
    """The open incidents, by digit or arrows."""

    def draw(incident: Incident, width: int) -> Line:
        level, role = words.level(incident.effective_level)
        return lay_out(
            [
                Cell(f"{incident.id:03}", "key", width=4),
                Cell(words.drill(True)[0] if incident.drill else "", "drill"),
                Cell(incident.title, flex=1),
                Cell(level, role, drop=1),
                Cell(times.short(incident.received_at, now, zone), "muted"),
            ],
            width,
        )

    return Choose(N_("Which incident is it about?"), found, draw, key=lambda incident: incident.id)


def drafts(found: Sequence[OpenDraft], now: datetime, zone: tzinfo) -> Choose[OpenDraft]:
    """The drafts that wait, by digit or arrows."""

    def draw(draft: OpenDraft, width: int) -> Line:
        text = str(draft.fields.get("text") or draft.fields.get("place") or draft.fields.get("caller") or "")
        return lay_out(
            [Cell(times.short(draft.started_at, now, zone), "muted", width=11), Cell(text, flex=1)], width
        )

    return Choose(N_("Which draft?"), found, draw, key=lambda draft: draft.id)


def _numbered(index: int, text: str, width: int) -> Line:
    return lay_out([Cell(str(index + 1), "key", width=3, align="right"), Cell(text, flex=1)], width)
