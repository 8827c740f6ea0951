"""Whether a playbook holds together: names that exist, one of each id, conditions that can come true, and no
step that waits for itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from dutydesk.i18n import N_, Said
from dutydesk.model.enums import FactType
from dutydesk.model.errors import Fault
from dutydesk.playbooks import conditions, wording
from dutydesk.playbooks.assemble import Draft, Place, PlacedStep
from dutydesk.playbooks.build import fact_of
from dutydesk.playbooks.names import INCIDENT, TEXT_ONLY, Domain, domains
from dutydesk.playbooks.syntax import AskNode, Bilingual, CallNode, ReportNode


def faults_of(draft: Draft, *, check_conditions: bool) -> Iterator[Fault]:
    """Every fault of the whole. With ``check_conditions`` false, conditions and texts are left unread, which
    spares loading the CEL and Jinja libraries. An incomplete draft is not judged."""
    if draft.incomplete:
        return
    steps = [step for phase in draft.phases for step in phase.steps]
    yield from _facts(draft)
    yield from _twice(Said("step"), ((step.node.id, step.place) for step in steps))
    yield from _twice(Said("phase"), ((phase.node.id, phase.place) for phase in draft.phases))
    known = _domains(draft)
    for step in steps:
        yield from _step(step, known)
    yield from _needs(draft, steps)
    yield from _circles(draft, steps)
    if check_conditions:
        yield from _conditions(draft, steps, known)
        for step in steps:
            yield from _texts(step, known)


def _domains(draft: Draft) -> Mapping[str, Domain]:
    return domains(fact_of(fact.node) for fact in draft.facts)


def _facts(draft: Draft) -> Iterator[Fault]:
    yield from _twice(Said("fact"), ((fact.node.id, fact.place) for fact in draft.facts))
    reserved = {name.partition(".")[0] for name in INCIDENT} | set(TEXT_ONLY)
    for fact in draft.facts:
        if fact.node.id in reserved:
            yield fact.place.fault(
                Said("{id!r} already names something of the incident", id=fact.node.id), "id"
            )
        choice = fact.node.type is FactType.CHOICE
        if choice and len(fact.node.options) < 2:
            yield fact.place.fault(N_("a choice needs at least two options"), "options")
        if not choice and fact.node.options:
            yield fact.place.fault(
                Said("a fact of type {type} takes no options", type=fact.node.type), "options"
            )
        for index, option in enumerate(fact.node.options):
            if option.id in [earlier.id for earlier in fact.node.options[:index]]:
                yield fact.place.fault(
                    Said("the option {id!r} is given twice", id=option.id), "options", index, "id"
                )


def _step(step: PlacedStep, known: Mapping[str, Domain]) -> Iterator[Fault]:
    node = step.node
    if isinstance(node, AskNode) and (node.fact not in known or node.fact in INCIDENT):
        yield step.place.fault(Said("{fact!r} is no fact: define it under facts", fact=node.fact), "fact")
    if isinstance(node, CallNode):
        given = [node.whom.group, node.whom.organisation, node.whom.zh]
        if sum(value is not None for value in given) != 1:
            yield step.place.fault(N_("name one callee: a group, an organisation, or zh and en"), "whom")
    if "from_" in node.model_fields_set and node.within is None:
        yield step.place.fault(N_("from says what within counts from: give within too"), "from")


def _needs(draft: Draft, steps: Iterable[PlacedStep]) -> Iterator[Fault]:
    step_ids = {step.node.id for step in steps}
    phase_ids = {phase.node.id for phase in draft.phases}
    for step in steps:
        for index, need in enumerate(step.node.needs):
            if need not in step_ids:
                yield step.place.fault(
                    Said("needs {id!r}, and there is no such step", id=need), "needs", index
                )
    for phase in draft.phases:
        for index, need in enumerate(phase.node.needs):
            if need not in phase_ids:
                yield phase.place.fault(
                    Said("needs {id!r}, and there is no such phase", id=need), "needs", index
                )


def _waits(draft: Draft, steps: Iterable[PlacedStep]) -> dict[str, set[str]]:
    """Which steps each has to wait for: its needs, its phase's, and the questions its condition hangs on."""
    in_phase = {phase.node.id: {step.node.id for step in phase.steps} for phase in draft.phases}
    asked: dict[str, set[str]] = {}
    for step in steps:
        if isinstance(step.node, AskNode):
            asked.setdefault(step.node.fact, set()).add(step.node.id)
    waits: dict[str, set[str]] = {}
    for phase in draft.phases:
        before = {step for need in phase.node.needs for step in in_phase.get(need, set())}
        for step in phase.steps:
            waits[step.node.id] = before | set(step.node.needs)
            for name in conditions.names(step.node.when or ""):
                if len(asked.get(name, ())) == 1:
                    waits[step.node.id] |= asked[name]
    return waits


def _circles(draft: Draft, steps: Iterable[PlacedStep]) -> Iterator[Fault]:
    waits = _waits(draft, steps)
    done: set[str] = set()
    places = {step.node.id: step.place for step in steps}
    for start in waits:
        trail: list[str] = []
        pending = [(start, iter(sorted(waits[start])))] if start not in done else []
        trail += [start] if pending else []
        while pending:
            step, following = pending[-1]
            after = next((one for one in following if one in waits and one not in done), None)
            if after is None:
                pending.pop()
                trail.pop()
                done.add(step)
            elif after in trail:
                circle = [*trail[trail.index(after) :], after]
                yield places[after].fault(
                    Said("can never begin, because it waits for itself: {circle}", circle=" > ".join(circle))
                )
                done.add(after)
            else:
                trail.append(after)
                pending.append((after, iter(sorted(waits[after]))))


def _conditions(draft: Draft, steps: Iterable[PlacedStep], known: Mapping[str, Domain]) -> Iterator[Fault]:
    if draft.node.applies_to.when is not None:
        yield from _condition(draft.node.applies_to.when, INCIDENT, draft.place, "applies_to", "when")
    for step in steps:
        if step.node.when is not None:
            yield from _condition(step.node.when, known, step.place, "when")


def _condition(source: str, known: Mapping[str, Domain], place: Place, *key: str) -> Iterator[Fault]:
    try:
        conditions.check(source, known)
    except conditions.BadCondition as bad:
        yield place.fault(bad.what, *key)


def _texts(step: PlacedStep, known: Mapping[str, Domain]) -> Iterator[Fault]:
    match step.node:
        case CallNode(say=Bilingual() as text):
            key = "say"
        case ReportNode(text=text):
            key = "text"
        case _:
            return
    for language in ("zh", "en"):
        try:
            used = wording.used_names(getattr(text, language))
        except ValueError as error:
            yield step.place.fault(error.args[0], key, language)
            continue
        for name in used:
            if name not in known and name not in TEXT_ONLY:
                yield step.place.fault(
                    Said("the text uses {name!r}, which is nowhere defined", name=name), key, language
                )


def _twice(what: Said, named: Iterable[tuple[str, Place]]) -> Iterator[Fault]:
    counts: Counter[str] = Counter()
    for name, place in named:
        counts[name] += 1
        if counts[name] > 1:
            yield place.fault(Said("the {what} id {name!r} is already used", what=what, name=name), "id")
