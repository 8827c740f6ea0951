"""What a report put right, and what that did to the clocks, to be read before work goes on."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from dutydesk.i18n import _
from dutydesk.model.facts import FACTS
from dutydesk.model.text import Text
from dutydesk.tui import deeds, times, words
from dutydesk.tui.screens.incident import words as incident_words
from dutydesk.tui.screens.incident.sheets import Paragraph
from dutydesk.tui.text import pad

if TYPE_CHECKING:
    from dutydesk.desk.intake.reports import LoggedReport
    from dutydesk.desk.views.board import Names


def put_right_said(names: Names, logged: LoggedReport, now: datetime, zone: tzinfo) -> list[Paragraph]:
    """Every fact and clock that is not as it was, and the grade and runs that stay."""

    def value(fact: str, said: str | datetime | None) -> str:
        if isinstance(said, datetime):
            return times.short(said, now, zone)
        known = names.types.get(said or "") if fact == "type" else None
        return words.say(known) if known is not None else said or _("not stated")

    def clock(rule: str) -> str:
        return deeds.clock(rule, rule, names)

    said: list[Paragraph] = []
    for each in logged.facts:
        if each.fact in FACTS:
            was, is_now = value(each.fact, each.was), value(each.fact, each.now)
            said.append((f"{words.say(FACTS[each.fact])}  {was} → {is_now}", "strong"))
    for kept in logged.kept:
        text = _(
            "{fact} stays {stays}: report {reports} still says so.",
            fact=words.say(FACTS[kept.fact]),
            stays=value(kept.fact, kept.stays),
            reports=" ".join(map(str, kept.reports)) or "-",
        )
        said.append((text, "doubt"))
    if logged.facts:
        said += [(_tagged(incident_words.NEW, clock(rule)), "soon") for rule in logged.armed]
    for moved in logged.moved:
        tag = incident_words.SOONER if moved.due < moved.was else incident_words.LATER
        span = f"{times.short(moved.was, now, zone)} → {times.short(moved.due, now, zone)}"
        said.append((_tagged(tag, f"{clock(moved.rule)}  {span}"), "late" if moved.due < now else "soon"))
    for ended in logged.called_off:
        text = f"{clock(ended.rule)}  {words.reason(ended.reason)}"
        said.append((_tagged(incident_words.ENDED, text), "muted"))
    for rule in logged.owed:
        text = _("{what}: late already, and still owed", what=clock(rule))
        said.append((_tagged(incident_words.LATE, text), "late"))
    return [*said, *_stays(logged, names)]


def _stays(logged: LoggedReport, names: Names) -> list[Paragraph]:
    """What a person has settled, and no correction unsettles."""
    said: list[Paragraph] = []
    proposed = logged.proposal.proposed.level
    if logged.confirmed is not None and logged.confirmed != proposed:
        text = _(
            "The confirmed grade {confirmed} stays; by what is stated now it would be {proposed}.",
            confirmed=words.level(logged.confirmed)[0],
            proposed=words.level(proposed)[0],
        )
        said.append((text, "doubt"))
    for run in logged.walking:
        if not run.fits:
            text = _(
                "Run {run} goes on with {playbook}, which does not fit the corrected facts.",
                run=run.run,
                playbook=_book(run.playbook, names),
            )
            said.append((text, "doubt"))
    walked = {run.playbook for run in logged.walking}
    fitting = "  ".join(_book(each, names) for each in logged.playbooks if each not in walked)
    if fitting and logged.facts:
        said.append((_("Playbooks that fit: {playbooks}", playbooks=fitting), "text"))
    return said


def _book(playbook: str, names: Names) -> str:
    known = names.playbooks.get(playbook)
    return words.say(known) if known is not None else playbook


def _tagged(tag: Text, said: str) -> str:
    return pad(words.say(tag), 8) + said
