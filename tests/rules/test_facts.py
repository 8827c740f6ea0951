"""What an incident is, out of its reports: corrections speak for what they correct, order does not matter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dutydesk.rules.facts import Facts, Telling, facts
from tests.rules.district import district, local

FIRE = Telling(
    report=1,
    received_at=local(3, 2, 40),
    taken_in_at=local(3, 2, 40),
    type="fire",
    title="西彭镇一仓库起火",
    town="西彭",
    place="元明路",
    occurred_at=local(3, 2, 10),
)


def told(*tellings: Telling) -> Facts:
    data = district()
    return facts(tellings, types=data.event_types, towns=data.towns.values())


def later(report: int, corrects: int | None = None, **stated: str | datetime) -> Telling:
    """A report a minute after the last."""
    at = local(3, 2, 40) + timedelta(minutes=report)
    return replace(Telling(report, at, at, corrects), **stated)  # type: ignore[arg-type]


def test_a_correction_puts_right_what_it_states_and_leaves_the_rest() -> None:
    now = told(
        FIRE,
        later(2, 1, type="hazmat", title="陶家镇液氯槽车泄漏", town="陶家"),
    )
    assert (now.type, now.title, now.town) == ("hazmat", "陶家镇液氯槽车泄漏", "陶家")
    assert (now.place, now.occurred_at) == ("元明路", local(3, 2, 10))
    assert now.received_at == FIRE.received_at


def test_a_correction_may_make_the_time_later_as_well_as_earlier() -> None:
    assert told(FIRE, later(2, 1, occurred_at=local(3, 2, 30))).occurred_at == local(3, 2, 30)
    assert told(FIRE, later(2, 1, occurred_at=local(3, 1, 30))).occurred_at == local(3, 1, 30)


def test_a_time_that_another_report_still_states_stands() -> None:
    other = later(2, occurred_at=local(3, 2, 20))
    assert told(FIRE, other, later(3, 1, occurred_at=local(3, 2, 30))).occurred_at == local(3, 2, 20)
    assert told(FIRE, other, later(3, 2, occurred_at=local(3, 2, 35))).occurred_at == local(3, 2, 10)


def test_a_correction_of_a_correction_is_the_last_word() -> None:
    second = later(2, 1, town="陶家", type="hazmat")
    third = later(3, 2, town="华岩")
    assert told(FIRE, second, third).town == "华岩"
    assert told(FIRE, second, third).type == "hazmat", "what it does not state stands as it was corrected"
    assert told(FIRE, second, later(3, 1, town="华岩")).town == "华岩", "the first report corrected again"


def test_a_follow_up_that_mentions_another_place_changes_nothing() -> None:
    assert told(FIRE, later(2, town="白市驿", routing="hi-tech-zone", type="road")) == told(FIRE)


def test_a_follow_up_gives_what_nobody_has_said() -> None:
    bare = Telling(1, local(3, 2, 40), local(3, 2, 40), type="fire", title="起火了")
    now = told(bare, later(2, town="白市驿", routing="hi-tech-zone", place="高田坎"))
    assert (now.town, now.routing, now.place) == ("白市驿", "hi-tech-zone", "高田坎")


def test_routing_goes_with_the_town() -> None:
    to_zone = later(2, 1, town="白市驿", routing="hi-tech-zone")
    assert told(FIRE, to_zone).routing == "hi-tech-zone"
    assert told(FIRE, to_zone, later(3, 2, town="陶家")).routing == ""


def test_a_corrected_second_report_puts_right_what_it_said_too_or_took_for_granted() -> None:
    same, silent = later(2, town="西彭"), later(2)
    assert told(FIRE, same, later(3, 2, town="陶家")).town == "陶家"
    assert told(FIRE, silent, later(3, 2, town="陶家", type="hazmat")).type == "hazmat"
    other = later(2, town="石桥铺")
    assert told(FIRE, other, later(3, 2, town="石坪桥")).town == "西彭", "it never spoke of that place"


def test_the_title_follows_the_place_where_only_that_was_wrong() -> None:
    assert told(FIRE, later(2, 1, town="陶家")).title == "陶家镇一仓库起火"
    assert told(FIRE, later(2, 1, town="二郎")).title == "二郎街道一仓库起火"
    crane = replace(FIRE, title="元明路西彭段塔吊倒塌", type="construction")
    assert told(crane, later(2, 1, town="陶家", place="工农街")).title == "工农街陶家段塔吊倒塌"


def test_a_title_that_tells_of_another_kind_of_event_does_not_stay() -> None:
    assert told(FIRE, later(2, 1, type="hazmat", town="陶家", place="码头")).title == "码头危险化学品"
    with_words = later(2, 1, type="hazmat", title="液氯泄漏")
    assert told(FIRE, with_words, later(3, 2, type="fire")).title == FIRE.title


def test_a_correction_of_a_number_that_names_the_event_in_passing_is_no_title() -> None:
    assert told(FIRE, later(2, 1, type="fire", title="火势已控制")).title == FIRE.title


def test_a_correction_speaks_for_a_report_that_waits_unfiled() -> None:
    waiting = replace(FIRE, taken_in_at=None, type="")
    now = told(waiting, later(2, 1, type="hazmat", title="液氯泄漏"))
    assert (now.type, now.title, now.place) == ("hazmat", "液氯泄漏", "元明路")
    assert now.received_at == FIRE.received_at, "the desk was told by the first call"


def test_no_report_is_no_incident() -> None:
    with pytest.raises(ValueError, match="one report"):
        told()


# --- properties ---------------------------------------------------------------------------------------

TOWNS = {"": "", "西彭": "", "陶家": "", "白市驿": "hi-tech-zone", "走马": "hi-tech-zone"}


@st.composite
def tellings(draw: st.DrawFn) -> list[Telling]:
    """Reports in the order of logging; each but the first is a follow-up or corrects one before it."""
    told = []
    for number in range(1, draw(st.integers(1, 6)) + 1):
        town = draw(st.sampled_from(list(TOWNS)))
        at = local(3, 2) + timedelta(minutes=draw(st.integers(0, 90)))
        told.append(
            Telling(
                report=number,
                received_at=at,
                taken_in_at=local(3, 4) + timedelta(minutes=number),
                corrects=draw(st.sampled_from([None, *range(1, number)])) if number > 1 else None,
                type="fire" if number == 1 else draw(st.sampled_from(["", "fire", "hazmat", "flood"])),
                title=draw(st.sampled_from(["", "西彭镇起火", "液氯泄漏", "陶家积水"])) or f"来电{number}",
                place=draw(st.sampled_from(["", "元明路", "工农街"])),
                town=town,
                routing=TOWNS[town],
                occurred_at=draw(st.none() | st.integers(0, 90).map(lambda m: local(3, 1, 0) + m * MINUTE)),
            )
        )
    return told


MINUTE = timedelta(minutes=1)


@given(tellings(), st.randoms(use_true_random=False))
def test_the_order_of_the_reports_does_not_change_the_outcome(said: list[Telling], random: Random) -> None:
    mixed = list(said)
    random.shuffle(mixed)
    assert told(*mixed) == told(*said)


@given(tellings(), tellings())
def test_correcting_back_gives_the_first_facts_again(said: list[Telling], others: Sequence[Telling]) -> None:
    """A report that is corrected to anything and then to what it said itself is as if it never had been."""
    first = replace(said[0], town=said[0].town or "西彭", place=said[0].place or "元明路")
    first = replace(first, routing=TOWNS[first.town], occurred_at=first.occurred_at or local(3, 1))
    wrong = replace(others[-1], report=2, corrects=1, title="", taken_in_at=later(2).taken_in_at)
    back = replace(first, report=3, corrects=2, title="", taken_in_at=later(3).taken_in_at)
    now, before = told(first, wrong, back), told(first)
    assert replace(now, received_at=before.received_at) == before


@given(tellings())
def test_routing_is_always_that_of_the_town(said: list[Telling]) -> None:
    now = told(*said)
    assert now.routing == TOWNS[now.town]


@given(tellings())
def test_a_follow_up_never_overrules_what_was_said(said: list[Telling]) -> None:
    plain = [replace(telling, corrects=None) for telling in said]
    now, opening = told(*plain), plain[0]
    assert now.type == opening.type
    assert now.title == opening.title
    for name in ("place", "town"):
        assert getattr(now, name) == (getattr(opening, name) or getattr(now, name))
