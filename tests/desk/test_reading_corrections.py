"""Given a form that corrects or follows a report, when it is read, then only what it states is taken out."""

from __future__ import annotations

from dutydesk.desk.desk import Desk
from dutydesk.desk.intake.reading import ReportForm, read


async def test_a_correction_is_read_for_what_it_states_anew(desk: Desk) -> None:
    text = "更正：不是白市驿镇起火，是陶家镇一辆液氯槽车泄漏。"
    reading = read(desk, ReportForm(text=text, corrects=1))
    assert (reading.type, reading.routing.town, reading.routing.rule) == ("hazmat", "陶家", "")
    assert "hazmat" in reading.playbooks


async def test_where_somebody_is_sent_is_not_where_a_follow_up_is_about(desk: Desk) -> None:
    text = "续报：伤员2人送往石桥铺医院。"
    assert read(desk, ReportForm(text=text)).routing.town == "石桥铺", "a first call has nothing better"
    assert read(desk, ReportForm(text=text, incident=1)).routing.town == ""
    assert read(desk, ReportForm(text=text, corrects=1)).routing.town == ""
    assert read(desk, ReportForm(text=text, corrects=1, town="陶家")).routing.town == "陶家"
    assert read(desk, ReportForm(text=text, corrects=1, place="陶家镇正街")).routing.town == "陶家"
