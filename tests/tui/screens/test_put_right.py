"""Given an incident taken down wrongly, when the officer corrects it at the keyboard, then the console says
what became of it and of its clocks before work goes on."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from dutydesk import i18n
from dutydesk.desk.incidents import incidents
from dutydesk.desk.intake.reports import ReportForm, log_report
from dutydesk.desk.runs import runs
from dutydesk.model.clock import ManualClock
from dutydesk.model.enums import Level
from dutydesk.tui.screens.incident.screen import IncidentScreen
from dutydesk.tui.screens.incident.sheets import ReadSheet
from dutydesk.tui.screens.intake.form import IntakeForm
from tests.tui.screens.incident_room import shown
from tests.tui.screens.room import console, room, until

WRONG = "白市驿镇元明路一山坡燃烧，山火，造成1人死亡。"
RIGHT = "更正：不是山火，是陶家镇一辆液氯槽车侧翻泄漏。"


@pytest.fixture(autouse=True)
def chinese() -> None:
    i18n.use("zh")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_what_a_correction_did_is_read_before_work_goes_on(
    sqlite_path: Path, tmp_path: Path, clock: ManualClock, size: tuple[int, int]
) -> None:
    async with room(sqlite_path, tmp_path / "home", clock) as where:
        occurred = clock.now() - timedelta(minutes=10)
        call = await log_report(where.desk, where.actor, ReportForm(text=WRONG, occurred_at=occurred))
        assert call.incident is not None
        await incidents.grade(where.desk, where.actor, call.incident, Level.RELATIVELY_SERIOUS)
        run = await runs.start(where.desk, where.actor, call.incident, "forest_fire")
        async with console(where, size=size) as (app, pilot):
            app.show_intake(call.incident)
            await until(pilot, lambda: bool(app.screen.query(IntakeForm)))
            await until(pilot, lambda: app.screen.query_one(IntakeForm).values()["incident"] == "1")
            app.screen.query_one(IntakeForm).fill(RIGHT, {"corrects": str(call.report)})
            await pilot.press("ctrl+s")
            await until(pilot, lambda: isinstance(app.screen, ReadSheet))

            sheet = app.screen
            assert isinstance(sheet, ReadSheet)
            said = "\n".join(text for text, _role in sheet._paragraphs)
            assert "森林火灾 → 危险化学品" in said
            assert "白市驿 → 陶家" in said
            assert "转告属地管理单位  更正后的情况不需要" in said
            assert "已确认的等级较大不变" in said
            assert f"流程 {run.run}（森林火灾处置）照旧进行" in said
            assert "适用流程：危险化学品" in said
            assert "转告高新区  该步骤不再等待" in said
            while isinstance(app.screen, ReadSheet):
                await pilot.pause(0.35)
                await pilot.press("enter")
            await until(pilot, lambda: isinstance(app.screen, IncidentScreen))
            await until(pilot, lambda: "陶家镇一辆液氯槽车侧翻泄漏" in shown(app))
            await until(pilot, lambda: "按数字为一般" in shown(app))
            await pilot.press("2", "end")
            await until(pilot, lambda: "转告属地管理单位" in shown(app))
            await pilot.press("5")
            await until(pilot, lambda: "情况变动" in shown(app))
            assert "森林火灾 → 危险化学品" in shown(app)
