"""The journal in an officer's words: what was done, to what, and with which words it was kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from dutydesk.i18n import _
from dutydesk.model.deeds import DEEDS
from dutydesk.model.enums import DeliveryState, Level
from dutydesk.model.figures import digits
from dutydesk.model.journal import payload_of
from dutydesk.model.text import Text
from dutydesk.model.views.shifts import recorded
from dutydesk.tui import words

if TYPE_CHECKING:
    from dutydesk.desk.views.board import Names
    from dutydesk.model.views.ledger import LedgerLine


def deed(action: str) -> str:
    """A journal action in the language in use."""
    known = DEEDS.get(action)
    return words.say(known) if known else action


def told(line: LedgerLine, names: Names) -> str:
    """What a journal entry is about and what was kept with it, on one line."""
    compose = _COMPOSERS.get(line.what.partition(".")[0], _plain)
    try:
        parts = compose(line, payload_of(line.payload), names)
    except (AttributeError, KeyError, TypeError, ValueError):
        parts = [line.payload]  # an entry that somebody has altered must still be seen
    return "  ".join(part for part in parts if part) or line.text


def answer(value: object) -> str:
    """An answer that is no option of its step: yes or no, what came of a call, a notice, a number, words."""
    said = str(value)
    if said in words.TRUTHS:
        return words.say(words.TRUTHS[said])
    if said in words.OUTCOMES:
        return words.say(words.OUTCOMES[said])
    if said.startswith("broadcast:"):
        return _("notice {number}", number=said.partition(":")[2])
    return digits(value) if isinstance(value, float) else said


def clock(code: str, subject: str, names: Names) -> str:
    """What a timer is about, by its rule or step where that is known; ``subject`` is what it is kept with."""
    book, slash, step = code.partition("/")
    return _say(names.steps.get((book, step)) if slash else names.rules.get(code), subject)


def _plain(line: LedgerLine, payload: Mapping[str, Any], _names: Names) -> list[str]:
    return [_name(line) or line.text.partition(":")[2], _kept(payload)]


def _run(line: LedgerLine, payload: Mapping[str, Any], names: Names) -> list[str]:
    book = line.about[0].code if line.about else ""
    step, value = str(payload.get("step") or ""), payload.get("value")
    if not step:
        return [_say(names.playbooks.get(book), book)]
    said = ""
    if value is not None:
        said = _say(names.answers.get((book, step, str(value))), answer(value))
    return [_say(names.steps.get((book, step)), step), said, _kept(payload)]


def _timer(line: LedgerLine, payload: Mapping[str, Any], names: Names) -> list[str]:
    late = payload.get("late_s")
    said = _("{minutes} min late", minutes=int(late // 60)) if isinstance(late, float) and late >= 60 else ""
    duty = clock(line.about[0].code, line.about[0].name, names) if line.about else ""
    return [duty, said, str(payload.get("reason") or "")]


def _timers(line: LedgerLine, payload: Mapping[str, Any], names: Names) -> list[str]:
    listed = payload.get("timers")
    more = len(listed) - len(line.about) if isinstance(listed, list) else 0
    said = [clock(each.code, each.name, names) for each in line.about]
    if more > 0:
        said.append(_("and {count} more", count=more))
    for telling in payload.get("told") or ():
        if telling.get("people"):
            said.append(_("level {level}, {count} people", level=telling["level"], count=telling["people"]))
        else:
            said.append(_("level {level}: NOBODY TO TELL", level=telling["level"]))
    return said


def _broadcast(line: LedgerLine, payload: Mapping[str, Any], _names: Names) -> list[str]:
    people = payload.get("recipients") or payload.get("deliveries")
    return [_name(line), _("{count} recipients", count=people) if isinstance(people, int) else ""]


def _delivery(line: LedgerLine, payload: Mapping[str, Any], _names: Names) -> list[str]:
    by, whom = str(payload.get("by") or ""), _name(line)
    listed = payload.get("deliveries")
    count = _("{count} recipients", count=len(listed)) if isinstance(listed, list) else ""
    return [whom, _("by {who}", who=by) if by and by != whom else "", count]


def _deliveries(_line: LedgerLine, payload: Mapping[str, Any], _names: Names) -> list[str]:
    return [
        f"{words.say(words.DELIVERIES[DeliveryState(state)])} {len(numbers)}"
        for state, numbers in payload.items()
        if state in set(DeliveryState) and isinstance(numbers, list)
    ]


def _incident(line: LedgerLine, payload: Mapping[str, Any], _names: Names) -> list[str]:
    level = payload.get("level")
    grade = words.level(Level(level))[0] if level in set(Level) else ""
    kept = _kept(payload)
    if line.what == "incident.noted":
        return [kept]  # the number beside it says which incident, and the note wants the room
    return [_name(line), grade, kept]


def _officer(line: LedgerLine, payload: Mapping[str, Any], _names: Names) -> list[str]:
    return [str(payload.get("name") or "") or line.text.partition(":")[2]]


def _shift(_line: LedgerLine, payload: Mapping[str, Any], _names: Names) -> list[str]:
    officers, items = payload.get("officers") or (), payload.get("open_items")
    return [
        str(payload.get("leader") or ""),
        " ".join(str(each) for each in officers),
        _("{count} items handed over", count=recorded(items)) if isinstance(items, list) else "",
        str(payload.get("remarks") or ""),
    ]


def _contacts(_line: LedgerLine, payload: Mapping[str, Any], _names: Names) -> list[str]:
    return [
        _(
            "{added} added, {changed} changed",
            added=payload.get("added", 0),
            changed=payload.get("changed", 0),
        )
    ]


_COMPOSERS: Mapping[str, Callable[[LedgerLine, Mapping[str, Any], Names], list[str]]] = {
    "broadcast": _broadcast,
    "contacts": _contacts,
    "deliveries": _deliveries,
    "delivery": _delivery,
    "incident": _incident,
    "officer": _officer,
    "run": _run,
    "session": _officer,
    "shift": _shift,
    "timer": _timer,
    "timers": _timers,
}
"""By the noun of the action."""


def _name(line: LedgerLine) -> str:
    return line.about[0].name if line.about else ""


def _kept(payload: Mapping[str, Any]) -> str:
    return next((str(payload[key]) for key in ("reason", "note", "text") if payload.get(key)), "")


def _say(name: Text | None, otherwise: str) -> str:
    return words.say(name) if name is not None else otherwise
