"""Makes the frozen playbook out of its checked nodes."""

from __future__ import annotations

from dutydesk.model.enums import StepKind
from dutydesk.model.text import Text
from dutydesk.playbooks.assemble import Draft, PlacedPhase
from dutydesk.playbooks.durations import parse_span
from dutydesk.playbooks.playbook import Callee, FactDef, Means, Option, Phase, Playbook, Step, Within
from dutydesk.playbooks.syntax import (
    AskNode,
    Bilingual,
    CallNode,
    FactNode,
    NotifyNode,
    ReportNode,
    StepNode,
    WhomNode,
)


def build(draft: Draft) -> Playbook:
    """The playbook of a draft without faults."""
    node = draft.node
    return Playbook(
        id=node.id,
        version=node.version,
        title=_text(node.title),
        types=tuple(node.applies_to.types),
        when=node.applies_to.when or "",
        source=node.source,
        verified=node.verified,
        facts=tuple(fact_of(fact.node) for fact in draft.facts),
        phases=tuple(_phase(phase) for phase in draft.phases),
    )


def _text(node: Bilingual | None) -> Text:
    return Text("") if node is None else Text(node.zh, node.en.strip())


def fact_of(node: FactNode) -> FactDef:
    """One fact out of its node."""
    options = tuple(Option(option.id, _text(option.label)) for option in node.options)
    return FactDef(node.id, node.type, _text(node.label), _text(node.unit), options)


def _phase(placed: PlacedPhase) -> Phase:
    steps = tuple(_step(step.node) for step in placed.steps)
    return Phase(placed.node.id, _text(placed.node.title), steps, tuple(placed.node.needs))


def _step(node: StepNode) -> Step:
    kind = StepKind.DO
    fact, whom, say, text, to = "", None, Text(""), Text(""), Text("")
    groups: tuple[str, ...] = ()
    meets: tuple[str, ...] = ()
    template, confirm, urgent = "", False, False
    means: Means | None = None
    match node:
        case AskNode():
            kind, fact = StepKind.ASK, node.fact
        case CallNode():
            kind, whom, say = StepKind.CALL, _callee(node.whom), _text(node.say)
        case NotifyNode():
            kind, groups, template = StepKind.NOTIFY, tuple(node.groups), node.template
            confirm, urgent = node.confirm, node.urgent
        case ReportNode():
            kind, to, means = StepKind.REPORT, _text(node.to), node.means
            meets, text = tuple(node.meets), _text(node.text)
        case _:
            pass
    return Step(
        id=node.id,
        kind=kind,
        title=_text(node.title),
        source=node.source,
        verified=node.verified,
        detail=_text(node.detail),
        when=node.when or "",
        within=parse_span(node.within) if node.within is not None else None,
        within_from=Within(node.from_),
        cautions=tuple(_text(caution) for caution in node.cautions),
        must=node.must,
        needs=tuple(node.needs),
        fact=fact,
        whom=whom,
        say=say,
        groups=groups,
        template=template,
        confirm=confirm,
        urgent=urgent,
        to=to,
        means=means,
        meets=meets,
        text=text,
    )


def _callee(node: WhomNode) -> Callee:
    return Callee(node.group or "", node.organisation or "", Text(node.zh or "", node.en.strip()))
