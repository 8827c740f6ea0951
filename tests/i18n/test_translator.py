from __future__ import annotations

import subprocess
import sys

import pytest

from dutydesk.i18n import Translator, choose
from dutydesk.model.errors import Refused
from dutydesk.model.text import Text


def test_a_refusal_is_said_in_the_officers_language() -> None:
    error = Refused("Timer {id} is already {state}: nothing to do.", id=5, state=Text("已办", "met"))
    assert Translator("zh").error(error) == "时限 5 已是 已办：无须再办。"
    assert Translator("en").error(error) == "Timer 5 is already met: nothing to do."


def test_a_value_longer_than_anybody_would_read_is_cut() -> None:
    said = Translator("en").error(Refused("There is no draft {id}: look again.", id="x" * 100_000))
    assert said.endswith("x…: look again.")
    assert len(said) < 1_000


def test_a_sentence_without_chinese_stays_english_and_a_missing_field_stays_visible() -> None:
    assert Translator("zh").gettext("Nobody ever said {this}.", that=1) == "Nobody ever said {this}."


def test_braces_and_markup_in_a_value_are_just_characters() -> None:
    assert Translator("zh").gettext("There is no draft {id}.", id="[/紧急]{0}") == "没有草稿 [/紧急]{0}。"


@pytest.mark.parametrize(
    ("wishes", "environ", "chosen"),
    [
        (("en", "zh"), {}, "en"),
        ((None, "zh_CN.UTF-8"), {"LANG": "en_GB.UTF-8"}, "zh"),
        ((), {"LANG": "en_US.UTF-8"}, "en"),
        ((), {"LANG": "C.UTF-8"}, "zh"),
        ((), {"LC_ALL": "C", "LANG": "en"}, "en"),
        ((), {}, "zh"),
    ],
)
def test_the_language_is_chosen_by_wish_then_by_locale_then_the_districts(
    wishes: tuple[str | None, ...], environ: dict[str, str], chosen: str
) -> None:
    assert choose(*wishes, environ=environ) == chosen


def test_it_is_light_to_import() -> None:
    code = (
        "import typing, pathlib, sys; before = set(sys.modules); import dutydesk.i18n;"
        "print(len(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout) <= 5
