"""A home directory of each test's own, and an environment without the desk's variables."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dutydesk.home.paths import Home


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("DUTYDESK_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "home")
