"""Figures out of what people say and write."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from dutydesk.model.enums import FigureKind
from dutydesk.rules import grading, narrative
from dutydesk.rules.numerals import value_of
from dutydesk.rules.routing import find_town, route
from tests.rules.district import CASES, FRESH_CALLS, SENTENCES, district


@lru_cache(maxsize=2)
def rows(path: Any) -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = yaml.safe_load(path.read_text("utf-8")) if path.exists() else []
    return loaded


def read(text: str) -> dict[str, float | None]:
    return {figure.kind.value: figure.value for figure in narrative.figures(text)}


def agree(got: dict[str, float | None], wanted: dict[str, float | None]) -> bool:
    def same(one: float | None, other: float | None) -> bool:
        return one is other if one is None or other is None else abs(one - other) <= 0.005

    return set(got) == set(wanted) and all(same(got[kind], wanted[kind]) for kind in wanted)


@pytest.mark.parametrize("row", rows(SENTENCES), ids=lambda row: row["text"][:24])
def test_a_careful_readers_figures(row: dict[str, Any]) -> None:
    wanted = {kind: None if value == "x" else float(value) for kind, value in row["is"].items()}
    got = read(row["text"])
    assert agree(got, wanted), f"{row['text']}: {got}"


@pytest.mark.parametrize(
    "row", [row for row in rows(FRESH_CALLS) if not row.get("hard")], ids=lambda row: row["text"][:24]
)
def test_a_call_nobody_had_the_reader_in_mind_for(row: dict[str, Any]) -> None:
    test_a_careful_readers_figures(row)


@pytest.mark.parametrize("row", rows(FRESH_CALLS), ids=lambda row: row["text"][:24])
def test_what_is_hard_to_read_is_left_out_rather_than_denied_or_made_worse(row: dict[str, Any]) -> None:
    got = read(row["text"])
    for kind, value in row["is"].items():
        assert got.get(kind) != 0 or value == 0, f"{kind}: nobody, says the reader; the caller says {value}"
    stated = row["is"].get("deaths", 0)
    assert (got.get("deaths") or 0) <= (0 if stated == "x" else stated)


@pytest.mark.skipif(not CASES.exists(), reason="the duty desk's example calls are not beside this checkout")
@pytest.mark.parametrize("case", [c for c in rows(CASES) if not c.get("hard")], ids=lambda case: case["id"])
def test_an_example_call_comes_out_as_stated(case: dict[str, Any]) -> None:
    data = district()
    figures = narrative.figures(case["text"])
    wanted = {
        kind: None if isinstance(value, dict) else float(value)
        for kind, value in case.get("figures", {}).items()
    }
    assert agree(read(case["text"]), wanted)
    proposal = grading.propose(
        case["type"],
        figures,
        tables=data.grading_tables,
        near_miss_rules=data.near_miss_rules,
        near_miss_types=data.near_miss_types,
    )
    assert proposal.proposed.level == case.get("level")
    assert proposal.possible.level == case.get("possible", case.get("level"))
    assert proposal.near_miss is case.get("near_miss", False)
    assert route(find_town(case["text"], data.towns.values())).rule == case.get("routing", "")


_DIGITS = "零一二三四五六七八九"


def spelled(number: int) -> str:
    """``number`` below a hundred million in Chinese, as it is written out in full."""
    if number >= 10_000:
        high, low = divmod(number, 10_000)
        rest = "" if not low else ("零" if low < 1000 else "") + spelled_small(low)
        return spelled_small(high) + "万" + rest
    return spelled_small(number)


def spelled_small(number: int) -> str:
    out, zero = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            out += ("零" if zero and out else "") + _DIGITS[digit] + name
            zero = False
        else:
            zero = True
    return out or "零"


@given(st.integers(1, 99_999_999))
def test_chinese_numerals_round_trip(number: int) -> None:
    assert value_of(spelled(number)) == number


@given(st.integers(1, 99_999_999), st.data())
def test_digits_among_chinese_numerals_read_as_those(number: int, data: st.DataObject) -> None:
    text = spelled(number)
    mixed = "".join(
        str(_DIGITS.index(char)) if char in _DIGITS[1:] and data.draw(st.booleans()) else char
        for char in text
    )
    assert value_of(mixed) == value_of(text)
    assert read(f"疏散{mixed}人") == read(f"疏散{text}人") == {"evacuated": number}
    assert read(f"损失{mixed}万元") == {"loss_wan": number}


@given(st.integers(1, 9999), st.integers(1000, 9999))
def test_digits_after_ten_thousand_fill_its_places(high: int, low: int) -> None:
    for text in (f"{high}万{low}", f"{spelled(high)}万{low}"):
        assert value_of(text) == high * 10_000 + low
        assert read(f"疏散{text}人") == {"evacuated": high * 10_000 + low}


@given(st.integers(1, 9999))
def test_short_forms_of_ten_read_the_same(number: int) -> None:
    text = spelled(number)
    assert value_of(text.removeprefix("一") if text.startswith("一十") else text) == number


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("两", 2), ("十", 10), ("十二", 12), ("廿三", 23), ("一百二", 120), ("三千五", 3500),
        ("一万二", 12000),
        ("两百零五", 205), ("1.2亿", 120_000_000), ("3千", 3000), ("五六", 5), ("五六十", 50),
        ("两三百", 200),
        ("1万2千", 12000), ("1万2000", 12000), ("2千3百", 2300), ("1万两千", 12000), ("一万2千", 12000),
        ("1亿2千万", 120_000_000), ("1亿2千", 120_000_000), ("1.2亿3千万", 150_000_000), ("1万2", 12000),
        ("3千5", 3500), ("1万零20", 10020), ("2百5十6", 256), ("十2", 12), ("1十一", 11),
        ("一百零5", 105), ("一万零5百", 10500),
        ("百", 100), ("一亿二千万", 120_000_000), ("二〇二六", 2026), ("壹拾贰", 12),
    ],
)  # fmt: skip
def test_numerals_of_every_kind(numeral: str, value: float) -> None:
    assert value_of(numeral) == value


@pytest.mark.parametrize("word", ["", "人", "12人", "半", "1.2.3", "1万2人"])
def test_what_is_no_numeral_is_refused(word: str) -> None:
    with pytest.raises(ValueError, match="no numeral"):
        value_of(word)


_ORDERS = (
    "死亡{d}人，受伤{i}人",
    "{d}人死亡、{i}人受伤",
    "{d}人遇难，另有{i}人受伤",
    "{i}人受伤，{d}人死亡",
    "死亡 {d} 人 受伤 {i} 人",
)


@given(st.sampled_from(_ORDERS), st.integers(1, 300), st.integers(1, 3000), st.booleans())
def test_any_number_in_any_order(order: str, dead: int, hurt: int, in_words: bool) -> None:
    write = spelled if in_words else str
    got = read(f"事故造成{order.format(d=write(dead), i=write(hurt))}。")
    assert got == {"deaths": dead, "injured": hurt}


@given(st.integers(1, 100), st.integers(0, 100))
def test_a_correction_leaves_only_the_corrected_number(before: int, more: int) -> None:
    assert read(f"死亡人数由{before}人上升至{before + more}人。") == {"deaths": before + more}
    assert read(f"原报{before}人受伤有误，更正为{before + more}人。") == {"injured": before + more}


@given(st.integers(2, 200), st.data())
def test_the_dead_leave_the_injured(taken: int, data: st.DataObject) -> None:
    dead = data.draw(st.integers(1, taken - 1))
    assert read(f"{taken}人送医，其中{dead}人经抢救无效死亡。") == {"deaths": dead, "injured": taken - dead}


@given(st.integers(1, 200), st.data())
def test_those_of_the_dead_who_died_later_are_dead_once(dead: int, data: st.DataObject) -> None:
    later = data.draw(st.integers(1, dead))
    end = data.draw(st.sampled_from(("经抢救无效死亡", "系抢救无效死亡", "送医后死亡", "医治无效死亡")))
    assert read(f"{dead}人死亡，其中{later}人{end}。") == {"deaths": dead}
    assert read(f"死亡{dead}人（其中{later}人{end}），受伤4人。") == {"deaths": dead, "injured": 4}
    assert read(f"{dead}人死亡，300人受伤，其中{later}人{end}。") == {
        "deaths": dead + later,
        "injured": 300 - later,
    }


_CLOCKS = (
    "{h}时",
    "{h}点",
    "{h}点钟",
    "{h}时{m}分",
    "{h}点{m}分许",
    "{h}时许",
    "{h}点半",
    "8月3日{h}时{m}分",
)
_HAPPENED = {"人死亡": "deaths", "名工人被困": "trapped", "个人受伤": "injured", "位老人失联": "missing"}


@given(
    st.sampled_from(_CLOCKS), st.integers(0, 23), st.integers(1, 59), st.integers(1, 300), st.booleans(),
    st.sampled_from(sorted(_HAPPENED)),
)  # fmt: skip
def test_a_clock_leaves_the_people_after_it(
    clock: str, hour: int, minute: int, people: int, in_words: bool, happened: str
) -> None:
    write = spelled if in_words else str
    text = clock.format(h=write(hour), m=write(minute))
    assert read(f"截至{text}{write(people)}{happened}。") == {_HAPPENED[happened]: people}
    assert read(f"截至{text}，{write(people)}{happened}。") == {_HAPPENED[happened]: people}


_PIECES = ("1", "30", "2000", "3.5", *"零两三十百千万亿多元人时点分，", "损失", "疏散", "死亡")


@given(st.lists(st.sampled_from(_PIECES)))
def test_numerals_in_any_disorder_break_nothing(parts: list[str]) -> None:
    for figure in narrative.figures("".join(parts)):
        assert figure.value is None or figure.value >= 0


@given(st.text(max_size=200))
def test_no_text_whatever_breaks_it(text: str) -> None:
    for figure in narrative.figures(text):
        assert figure.value is None or figure.value >= 0


@given(
    st.text(
        alphabet="死伤亡困人名个，。其中另有无未3十两万元亩小时失联受疏散转移均已（）由至约余", max_size=60
    )
)
def test_words_in_any_disorder_break_nothing(text: str) -> None:
    kinds = [figure.kind for figure in narrative.figures(text)]
    assert len(kinds) == len(set(kinds))
    assert kinds == sorted(kinds, key=list(FigureKind).index)


@pytest.mark.parametrize(
    "text",
    [
        "华福路货车与公交车相撞，11人送医，其中3人经抢救无效死亡，其余8人生命体征平稳。" * 400,
        "3" * 20_000,
        "一" * 20_000,
        "人员" * 10_000,
        "司机" + "在在被" * 6000,
        "无人员伤亡、" * 3000,
    ],
    ids=lambda text: text[:6],
)
@pytest.mark.timeout(20)
def test_no_text_holds_the_desk_up(text: str) -> None:
    assert len(narrative.figures(text)) <= len(FigureKind)
