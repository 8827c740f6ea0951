from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dutydesk.model.decoding import argument, text_of

CALL = "白市驿镇一仓库起火，2人受伤，正在疏散。"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (CALL.encode(), CALL),
        (CALL.encode("gbk"), CALL),
        ("厂".encode("gbk"), "厂"),
        (CALL.encode("gbk") + b"\xff", CALL + "\\xff"),
        (CALL.encode() + b"\xe9", CALL + "\\xe9"),
        (CALL.encode()[:-1], CALL[:-1] + "\\xe3\\x80"),
        (b"\xef\xbb\xbf" + CALL.encode(), CALL),
        (b"\xff\xfe", "\\xff\\xfe"),
        (b"", ""),
    ],
)
def test_a_report_is_read_in_whatever_bytes_it_comes(content: bytes, text: str) -> None:
    assert text_of(content) == text


@given(st.binary(max_size=60))
def test_any_bytes_become_text_that_can_be_kept(content: bytes) -> None:
    assert text_of(content).encode() is not None


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60))
def test_text_in_utf8_is_left_as_it_is(text: str) -> None:
    assert text_of(b"\xef\xbb\xbf" + text.encode()) == text


def test_an_argument_of_other_bytes_is_read_like_a_report() -> None:
    assert argument(os.fsdecode(CALL.encode("gbk"))) == CALL
    assert argument(CALL) == CALL
