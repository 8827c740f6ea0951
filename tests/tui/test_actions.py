from __future__ import annotations

import re

import pytest

from dutydesk.model.errors import ConfigError
from dutydesk.tui.actions import SCREENS, Registry, key_name, matches
from dutydesk.tui.catalog import ACTIONS
from dutydesk.tui.cheatsheet import paths, sheet


def test_the_printed_key_sheets_are_those_of_today() -> None:
    for path, language in paths().items():
        assert path.read_text(encoding="utf-8") == sheet(language), "run: python -m dutydesk.tui.cheatsheet"


def test_no_two_actions_of_a_screen_share_a_key() -> None:
    Registry(ACTIONS)


def test_every_action_has_both_names_and_one_initial_for_each_character() -> None:
    for action in ACTIONS:
        assert action.name.zh
        assert action.name.en
        assert action.tip.zh
        assert action.tip.en
        chinese = re.findall(r"[\u4e00-\u9fff]", action.name.zh)
        if action.id != "language":
            assert len(action.pinyin) == len(chinese), action.id


def test_what_goes_everywhere_needs_no_letter_key() -> None:
    """An input method eats letters."""
    for action in ACTIONS:
        if not action.screens and action.footer:
            assert not any(len(key) == 1 and key.isalpha() for key in action.keys)


def test_an_officer_may_put_an_action_on_another_key() -> None:
    registry = Registry(ACTIONS, {"go.board": "ctrl+y, ctrl+b"})
    assert registry["go.board"].keys == ("ctrl+y", "ctrl+b")


def test_two_actions_on_one_key_are_told_by_name() -> None:
    with pytest.raises(ConfigError, match=r"f2 is asked for by both go\.intake and go\.board"):
        Registry(ACTIONS, {"go.board": "f2"})


def test_a_key_for_an_action_that_does_not_exist_is_told() -> None:
    with pytest.raises(ConfigError, match=r"there is no action go\.home"):
        Registry(ACTIONS, {"go.home": "f2"})


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("jb", "go.intake"),
        ("接报", "go.intake"),
        ("ledg", "go.ledger"),
        ("qrgj", "alarm.ack"),
        ("ack al", "alarm.ack"),
    ],
)
def test_an_action_is_found_by_chinese_english_or_pinyin_initials(query: str, first: str) -> None:
    ranked = [
        (rank, n, each.id) for n, each in enumerate(ACTIONS) if (rank := matches(each, query)) is not None
    ]
    assert min(ranked)[2] == first


def test_what_fits_nothing_finds_nothing() -> None:
    assert all(matches(each, "zzz") is None for each in ACTIONS)


def test_the_footer_holds_the_few_keys_that_matter() -> None:
    registry = Registry(ACTIONS)
    for screen in SCREENS:
        assert len(registry.footer(screen)) <= 8


def test_keys_are_named_as_they_are_printed() -> None:
    assert [key_name(key) for key in ("f2", "ctrl+q", "slash", "escape", "a")] == [
        "F2",
        "Ctrl+Q",
        "/",
        "Esc",
        "A",
    ]
