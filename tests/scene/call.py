"""The first call as a script: what is said, how each step of the playbook is worked, and a desk to play it
on. The command line and the console play the same."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

from tests.cli.desk_process import CommandLine
from tests.scene.gateways import Gateways

CALL: Final = (
    "成渝环线陶家段一辆液氯槽车侧翻泄漏，驾驶员被困，已造成2人死亡、3人送医，正紧急疏散下风向村民五百余人。"
)
PHONE: Final = "13900000000"
OCCURRED: Final = "2026-11-23T02:30:00+08:00"
RINGS: Final = "2026-11-23T02:40:00+08:00"
FOLLOW_UP: Final = "续报：死亡人数由2人上升至3人，驾驶员已救出。"
WHY_RAISED: Final = "死亡升至3人"
WHY_CLOSED: Final = "处置完毕"
WHO_CONFIRMED: Final = "陶家值班 刘"
PEOPLE: Final = """name,org,duty,groups,hook,mail
陶家值班,陶家镇,值班员,townships,taojia,
西彭值班,西彭镇,值班员,townships,xipeng,
周局,区应急局,带班领导,duty_leader,,zhou@example.org
王强,区应急局,值班员,duty_operators,wang,
"""


@dataclass(frozen=True)
class Worked:
    """A step and what is done about it. ``value`` is the answer, the call's outcome, or the reason of a
    skip."""

    step: str
    how: Literal["do", "answer", "call", "report", "skip", "notify"]
    value: str = ""


WALK: Final = (
    Worked("record_call", "do"),
    Worked("advise_caller", "do"),
    Worked("ask_people_down", "answer", "yes"),
    Worked("ask_product", "answer", "chlorine"),
    Worked("ask_container", "answer", "road_tanker"),
    Worked("ask_quantity", "answer", "约20吨，还在漏"),
    Worked("ask_wind", "answer", "东北风2级，下风向有两个村"),
    Worked("ask_water", "skip", "已由陶家镇处理"),
    Worked("call_fire", "call", "reached"),
    Worked("casualties", "call", "reached"),
    Worked("cordon", "call", "reached"),
    Worked("chlorine_rules", "do"),
    Worked("evacuate", "call", "reached"),
    Worked("tell_shift_chief", "call", "reached"),
    Worked("tell_duty_leader", "call", "no_answer"),
    Worked("verify_second_source", "answer", "confirmed"),
    Worked("ask_unit", "answer", "无"),
    Worked("confirm_grade", "do"),
    Worked("tell_bureau_leaders", "call", "left_message"),
    Worked("phone_report", "report"),
    Worked("district_government", "report"),
    Worked("ask_response", "answer", "not_started"),
    Worked("notify_townships", "notify"),
)
"""The hazmat playbook from its first step to the notice, in its own order."""
IN_WRITING: Final = (
    Worked("ask_measures", "answer", "已疏散下风向村民，请求调堵漏器材"),
    Worked("written_first_report", "report"),
)
"""What is done of it afterwards, out of turn: the first report in writing is due within the hour."""


def prepare(home: Path, gateways: Gateways) -> CommandLine:
    """A desk at 02:40 with two officers, people to tell and channels to tell them by. Whatever changes
    something starts the engine."""
    desk = CommandLine(home, clock_at(RINGS) | {"DUTYDESK_ENGINE_AUTOSTART": "1"})
    desk.ok("init", "--admin", "wang", "--name", "王强")
    desk.ok("login", "wang")
    people = home / "people.csv"
    people.write_text(PEOPLE, encoding="utf-8")
    desk.ok("contact", "import", str(people))
    desk.ok("user", "add", "li", "--name", "李敏", "--role", "operator")
    gateways.write_channels(home / "channels.yaml")
    return desk


def clock_at(moment: str) -> dict[str, str]:
    """The environment of processes for which it is ``moment`` (ISO 8601) now."""
    return {"DUTYDESK_CLOCK": f"{moment} x1 @{datetime.now(UTC).isoformat()}"}


def kill_engine(desk: CommandLine) -> None:
    """Ends whatever engine the desk still has."""
    status = desk("engine", "status", "--json")
    if status.code == 0 and status.document["running"]:
        os.kill(status.document["pid"], signal.SIGKILL)
