"""What the desk takes out of a narrative: type, figures, grade, place, playbooks, likely duplicates. All of
it is a proposal; the officer's own word wins."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo

from dutydesk.desk.desk import Desk
from dutydesk.desk.incidents import grades
from dutydesk.desk.incidents.circumstances import known_markers
from dutydesk.model.enums import FigureKind, FigureOrigin, ReportSource
from dutydesk.model.errors import BadInput, NotFound
from dutydesk.model.figures import Figure, figure_digits, possible
from dutydesk.model.grading import Proposal
from dutydesk.model.markers import Marker
from dutydesk.model.reference import Town
from dutydesk.model.reports import Reading, Routing
from dutydesk.model.text import Text
from dutydesk.model.visible import quoted, visible, visible_line
from dutydesk.playbooks.names import FIGURES
from dutydesk.rules import epicentre, event_types, markers, narrative, routing, standing, towns
from dutydesk.rules.corrections import stated_anew, town_stated

LONGEST_TEXT = 20_000
LONGEST_FIELD = 200
FUTURE_ALLOWED = timedelta(minutes=5)
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
"""No report of this desk is older; a time that is was mistyped, and its clocks would all be late."""
_FIELDS = {
    "caller": Text("报告人", "caller"),
    "phone": Text("回拨电话", "phone"),
    "place": Text("地点", "place"),
    "town": Text("镇街", "town"),
}
_OCCURRED = Text("事发时间", "occurred")
_RECEIVED = Text("接报时间", "received")


@dataclass(frozen=True, slots=True)
class ReportForm:
    """An incoming report as an officer gives it. Everything but the text may be left to the desk.

    ``figures`` are the officer's and win over those read out of the text, kind by kind.
    ``dropped`` are kinds whose reading the officer has struck out; ``markers`` are the officer's word on
    circumstances, stated or struck out, and win over the text. ``opens_incident`` false logs it only, for
    somebody to file later.
    """

    text: str
    type: str = ""
    source: ReportSource = ReportSource.PHONE
    caller: str = ""
    phone: str = ""
    place: str = ""
    town: str = ""
    occurred_at: datetime | None = None
    received_at: datetime | None = None
    figures: tuple[Figure, ...] = ()
    dropped: tuple[FigureKind, ...] = ()
    markers: tuple[Marker, ...] = ()
    incident: int | None = None
    corrects: int | None = None
    opens_incident: bool = True
    drill: bool = False
    draft: str = ""


def cleaned(form: ReportForm, now: datetime, zone: tzinfo) -> ReportForm:
    """``form`` with its texts made harmless. Raises BadInput where there is no text, or a time or a figure
    cannot be; times are named in ``zone``."""
    text = visible(form.text).strip()
    if not text:
        raise BadInput("A report needs a text: what was said.")
    if len(text) > LONGEST_TEXT:
        raise BadInput(
            "The text has {length} characters; {longest} is the most.", length=len(text), longest=LONGEST_TEXT
        )
    form = replace(
        form,
        text=text,
        caller=visible_line(form.caller),
        phone=visible_line(form.phone),
        place=visible_line(form.place),
        town=visible_line(form.town),
    )
    for attribute, name in _FIELDS.items():
        if len(getattr(form, attribute)) > LONGEST_FIELD:
            raise BadInput("{field} is longer than {longest} characters.", field=name, longest=LONGEST_FIELD)
    _refuse_impossible_times(form, now, zone)
    for figure in form.figures:
        if figure.value is not None and not possible(figure.kind, figure.value):
            raise BadInput(
                "{value} cannot be the number of {kind}: correct it.",
                value=figure_digits(figure.kind, figure.value),
                kind=figure.kind,
            )
    return form


def _refuse_impossible_times(form: ReportForm, now: datetime, zone: tzinfo) -> None:
    """What occurred after it was received would move the clocks that count from it."""

    def said(moment: datetime) -> str:
        return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"

    for name, moment in ((_RECEIVED, form.received_at), (_OCCURRED, form.occurred_at)):
        if moment is None:
            continue
        if moment < EARLIEST:
            raise BadInput("The time {field} is no time of a report: check the year.", field=name)
        if moment > now + FUTURE_ALLOWED:
            raise BadInput("The time {field} lies ahead: {at}.", field=name, at=said(moment))
    received = form.received_at or now
    if form.occurred_at is not None and form.occurred_at > received + FUTURE_ALLOWED:
        raise BadInput(
            "It occurred at {occurred}, after it was received at {received}: correct one of the two times.",
            occurred=said(form.occurred_at),
            received=said(received),
        )


def read(desk: Desk, form: ReportForm) -> Reading:
    """Reads a form. Pure over the reference data; the duplicates are looked for by :func:`duplicates`.

    Raises NotFound for a type, a town or a marker that the officer named and the district does not have.
    """
    reference = desk.reference
    known_markers(reference, *(marker.name for marker in form.markers))
    inferred = _inferred(desk, form.text if form.corrects is None else stated_anew(form.text))
    event_type = form.type or inferred or ""
    read_out = (figure for figure in narrative.figures(form.text) if figure.kind not in form.dropped)
    figures = merged(read_out, form.figures)
    town = _town(desk, form)
    here = epicentre.district(reference.district_names, reference.towns.values())
    said = standing.merged(markers.read(form.text, here), form.markers)
    proposal = grades.propose(reference, event_type, figures, markers=standing.standing(said))
    return Reading(
        type=event_type,
        type_inferred=not form.type and bool(inferred),
        figures=figures,
        markers=said,
        proposal=proposal,
        routing=Routing(town.name.zh if town else "", town.run_by if town else ""),
        playbooks=fitting_playbooks(desk, event_type, figures, proposal, town=town, drill=form.drill),
    )


def fitting_playbooks(
    desk: Desk,
    event_type: str,
    figures: Iterable[Figure],
    proposal: Proposal,
    *,
    town: Town | None,
    drill: bool,
) -> tuple[str, ...]:
    """The ids of the playbooks that fit what is known; none while the type is not."""
    if not event_type:
        return ()
    facts: dict[str, object] = {
        "type": event_type,
        "town": town.name.zh if town else "",
        "routing": town.run_by if town else "",
        "drill": drill,
        "near_miss": proposal.near_miss,
        "graded": proposal.proposed.level is not None,
    }
    for name, level in (("level", proposal.proposed.level), ("possible_level", proposal.possible.level)):
        if level is not None:
            facts[name] = int(level)
    facts |= {FIGURES + figure.kind: figure.value for figure in figures if figure.value is not None}
    return tuple(playbook.id for playbook in desk.playbooks.fitting(facts))


def merged(read_out: Iterable[Figure], given: Iterable[Figure]) -> tuple[Figure, ...]:
    """The figures read out of a text, with the officer's own in their place."""
    kept = {figure.kind: figure for figure in read_out}
    for figure in given:
        kept[figure.kind] = replace(figure, origin=FigureOrigin.OFFICER)
    return tuple(kept.values())


def _town(desk: Desk, form: ReportForm) -> Town | None:
    known = tuple(desk.reference.towns.values())
    if form.town:
        found = towns.find(form.town, known)
        if not found:
            raise NotFound(
                "There is no town or subdistrict {town}; the towns are: {towns}.",
                town=quoted(form.town),
                towns=" ".join(town.name.zh for town in known),
            )
        return found[0]
    if form.corrects is not None:
        return routing.find_town(form.place, known) or town_stated(
            form.text, known, lambda said: bool(_inferred(desk, said))
        )
    # What is under way already has its place: a follow-up that sends somebody somewhere does not say where
    # it is.
    follows = form.incident is not None
    return routing.find_town(f"{form.place} {form.text}", known, only_there=follows)


def _inferred(desk: Desk, text: str) -> str:
    return event_types.infer_type(text, desk.reference.event_types.values()) or ""
