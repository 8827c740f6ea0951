"""One step of a run as the command line shows it: everything the officer has to say, ask or heed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import typer

from dutydesk.cli import output
from dutydesk.cli.door import Door
from dutydesk.cli.shown import listed
from dutydesk.model.errors import NotAllowed, NotFound

if TYPE_CHECKING:
    from dutydesk.desk.desk import Desk
    from dutydesk.desk.runs.runs import Walked
    from dutydesk.desk.runs.step_text import StepText
    from dutydesk.playbooks.walk import StepWalk


def step_document(door: Door, step: StepWalk) -> Mapping[str, object]:
    """A step and how it stands, for a JSON document."""
    language = door.language
    return {
        "id": step.step.id,
        "phase": step.phase,
        "kind": step.step.kind,
        "title": step.step.title.in_(language),
        "state": step.state,
        "due": step.due,
        "cautions": [caution.in_(language) for caution in step.step.cautions],
        "must": step.step.must,
        "meets": step.step.meets,
        "fact": step.step.fact or None,
        "value": step.value,
        "reason": step.reason,
        "at": step.at,
        "by": step.by,
        "waits_for": step.waits_for,
        "doubtful": step.doubtful,
        "source": step.step.source,
        "verified": step.step.verified,
    }


def show_step(door: Door, run: int, step: str, *, as_json: bool) -> None:
    """Prints one step with its texts filled in for the incident as it stands. Raises NotFound."""
    walked, told = door.look(lambda desk: _read(desk, door, run, step))
    standing = walked.walk.steps[step]
    if as_json:
        _print_json(door, walked, standing, told)
    else:
        _print(door, walked, standing, told)


async def _read(desk: Desk, door: Door, run: int, step: str) -> tuple[Walked, StepText]:
    from dutydesk.desk.runs.step_text import step_text
    from dutydesk.desk.views import lists
    from dutydesk.desk.views.work import work

    whole = await work(desk, (await lists.run(desk, run)).incident)
    walked = next(one for one in whole.runs if one.run == run)
    if step not in walked.walk.steps:
        raise NotFound(
            "There is no step {step} in playbook {playbook}.", step=step, playbook=walked.walk.playbook.id
        )
    told = await step_text(
        desk,
        whole,
        walked.walk,
        walked.walk.steps[step],
        officer=await _officer(desk, door),
        language=door.language,
    )
    return walked, told


async def _officer(desk: Desk, door: Door) -> str:
    """Who reads it out; nobody in particular where nobody is signed in."""
    from dutydesk.desk.officers.identity import actor_of

    try:
        return (await actor_of(desk, door.session_token(), console=door.console)).name
    except NotAllowed:
        return ""


def _print_json(door: Door, walked: Walked, standing: StepWalk, told: StepText) -> None:
    one, language = standing.step, door.language
    fact = walked.walk.playbook.facts_by_id().get(one.fact)
    output.document(
        {
            "run": walked.run,
            **step_document(door, standing),
            "detail": one.detail.in_(language),
            "when": one.when or None,
            "whom": told.whom or None,
            "people": [{"name": p.name, "org": p.org, "duty": p.duty} for p in told.people],
            "say": told.say or None,
            "groups": one.groups,
            "template": one.template or None,
            "to": one.to.in_(language) or None,
            "means": one.means,
            "text": told.text or None,
            "question": fact.label.in_(language) if fact else None,
            "options": [{"id": o.id, "label": o.label.in_(language)} for o in fact.options] if fact else [],
            "notes": [{"at": note.at, "by": note.by, "text": note.reason} for note in standing.notes],
        },
        door.zone,
    )


def _print(door: Door, walked: Walked, standing: StepWalk, told: StepText) -> None:
    one, language = standing.step, door.language
    due = door.clock_time(standing.due) if standing.open and standing.due else ""
    output.table([(one.id, door.name(standing.state), due, one.title.in_(language))])
    for line in _lines(door, walked, standing, told):
        typer.echo(line)
    mark = "" if one.verified else f"  {door.word('unverified')}"
    door.say("Source: {source}", source=f"{one.source}{mark}")


def _group_names(door: Door, codes: tuple[str, ...]) -> list[str]:
    known = door.reference.groups
    return [known[code].name.in_(door.language) if code in known else code for code in codes]


def _lines(door: Door, walked: Walked, standing: StepWalk, told: StepText) -> list[str]:
    one, language = standing.step, door.language
    fact = walked.walk.playbook.facts_by_id().get(one.fact)
    lines = [one.detail.in_(language)] if one.detail.zh else []
    lines += [door.translator.gettext("Caution: {text}", text=each.in_(language)) for each in one.cautions]
    if fact is not None:
        lines.append(fact.label.in_(language))
        lines += [f"  {n} {o.id}  {o.label.in_(language)}" for n, o in enumerate(fact.options, start=1)]
    if told.whom:
        lines.append(door.translator.gettext("Call: {whom}", whom=told.whom))
    if one.to.zh:
        lines.append(door.translator.gettext("Report to: {whom}", whom=one.to.in_(language)))
    if one.groups:
        groups = listed(door, _group_names(door, one.groups))
        lines.append(door.translator.gettext("Notify: {whom}", whom=groups))
    lines += [f"  {person.name}  {person.org}  {person.duty}" for person in told.people]
    texts = f"{told.say}\n{told.text}".strip()
    lines += texts.splitlines()
    lines += [f"{door.clock_time(note.at)} {note.by}: {note.reason}" for note in standing.notes]
    return [output.one_line(line) for line in lines]
