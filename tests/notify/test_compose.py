from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dutydesk.model.errors import BadInput
from dutydesk.notify.channels import load
from dutydesk.notify.compose import compose, marked, marked_title, parts
from dutydesk.notify.wire import Wire
from tests.notify.conftest import Message

TEXT = "陶家镇：液氯槽车侧翻，下风向请立即转移。"


def test_a_live_notice_is_the_text_and_nothing_else() -> None:
    assert compose(TEXT, drill=False) == TEXT


def test_a_drill_begins_and_ends_with_its_mark() -> None:
    body = compose(TEXT, drill=True, code="4711")
    assert body.startswith("【演练】")
    assert body.endswith("【演练信息，非真实事件】")
    assert "确认码 4711" in body
    english = compose("Leave now.", drill=True, language="en")
    assert english.startswith("[DRILL] ")
    assert english.endswith("NOT A REAL EVENT]")


def test_a_possible_double_says_so_behind_the_drill_mark() -> None:
    assert compose(TEXT, drill=False, doubtful=True) == f"【可能重复】{TEXT}"
    assert compose(TEXT, drill=True, doubtful=True).startswith("【演练】【可能重复】")


@pytest.mark.parametrize(
    "text",
    ["【演练】转移", "[DRILL] leave", " （演习）转移", "[ Exercise ] go", "［演练］转移", "〔演习〕转移",
     "★演练★转移", "演练：转移", "演练演练，转移", "演习！转移", "*** DRILL *** leave", "[drill message] go"],
)  # fmt: skip
def test_a_live_notice_may_not_begin_like_a_drill(text: str) -> None:
    with pytest.raises(BadInput):
        compose(text, drill=False)


@pytest.mark.parametrize(
    "text",
    ["演练场失火，请避让。", "演习区域发生爆炸。", "（演练场）失火", "Exercise caution.", "Drill rig fire."],
)  # fmt: skip
def test_a_real_fire_at_a_drill_ground_may_be_told(text: str) -> None:
    assert compose(text, drill=False) == text


def test_control_characters_do_not_act_and_an_empty_text_is_refused() -> None:
    assert "\x1b" not in compose("红\x1b[31m色", drill=False)
    with pytest.raises(BadInput):
        compose(" \n ", drill=False)


def test_marks_are_put_once() -> None:
    once = marked(TEXT, drill=True)
    assert marked(once, drill=True) == once
    assert marked_title(marked_title("九龙坡应急", drill=True), drill=True) == "【演练】九龙坡应急"
    assert marked_title("", drill=True) == ""


@given(st.text(min_size=1, max_size=800), st.integers(min_value=140, max_value=700), st.booleans())
def test_parts_lose_nothing_cut_no_character_and_keep_the_limit(text: str, limit: int, drill: bool) -> None:
    body = marked(text, drill=drill)
    pieces = parts(body, limit, drill=drill)
    assert all(len(piece.encode()) <= limit for piece in pieces)
    if len(pieces) == 1 and pieces[0] == body:
        return
    before, after = ("【演练】", "【演练信息，非真实事件】") if drill else ("", "")
    joined = ""
    for number, piece in enumerate(pieces, 1):
        count = f"{before}({number}/{len(pieces)})"
        assert piece.startswith(count)
        assert piece.endswith(after)
        joined += piece[len(count) : len(piece) - len(after)]
    assert before + joined + after == body


def test_every_part_of_a_drill_says_that_it_is_one() -> None:
    pieces = parts(marked("水" * 300, drill=True), 200, drill=True)
    assert len(pieces) > 5
    assert all(re.fullmatch(r"【演练】\(\d+/\d+\)水+【演练信息，非真实事件】", piece) for piece in pieces)


def test_a_long_notice_is_cut_at_a_line_end_where_there_is_one() -> None:
    assert parts(("水" * 45 + "\n") * 3, 145, drill=False)[0].endswith("水\n")


def test_a_preview_is_exactly_what_goes_out(message: Message) -> None:
    spec = load('a: {url: "json://h/{address}", title: body, max_bytes: 140}', "c.yaml")["a"]
    title, pieces = Wire.of(spec).form(message(body="水" * 60, title="应急", drill=True))
    assert title == ""
    assert len(pieces) > 1
    assert "【演练】应急\n" in pieces[0].replace("(1/%d)" % len(pieces), "")  # noqa: UP031
    assert all(len(piece.encode()) <= 140 for piece in pieces)
