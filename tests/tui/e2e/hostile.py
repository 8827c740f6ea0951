"""Words that look like commands to whatever shows them, and a desk that has them wherever words can come
from."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Final

from dutydesk.desk.desk import Desk
from dutydesk.desk.incidents import incidents
from dutydesk.desk.intake.drafts import save_draft
from dutydesk.desk.intake.reports import ReportForm, log_report
from dutydesk.desk.notices import broadcasts, deliveries
from dutydesk.desk.officers import officers
from dutydesk.desk.people.contacts import ContactEntry, import_contacts
from dutydesk.desk.runs import runs
from dutydesk.desk.shifts import start_shift
from dutydesk.desk.timers.timers import add_reminder
from dutydesk.model.enums import DeliveryState, Level, Role
from dutydesk.model.officers import Actor
from dutydesk.store.tables import DeliveryRow
from tests.tui.snapshots.scene import NOW

TYPED: Final = "[/紧急]"
PASTED: Final = "[/紧急]\x1b[31m红\x1b]0;x\x07[link=x]${y}{z}"
_ZH: Final = '"[/紧急]\\e[31m红"'
"""The same in a YAML file."""

REFERENCE: Final = {
    "groups.yaml": f"groups: [{{code: townships, name: {{zh: {_ZH}, en: {_ZH}}}}}]\n",
    "templates.yaml": f"templates: [{{id: first_notice, name: {{zh: {_ZH}, en: {_ZH}}}, body: {_ZH}}}]\n",
    "towns.yaml": f"towns: [{{code: taojia, name: {{zh: 陶家, en: {_ZH}}}, pinyin: tj, kind: town}}]\n",
}
PLAYBOOK: Final = f"""
id: hostile
version: 1
title: {{zh: {_ZH}, en: {_ZH}}}
applies_to: {{types: [hazmat]}}
source: {_ZH}
verified: false
facts:
  - {{id: said, type: text, label: {{zh: {_ZH}, en: {_ZH}}}}}
  - id: chosen
    type: choice
    label: {{zh: {_ZH}, en: {_ZH}}}
    options: [{{id: a, label: {{zh: {_ZH}, en: {_ZH}}}}}, {{id: b, label: {{zh: 乙, en: b}}}}]
phases:
  - id: only
    title: {{zh: {_ZH}, en: {_ZH}}}
    steps:
      - {{id: told, kind: ask, fact: said, title: {{zh: {_ZH}, en: {_ZH}}}, source: {_ZH}, verified: false}}
      - id: picked
        kind: ask
        fact: chosen
        title: {{zh: {_ZH}, en: {_ZH}}}
        source: {_ZH}
        verified: false
      - id: done
        kind: do
        title: {{zh: {_ZH}, en: {_ZH}}}
        detail: {{zh: {_ZH}, en: {_ZH}}}
        cautions: [{{zh: {_ZH}, en: {_ZH}}}]
        source: {_ZH}
        verified: false
      - id: called
        kind: call
        whom: {{zh: {_ZH}, en: {_ZH}}}
        say: {{zh: {_ZH}, en: {_ZH}}}
        title: {{zh: {_ZH}, en: {_ZH}}}
        source: {_ZH}
        verified: false
      - id: reported
        kind: report
        to: {{zh: {_ZH}, en: {_ZH}}}
        means: phone
        text: {{zh: {_ZH}, en: {_ZH}}}
        title: {{zh: {_ZH}, en: {_ZH}}}
        source: {_ZH}
        verified: false
"""


def write_overrides(home: Path) -> None:
    """Reference data and a playbook of the district's own."""
    for name, text in REFERENCE.items():
        (home / "reference").mkdir(exist_ok=True)
        (home / "reference" / name).write_text(text, encoding="utf-8")
    (home / "playbooks").mkdir(exist_ok=True)
    (home / "playbooks" / "hostile.yaml").write_text(PLAYBOOK, encoding="utf-8")


async def fill(desk: Desk, actor: Actor) -> None:
    """Everything that has words, with these."""
    chief = await officers.add_officer(desk, actor, "zhao", PASTED, "7712-dawn", (Role.SHIFT_CHIEF,))
    second = Actor(chief.id, "zhao", PASTED, (Role.SHIFT_CHIEF,), PASTED)
    people = [ContactEntry(PASTED, PASTED, PASTED, ("townships", "duty_leader"), (("sms", PASTED),))]
    await import_contacts(desk, actor, people)
    await start_shift(desk, actor, leader=PASTED, officers=[PASTED])
    form = ReportForm(
        text=f"{PASTED}液氯槽车侧翻泄漏，2人受伤",
        type="hazmat",
        caller=PASTED,
        phone=PASTED,
        place=PASTED,
        occurred_at=NOW - timedelta(minutes=3),
    )
    logged = await log_report(desk, actor, form)
    incident = logged.incident or 0
    await log_report(desk, second, ReportForm(text=PASTED, caller=PASTED, opens_incident=False))
    await incidents.grade(desk, second, incident, Level.ORDINARY, reason=PASTED)
    await incidents.note(desk, second, incident, PASTED)
    run = (await runs.start(desk, second, incident, "hostile")).run
    await runs.answer(desk, second, run, "told", PASTED)
    await runs.skip(desk, second, run, "picked", reason=PASTED)
    await add_reminder(desk, second, note=PASTED, after=timedelta(minutes=1), incident=incident)
    await save_draft(desk, actor, "d", {"text": PASTED, "place": PASTED, "caller": PASTED})
    notice = broadcasts.NoticeForm(
        groups=("townships",), text=PASTED, correction_text=PASTED, drill=False, incident=incident
    )
    drafted = await broadcasts.draft(desk, actor, notice)
    await broadcasts.approve(desk, second, drafted.broadcast)
    await broadcasts.release(desk, actor, drafted.broadcast)
    async with (await desk.store()).transaction(actor, journaled=False) as tx:
        sent = await tx.get(DeliveryRow, 1)
        sent.state, sent.next_at, sent.reason = DeliveryState.ACCEPTED, None, PASTED
        tx.session.add(sent)
    await deliveries.confirm(desk, second, "1", by=PASTED)
    await broadcasts.draft(desk, actor, notice)
