"""Given an engine at work, when the district corrects whom to tell, then the engine follows without a
restart, and a slip of the pen leaves in force what was."""

from __future__ import annotations

from pathlib import Path

from dutydesk.desk.desk import Desk
from dutydesk.model.clock import SystemClock
from tests.engine.rows import arm, journal, people, timer_row, until
from tests.engine.running import engine_over, running

POLICY = """\
escalation_policies:
  - id: deadline
    name: {{zh: 报送时限升级, en: reporting deadline}}
    kinds: [deadline]
    acknowledgement_lasts: 10m
    repeat: 10m
    levels:
      - {{after: 0m, groups: [{group}], name: {{zh: 值班员, en: operators on duty}}}}
"""


async def test_a_policy_that_was_corrected_is_followed_and_a_faulty_one_is_not(
    live_desk: Desk, tmp_path: Path
) -> None:
    await people(live_desk, "duty_operators", "shift_chief", "duty_leader", address="x")
    overrides = tmp_path / "reference"
    overrides.mkdir()
    async with engine_over(live_desk, tmp_path / "channels.yaml", reference_dir=overrides):
        await until(lambda: running(live_desk))
        await _due(live_desk)
        await until(lambda: _told(live_desk, ["duty_operators"]))

        (overrides / "escalation.yaml").write_text(POLICY.format(group="duty_leader"), "utf-8")
        await until(lambda: _entries(live_desk, "reference.taken_up"))
        await _due(live_desk)
        await until(lambda: _told(live_desk, ["duty_operators", "duty_leader"]))

        (overrides / "escalation.yaml").write_text(POLICY.format(group="nobody_knows"), "utf-8")
        await until(lambda: _entries(live_desk, "reference.faulty"))
        await _due(live_desk)
        await until(lambda: _told(live_desk, ["duty_operators", "duty_leader", "duty_leader"]))
    (fault,) = await journal(live_desk, "reference.faulty")
    assert "escalation.yaml:8" in fault["fault"]


async def _due(desk: Desk) -> None:
    await arm(desk, timer_row(SystemClock().now()))


async def _told(desk: Desk, groups: list[str]) -> bool:
    rows = await desk.reader.rows('SELECT "groups" FROM broadcast ORDER BY id')
    return [row[0] for row in rows] == [f'["{group}"]' for group in groups]


async def _entries(desk: Desk, action: str) -> bool:
    return bool(await journal(desk, action))
