"""Which clocks run, from when and until when."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dutydesk.model.deadlines import Due
from dutydesk.model.enums import Anchor, EventClass, Level
from dutydesk.rules import deadlines
from dutydesk.rules.deadlines import Situation
from tests.rules.district import ZONE, district, local, stated

RULES = district().deadline_rules
CALL = Situation("hazmat", EventClass.ACCIDENT, received_at=local(3, 2, 40))


def due(situation: Situation) -> dict[str, Due]:
    return {item.rule.id: item for item in deadlines.due(RULES, situation, ZONE)}


def test_a_call_with_no_figures_starts_the_two_hour_report_and_the_local_clocks() -> None:
    found = due(CALL)
    assert set(found) == {"WSA_EMB_2H", "LOCAL_PHONE_30M", "LOCAL_WRITTEN_60M"}
    assert found["WSA_EMB_2H"].due == local(3, 4, 40)
    assert found["LOCAL_PHONE_30M"].due == local(3, 3, 10)
    assert not found["LOCAL_PHONE_30M"].rule.verified
    assert found["WSA_EMB_2H"].rule.verified


def test_the_strictest_clock_comes_first() -> None:
    listed = deadlines.due(RULES, replace(CALL, level=Level.RELATIVELY_SERIOUS), ZONE)
    assert [item.due for item in listed] == sorted(item.due for item in listed)
    assert deadlines.strictest(listed) is listed[0]
    assert listed[0].rule.id == "LOCAL_PHONE_30M"


def test_an_accident_of_level_3_must_be_phoned_within_the_hour() -> None:
    found = due(replace(CALL, level=Level.RELATIVELY_SERIOUS, occurred_at=local(3, 2, 20)))
    assert found["WSA_EMB_PHONE_1H"].due == local(3, 3, 40)
    assert found["CQ_GOV_1H"].due == local(3, 3, 20)
    assert found["CQ_GOV_1H"].anchor is Anchor.OCCURRED
    assert not found["CQ_GOV_1H"].assumed
    assert "WSA_EMB_PHONE_1H" not in due(replace(CALL, level=Level.ORDINARY))


def test_an_unknown_occurrence_counts_from_the_call_and_says_so() -> None:
    item = due(replace(CALL, level=Level.SERIOUS))["CQ_GOV_1H"]
    assert item.assumed
    assert item.anchor is Anchor.RECEIVED
    assert item.due == local(3, 3, 40)


def test_any_forest_fire_is_reported_at_once() -> None:
    fire = Situation("forest_fire", EventClass.NATURAL, received_at=local(3, 14))
    item = due(fire)["CQ_FOREST_NOW"]
    assert item.anchor_at == local(3, 14)
    assert item.due == local(3, 14, 5)  # the grace of an "immediately": not overdue when it is born
    assert item.rule.limit == timedelta(0)


def test_what_may_become_serious_is_reported_at_once_whatever_it_is_now() -> None:
    found = due(replace(CALL, level=Level.ORDINARY, possible_level=Level.SERIOUS))
    assert "MAY_ESCALATE_NOW" in found
    assert "MAY_ESCALATE_NOW" not in due(replace(CALL, level=Level.ORDINARY, possible_level=Level.ORDINARY))


def test_a_large_geological_hazard_has_an_hour() -> None:
    slide = Situation("geohazard", EventClass.NATURAL, received_at=local(3, 5), level=Level.SERIOUS)
    assert due(slide)["CQ_GEO_1H"].due == local(3, 6)
    assert "CQ_GEO_1H" not in due(replace(slide, level=Level.RELATIVELY_SERIOUS))


def test_a_natural_disaster_with_dead_or_losses() -> None:
    flood = Situation("flood", EventClass.NATURAL, received_at=local(3, 8), occurred_at=local(3, 7))
    assert not {"ND_FIRST_2H", "ND_NOW", "ND_DAILY"} & set(due(flood))
    wet = due(replace(flood, figures=stated(evacuated=40, deaths=0)))
    assert wet["ND_FIRST_2H"].due == local(3, 9)
    assert wet["ND_DAILY"].due == local(3, 9)
    assert "ND_NOW" not in wet
    assert "ND_NOW" in due(replace(flood, figures=stated(missing=1)))
    assert "ND_NOW" in due(replace(flood, figures=stated(injured=1))), (
        "人员伤亡 is the hurt as well (NDR art. 16)"
    )


def test_follow_ups_come_daily_and_for_level_2_and_up_twice() -> None:
    daily = due(replace(CALL, level=Level.RELATIVELY_SERIOUS))
    assert daily["FOLLOWUP_DAILY"].due == local(4, 2, 40)
    twice = due(replace(CALL, level=Level.SERIOUS))
    assert "FOLLOWUP_DAILY" not in twice
    assert twice["FOLLOWUP_TWICE_DAILY"].due == local(3, 14, 40)
    assert "FOLLOWUP_DAILY" in due(replace(CALL, near_miss=True))


def test_changed_casualties_are_reported_the_same_day_within_thirty_days() -> None:
    later = replace(CALL, told_at=local(20, 23, 30), figures_changed=True, occurred_at=local(3, 2))
    assert due(later)["FOLLOWUP_CHANGE"].due == local(21, 0) - datetime.resolution
    road = replace(later, type="road")
    assert "FOLLOWUP_CHANGE" not in due(road)
    assert "FOLLOWUP_CHANGE_7D" not in due(road)  # seven days for road and fire
    assert "FOLLOWUP_CHANGE_7D" in due(replace(road, occurred_at=local(15, 2)))


@given(st.timedeltas(timedelta(0), timedelta(days=1) - datetime.resolution))
@example(timedelta(hours=23, minutes=59, seconds=30))
@example(timedelta(days=1) - datetime.resolution)
def test_what_is_due_the_same_day_is_never_due_before_it_begins(into_the_day: timedelta) -> None:
    start = local(20, 0) + into_the_day
    end = deadlines.due_at(RULES["FOLLOWUP_CHANGE"], start, ZONE)
    assert start <= end
    assert f"{end.astimezone(ZONE):%d %H:%M}" == "20 23:59"


def test_the_duties_of_others_are_shown_and_not_timed() -> None:
    found = due(replace(CALL, level=Level.SERIOUS))
    assert all(item.rule.ours for item in found.values())
    others = {
        item.rule.id for item in deadlines.duties_of_others(RULES, replace(CALL, level=Level.SERIOUS), ZONE)
    }
    assert others == {"WSA_UNIT_1H", "WSA_UNIT_PROV_1H"}


def test_the_desks_own_rules() -> None:
    assert "GRADE_CONFIRM" in due(replace(CALL, unconfirmed_proposal=True))
    assert "RELAY_ROUTED" in due(replace(CALL, routed=True))
    assert "NOTICE_UNCONFIRMED" in due(replace(CALL, notice=True))
    unfiled = due(replace(CALL, unfiled=True))
    assert set(unfiled) == {"FILE_REPORT"}
    assert not any(RULES[rule].verified for rule in ("GRADE_CONFIRM", "RELAY_ROUTED", "FILE_REPORT"))


def test_a_rule_switched_off_does_not_run() -> None:
    off = {key: replace(rule, enabled=False) for key, rule in RULES.items()}
    assert deadlines.due(off, replace(CALL, level=Level.SERIOUS), ZONE) == []


def test_every_rule_states_a_time() -> None:
    for rule in RULES.values():
        assert deadlines.due_at(rule, local(3, 2), ZONE) > local(3, 2), rule.id


@pytest.mark.parametrize(("told", "next_due"), [((3, 8, 59), (3, 9)), ((3, 9), (4, 9)), ((3, 23), (4, 9))])
def test_a_daily_report_at_nine_comes_round_strictly_later(
    told: tuple[int, ...], next_due: tuple[int, ...]
) -> None:
    assert deadlines.cadence_next(RULES["ND_DAILY"], local(*told), ZONE) == local(*next_due)


def test_a_rule_that_is_no_cadence_does_not_come_round() -> None:
    with pytest.raises(ValueError, match="no cadence"):
        deadlines.cadence_next(RULES["WSA_EMB_2H"], local(3, 2), ZONE)


@given(
    level=st.sampled_from([None, *Level]),
    graver=st.sampled_from([*Level]),
    event_type=st.sampled_from(sorted(district().event_types)),
)
def test_a_graver_level_never_loosens_the_first_clock(
    level: Level | None, graver: Level, event_type: str
) -> None:
    if level is not None and graver > level:
        return
    event = replace(CALL, type=event_type, event_class=district().event_types[event_type].event_class)
    before = deadlines.strictest(deadlines.due(RULES, replace(event, level=level), ZONE))
    after = deadlines.strictest(deadlines.due(RULES, replace(event, level=graver), ZONE))
    if before is not None:
        assert after is not None
        assert after.due <= before.due
