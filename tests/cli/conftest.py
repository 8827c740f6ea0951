"""A desk set up and signed in to, by the command line alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.desk_process import CommandLine


@pytest.fixture
def bare(tmp_path: Path) -> CommandLine:
    """A home directory with nothing in it."""
    return CommandLine(tmp_path / "home")


@pytest.fixture(scope="session")
def _signed_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = CommandLine(tmp_path_factory.mktemp("signed-in") / "home")
    made.ok("init", "--admin", "wang", "--name", "王强")
    made.ok("login", "wang")
    return made.home


@pytest.fixture
def dutydesk(bare: CommandLine, _signed_in: Path) -> CommandLine:
    """A desk whose first officer is signed in."""
    shutil.copytree(_signed_in, bare.home)
    return bare
