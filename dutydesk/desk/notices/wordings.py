"""Fills the texts an officer reads out or sends: the names a template may use, and what they mean now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Final

from dutydesk.desk.desk import Desk
from dutydesk.desk.incidents.grades import level_name
from dutydesk.model.enums import FigureKind
from dutydesk.model.figures import Figure, digits, figure_digits
from dutydesk.model.text import Language, Text
from dutydesk.playbooks import wording
from dutydesk.playbooks.spoken import spoken

if TYPE_CHECKING:
    from dutydesk.model.reports import Incident
    from dutydesk.playbooks.walk import Walk
    from dutydesk.store.tables import IncidentRow

_FIGURE_WORDS: dict[FigureKind, tuple[str, str]] = {
    FigureKind.DEATHS: ("死亡{n}人", "{n} dead"),
    FigureKind.SERIOUS: ("重伤{n}人", "{n} seriously injured"),
    FigureKind.INJURED: ("受伤{n}人", "{n} injured"),
    FigureKind.MISSING: ("失联{n}人", "{n} missing"),
    FigureKind.TRAPPED: ("被困{n}人", "{n} trapped"),
    FigureKind.EXPOSED: ("涉险{n}人", "{n} exposed"),
    FigureKind.EVACUATED: ("疏散转移{n}人", "{n} evacuated"),
    FigureKind.THREATENED: ("受威胁{n}人", "{n} threatened"),
    FigureKind.AREA_HA: ("过火面积{n}公顷", "{n} ha burnt"),
    FigureKind.LOSS_WAN: ("直接经济损失{n}万元", "direct loss {n} yuan"),
    FigureKind.POTENTIAL_LOSS_WAN: ("潜在经济损失{n}万元", "potential loss {n} yuan"),
    FigureKind.STUCK_HOURS: ("被困{n}小时", "stuck {n} h"),
    FigureKind.MAGNITUDE: ("震级{n}级", "magnitude {n}"),
}
_IN_WAN: Final = (FigureKind.LOSS_WAN, FigureKind.POTENTIAL_LOSS_WAN)
"""Counted in 10,000 yuan, for which English has no word."""
_UNKNOWN_WORDS: dict[FigureKind, tuple[str, str]] = {
    FigureKind.DEATHS: ("死亡人数待核实", "deaths not yet verified"),
    FigureKind.INJURED: ("受伤人数待核实", "injured not yet verified"),
    FigureKind.MISSING: ("失联人数待核实", "missing not yet verified"),
    FigureKind.MAGNITUDE: ("震级待核实", "magnitude not yet verified"),
}
_PEOPLE: Final[Mapping[FigureKind, tuple[str, str]]] = {
    FigureKind.DEATHS: ("死亡", "dead"),
    FigureKind.MISSING: ("失联", "missing"),
    FigureKind.TRAPPED: ("被困", "trapped"),
    FigureKind.SERIOUS: ("重伤", "seriously injured"),
    FigureKind.INJURED: ("受伤", "injured"),
    FigureKind.EXPOSED: ("涉险", "exposed"),
}
"""What a report upward has to say of people, known or not (安监总局令第21号 art. 10)."""
_MOVED: Final = (FigureKind.EVACUATED, FigureKind.THREATENED)
_TOWN_KINDS: Final = {"town": "镇", "subdistrict": "街道"}
_STOPS: Final = "。！？…；.!?;"


def figures_text(figures: Iterable[Figure], language: Language = "zh") -> str:
    """The figures as a sentence part. Unknown is said as unknown, never as none (fact sheet 3.4)."""
    place = 0 if language == "zh" else 1
    said: list[str] = []
    harm = False
    for figure in figures:
        if figure.value is not None:
            said.append(_said(figure.kind, figure.value, language))
        elif figure.kind in _UNKNOWN_WORDS:
            said.append(_UNKNOWN_WORDS[figure.kind][place])
        else:
            continue
        harm = harm or figure.kind is not FigureKind.MAGNITUDE
    if not harm:  # how strong it was says nothing of what it did
        said.append(("伤亡情况待核实", "casualties not yet verified")[place])
    return ("，" if language == "zh" else ", ").join(said)


def people_text(figures: Iterable[Figure], language: Language = "zh") -> str:
    """Everything a report upward has to say of people: what is known, then by name what is not."""
    known = {figure.kind: figure.value for figure in figures if figure.value is not None}
    said = [_said(kind, known[kind], language) for kind in (*_PEOPLE, *_MOVED) if kind in known]
    missing = [words for kind, words in _PEOPLE.items() if kind not in known]
    if language == "zh":
        parts = ["，".join(said), "、".join(zh for zh, _ in missing) + "人数待核实" if missing else ""]
        return "；".join(filter(None, parts))
    parts = [", ".join(said), ", ".join(en for _, en in missing) + ": not yet verified" if missing else ""]
    return "; ".join(filter(None, parts))


def loss_text(figures: Iterable[Figure], language: Language = "zh") -> str:
    """The direct loss, first put at so much, or not yet verified."""
    loss = next((f.value for f in figures if f.kind is FigureKind.LOSS_WAN and f.value is not None), None)
    if loss is None:
        return "直接经济损失待核实" if language == "zh" else "direct loss not yet verified"
    said = _number(FigureKind.LOSS_WAN, loss, language)
    return f"直接经济损失初步估计{said}万元" if language == "zh" else f"direct loss first put at {said} yuan"


def area_text(figures: Iterable[Figure], language: Language = "zh") -> str:
    """The area burnt, or that it is not yet verified."""
    area = next((f.value for f in figures if f.kind is FigureKind.AREA_HA and f.value is not None), None)
    if area is None:
        return "过火面积待核实" if language == "zh" else "area burnt not yet verified"
    return _said(FigureKind.AREA_HA, area, language)


def _said(kind: FigureKind, value: float, language: Language) -> str:
    return _FIGURE_WORDS[kind][language == "en"].format(n=_number(kind, value, language))


def _number(kind: FigureKind, value: float, language: Language) -> str:
    return digits(value * 10_000) if language == "en" and kind in _IN_WAN else figure_digits(kind, value)


def _town(desk: Desk, name: str, language: Language) -> str:
    """A town's name as a report writes it: in full (陶家镇, 二郎街道)."""
    found = next((town for town in desk.reference.towns.values() if town.name.zh == name), None)
    if found is None:
        return name
    kind = _TOWN_KINDS.get(found.kind, "")
    return found.name.in_(language) if language == "en" else f"{name.removesuffix(kind)}{kind}"


def _ended(narrative: str) -> str:
    """``narrative`` with a full stop, so that what follows it in a text is a sentence of its own."""
    told = narrative.strip()
    return told if not told or told.rstrip("”’」』）)\"'")[-1:] in _STOPS else f"{told}。"


def text_names(
    desk: Desk,
    incident: IncidentRow | Incident,
    figures: Iterable[Figure],
    *,
    narrative: str = "",
    officer: str = "",
    walk: Walk | None = None,
    language: Language = "zh",
) -> dict[str, object]:
    """Every name a template may use, for ``incident`` as it stands and what the run ``walk`` has learnt. What
    is not known is absent."""
    counted = tuple(figures)
    reference = desk.reference
    event_type = reference.event_types.get(incident.type)

    def local(moment: datetime | None) -> str:
        spelt = "%m月%d日%H:%M" if language == "zh" else "%m-%d %H:%M"
        return moment.astimezone(desk.zone).strftime(spelt) if moment else ""

    town = _town(desk, incident.town, language)
    gap = "" if language == "zh" else " "
    effective = incident.confirmed_level if incident.confirmed_level is not None else incident.proposed_level
    names: dict[str, object] = {
        "no": incident.id,
        "title": incident.title,
        "place": incident.place
        if incident.place and incident.town in incident.place
        else f"{town}{gap}{incident.place}".strip(),
        "town_name": town,
        "type_name": event_type.name.in_(language) if event_type else incident.type,
        "level_name": level_name(reference, incident.type, effective).in_(language),
        "possible_level_name": level_name(reference, incident.type, incident.possible_level).in_(language),
        "occurred": local(incident.occurred_at),
        "received": local(incident.received_at),
        "now": local(desk.clock.now()),
        "text": _ended(narrative),
        "figures_text": figures_text(counted, language),
        "people_text": people_text(counted, language),
        "loss_text": loss_text(counted, language),
        "area_text": area_text(counted, language),
        "officer": officer,
        "duty_room": ("九龙坡区应急管理局值班室", "Jiulongpo emergency bureau duty room")[language == "en"],
    }
    known = {name: value for name, value in names.items() if value not in ("", None)}
    learnt = spoken(walk.playbook, walk.facts, language, local) if walk is not None else {}
    return {**learnt, **known, "officer": officer}


def filled(template: Text, names: Mapping[str, object], language: Language = "zh") -> str:
    """``template`` with its names filled in; unknown ones are said to be 待核实. Raises BadInput."""
    return wording.render(template, names, language)
