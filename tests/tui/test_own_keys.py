"""Given keys of the officer's own, then what can be used is used, and each fault is named where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from dutydesk.home.paths import Home
from dutydesk.home.settings import load_settings
from dutydesk.i18n import Translator
from dutydesk.tui import own_keys
from dutydesk.tui.actions import Registry
from dutydesk.tui.catalog import ACTIONS
from dutydesk.tui.console import usable


@pytest.mark.parametrize(
    ("action", "keys", "said"),
    [
        ("go.bord", "ctrl+b", "did you mean go.board?"),
        ("zzz", "ctrl+b", "docs/keys.md"),
        ("go.board", "F3", "did you mean f3?"),
        ("go.board", "strg+b", "there is no key strg+b"),
        ("go.board", "ctrl+y,f2", "f2 is also the key of go.intake"),
        ("go.board", "", "no key is given"),
        ("sign.out", "ctrl+o", "F8 has it by name"),
    ],
)
def test_a_key_that_cannot_be_used_is_named_and_costs_no_other_its_key(
    action: str, keys: str, said: str
) -> None:
    kept, (fault,) = own_keys.usable(ACTIONS, {"go.ledger": "ctrl+b", action: keys, "go.shift": "f14"})
    assert kept == {"go.ledger": "ctrl+b", "go.shift": "f14"}
    assert fault.action == action
    assert said in fault.what
    Registry(ACTIONS, kept)


def test_two_actions_may_change_places(tmp_path: Path) -> None:
    wanted = {"go.board": "f2", "go.intake": "f3"}
    assert own_keys.usable(ACTIONS, wanted) == (wanted, ())


def test_of_two_own_keys_that_clash_the_one_written_later_goes() -> None:
    kept, faults = own_keys.usable(ACTIONS, {"go.shift": "f14", "go.board": "f14", "go.ledger": "f3"})
    assert kept == {"go.shift": "f14"}
    assert [fault.action for fault in faults] == ["go.board", "go.ledger"]


def test_every_fault_has_file_line_and_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home.at(tmp_path / "home")
    home.config_file.write_text("theme: nihgt\nkeys:\n  go.board: ctrl+b\n  go.home: f14\n  notice.new: 8\n")
    home.config_file.chmod(0o600)
    keys, faults = usable(home, load_settings(home))
    assert keys == {"go.board": "ctrl+b"}
    said = [Translator("en").error(fault) for fault in faults]
    assert said[0].startswith(f"{home.config_file}:4: there is no action go.home")
    assert said[1].startswith(f"{home.config_file}:5: 8 is also the key of notice.cancel: choose another")
    assert said[2].startswith(f"{home.config_file}:1: there is no theme nihgt; the themes are: ")
    monkeypatch.setenv("DUTYDESK_THEME", "pink")
    assert "DUTYDESK_THEME" in Translator("zh").error(usable(home, load_settings(home))[1][-1])
