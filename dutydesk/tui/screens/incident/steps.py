"""Working one step of a playbook by its kind: the questions asked, and the desk's command that follows."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from dutydesk import i18n
from dutydesk.i18n import _, language
from dutydesk.model.enums import FactType, StepKind, StepState
from dutydesk.model.errors import BadInput, Refused
from dutydesk.tui import times, words
from dutydesk.tui.lines import Cell, Line, lay_out
from dutydesk.tui.screens.incident import words as here
from dutydesk.tui.screens.incident.rows import clock_name
from dutydesk.tui.screens.incident.sheets import Paragraph, PickSheet, ReadSheet, WriteSheet
from dutydesk.tui.screens.incident.walk import WalkRow, said_value

if TYPE_CHECKING:
    from dutydesk.desk.runs.runs import Walked
    from dutydesk.desk.runs.step_text import StepText
    from dutydesk.playbooks.walk import StepWalk
    from dutydesk.tui.screens.incident.screen import IncidentScreen

_SENTENCE_END = re.compile(r"(?<=[。！？])\s*|(?<=[.!?])\s+")


async def work_step(at: IncidentScreen, row: WalkRow) -> None:
    """What Enter does on a row of the walk."""
    if row.offer is not None:
        await start(at, row.offer.id)
        return
    step, walked = row.step, row.walked
    if step is None or walked is None:
        return
    if step.state in (StepState.DONE, StepState.SKIPPED):
        await settled(at, row, step, walked)
        return
    if step.state is StepState.WAITING:
        at.desk_app.news(_("Not yet: this step waits for {what}.", what=waits_said(walked, step)), "soon")
        return
    if not await _cautions_read(at, row, step):
        return
    if step.step.kind is StepKind.DO:
        await _done(at, row, step, walked)
    elif step.step.kind is StepKind.ASK:
        await _answer(at, row, step, walked)
    elif step.step.kind is StepKind.CALL:
        await _call(at, row, step, walked)
    elif step.step.kind is StepKind.NOTIFY:
        await _notify(at, row, step, walked)
    else:
        await _report(at, row, step, walked)


async def start(at: IncidentScreen, playbook: str) -> None:
    """Starts a playbook on the incident."""
    from dutydesk.desk.runs import runs

    incident = at.must_work().incident.id
    walked = await at.commit(runs.start(at.desk.desk, at.desk.actor, incident, playbook))
    at.go_to_step(walked.run, walked.walk.next_step)
    at.desk_app.news(_("Started: {what}", what=words.say(walked.walk.playbook.title)))


async def skip(at: IncidentScreen, row: WalkRow) -> None:
    """Skips a step for a reason."""
    step, walked = row.step, row.walked
    if step is None or walked is None:
        at.desk_app.news(_("Choose a step first."), "soon")
        return
    if step.step.must:
        raise Refused("Step {step} must be done and cannot be skipped.", step=row.title)
    reason = await at.ask(WriteSheet(_("Skip: {title}. Why? The reason is kept.", title=row.title)))
    if reason:
        from dutydesk.desk.runs import runs

        after = await at.commit(
            runs.skip(at.desk.desk, at.desk.actor, walked.run, step.step.id, reason=reason), row
        )
        _taken(at, row, after, _("Skipped: {title}", title=row.title))


async def settled(at: IncidentScreen, row: WalkRow, step: StepWalk, walked: Walked) -> None:
    """A step that is done or skipped: how it was done, and whether to take it back."""
    said: list[Paragraph] = [(how_it_went(at, row, step), "text")]
    choice = await at.ask(PickSheet(row.title, said, ["keep", "undo"], _keep_or_undo, key=lambda each: each))
    if choice == "undo":
        from dutydesk.desk.runs import runs

        await at.commit(runs.undo(at.desk.desk, at.desk.actor, walked.run, step.step.id), row)
        at.desk_app.news(_("Taken back: {what}", what=row.title))


def how_it_went(at: IncidentScreen, row: WalkRow, step: StepWalk) -> str:
    """State, value, reason, when and by whom, on one line."""
    by = at.must_work().officers.get(step.by, step.by)
    when = times.short(step.at, at.desk_app.now(), at.desk.zone) if step.at else ""
    parts = (words.say(words.STEPS[step.state]), said_value(row), step.reason, when, by)
    return "  ".join(part for part in parts if part)


def waits_said(walked: Walked, step: StepWalk) -> str:
    """What a waiting step waits for, by its titles."""
    steps, facts = walked.walk.steps, walked.walk.playbook.facts_by_id()
    named = [
        words.say(steps[each].step.title)
        if each in steps
        else words.say(facts[each].label)
        if each in facts
        else each
        for each in step.waits_for
    ]
    return "; ".join(named[:3]) + (_(" and {count} more", count=len(named) - 3) if len(named) > 3 else "")


async def _cautions_read(at: IncidentScreen, row: WalkRow, step: StepWalk) -> bool:
    cautions = step.step.cautions
    if not cautions:
        return True
    lines: list[Paragraph] = []
    for number, each in enumerate(cautions, start=1):
        lines += [(f"{number}. {words.say(each)}", "late"), ("", "text")]
    title = _("Caution, read before: {title}", title=row.title)
    read = await at.ask(ReadSheet(title, lines[:-1], hint=_("Enter: read and understood; Esc goes back.")))
    return read is not None and read


async def _done(at: IncidentScreen, row: WalkRow, step: StepWalk, walked: Walked) -> None:
    from dutydesk.desk.runs import runs

    after = await at.commit(runs.do(at.desk.desk, at.desk.actor, walked.run, step.step.id), row)
    _taken(at, row, after, _("Done: {title}", title=row.title))


async def _answer(at: IncidentScreen, row: WalkRow, step: StepWalk, walked: Walked) -> None:
    from dutydesk.desk.runs import runs
    from dutydesk.desk.runs.step_answer import typed_answer

    fact = walked.walk.playbook.facts_by_id()[step.step.fact]
    title = words.say(fact.label)
    said: list[Paragraph] = [(words.say(step.step.detail), "text")] if step.step.detail.zh else []
    typed = ""
    while True:
        if fact.type is FactType.BOOLEAN:
            given = await at.ask(PickSheet(title, said, ["yes", "no"], _yes_or_no, key=lambda each: each))
        elif fact.type is FactType.CHOICE:
            labels = {option.id: words.say(option.label) for option in fact.options}
            ids = list(labels)
            draw = partial(_numbered, ids, labels)
            given = await at.ask(PickSheet(title, said, ids, draw, key=lambda each: each))
        else:
            hints = {
                FactType.NUMBER: _("a number"),
                FactType.TIME: _("a time: 0215, -20m, 昨2330"),
                FactType.TEXT: _("in a few words"),
            }
            hint = hints[fact.type] + (f" ({words.say(fact.unit)})" if fact.unit.zh else "")
            given = await at.ask(WriteSheet(title, said, value=typed, placeholder=hint))
        if not given:
            return
        try:
            value = typed_answer(at.desk.desk, fact, given)
            after = await at.commit(
                runs.answer(at.desk.desk, at.desk.actor, walked.run, step.step.id, value), row
            )
        except BadInput as error:
            typed = given
            said = [(i18n.use(language()).error(error), "late")]
            continue
        _taken(at, row, after, _("Answered: {title}", title=row.title))
        return


async def _call(at: IncidentScreen, row: WalkRow, step: StepWalk, walked: Walked) -> None:
    from dutydesk.desk.runs import runs

    text = await _text_of(at, step, walked)
    said: list[Paragraph] = []
    if text.whom:
        said.append((_("Call: {whom}", whom=text.whom), "strong"))
    for person in text.people[:4]:
        reach = "  ".join(
            address for channel, address in person.addresses if channel in ("phone", "sms", "voice")
        )
        about = "  ".join(each for each in (person.name, person.org, person.duty, reach) if each)
        said.append((f"  {about}", "text"))
    if text.say:
        said += [("", "text"), *aloud(text.say)]
    named = {outcome: words.say(name) for outcome, name in words.OUTCOMES.items()}
    outcome = await at.ask(
        PickSheet(row.title, said, list(named), partial(_numbered, list(named), named), key=lambda each: each)
    )
    if outcome:
        after = await at.commit(
            runs.do(at.desk.desk, at.desk.actor, walked.run, step.step.id, value=outcome), row
        )
        news = f"{row.title}  {words.say(words.OUTCOMES[outcome])}"
        _taken(at, row, after, news)


async def _notify(at: IncidentScreen, row: WalkRow, step: StepWalk, walked: Walked) -> None:
    from dutydesk.desk.runs import runs

    under_way = str(step.value or "")
    if step.state is StepState.UNDER_WAY and under_way.startswith("broadcast:"):
        at.desk_app.show_notice(int(under_way.partition(":")[2]))
        return
    after = await at.commit(runs.do(at.desk.desk, at.desk.actor, walked.run, step.step.id), row)
    if after.notice is not None:
        at.desk_app.news(_("Drafted notice {id}: check it, then release it.", id=after.notice.broadcast))
        at.desk_app.show_notice(after.notice.broadcast)


async def _report(at: IncidentScreen, row: WalkRow, step: StepWalk, walked: Walked) -> None:
    """The text to read out; Enter means reported now. A late one asks for its reason, which is kept."""
    from dutydesk.desk.runs import runs

    text = await _text_of(at, step, walked)
    means = words.say(here.MEANS[step.step.means]) if step.step.means else ""
    title = f"{row.title}  {means}  {words.say(step.step.to)}"
    hint = _("Enter: reported now; Esc goes back.")
    body = aloud(text.text) if text.text else [(words.say(step.step.detail), "strong")]
    if not await at.ask(ReadSheet(title, body, hint=hint, wide=True)):
        return
    now, reason = at.desk_app.now(), ""
    running = at.must_work().running
    late = [timer for timer in running if timer.rule in step.step.meets and timer.due < now]
    if late:
        names = "; ".join(clock_name(at.must_work(), timer) for timer in late)
        given = await at.ask(WriteSheet(_("Late: {what}. Why? The reason is kept.", what=names)))
        if not given:
            return
        reason = given
    after = await at.commit(
        runs.do(at.desk.desk, at.desk.actor, walked.run, step.step.id, reason=reason), row
    )
    met = "; ".join(clock_name(at.must_work(), timer) for timer in after.settled)
    said = _("Reported: {title}", title=row.title)
    _taken(at, row, after, f"{said}  {_('met: {what}', what=met)}" if met else said)


async def _text_of(at: IncidentScreen, step: StepWalk, walked: Walked) -> StepText:
    from dutydesk.desk.runs.step_text import step_text

    await asyncio.to_thread(_warm_templates)
    return await step_text(
        at.desk.desk,
        at.must_work(),
        walked.walk,
        step,
        officer=at.desk.actor.name,
        language=language(),
    )


def _warm_templates() -> None:
    """Loads the template engine away from the keyboard."""
    import jinja2.sandbox  # noqa: F401


def aloud(text: str) -> list[Paragraph]:
    """A text to be read out: a sentence a paragraph, with air between them."""
    said: list[Paragraph] = []
    for sentence in _SENTENCE_END.split(text.strip()):
        if sentence.strip():
            said += [(sentence.strip(), "strong"), ("", "text")]
    return said[:-1]


def _taken(at: IncidentScreen, row: WalkRow, after: Walked, news: str) -> None:
    """A step was worked: says so, offers to take it back, and goes to what is next."""
    step = row.step
    if step is None:
        return

    async def take_back() -> None:
        from dutydesk.desk.runs import runs

        await runs.undo(at.desk.desk, at.desk.actor, after.run, step.step.id)
        at.go_to_step(after.run, step.step.id)
        at.reload()

    at.desk_app.can_undo(row.title, take_back)
    at.desk_app.news(news)
    if after.walk.steps[step.step.id].settled:
        at.go_to_step(after.run, after.walk.next_step)


def _numbered(ids: Sequence[str], labels: dict[str, str], row: str, width: int) -> Line:
    return lay_out([Cell(f" {ids.index(row) + 1}", "key", width=4, gap=0), Cell(labels[row], flex=1)], width)


def _yes_or_no(row: str, width: int) -> Line:
    return _numbered(["yes", "no"], {"yes": words.say(words.YES), "no": words.say(words.NO)}, row, width)


def _keep_or_undo(row: str, width: int) -> Line:
    return _numbered(["keep", "undo"], {"keep": _("Leave it so"), "undo": _("Take it back")}, row, width)
