"""A playbook drawn as a Mermaid flowchart: what waits for what, for a reader of the playbook."""

from __future__ import annotations

from collections.abc import Iterator

from dutydesk.model.enums import StepKind
from dutydesk.model.text import Language
from dutydesk.playbooks import conditions
from dutydesk.playbooks.playbook import Playbook, Step

_SHAPES = {
    StepKind.DO: ("[", "]"),
    StepKind.ASK: ("{{", "}}"),
    StepKind.CALL: ("([", "])"),
    StepKind.NOTIFY: ("[/", "/]"),
    StepKind.REPORT: ("[[", "]]"),
}


def mermaid(playbook: Playbook, language: Language = "zh") -> str:
    """The flowchart's source. Solid arrows are needs; dashed ones lead from a question to the steps whose
    condition hangs on its answer and carry the condition. Must steps have a thick border."""
    return "\n".join(_lines(playbook, language)) + "\n"


def _lines(playbook: Playbook, language: Language) -> Iterator[str]:
    yield "flowchart TD"
    for phase in playbook.phases:
        yield f'  subgraph phase_{phase.id}["{_safe(phase.title.in_(language))}"]'
        for step in phase.steps:
            yield f"    {_node(step, language)}"
        yield "  end"
    asks = {step.fact: step.id for step in playbook.steps() if step.kind is StepKind.ASK}
    for phase in playbook.phases:
        for need in phase.needs:
            yield f"  phase_{need} --> phase_{phase.id}"
        for step in phase.steps:
            for need in step.needs:
                yield f"  step_{need} --> step_{step.id}"
            for name in conditions.names(step.when):
                if name in asks:
                    yield f'  step_{asks[name]} -. "{_safe(step.when)}" .-> step_{step.id}'
    musts = [f"step_{step.id}" for step in playbook.steps() if step.must]
    if musts:
        yield "  classDef must stroke-width:3px"
        yield f"  class {','.join(musts)} must"


def _node(step: Step, language: Language) -> str:
    opened, closed = _SHAPES[step.kind]
    return f'step_{step.id}{opened}"{_safe(step.title.in_(language))}"{closed}'


def _safe(text: str) -> str:
    """``text`` so that no character of it is taken for Mermaid's own."""
    return "".join(
        char if char.isalnum() or char in " _.,，。、：？！" else f"#{ord(char)};" for char in text
    )
