"""An intake form as typed: every field a string, each understood or faulted by itself, so that one bad time
never keeps the rest from being read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from dutydesk.desk.desk import Desk
from dutydesk.desk.incidents.circumstances import known_markers, markers_for
from dutydesk.desk.intake import reading as reader
from dutydesk.desk.intake.reading import ReportForm
from dutydesk.desk.intake.type_choices import find_types
from dutydesk.desk.intake.typed_times import typed_time
from dutydesk.model.enums import FigureKind, FigureOrigin, ReportSource
from dutydesk.model.errors import BadInput, DeskError, NotFound
from dutydesk.model.figures import LIMIT, Figure
from dutydesk.model.markers import Marker, MarkerState
from dutydesk.model.names import SOURCES
from dutydesk.model.reference import RoutingRule, Town
from dutydesk.model.reports import Reading
from dutydesk.model.text import Text
from dutydesk.model.visible import quoted, visible, visible_line
from dutydesk.rules import towns

T = TypeVar("T")
FIELDS = ("type", "source", "caller", "phone", "place", "town", "occurred", "incident", "corrects")
"""The typed fields beside the narrative, by their names in :class:`TypedReport`."""
REMOVED = "-"
UNKNOWN = "?"
STATED = "+"


@dataclass(frozen=True, slots=True)
class TypedReport:
    """What stands in the form. ``figures`` are the officer's corrections: kind to digits, ``?`` for unknown
    or ``-`` for a figure that was read out wrongly and is none; ``markers`` are the officer's word on
    circumstances: name to ``+`` for stated or ``-`` for struck out."""

    text: str = ""
    type: str = ""
    source: str = ""
    caller: str = ""
    phone: str = ""
    place: str = ""
    town: str = ""
    occurred: str = ""
    incident: str = ""
    corrects: str = ""
    figures: tuple[tuple[FigureKind, str], ...] = ()
    markers: tuple[tuple[str, str], ...] = ()
    drill: bool = False
    received_at: datetime | None = None
    draft: str = ""


@dataclass(frozen=True, slots=True)
class Understood:
    """What the desk makes of a form. ``faults`` are by the field's name; ``form`` leaves faulty fields out.

    ``reading`` is ``None`` while nothing is told yet. ``markers`` are those that may count for the type, with
    what they are called.
    """

    typed: TypedReport
    form: ReportForm
    faults: Mapping[str, DeskError]
    reading: Reading | None
    type_name: Text
    routing: RoutingRule | None
    playbooks: tuple[Text, ...]
    markers: Mapping[str, Text] = field(default_factory=dict)


def understand(desk: Desk, typed: TypedReport) -> Understood:
    """Reads a form. Takes as long as it takes: for a thread, never for the path of a keystroke."""
    faults: dict[str, DeskError] = {}

    def taken(field: str, make: Callable[[str], T], otherwise: T) -> T:
        value = visible_line(str(getattr(typed, field)))
        if not value:
            return otherwise
        try:
            return make(value)
        except DeskError as fault:
            faults[field] = fault
            return otherwise

    called = known_markers(desk.reference)  # an old draft may know one that the district has no more
    form = ReportForm(
        text=visible(typed.text).strip(),
        type=taken("type", lambda value: find_type(desk, value), ""),
        source=taken("source", find_source, ReportSource.PHONE),
        caller=taken("caller", _short, ""),
        phone=taken("phone", _short, ""),
        place=taken("place", _short, ""),
        town=taken("town", lambda value: find_town(desk, value).code, ""),
        occurred_at=taken("occurred", lambda value: typed_time(desk, value), None),
        received_at=typed.received_at,
        incident=taken("incident", _number, None),
        corrects=taken("corrects", _number, None),
        figures=tuple(_figure(kind, value) for kind, value in typed.figures if value != REMOVED),
        dropped=tuple(kind for kind, value in typed.figures if value == REMOVED),
        markers=tuple(_marker(name, value) for name, value in typed.markers if name in called),
        drill=typed.drill,
        draft=typed.draft,
    )
    if len(form.text) > reader.LONGEST_TEXT:
        faults["text"] = BadInput(
            "The text has {length} characters; {longest} is the most.",
            length=len(form.text),
            longest=reader.LONGEST_TEXT,
        )
        form = replace(form, text=form.text[: reader.LONGEST_TEXT])
    if not any((form.text, form.type, form.town, form.place, form.figures)):
        return Understood(typed, form, faults, None, Text(""), None, ())
    read = reader.read(desk, form)
    kind = desk.reference.event_types.get(read.type)
    return Understood(
        typed,
        form,
        faults,
        read,
        kind.name if kind is not None else Text(""),
        desk.reference.routing_rules.get(read.routing.rule),
        tuple(desk.playbooks.get(playbook).title for playbook in read.playbooks),
        _markers_shown(desk, read, called),
    )


def find_type(desk: Desk, typed: str) -> str:
    """The code of the type that ``typed`` (number, code, name, pinyin initials) means. Raises NotFound."""
    found = find_types(desk, typed)
    if not found:
        raise NotFound(
            "There is no event type {typed}; Enter on the empty field lists them.", typed=quoted(typed)
        )
    return found[0].code


def find_town(desk: Desk, typed: str) -> Town:
    """The town that ``typed`` (code, name, pinyin initials) means. Raises NotFound."""
    found = towns.find(typed, desk.reference.towns.values())
    if not found:
        raise NotFound("There is no town {typed}; Enter on the empty field lists them.", typed=quoted(typed))
    return found[0]


def find_towns(desk: Desk, typed: str) -> tuple[Town, ...]:
    """The towns that ``typed`` may mean, all of them for nothing typed."""
    return towns.find(typed, desk.reference.towns.values())


def find_source(typed: str) -> ReportSource:
    """A source by its number in the list, its word or its name. Raises BadInput."""
    for number, source in enumerate(ReportSource, 1):
        names = SOURCES[source]
        if typed.lower() in (str(number), source.value, names.zh, names.en.lower()):
            return source
    raise BadInput(
        "{typed} is no source; the sources are: {sources}.",
        typed=quoted(typed),
        sources=" ".join(f"{n} {SOURCES[source].zh}" for n, source in enumerate(ReportSource, 1)),
    )


def figure_from(typed: str) -> float | None:
    """The number an officer typed for a figure, ``None`` for unknown. Raises BadInput."""
    if typed.strip() in (UNKNOWN, "？", "不明"):
        return None
    try:
        value = float(typed)
    except ValueError:
        value = -1.0
    if not 0 <= value < LIMIT:
        raise BadInput("{typed} is no figure: digits, or ? for unknown.", typed=quoted(typed))
    return value


def _figure(kind: FigureKind, typed: str) -> Figure:
    value = figure_from(typed)
    return Figure(kind, value, unknown=value is None, origin=FigureOrigin.OFFICER)


def _marker(name: str, typed: str) -> Marker:
    state = MarkerState.STATED if typed == STATED else MarkerState.STRUCK
    return Marker(name, state, FigureOrigin.OFFICER)


def _markers_shown(desk: Desk, read: Reading, called: Mapping[str, Text]) -> Mapping[str, Text]:
    """Those that may count for the type, and those that the officer spoke of whether they count or not."""
    fitting = markers_for(desk.reference, read.type)
    said = {marker.name for marker in read.markers if marker.origin is FigureOrigin.OFFICER}
    return {name: text for name, text in called.items() if name in fitting or name in said}


def _short(typed: str) -> str:
    if len(typed) > reader.LONGEST_FIELD:
        raise BadInput("This is longer than {longest} characters.", longest=reader.LONGEST_FIELD)
    return typed


def _number(typed: str) -> int:
    digits = typed.lstrip("#")
    if not digits.isdecimal() or len(digits) > 9 or not int(digits):
        raise BadInput("{typed} is no number; type the digits alone.", typed=quoted(typed))
    return int(digits)


def with_findings(
    understood: Understood, faults: Mapping[str, DeskError], duplicates: tuple[int, ...]
) -> Understood:
    """``understood`` with what only the database knows: more faults, and the likely duplicates."""
    reading = understood.reading
    return replace(
        understood,
        faults=dict(faults),
        reading=replace(reading, duplicates=duplicates) if reading is not None else None,
    )
