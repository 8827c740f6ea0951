"""One console of the tortured shift, a process of its own: takes commands as lines of JSON, does each through
the desk, and answers with a line only when it is on record. It is killed at any instant.

``python -m tests.torture.officer HOME`` with the officers' session tokens in ``HOME/tokens.json``.
"""

from __future__ import annotations

import asyncio
import json
import sys
import traceback
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from dutydesk.desk.desk import Desk
from dutydesk.desk.incidents import incidents
from dutydesk.desk.intake import reports
from dutydesk.desk.notices import broadcasts
from dutydesk.desk.officers.identity import actor_of
from dutydesk.desk.opening import open_desk
from dutydesk.desk.runs import runs
from dutydesk.desk.timers import timers
from dutydesk.desk.views import runs as run_view
from dutydesk.home.paths import Home
from dutydesk.home.settings import load_settings
from dutydesk.model.enums import FactType, FigureKind, FigureOrigin, Level, StepKind
from dutydesk.model.errors import DeskError
from dutydesk.model.figures import Figure
from dutydesk.model.officers import Actor
from dutydesk.playbooks.playbook import CallOutcome

Answer = dict[str, Any]
ANSWERS = {
    FactType.TEXT: "东北风三级",
    FactType.NUMBER: "1",
    FactType.BOOLEAN: "yes",
    FactType.TIME: "2026-11-23T02:40:00+08:00",
}


def form_of(given: Mapping[str, Any]) -> reports.ReportForm:
    """The report form of a command."""
    stated = tuple(
        Figure(FigureKind(kind), value, origin=FigureOrigin.OFFICER)
        for kind, value in given.get("officer_figures", {}).items()
    )
    return reports.ReportForm(
        text=given["text"],
        type=given["type"],
        figures=stated,
        incident=given.get("incident"),
        opens_incident=not given.get("unfiled", False),
        drill=given.get("drill", False),
    )


async def report(desk: Desk, actor: Actor, given: Mapping[str, Any]) -> Answer:
    logged = await reports.log_report(desk, actor, form_of(given))
    return {
        "report": logged.report,
        "incident": logged.incident,
        "timers": [{"id": timer.id, "rule": timer.rule} for timer in logged.timers],
    }


async def remind(desk: Desk, actor: Actor, given: Mapping[str, Any]) -> Answer:
    after = timedelta(seconds=given["after"])
    return {"id": (await timers.add_reminder(desk, actor, note=given["note"], after=after)).id}


async def met(desk: Desk, actor: Actor, given: Mapping[str, Any]) -> Answer:
    return {"id": (await timers.meet(desk, actor, given["timer"], reason="已办")).id}


async def ack(desk: Desk, actor: Actor, given: Mapping[str, Any]) -> Answer:
    return {"id": (await timers.acknowledge(desk, actor, given["timer"])).id}


async def grade(desk: Desk, actor: Actor, given: Mapping[str, Any]) -> Answer:
    graded = await incidents.grade(desk, actor, given["incident"], Level(given["level"]))
    return {"incident": graded.incident}


async def draft(desk: Desk, actor: Actor, given: Mapping[str, Any]) -> Answer:
    form = broadcasts.NoticeForm(
        ("townships",), given["text"], given["drill"], confirm=given["confirm"], urgent=given["urgent"]
    )
    drafted = await broadcasts.draft(desk, actor, form)
    return {"broadcast": drafted.broadcast, "recipients": drafted.recipients}


async def approve(desk: Desk, actor: Actor, given: Mapping[str, Any]) -> Answer:
    await broadcasts.approve(desk, actor, given["broadcast"])
    return {"broadcast": given["broadcast"]}


async def release(desk: Desk, actor: Actor, given: Mapping[str, Any]) -> Answer:
    deliveries = await broadcasts.release(desk, actor, given["broadcast"])
    return {"broadcast": given["broadcast"], "deliveries": deliveries}


async def start_run(desk: Desk, actor: Actor, given: Mapping[str, Any]) -> Answer:
    return {"run": (await runs.start(desk, actor, given["incident"], given["playbook"])).run}


async def step(desk: Desk, actor: Actor, given: Mapping[str, Any]) -> Answer:
    """Works whatever the run's next step is."""
    walk = (await run_view.walk_of(desk, given["run"])).walk
    if not walk.next_step:
        return {"run": given["run"], "steps_done": walk.done}
    wanted = walk.steps[walk.next_step].step
    if wanted.kind is StepKind.ASK and not wanted.must:
        walked = await runs.skip(desk, actor, given["run"], wanted.id, reason="无人应答")
    elif wanted.kind is StepKind.ASK:
        fact = walk.playbook.facts_by_id()[wanted.fact]
        value = fact.options[0].id if fact.options else ANSWERS[fact.type]
        walked = await runs.answer(desk, actor, given["run"], wanted.id, value)
    else:
        value = CallOutcome.REACHED if wanted.kind is StepKind.CALL else "已办"
        walked = await runs.do(desk, actor, given["run"], wanted.id, value=value, reason="已补报")
    return {"run": walked.run, "steps_done": walked.walk.done}


COMMANDS: Mapping[str, Callable[[Desk, Actor, Mapping[str, Any]], Awaitable[Answer]]] = {
    "report": report,
    "remind": remind,
    "met": met,
    "ack": ack,
    "grade": grade,
    "draft": draft,
    "approve": approve,
    "release": release,
    "run": start_run,
    "step": step,
}


async def console(home_dir: Path) -> None:
    """Works lines of standard input until it ends."""
    home = Home.at(home_dir)
    tokens: dict[str, str] = json.loads((home_dir / "tokens.json").read_text("utf-8"))
    desk = await open_desk(home, load_settings(home))
    print(json.dumps({"ready": True}), flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        given = json.loads(line)
        try:
            actor = await actor_of(desk, tokens[given["who"]], console="torture")
            answer = {"ok": True, **await COMMANDS[given["kind"]](desk, actor, given)}
        except DeskError as refusal:
            answer = {"ok": False, "refused": str(refusal)}
        except Exception:
            answer = {"ok": False, "crash": traceback.format_exc()}
        print(json.dumps(answer), flush=True)
    await desk.close()


if __name__ == "__main__":
    asyncio.run(console(Path(sys.argv[1])))
