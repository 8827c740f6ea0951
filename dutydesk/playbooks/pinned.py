"""The exact, self-contained text of a playbook that a run keeps, with every include written in."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import yaml

from dutydesk.model.enums import StepKind
from dutydesk.model.text import Text
from dutydesk.playbooks.durations import spell_span
from dutydesk.playbooks.playbook import FactDef, Phase, Playbook, Step, Within


def pinned_source(playbook: Playbook) -> str:
    """YAML text from which ``language.parse`` gives an equal playbook, without including anything. The same
    playbook always gives the same text."""
    applies: dict[str, object] = {"types": list(playbook.types)}
    if playbook.when:
        applies["when"] = playbook.when
    tree: dict[str, object] = {
        "language": 1,
        "id": playbook.id,
        "version": playbook.version,
        "title": _text(playbook.title),
        "applies_to": applies,
        "source": playbook.source,
        "verified": playbook.verified,
        "facts": [_fact(fact) for fact in playbook.facts],
        "phases": [_phase(phase) for phase in playbook.phases],
    }
    return yaml.dump(tree, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=1_000_000)


def digest(source: str) -> str:
    """SHA-256 of a pinned text, in hexadecimal."""
    return hashlib.sha256(source.encode()).hexdigest()


class _Dumper(yaml.SafeDumper):
    """Quotes every text, so that no reader of YAML takes a word for something else."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - the name is the library's
        return True


def _quoted(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"')


def _mapping(dumper: yaml.SafeDumper, entries: Mapping[str, object]) -> yaml.MappingNode:
    node = dumper.represent_mapping("tag:yaml.org,2002:map", entries.items())
    for key, _ in node.value:
        key.style = None
    return node


_Dumper.add_representer(str, _quoted)
_Dumper.add_representer(dict, _mapping)


def _text(text: Text) -> dict[str, object]:
    return {"zh": text.zh, "en": text.en}


def _fact(fact: FactDef) -> dict[str, object]:
    tree: dict[str, object] = {"id": fact.id, "type": fact.type.value, "label": _text(fact.label)}
    if fact.unit.zh:
        tree["unit"] = _text(fact.unit)
    if fact.options:
        tree["options"] = [{"id": option.id, "label": _text(option.label)} for option in fact.options]
    return tree


def _phase(phase: Phase) -> dict[str, object]:
    return {
        "id": phase.id,
        "title": _text(phase.title),
        "needs": list(phase.needs),
        "steps": [_step(step) for step in phase.steps],
    }


def _step(step: Step) -> dict[str, object]:
    tree: dict[str, object] = {"id": step.id, "kind": step.kind.value, "title": _text(step.title)}
    if step.detail.zh:
        tree["detail"] = _text(step.detail)
    if step.when:
        tree["when"] = step.when
    if step.within is not None:
        tree["within"] = spell_span(step.within)
    if step.within_from is not Within.READY:
        tree["from"] = step.within_from.value
    if step.cautions:
        tree["cautions"] = [_text(caution) for caution in step.cautions]
    if step.must:
        tree["must"] = True
    if step.needs:
        tree["needs"] = list(step.needs)
    return tree | _of_kind(step) | {"source": step.source, "verified": step.verified}


def _of_kind(step: Step) -> dict[str, object]:
    match step.kind:
        case StepKind.ASK:
            return {"fact": step.fact}
        case StepKind.CALL:
            return {"whom": _whom(step), **({"say": _text(step.say)} if step.say.zh else {})}
        case StepKind.NOTIFY:
            notice = {"groups": list(step.groups), "template": step.template}
            return {**notice, "confirm": step.confirm, "urgent": step.urgent}
        case StepKind.REPORT:
            means = step.means.value if step.means else ""
            return {"to": _text(step.to), "means": means, "meets": list(step.meets), "text": _text(step.text)}
        case StepKind.DO:
            return {}


def _whom(step: Step) -> dict[str, object]:
    if step.whom is None:
        return {}
    if step.whom.group:
        return {"group": step.whom.group}
    return {"organisation": step.whom.organisation} if step.whom.organisation else _text(step.whom.name)
