"""Takes steps of a playbook as an officer would, with plausible answers."""

from __future__ import annotations

from dutydesk.desk.desk import Desk
from dutydesk.desk.runs import runs
from dutydesk.model.enums import FactType, StepKind
from dutydesk.model.officers import Actor

_SAID = {
    "quantity": "约五吨，还在漏",
    "wind": "东北风三级，下风向有农户",
    "depth": "约半米，还在涨",
}
_ANSWERS = {
    FactType.TEXT: "现场已核实",
    FactType.NUMBER: "2",
    FactType.BOOLEAN: "否",
}


async def step_on(desk: Desk, actor: Actor, walked: runs.Walked) -> runs.Walked:
    """Takes the next step of a run; the same walk where none is open. Raises Refused."""
    standing = walked.walk.steps.get(walked.walk.next_step)
    if standing is None or not standing.open:
        return walked
    step = standing.step
    if step.kind == StepKind.ASK:
        fact = walked.walk.playbook.facts_by_id()[step.fact]
        answer = fact.options[0].id if fact.options else _SAID.get(fact.id, _ANSWERS.get(fact.type))
        if answer is None:
            return await runs.skip(desk, actor, walked.run, step.id, reason="来电人不清楚")
        return await runs.answer(desk, actor, walked.run, step.id, answer)
    value = {StepKind.CALL: "reached", StepKind.NOTIFY: "已电话通知"}.get(step.kind, "")
    return await runs.do(desk, actor, walked.run, step.id, value=value, reason="已补办")


async def walk(desk: Desk, actor: Actor, incident: int, playbook: str, steps: int) -> runs.Walked:
    """Starts a playbook on an incident and takes its first ``steps`` steps."""
    walked = await runs.start(desk, actor, incident, playbook)
    for _ in range(steps):
        walked = await step_on(desk, actor, walked)
    return walked
